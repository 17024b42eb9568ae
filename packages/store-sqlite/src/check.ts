// Whether a file is whole: SQLite's own checks, and ours. It goes on after a finding and lists all.

import {
  type Difference,
  type Failure,
  openLogEvents,
  type Position,
  type Progress,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { readBeside, readPartly } from './beside.js'
import type { EventRow, EventRows } from './event-rows.js'
import { toFailure } from './failure.js'
import { yieldToOthers } from './write-lock.js'

/**
 * Something that is not as it must be; `position` where it is an event's.
 * @since 0.1.0
 * @category Operate
 */
export interface Finding {
  readonly what: 'sqlite' | 'foreign-key' | 'position' | 'event' | 'key' | 'projection'
  readonly message: string
  readonly position?: Position
}

/**
 * What a check looked at and found. A file without findings is whole.
 * @since 0.1.0
 * @category Operate
 */
export interface CheckReport {
  readonly events: number
  readonly findings: ReadonlyArray<Finding>
}

export interface CheckTools {
  readonly db: Database
  readonly file: string
  readonly events: EventRows
  /** The rows in which the projections differ from their replay. */
  readonly differences: () => Promise<E.Either<Failure, ReadonlyArray<Difference>>>
}

/** Events looked at before others may go on. */
const pageEvents = 500

export const runCheck = async (
  { db, file, events, differences }: CheckTools,
  progress: Progress,
): Promise<E.Either<Failure, CheckReport>> => {
  const findings: Finding[] = [...(await findingsBeside(file))]
  let isReadable = true
  const reading = <A>(read: () => A, otherwise: A): A => {
    try {
      return read()
    } catch (error) {
      findings.push(pagesFinding(error))
      isReadable = false
      return otherwise
    }
  }
  // What is recorded meanwhile was checked as it was written: reading it would never end.
  const head = reading(() => events.head().position, 0)
  const page = db.prepare<[Position], EventRow>(
    `SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ${pageEvents}`,
  )
  for (let after = 0; after < head; ) {
    const rows = reading(() => page.all(after), [])
    if (rows.length === 0) break
    for (const row of rows) {
      if (row.position !== after + 1)
        findings.push({
          what: 'position',
          message: `expected ${after + 1}`,
          position: row.position,
        })
      after = row.position
      const finding = eventFinding(events, row)
      if (finding !== undefined) findings.push(finding)
    }
    progress(Math.min(after, head), head)
    await yieldToOthers()
  }
  // A log that cannot be read cannot be replayed: what is wrong with it stands above.
  const isReplayable = isReadable && !findings.some(({ what }) => what === 'event')
  const replayed = isReplayable ? await replaying(differences) : null
  // That the file could not be looked at says nothing about it.
  if (replayed !== null && E.isLeft(replayed) && !ofTheFile.includes(replayed.left.kind))
    return replayed
  if (replayed !== null && E.isLeft(replayed))
    findings.push({ what: 'projection', message: replayed.left.message })
  if (replayed !== null && E.isRight(replayed))
    for (const { table, key } of replayed.right)
      findings.push({ what: 'projection', message: `${table} ${key} is not what the log says` })
  return E.right({ events: head, findings })
}

/** Failures that are findings; others are of the machine, or of whoever else uses the file. */
const ofTheFile: ReadonlyArray<Failure['kind']> = ['corrupt', 'key', 'unexpected']

/** A key that is damaged is thrown: it is one more finding. */
const replaying = async (
  differences: CheckTools['differences'],
): ReturnType<CheckTools['differences']> => {
  try {
    return await differences()
  } catch (error) {
    return E.left(toFailure(error, 'replaying the log'))
  }
}

// As EXCEPT, for which SQLite goes through both in the order of their keys. Looking each up would read a
// page for every row that it compares with, where rows are long.
const liveKeys = "SELECT user_id FROM user_keys WHERE state = 'live'"
const usersWithoutKey = `SELECT id FROM users WHERE status = 'active' OR owner IS NOT NULL
  EXCEPT ${liveKeys}`
const keysWithoutUser = `${liveKeys} EXCEPT SELECT id FROM users`
const boxesWithoutKey = `SELECT owner FROM boxes WHERE sealed IS NOT NULL EXCEPT ${liveKeys}`

/** Questions over the whole file; each row of an answer is a finding. */
const questions: ReadonlyArray<
  readonly [sql: string, what: Finding['what'], messageOf: (row: ReadonlyArray<unknown>) => string]
> = [
  [
    'PRAGMA foreign_key_check',
    'foreign-key',
    ([table, , parent]) => `a row of ${table} names none of ${parent}`,
  ],
  [usersWithoutKey, 'key', ([id]) => `a user without a key: ${id}`],
  [keysWithoutUser, 'key', ([id]) => `a key without a user: ${id}`],
  [
    "SELECT user_id FROM user_keys WHERE state = 'doomed'",
    'key',
    ([id]) => `an erasure not finished: ${id}`,
  ],
  [boxesWithoutKey, 'key', ([id]) => `boxes of somebody without a key: ${id}`],
]

/** SQLite's own check is asked apart: where the tables cannot be read it still names the pages. */
export const findingsBeside = async (file: string): Promise<ReadonlyArray<Finding>> => [
  ...(await readingPages(async () =>
    (
      await readPartly(file, 'PRAGMA integrity_check')
    )
      .map(([message]) => String(message))
      .flatMap((message) => (message === 'ok' ? [] : [{ what: 'sqlite', message }])),
  )),
  ...(await readingPages(async () => {
    const answers = await readBeside(
      file,
      questions.map(([sql]) => sql),
    )
    return questions.flatMap(([, what, messageOf], i) =>
      (answers[i] ?? []).map((row) => ({ what, message: messageOf(row) })),
    )
  })),
]

const readingPages = async (
  read: () => Promise<ReadonlyArray<Finding>>,
): Promise<ReadonlyArray<Finding>> => {
  try {
    return await read()
  } catch (error) {
    return [pagesFinding(error)]
  }
}

/** Pages that SQLite cannot read are a finding; anything else that is thrown is none of the file. */
const pagesFinding = (error: unknown): Finding => {
  const told = toFailure(error, 'checking the file')
  if (told.kind !== 'corrupt') throw error
  return { what: 'sqlite', message: told.message }
}

/** What is wrong with an event: its leaf hash, its boxes, or its payload. */
const eventFinding = (events: EventRows, row: EventRow): Finding | undefined => {
  const { position } = row
  try {
    const event = openLogEvents([events.open(row)])
    return E.isLeft(event) ? { what: 'event', message: event.left.message, position } : undefined
  } catch (error) {
    return { what: 'event', message: toFailure(error, 'reading').message, position }
  }
}
