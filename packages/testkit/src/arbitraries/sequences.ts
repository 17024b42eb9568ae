// Whole stories: up to fifty commands, and the choices of the embedder they are played under.

import type { EngineOptions, Json } from '@selfsame/core'
import fc from 'fast-check'
import { openings, steps } from './commands.js'

/**
 * A sequence of steps (`steps`), symbolic names inside, and what it is run under; `stepMs` is how far
 * the clock goes between two commands, backwards too.
 *
 * @since 0.1.0
 * @category Sequences
 */
export interface Sequence {
  readonly rules: Required<Pick<EngineOptions, 'personalizeUnknownIdentity' | 'anonymousData'>> &
    Pick<EngineOptions, 'policies' | 'defaultPolicy'>
  readonly stepMs: number
  readonly steps: ReadonlyArray<Json>
}

/** The most commands in a sequence. */
const stepsMax = 50

/**
 * Sequences of up to fifty steps over the small world. One step less is one command less: whatever
 * an earlier step made is named by counting, so what is left still runs.
 *
 * @since 0.1.0
 * @category Sequences
 */
export const sequences: fc.Arbitrary<Sequence> = fc.noBias(
  fc.record({
    rules: fc.record({
      personalizeUnknownIdentity: fc.constantFrom('refuse', 'extend'),
      anonymousData: fc.constantFrom('fill', 'fill', 'leave'),
    }),
    stepMs: fc.constantFrom(1000, 0, 1, 86_400_000, -1000),
    steps: fc
      .tuple(openings, fc.array(steps, { maxLength: stepsMax - 7, size: 'max' }))
      .map(([opening, rest]) => [...opening, ...rest]),
  }),
)
