// Time and ids that a test can rely on: the same at every run, and in the test's own hands.

import { type Clock, type IdSource, nthId, type Seed } from '@selfsame/core'

/**
 * 2026-01-01T00:00:00Z, where the clocks of tests start unless they are told otherwise.
 *
 * @since 0.1.0
 * @category Ports
 */
export const startMs = Date.UTC(2026, 0, 1)

/**
 * A clock that always shows the same time.
 *
 * @since 0.1.0
 * @category Ports
 */
export const fixedClock =
  (ms: number = startMs): Clock =>
  () =>
    ms

/**
 * A clock that goes on by `stepMs` at each look.
 *
 * @since 0.1.0
 * @category Ports
 */
export const steppingClock = (ms: number = startMs, stepMs = 1): Clock => {
  let next = ms
  return () => {
    const now = next
    next += stepMs
    return now
  }
}

/**
 * A clock that stands still until the test turns it, backwards too.
 *
 * @since 0.1.0
 * @category Ports
 */
export interface TurnedClock {
  readonly clock: Clock
  readonly turn: (byMs: number) => void
}

/**
 * Opens a clock in the test's own hands. How often a store looks at it changes nothing, so that two
 * stores which are given the same commands record the same times.
 *
 * @since 0.1.0
 * @category Ports
 */
export const turnedClock = (ms: number = startMs): TurnedClock => {
  let now = ms
  return {
    clock: () => now,
    turn: (byMs) => {
      now += byMs
    },
  }
}

/** The seed that the ids of tests are counted from unless they are told otherwise. */
export const firstSeed: Seed = '019b76da-a800-7000-8000-5e1f5a3e0001'

// A command that needs more ids than one millisecond holds would reach into the next seed.
const idsInAMillisecond = 2 ** 18

/**
 * Counts seeds up from the one given, a UUID v7: each is one millisecond after the one before.
 *
 * @example
 * const ids = countingIds()
 * ids() // '019b76da-a800-7000-8000-5e1f5a3e0001'
 * ids() // '019b76da-a801-7000-8000-5e1f5a3e0001'
 *
 * @since 0.1.0
 * @category Ports
 */
export const countingIds = (seed: Seed = firstSeed): IdSource => {
  let n = 0
  return () => nthId(seed, idsInAMillisecond * n++)
}
