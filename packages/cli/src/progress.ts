// How far a long piece of work is, told on stderr where that is a terminal.

import type { Progress } from '@selfsame/core'
import type { Output } from './output.js'

const between_ms = 100

/** `unit` names what is counted: events, rows, keys. */
export const progressOn = ({ progress }: Output, unit: string): Progress | undefined => {
  if (progress === null) return undefined
  const started_ms = performance.now()
  let drawn_ms = Number.NEGATIVE_INFINITY
  return (done, of) => {
    const now_ms = performance.now()
    if (now_ms - drawn_ms < between_ms && done < of) return
    drawn_ms = now_ms
    progress(progressText(done, of, unit, now_ms - started_ms))
  }
}

/** `12000 of 48000 events, 24000/s, 2 s left` */
export const progressText = (done: number, of: number, unit: string, passed_ms: number): string => {
  const rate = done / Math.max(passed_ms / 1000, 0.001)
  const left = done === 0 ? '' : `, ${Math.ceil((of - done) / rate)} s left`
  return `${done} of ${of} ${unit}, ${Math.round(rate)}/s${left}`
}
