// Copies of a file while it is in use: the log from one snapshot, without user keys and projections,
// verified after it was written; and, apart from it, the key file.

import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { type Failure, failure, type Progress } from '@selfsame/core'
import Sqlite, { type Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { readBeside } from './beside.js'
import { type EventRow, leafOfRow } from './event-rows.js'
import { syncFolder } from './master-key-file.js'
import { markBackup, migrate } from './migrate.js'
import { yieldToOthers } from './write-lock.js'

/** The tables of a backup, each with what its rows are in order of. */
const copied = [
  ['events', 'position'],
  ['boxes', 'position, owner'],
  ['tags', 'tag, position'],
  ['commands', 'id'],
  ['user_keys', 'user_id'],
  ['secrets', 'name'],
] as const

/** Rows copied before others may go on. */
const pageRows = 1000

/**
 * What was copied and verified: events up to `head`, rows of all tables.
 * @since 0.1.0
 * @category Operate
 */
export interface BackupReport {
  readonly head: number
  readonly rows: number
}

const exists = (path: string): Failure =>
  failure('io', `${path} exists`, 'nothing was written', 'name a file that does not exist yet')

/** Copies the log of `file` to `to`. The name `to` appears only once the copy is whole and durable. */
export const backupLog = async (
  file: string,
  to: string,
  progress: Progress,
): Promise<E.Either<Failure, BackupReport>> => {
  if (existsSync(to)) return E.left(exists(to))
  const part = draftOf(to)
  const source = new Sqlite(file, { readonly: true, fileMustExist: true })
  const target = new Sqlite(part)
  try {
    target.pragma('synchronous = FULL')
    target
      .transaction(() => {
        migrate(target)
        markBackup(target)
      })
      .immediate()
    source.exec('BEGIN')
    const head = headOf(source)
    const rows = await copyTables(source, target, progress)
    const wrong = await verify(source, target, part)
    source.exec('COMMIT')
    if (wrong !== undefined) return E.left(wrong)
    target.close()
    publish(part, to)
    return E.right({ head, rows })
  } finally {
    source.close()
    target.close()
    rmSync(part, { force: true })
  }
}

/** What a file is called until it is whole: a name of its own, or two at once would write into one. */
export const draftOf = (to: string): string => `${to}-${randomBytes(6).toString('hex')}.part`

/** Makes a finished file durable under its name. Throws where another one has it meanwhile. */
export const publish = (part: string, to: string): void => {
  if (existsSync(to)) throw exists(to)
  const descriptor = openSync(part, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
  renameSync(part, to)
  syncFolder(to)
}

/** Copies a key file, for nobody but its owner. A slot being written has a whole copy beside it. */
export const copyKeys = (from: string, to: string): void => {
  if (existsSync(to)) throw exists(to)
  const part = draftOf(to)
  try {
    copyFileSync(from, part)
    chmodSync(part, 0o600)
    publish(part, to)
  } finally {
    rmSync(part, { force: true })
  }
}

const headOf = (db: Database): number =>
  Number(db.prepare('SELECT coalesce(max(position), 0) FROM events').pluck().get())

const countOf = (db: Database, table: string): number =>
  Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())

const copyTables = async (
  source: Database,
  target: Database,
  progress: Progress,
): Promise<number> => {
  const of = copied.reduce((sum, [table]) => sum + countOf(source, table), 0)
  let done = 0
  for (const [table, order] of copied) {
    const select = source
      .prepare<[], ReadonlyArray<unknown>>(`SELECT * FROM ${table} ORDER BY ${order}`)
      .raw()
    const places = select.columns().map(() => '?')
    const insert = target.prepare(`INSERT INTO ${table} VALUES (${places.join(', ')})`)
    let page: Array<ReadonlyArray<unknown>> = []
    const flush = target.transaction(() => {
      for (const row of page) insert.run(...row)
    })
    for (const row of select.iterate()) {
      page.push(row)
      if (page.length < pageRows) continue
      flush()
      done += page.length
      page = []
      progress(done, of)
      await yieldToOthers()
    }
    flush()
    done += page.length
    progress(done, of)
  }
  return done
}

/** Reads a copy back: whole, as many rows as its source, and every event as its leaf hash says. */
const verify = async (
  source: Database,
  target: Database,
  part: string,
): Promise<Failure | undefined> => {
  const wrong = (message: string): Failure =>
    failure(
      'corrupt',
      `the backup is not what was to be copied: ${message}`,
      'the file itself was only read',
      'check the disk and back up again',
    )
  for (const [table] of copied)
    if (countOf(source, table) !== countOf(target, table))
      return wrong(`rows of ${table} are missing`)
  const [integrity] = await readBeside(part, ['PRAGMA integrity_check'])
  if (integrity?.[0]?.[0] !== 'ok') return wrong(String(integrity?.[0]?.[0]))
  const leaf = leafOfRow(target)
  let position = 0
  for (const row of target
    .prepare<[], EventRow>('SELECT * FROM events ORDER BY position')
    .iterate()) {
    position += 1
    if (row.position !== position) return wrong(`position ${position} is missing`)
    if (!leaf(row).equals(row.leaf_hash))
      return wrong(`the event at position ${position} was altered`)
    if (position % pageRows === 0) await yieldToOthers()
  }
  return undefined
}
