// Where on the time axis an event stands. Events of one moment stand side by side in a column; between two
// columns the gap grows with the logarithm of the time that passed. On a scale true to time the five events
// of one login would be a single point beside a year of silence.

import { type Instant, millisOf, type Position } from '@selfsame/core'

interface Placed {
  readonly position: Position
  readonly recordedAt: Instant
  /** The lanes on which the event shows, by their number. */
  readonly lanes: ReadonlyArray<number>
}

/** Everything recorded at one moment, from `x` to `end`. */
export interface Moment {
  readonly recordedAt: Instant
  readonly first: Position
  readonly x: number
  readonly end: number
  /** Since the moment before. */
  readonly passed_ms: number
}

export interface Axis {
  readonly width: number
  readonly moments: ReadonlyArray<Moment>
  /** Where an event stands; one that is not on the page stands between those around it. */
  readonly xOf: (position: Position) => number
}

export const slot = 14
const before = 16
/** Room for the time of the last moment, and for lanes to run out. */
const after = 104

/** Gaps give way until they are this much of their length; beyond that the picture grows wider. */
const stretch_min = 0.4

const gapOf = (passed_ms: number): number => 8 + 11 * Math.log10(1 + Math.max(0, passed_ms) / 1000)

/** Places events in order; the axis is `width_min` wide, its gaps taking what is left over, or wider. */
export const axisOf = (events: ReadonlyArray<Placed>, width_min: number): Axis => {
  const columns = columnsOf(events)
  const gaps = columns.map(({ recordedAt }, i) => {
    const last = columns[i - 1]
    return last === undefined ? 0 : millisOf(recordedAt) - millisOf(last.recordedAt)
  })
  const spread = gaps.map((passed_ms, i) => (i === 0 ? 0 : gapOf(passed_ms)))
  const used = columns.reduce((sum, { slots }) => sum + slots * slot, before + after)
  const between = spread.reduce((sum, gap) => sum + gap, 0)
  const stretch = between === 0 ? 1 : Math.max(stretch_min, (width_min - used) / between)
  const moments: Moment[] = []
  const placed = new Map<Position, number>()
  let x = before
  for (const [i, { recordedAt, slots, events: members }] of columns.entries()) {
    x += (spread[i] ?? 0) * stretch
    for (const { position, at } of members) placed.set(position, x + at * slot)
    const end = x + slots * slot
    moments.push({
      recordedAt,
      first: members[0]?.position ?? 0,
      x,
      end,
      passed_ms: gaps[i] ?? 0,
    })
    x = end
  }
  const width = Math.max(width_min, Math.ceil(x + after))
  const positions = events.map(({ position }) => position)
  const xOf = (position: Position): number => {
    const exact = placed.get(position)
    if (exact !== undefined) return exact
    const [last, next] = [
      positions.findLast((one) => one < position),
      positions.find((one) => one > position),
    ].map((one) => (one === undefined ? undefined : placed.get(one)))
    if (last === undefined) return 0
    return next === undefined ? last + slot / 2 : (last + next) / 2
  }
  return { width, moments, xOf }
}

interface Column {
  readonly recordedAt: Instant
  readonly slots: number
  readonly events: ReadonlyArray<{ readonly position: Position; readonly at: number }>
}

/**
 * Events of one moment share a place unless they meet on a lane: then the later one stands behind, and
 * so does whatever comes after it.
 */
const columnsOf = (events: ReadonlyArray<Placed>): ReadonlyArray<Column> => {
  const groups: Array<{ readonly recordedAt: Instant; readonly members: Placed[] }> = []
  for (const event of events) {
    const last = groups.at(-1)
    if (last?.recordedAt === event.recordedAt) last.members.push(event)
    else groups.push({ recordedAt: event.recordedAt, members: [event] })
  }
  return groups.map(({ recordedAt, members }) => {
    const taken = new Map<number, number>()
    let at = 0
    const placed = members.map(({ position, lanes }) => {
      at = Math.max(at, ...lanes.map((lane) => taken.get(lane) ?? 0))
      for (const lane of lanes) taken.set(lane, at + 1)
      return { position, at }
    })
    return { recordedAt, slots: at + 1, events: placed }
  })
}
