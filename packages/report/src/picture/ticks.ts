// The words of the time axis: as many times as fit without touching, the day where it is another than that
// of the time before, and between two moments how long nothing happened.

import type { Position } from '@selfsame/core'
import { clockIn, dayIn, durationText, exactClockIn, secondIn } from '../time.js'
import type { Axis, Moment } from './moments.js'

export interface Tick {
  readonly x: number
  /** Empty where the day is that of the tick before. */
  readonly day: string
  readonly clock: string
  readonly position: Position
}

export interface Pause {
  readonly x: number
  readonly text: string
}

/** Of a digit at the size of the axis, generously. */
const digit = 7.2
const between = 10

const widthOf = (texts: ReadonlyArray<string>): number =>
  Math.max(...texts.map(({ length }) => length)) * digit

export const ticksOf = ({ moments, width }: Axis): ReadonlyArray<Tick> => {
  const isExact = moments.some((one, i) => {
    const last = moments[i - 1]
    return last !== undefined && secondIn(last.recordedAt) === secondIn(one.recordedAt)
  })
  const ticks: Tick[] = []
  let free = 0
  let day = ''
  for (const { x, first, recordedAt } of moments) {
    const tick = {
      x,
      day: dayIn(recordedAt) === day ? '' : dayIn(recordedAt),
      clock: isExact ? exactClockIn(recordedAt) : clockIn(recordedAt),
      position: first,
    }
    const end = x + widthOf([tick.day, tick.clock, `#${first}`])
    if (x < free || end > width) continue
    ticks.push(tick)
    free = end + between
    day = dayIn(recordedAt)
  }
  return ticks
}

/** The pauses in which there is room to say how long they were. */
export const pausesOf = ({ moments }: Axis): ReadonlyArray<Pause> =>
  moments.flatMap((moment, i): ReadonlyArray<Pause> => {
    const last: Moment | undefined = moments[i - 1]
    const text = durationText(moment.passed_ms)
    if (last === undefined || text === null) return []
    const room = moment.x - last.end
    return room < widthOf([text]) + between ? [] : [{ x: last.end + room / 2, text }]
  })
