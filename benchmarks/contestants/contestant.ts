// What every contestant can do with the shop, so that one program measures them all.

import type { Kind } from '../shop.js'

/** One at a time, or this many under way at once: a group of the raw program has as many. */
export const inFlightMany = 256

export interface Contestant {
  /** Gives one command of a kind for each person; resolves once the last is durable. */
  readonly run: (
    kind: Kind,
    people: ReadonlyArray<number>,
    turn: number,
    inFlight: number,
  ) => Promise<void>
  readonly close: () => Promise<void>
}

/** Keeps so many pieces of work under way at once until all are done. */
export const inLanes = async (
  people: ReadonlyArray<number>,
  inFlight: number,
  work: (person: number) => Promise<void>,
): Promise<void> => {
  let next = 0
  const lane = async (): Promise<void> => {
    for (let at = next++; at < people.length; at = next++) await work(people[at] ?? 0)
  }
  await Promise.all(Array.from({ length: Math.min(inFlight, people.length) }, lane))
}
