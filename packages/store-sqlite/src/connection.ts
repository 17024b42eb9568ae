// One connection to a file, with the settings that durability rests on: set, and asserted.

import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Failure, failure } from '@selfsame/core'
import Sqlite, { type Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { incompatible, toFailure } from './failure.js'
import { type Mode, whyNot } from './migrate.js'
import { whileBusy } from './write-lock.js'

/** The oldest SQLite without the WAL-reset bug that could corrupt a file. */
const oldestSqlite = '3.51.3'

/**
 * What an acknowledged command survives: `full`, everything; `normal`, a killed process but not
 * always a power loss.
 * @since 0.1.0
 * @category Store
 */
export type Durability = 'full' | 'normal'

type Setting = readonly [pragma: string, told: string, said: string | number]

/** What every connection is told, and what it must say afterwards. */
const settings = (durability: Durability): ReadonlyArray<Setting> => [
  ['busy_timeout', '0', 0],
  ['journal_mode', 'WAL', 'wal'],
  durability === 'full' ? ['synchronous', 'FULL', 2] : ['synchronous', 'NORMAL', 1],
  ['foreign_keys', 'ON', 1],
  ['secure_delete', 'ON', 1],
]

/** Opens a file. One that is not ours, or newer, is closed again and left untouched. */
export const connect = async (
  file: string,
  mode: Mode,
  durability: Durability,
): Promise<E.Either<Failure, Database>> => {
  if (mode !== 'create' && !existsSync(file)) return E.left(missing(file))
  if (!existsSync(dirname(file))) return E.left(missing(dirname(file)))
  let db: Database | undefined
  try {
    const opened = new Sqlite(file, { fileMustExist: mode !== 'create', timeout: 0 })
    db = opened
    const refused = await whileBusy(() => tooOld(opened) ?? inOneSnapshot(opened, file, mode))
    if (refused === undefined) {
      await whileBusy(() => configure(opened, durability))
      return E.right(opened)
    }
    opened.close()
    return E.left(refused)
  } catch (error) {
    db?.close()
    return E.left(toFailure(error, `opening ${file}`))
  }
}

/** SQLite says only that it was unable to open such a file, or a file in such a folder. */
const missing = (file: string): Failure =>
  failure('io', `${file} does not exist`, 'nothing was made', 'check the name of the file')

/** Another process may be making the file: half of what it does must not be seen. */
const inOneSnapshot = (db: Database, file: string, mode: Mode): Failure | undefined =>
  db.transaction(() => whyNot(db, file, mode)).deferred()

const configure = (db: Database, durability: Durability): void => {
  for (const [pragma, told, said] of settings(durability)) {
    db.pragma(`${pragma} = ${told}`)
    const says = db.pragma(pragma, { simple: true })
    if (says !== said) throw new Error(`SQLite did not take ${pragma} = ${told}: it says ${says}`)
  }
}

/** Works with durability `full`, whatever the connection has otherwise: something beside the file rests on it. */
export const durably = async <A>(db: Database, work: () => Promise<A>): Promise<A> => {
  const durability = db.pragma('synchronous', { simple: true })
  db.pragma('synchronous = FULL')
  try {
    return await work()
  } finally {
    db.pragma(`synchronous = ${durability}`)
  }
}

const tooOld = (db: Database): Failure | undefined => {
  const version = String(db.prepare('SELECT sqlite_version()').pluck().get())
  return isOlder(version, oldestSqlite)
    ? incompatible(
        `SQLite ${version} can corrupt a file in WAL mode`,
        `use SQLite ${oldestSqlite} or newer`,
      )
    : undefined
}

const isOlder = (version: string, than: string): boolean => {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number))
  for (const [i, part] of (b ?? []).entries()) {
    const ours = a?.[i] ?? 0
    if (ours !== part) return ours < part
  }
  return false
}
