// One change tried out: the stories that reach it, until the kit says that a law is broken.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compileFunction } from 'node:vm'
import type { StoreProperty } from '@selfsame/testkit'

/** One story of one property: `check({ seed, path: String(story), runs: 1 })` plays it again. */
export interface Story {
  readonly property: number
  readonly story: number
}

/** A story, and how often the unchanged program asks a switch in it. */
export interface TimedStory extends Story {
  readonly asked: number
}

/** What the unchanged program did in one story: which switches were asked; null where it breaks a law. */
export interface Reached extends TimedStory {
  readonly numbers: ReadonlyArray<number>
  /** How often the place of each of them was come to. */
  readonly visits: ReadonlyArray<number>
  readonly broken: string | null
}

/** What became of one change. */
export type Outcome =
  | { readonly status: 'survived'; readonly tried: number }
  | ({
      readonly status: 'killed'
      readonly law: string
      readonly message: string
      readonly tried: number
    } & Story)

/**
 * So many stories of the model, the property that sees most, a third of it of every other one, and a
 * tenth of the last, whose stories at the limits are long and much alike; one of each after another, so
 * that the first to notice is asked early. `first` leaves out as many as were played before.
 */
export const storiesOf = (properties: number, stories: number, first = 0): ReadonlyArray<Story> => {
  const part = (property: number): number => {
    if (property === 0) return 1
    return property === properties - 1 ? 10 : 3
  }
  return Array.from({ length: stories }, (_, story) =>
    Array.from({ length: properties }, (_none, property): Story => ({ property, story })),
  )
    .flat()
    .filter(
      ({ property, story }) => story >= first / part(property) && story < stories / part(property),
    )
}

/** The program, and the switches in it. */
export interface Lab {
  /** Switches asked while the program is loaded: their changes need a program of their own. */
  readonly whileLoading: () => ReadonlyArray<number>
  /** How many properties the kit has. */
  readonly properties: number
  readonly reach: (story: Story) => Promise<Reached>
  /** Tries a change; `isLoaded` where loading meets it. */
  readonly tryOut: (trial: Trial, onStory: () => void) => Promise<Outcome>
}

export interface Trial {
  readonly n: number
  readonly isLoaded: boolean
  readonly stories: ReadonlyArray<TimedStory>
}

/** How much longer than the unchanged program a story may go on before it is a loop without an end. */
const patience = { times: 8, more: 200_000 }

const none = -1

/** Opens a program that was built with switches. */
export const openLab = (path: string, seed: number): Lab => {
  const text = readFileSync(path, 'utf8')
  const start = compileFunction(text, ['exports', 'require', 'module', '$is', '$see'], {
    filename: path,
  })
  const require = createRequire(path)
  const reached = new Set<number>()
  const visits = new Map<number, number>()
  let active = none
  let asked = 0
  let askedMax = Number.POSITIVE_INFINITY
  let isCounting = false
  const $is = (n: number): boolean => {
    asked += 1
    if (asked > askedMax) throw new Error('the change makes a loop without an end')
    if (isCounting) {
      reached.add(n)
      visits.set(n, (visits.get(n) ?? 0) + 1)
    }
    return n === active
  }
  const $see = (value: unknown, ...changes: ReadonlyArray<number | (() => unknown)>): unknown => {
    asked += changes.length / 2
    for (let i = 0; isCounting && i < changes.length; i += 2) {
      const [n, changed] = [changes[i], changes[i + 1]]
      if (typeof n !== 'number' || typeof changed !== 'function') continue
      visits.set(n, (visits.get(n) ?? 0) + 1)
      if (reached.has(n)) continue
      if (givesOther(value, changed)) reached.add(n)
    }
    return value
  }
  const load = (): ReadonlyArray<StoreProperty> => {
    const module: { exports: { properties?: ReadonlyArray<StoreProperty> } } = { exports: {} }
    start(module.exports, require, module, $is, $see)
    const { properties } = module.exports
    if (properties === undefined) throw new Error('the program has no properties')
    return properties
  }
  isCounting = true
  const unchanged = load()
  isCounting = false
  const loading = [...reached]

  const play = async (properties: ReadonlyArray<StoreProperty>, { property, story }: Story) => {
    asked = 0
    const one = properties[property]
    if (one === undefined) throw new Error(`there is no property ${property}`)
    return one.check({ runs: 1, seed, path: String(story), shrink: false })
  }

  return {
    whileLoading: () => loading,
    properties: unchanged.length,
    reach: async (story) => {
      reached.clear()
      visits.clear()
      isCounting = true
      const found = await play(unchanged, story).then(() => null, broken)
      isCounting = false
      const numbers = [...reached]
      return {
        ...story,
        numbers,
        visits: numbers.map((n) => visits.get(n) ?? 0),
        asked,
        broken: found?.message ?? null,
      }
    },
    tryOut: async (trial, onStory) => {
      active = trial.n
      asked = 0
      askedMax = patience.more
      try {
        const properties = trial.isLoaded ? loaded(load) : unchanged
        if ('message' in properties)
          return {
            status: 'killed',
            law: 'load',
            message: properties.message,
            tried: 0,
            property: 0,
            story: 0,
          }
        for (const [tried, story] of trial.stories.entries()) {
          onStory()
          askedMax = patience.times * story.asked + patience.more
          const found = await play(properties, story).then(() => null, broken)
          if (found !== null) {
            const { property, story: number } = story
            return { status: 'killed', ...found, property, story: number, tried: tried + 1 }
          }
        }
        return { status: 'survived', tried: trial.stories.length }
      } finally {
        active = none
        askedMax = Number.POSITIVE_INFINITY
      }
    },
  }
}

const givesOther = (value: unknown, changed: () => unknown): boolean => {
  try {
    return !isSame(value, changed(), 0)
  } catch {
    return true
  }
}

const depthMax = 6

const plainKinds = new Set<unknown>([
  null,
  Object.prototype,
  Array.prototype,
  Map.prototype,
  Set.prototype,
])

/** Whether two values cannot be told apart; where it is not sure, they can. */
const isSame = (a: unknown, b: unknown, depth: number): boolean => {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const kind: unknown = Object.getPrototypeOf(a)
  if (depth > depthMax || kind !== Object.getPrototypeOf(b) || !plainKinds.has(kind)) return false
  const [ours, theirs] = [partsOf(a), partsOf(b)]
  return (
    ours.length === theirs.length && ours.every((part, i) => isSame(part, theirs[i], depth + 1))
  )
}

const partsOf = (value: object): ReadonlyArray<unknown> =>
  value instanceof Map || value instanceof Set ? [...value] : Object.entries(value).flat()

/** A program that does not load has failed every test. */
const loaded = (load: () => ReadonlyArray<StoreProperty>) => {
  try {
    return load()
  } catch (error) {
    return { message: String(error) }
  }
}

/** The law that a check found broken, and what it said. */
const broken = (error: unknown): { readonly law: string; readonly message: string } => {
  const violations: unknown =
    error instanceof Error && 'violations' in error ? error.violations : []
  const [first]: ReadonlyArray<unknown> = Array.isArray(violations) ? violations : []
  const [law, message] =
    typeof first === 'object' && first !== null && 'invariant' in first && 'message' in first
      ? [String(first.invariant), String(first.message)]
      : ['error', String(error)]
  return { law, message: message.slice(0, 200) }
}
