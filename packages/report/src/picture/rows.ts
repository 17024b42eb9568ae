// The lanes one under another, each section under its name, and how high everything stands.

import type { UserId } from '@selfsame/core'
import type { Lane } from '../lanes/lane.js'

export const axisHeight = 84
export const headHeight = 36
export const laneHeight = 36

export interface Row {
  readonly lane: Lane
  /** The middle of the lane. */
  readonly y: number
}

export interface Section {
  readonly title: string
  readonly y: number
  readonly rows: ReadonlyArray<Row>
}

const titles: ReadonlyArray<readonly [Lane['kind'], string]> = [
  ['user', 'People'],
  ['installation', 'Installations'],
  ['identity', 'Identities'],
]

/** Sections that have a lane, below the axis. */
export const sectionsOf = (lanes: ReadonlyArray<Lane>): ReadonlyArray<Section> => {
  let y = axisHeight
  return titles.flatMap(([kind, title]) => {
    const members = lanes.filter((lane) => lane.kind === kind)
    if (members.length === 0) return []
    const top = y
    const rows = members.map((lane, i) => ({
      lane,
      y: top + headHeight + i * laneHeight + laneHeight / 2,
    }))
    y += headHeight + members.length * laneHeight
    return [{ title, y: top, rows }]
  })
}

export const heightOf = (sections: ReadonlyArray<Section>): number =>
  sections.reduce((sum, { rows }) => sum + headHeight + rows.length * laneHeight, axisHeight) + 12

/** The middle of each user's lane. */
export const userHeights = (sections: ReadonlyArray<Section>): ReadonlyMap<UserId, number> =>
  new Map(
    sections.flatMap(({ rows }) =>
      rows.flatMap(({ lane: { userId }, y }) => (userId === null ? [] : [[userId, y] as const])),
    ),
  )
