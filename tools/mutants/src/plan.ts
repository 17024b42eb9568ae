// Which changes are tried, and with which stories: those in which the unchanged program comes to the
// place, and the change would have given another value there. No other story can notice it.

import type { Mutant } from './instrument.js'
import { type Reached, storiesOf, type TimedStory, type Trial } from './trial.js'
import type { Worker } from './workers.js'

/** So many stories are played first that come to the place of the change the most often, for their length. */
const densest = 12

/** Then so many of the shortest, and so many of the longest: the limits come up in them. */
const shortest = 4
const longest = 4

/** The trials of a run. */
export interface Plan {
  /** Null where no story reaches the change. */
  readonly trialOf: (n: number) => Trial | null
  /** How many stories the unchanged program was played in. */
  readonly stories: number
  /** The stories in which the unchanged program breaks a law itself: no change is tried with them. */
  readonly broken: ReadonlyArray<Reached>
}

/** The stories of a round. */
export interface Round {
  readonly seed: number
  /** So many of the model's, and fewer of the others; those of an earlier round are left out. */
  readonly stories: number
  readonly first: number
  /** A change that survives so many stories which reach it is held to survive. */
  readonly triesMax: number
}

/** Plays every story on the unchanged program, spread over the workers. */
export const planTrials = async (
  workers: ReadonlyArray<Worker>,
  path: string,
  { seed, stories, first: from, triesMax }: Round,
): Promise<Plan> => {
  const opened = await Promise.all(
    workers.map((worker) => worker.ask({ type: 'open', path, seed })),
  )
  const [first] = opened
  if (first?.type !== 'opened')
    throw new Error(`the program does not load: ${JSON.stringify(first)}`)
  const all = storiesOf(first.properties, stories, from)
  const parts = await Promise.all(
    workers.map(async (worker, at) => {
      const some = all.filter((_, i) => i % workers.length === at)
      const told = await worker.ask({ type: 'reach', stories: some })
      if (told.type !== 'reached')
        throw new Error(`the unchanged program is not played: ${JSON.stringify(told)}`)
      return told.reached
    }),
  )
  const reached = parts.flat().filter((one) => one.broken === null)
  const loading = new Set(first.whileLoading)
  const byNumber = storiesByNumber(reached)
  const whileLoading = mixed(reached)
  return {
    stories: all.length,
    broken: parts.flat().filter((one) => one.broken !== null),
    trialOf: (n) => {
      const isLoaded = loading.has(n)
      const reaching = isLoaded ? whileLoading : (byNumber.get(n) ?? [])
      const tried = reaching.slice(0, isLoaded ? 2 * triesMax : triesMax)
      return tried.length === 0 ? null : { n, isLoaded, stories: tried }
    },
  }
}

/** A story that comes to a change, and how much of it the place of the change is. */
interface Coming {
  readonly one: Reached
  readonly density: number
}

const storiesByNumber = (
  reached: ReadonlyArray<Reached>,
): ReadonlyMap<number, ReadonlyArray<TimedStory>> => {
  const found = new Map<number, Coming[]>()
  for (const one of reached)
    for (const [i, n] of one.numbers.entries()) {
      const coming = { one, density: (one.visits[i] ?? 0) / one.asked }
      const stories = found.get(n)
      if (stories === undefined) found.set(n, [coming])
      else stories.push(coming)
    }
  return new Map([...found].map(([n, stories]) => [n, inOrder(stories)]))
}

const timed = ({ property, story, asked }: Reached): TimedStory => ({ property, story, asked })

const inOrder = (stories: ReadonlyArray<Coming>): ReadonlyArray<TimedStory> => {
  const dense = [...stories].sort((a, b) => b.density - a.density).map(({ one }) => one)
  const byLength = [...dense].sort((a, b) => a.asked - b.asked)
  const first = [
    ...byLength.slice(0, shortest),
    ...dense.slice(0, densest),
    ...byLength.slice(-longest),
  ]
  const rest = mixed(dense.filter((one) => !first.includes(one)))
  return [...new Set(first)].map(timed).concat(rest)
}

/**
 * One story of each property after another, of the model's two: each property sees what no other does,
 * and those with fewer stories that come to the change have no smaller part of the first.
 */
const mixed = (stories: ReadonlyArray<Reached>): ReadonlyArray<TimedStory> => {
  const turns = new Map<number, number>()
  return [...stories]
    .sort((a, b) => a.story - b.story)
    .map((one) => {
      const turn = turns.get(one.property) ?? 0
      turns.set(one.property, turn + 1)
      return { one, turn: one.property === 0 ? turn / 2 : turn }
    })
    .sort((a, b) => a.turn - b.turn || a.one.property - b.one.property)
    .map(({ one }) => timed(one))
}

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
