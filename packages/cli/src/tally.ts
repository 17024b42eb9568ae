// How far a run of commands is, told on stderr where that is a terminal.

import type { Failure, Receipt, Refusal } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { isRefusal } from './answer.js'
import type { Output } from './output.js'

export interface Tally {
  readonly add: (results: ReadonlyArray<E.Either<Refusal | Failure, Receipt>>) => void
  readonly failures: () => number
  /** Takes the progress away before results are printed, which may go to the same terminal. */
  readonly clear: () => void
  /** Leaves the last count standing. */
  readonly close: () => void
}

const between_ms = 100

/** Quiet while somebody types the commands at a terminal: progress would stand in between. */
export const openTally = (output: Output, isTyped: boolean): Tally => {
  const counts = { done: 0, refused: 0, failed: 0 }
  const started_ms = performance.now()
  let drawn_ms = Number.NEGATIVE_INFINITY
  let isDrawn = false
  let isClosed = false

  const text = (): string => {
    const rate = Math.round(counts.done / Math.max((performance.now() - started_ms) / 1000, 0.001))
    return [
      `${counts.done} commands, ${rate}/s`,
      ...(counts.refused > 0 ? [`${counts.refused} refused`] : []),
      ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ].join(', ')
  }
  const draw = (): void => {
    const now_ms = performance.now()
    if (isTyped || now_ms - drawn_ms < between_ms) return
    output.progress?.(text())
    drawn_ms = now_ms
    isDrawn = true
  }

  return {
    add: (results) => {
      for (const result of results) {
        counts.done += 1
        if (E.isLeft(result)) counts[isRefusal(result.left) ? 'refused' : 'failed'] += 1
      }
      draw()
    },
    failures: () => counts.failed,
    clear: () => {
      if (!isDrawn || !output.isTerminal) return
      output.progress?.(null)
      isDrawn = false
      drawn_ms = Number.NEGATIVE_INFINITY
    },
    close: () => {
      if (isClosed) return
      isClosed = true
      output.progress?.(`${text()}\n`)
    },
  }
}
