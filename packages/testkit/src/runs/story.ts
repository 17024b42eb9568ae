// A sequence played on a store for what it records: logs and receipts that a real engine made, to
// test with whatever reads them.

import { memoryStore, type Recorded } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Sequence } from '../arbitraries/sequences.js'
import { previewed, resolveSymbols } from '../arbitraries/symbols.js'
import { ask, type OpenStore, openRun, remember } from './play.js'
import type { Step } from './transcript.js'

/**
 * What a sequence came to: its steps with what came back, and the log.
 *
 * @since 0.1.0
 * @category Runs
 */
export interface Story {
  readonly steps: ReadonlyArray<Step>
  readonly events: ReadonlyArray<Recorded>
}

/**
 * Plays a sequence, by default on a store in memory. The same sequence gives the same events each time:
 * drawn from `sequences`, they are real logs to test a consumer or a projection with.
 *
 * @example
 * fc.assert(fc.asyncProperty(sequences, async (sequence) => {
 *   const { events } = await tellStory(sequence)
 *   // ...
 * }))
 *
 * @since 0.1.0
 * @category Runs
 */
export const tellStory = async (
  sequence: Sequence,
  open: OpenStore = async (clock) => memoryStore({ clock }),
): Promise<Story> => {
  const run = await openRun(open, sequence)
  for (const step of sequence.steps) {
    run.turn(sequence.stepMs)
    const toPreview = previewed(step)
    const command = resolveSymbols(toPreview ?? step, run.history)
    const result = await ask(run.engine, command, toPreview !== undefined)
    run.steps = [...run.steps, { command, isPreview: toPreview !== undefined, result }]
    remember(run, command, result)
  }
  const page = await run.store.read([], {})()
  await run.engine.close()()
  if (E.isLeft(page)) throw new Error(`the store fails: ${page.left.message}`)
  return { steps: run.steps, events: page.right.events }
}
