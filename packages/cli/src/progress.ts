// How far a long piece of work is, told on stderr where that is a terminal.

import type { Progress } from '@selfsame/core'
import type { Output } from './output.js'

const between_ms = 100

/** `unit` names what is counted: events, rows, keys. */
export const progressOn = ({ progress }: Output, unit: string): Progress | undefined => {
  if (progress === null) return undefined
  const draw = drawing(progress)
  return (done, of) => draw((passed_ms) => progressText(done, of, unit, passed_ms), done >= of)
}

/** The same for what nobody can tell the end of: `unit` says what is done, as in `events proved`. */
export const countOn = ({ progress }: Output, unit: string): ((more: number) => void) => {
  if (progress === null) return () => {}
  const draw = drawing(progress)
  let done = 0
  return (more) => {
    done += more
    if (more > 0) draw((passed_ms) => `${done} ${unit}, ${rateOf(done, passed_ms)}/s`, false)
  }
}

/** Draws at once, then no oftener than somebody can read, and the last text always. */
const drawing = (progress: (text: string) => void) => {
  const started_ms = performance.now()
  let drawn_ms = Number.NEGATIVE_INFINITY
  return (text: (passed_ms: number) => string, isLast: boolean): void => {
    const now_ms = performance.now()
    if (now_ms - drawn_ms < between_ms && !isLast) return
    drawn_ms = now_ms
    progress(text(now_ms - started_ms))
  }
}

const rateOf = (done: number, passed_ms: number): number =>
  Math.round(done / Math.max(passed_ms / 1000, 0.001))

/** `12000 of 48000 events, 24000/s, 2 s left` */
export const progressText = (done: number, of: number, unit: string, passed_ms: number): string => {
  const rate = done / Math.max(passed_ms / 1000, 0.001)
  const left = done === 0 ? '' : `, ${Math.ceil((of - done) / rate)} s left`
  return `${done} of ${of} ${unit}, ${rateOf(done, passed_ms)}/s${left}`
}
