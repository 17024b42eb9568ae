// Times for a reader, as the log has them in UTC, and how long something lasted in one word.

import { type Html, html } from './html.js'

/** `2026-11-24` */
export const dayIn = (instant: string): string => instant.slice(0, 10)

/** `10:00:03` */
export const clockIn = (instant: string): string => instant.slice(11, 19)

/** A moment without its milliseconds. */
export const secondIn = (instant: string): string => instant.slice(0, 19)

/** `10:00:03.120` */
export const exactClockIn = (instant: string): string => instant.slice(11, 23)

export const timeOf = (instant: string): Html =>
  html`<time datetime="${instant}">${dayIn(instant)} ${exactClockIn(instant)}</time>`

const second_ms = 1000
const units = [
  ['y', 365.25 * 86_400 * second_ms],
  ['mo', 30.44 * 86_400 * second_ms],
  ['d', 86_400 * second_ms],
  ['h', 3600 * second_ms],
  ['min', 60 * second_ms],
  ['s', second_ms],
] as const

/** `3 d`, in the largest unit of which there are two, rounded; null below a second. */
export const durationText = (ms: number): string | null => {
  const found = units.find(([, unit_ms]) => ms >= 2 * unit_ms)
  if (found !== undefined) return `${Math.round(ms / found[1])} ${found[0]}`
  return ms < second_ms ? null : `${Math.round(ms / second_ms)} s`
}
