// Evidence at a terminal: what was written, and the explanation that goes with it.

import type { Evidence } from '@selfsame/core'
import { explanationTable, mergesTable } from './explain-view.js'
import { momentText } from './moment.js'
import { fieldTable } from './table.js'

/** What `selfsame evidence` says of the folder it wrote: no personal value. */
export interface EvidenceWritten {
  readonly folder: string
  readonly userId: string
  readonly erasedAt: number | null
  readonly log: string
  readonly size: number
  readonly recordedAt: string | null
  readonly events: number
  readonly opened: number
  readonly withheld: number
  readonly erased: number
  readonly publicKey: string
}

export const writtenOf = (
  folder: string,
  publicKey: string,
  { userId, erasedAt, log, size, recordedAt, events }: Evidence,
): EvidenceWritten => {
  const boxes = events.flatMap((event) => event.boxes.map(({ closed }) => closed))
  const count = (is: string | null): number => boxes.filter((closed) => closed === is).length
  return {
    folder,
    userId,
    erasedAt,
    log,
    size,
    recordedAt,
    events: events.length,
    opened: count(null),
    withheld: count('withheld'),
    erased: count('erased'),
    publicKey,
  }
}

export const writtenTable = (one: EvidenceWritten, columns: number): string =>
  fieldTable(
    [
      ['folder', one.folder],
      ['person', one.userId],
      ['erased', one.erasedAt === null ? '' : `at ${one.erasedAt}: nothing is revealed`],
      ['log', one.log],
      ['up to', momentText({ position: one.size, recordedAt: one.recordedAt })],
      ['events', `${one.events}, each with its proof`],
      ['boxes', `${one.opened} opened, ${one.withheld} withheld (of others), ${one.erased} erased`],
      ['public key', one.publicKey],
      ['check it', `python3 check.py KEY, as its README.md says`],
    ],
    columns,
  )

/** Wide enough for ids, narrow enough to be printed. */
const width = 100

export const explanationText = ({ userId, erasedAt, explanation, merges }: Evidence): string =>
  erasedAt === null
    ? [
        explanation === null ? '' : explanationTable(explanation, width),
        merges === null ? '' : `\nWho was merged into it, and why\n${mergesTable(merges, width)}`,
      ].join('')
    : `${userId} was erased, at position ${erasedAt}: what it held can be read by nobody any more.\n`
