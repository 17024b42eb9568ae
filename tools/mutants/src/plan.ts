// Which changes are tried, and with which stories: those in which the unchanged program comes to the
// place, and the change would have given another value there. No other story can notice it.

import type { Mutant } from './instrument.js'
import { type Reached, type Story, storiesOf, type Trial } from './trial.js'
import type { Worker } from './workers.js'

/** A change that survives so many stories which reach it is held to survive. */
const triesMax = 40

/** So many short stories are played first: most changes are noticed soon. */
const shortFirst = 8

/** Then so many of the longest: the limits come up in them. */
const longNext = 8

/** How much longer than the longest story of the unchanged program a story may go on. */
const patience = 60

/** The trials of a run. */
export interface Plan {
  /** Null where no story reaches the change. */
  readonly trialOf: (n: number) => Trial | null
  /** How many stories the unchanged program was played in. */
  readonly stories: number
}

/** Plays every story on the unchanged program, spread over the workers. */
export const planTrials = async (
  workers: ReadonlyArray<Worker>,
  path: string,
  seed: number,
  stories: number,
): Promise<Plan> => {
  const opened = await Promise.all(
    workers.map((worker) => worker.ask({ type: 'open', path, seed })),
  )
  const [first] = opened
  if (first?.type !== 'opened')
    throw new Error(`the program does not load: ${JSON.stringify(first)}`)
  const all = storiesOf(first.properties, stories)
  const parts = await Promise.all(
    workers.map(async (worker, at) => {
      const some = all.filter((_, i) => i % workers.length === at)
      const told = await worker.ask({ type: 'reach', stories: some })
      if (told.type !== 'reached')
        throw new Error(`the unchanged program breaks a law: ${JSON.stringify(told)}`)
      return told.reached
    }),
  )
  const reached = parts.flat()
  const loading = new Set(first.whileLoading)
  const byNumber = storiesByNumber(reached)
  const askedMax = patience * Math.max(...reached.map(({ asked }) => asked))
  const inTurns = [...all].sort((a, b) => turnOf(a) - turnOf(b) || a.property - b.property)
  return {
    stories: all.length,
    trialOf: (n) => {
      const isLoaded = loading.has(n)
      const reaching = isLoaded ? inTurns : (byNumber.get(n) ?? [])
      const tried = reaching.slice(0, isLoaded ? 2 * triesMax : triesMax)
      return tried.length === 0 ? null : { n, isLoaded, stories: tried, askedMax }
    },
  }
}

const storiesByNumber = (
  reached: ReadonlyArray<Reached>,
): ReadonlyMap<number, ReadonlyArray<Story>> => {
  const found = new Map<number, Reached[]>()
  for (const one of reached)
    for (const n of one.numbers) {
      const stories = found.get(n)
      if (stories === undefined) found.set(n, [one])
      else stories.push(one)
    }
  return new Map([...found].map(([n, stories]) => [n, inOrder(stories)]))
}

const inOrder = (stories: ReadonlyArray<Reached>): ReadonlyArray<Story> => {
  const byLength = [...stories].sort((a, b) => a.asked - b.asked)
  const short = byLength.slice(0, shortFirst)
  const long = byLength.slice(shortFirst).slice(-longNext).reverse()
  const rest = stories
    .filter((one) => !short.includes(one) && !long.includes(one))
    .sort((a, b) => turnOf(a) - turnOf(b) || a.property - b.property)
  return [...short, ...long, ...rest].map(({ property, story }) => ({ property, story }))
}

/** The model sees most: four of its stories come to one of every other property. */
const turnOf = ({ property, story }: Story): number => (property === 0 ? story / 4 : story)

/** All changes in an order that mixes the files, or so many of them as were asked for. */
export const inTurn = (
  mutants: ReadonlyArray<Mutant>,
  sample: number | null,
  seed: number,
): ReadonlyArray<Mutant> => {
  let state = seed >>> 0
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const mixed = mutants
    .map((mutant) => [next(), mutant] as const)
    .sort(([a], [b]) => a - b)
    .map(([, mutant]) => mutant)
  return sample === null ? mixed : mixed.slice(0, sample)
}
