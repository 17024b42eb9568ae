// An erasure at a terminal: what it will reach, and its certificate.

import type { ErasureCertificate, ErasureReach } from '@selfsame/core'
import { type Cell, fieldTable } from './table.js'
import type { TreeHead, TreeHeads } from './tree-heads.js'

export type Certificate = ErasureCertificate & TreeHeads

/** Positions one after another as a range: `1-4, 7`. */
export const rangesOf = (positions: ReadonlyArray<number>): string => {
  const ranges: Array<[number, number]> = []
  for (const position of positions) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === position - 1) last[1] = position
    else ranges.push([position, position])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

export const reachTable = (reach: ErasureReach, columns: number): string =>
  fieldTable(
    [
      ['person', reach.userId],
      ['absorbed users', reach.absorbed],
      ['installations', reach.installations],
      ['identities', `${reach.identities}, free again afterwards`],
      ['events', `${reach.positions.length} with personal values`],
      ['at', rangesOf(reach.positions)],
    ],
    columns,
  )

const headText = ({ size, root }: TreeHead): Cell => [`${size} events`, root]

export const certificateTable = (one: Certificate, columns: number): string =>
  fieldTable(
    [
      ['erased', one.userId],
      ['absorbed users', one.absorbed],
      ['installations', one.installations],
      ['identities', `${one.identities}`],
      ['recorded', `at ${one.position}, ${one.recordedAt}`],
      ['by', one.actor ?? ''],
      ['reason', one.reason],
      ['unreadable', `${one.positions.length} events: ${rangesOf(one.positions)}`],
      ['tree before', headText(one.before)],
      ['tree after', headText(one.after)],
      ['signed', one.isSigned ? 'both, and proved to have grown (--json)' : 'by nobody: no key'],
      ['public key', one.publicKey ?? ''],
    ],
    columns,
  )
