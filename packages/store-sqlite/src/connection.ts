// One connection to a file, with the settings that durability rests on: set, and asserted.

import type { Failure } from '@selfsame/core'
import Sqlite, { type Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { incompatible, toFailure } from './failure.js'
import { migrate, whyNot } from './migrate.js'

/** The oldest SQLite without the WAL-reset bug that could corrupt a file. */
const oldestSqlite = '3.51.3'

/** What every connection is told, and what it must say afterwards. */
const settings: ReadonlyArray<readonly [pragma: string, told: string, said: string | number]> = [
  ['busy_timeout', '0', 0],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['secure_delete', 'ON', 1],
]

/** Opens a file and brings it to today's schema. One that is not ours, or newer, is left untouched. */
export const connect = (file: string, mode: 'create' | 'existing'): E.Either<Failure, Database> => {
  let db: Database | undefined
  try {
    db = new Sqlite(file, { fileMustExist: mode === 'existing', timeout: 0 })
    const refused = tooOld(db) ?? whyNot(db, file)
    if (refused === undefined) {
      configure(db)
      migrate(db)
      return E.right(db)
    }
    db.close()
    return E.left(refused)
  } catch (error) {
    db?.close()
    return E.left(toFailure(error, `opening ${file}`))
  }
}

const configure = (db: Database): void => {
  for (const [pragma, told, said] of settings) {
    db.pragma(`${pragma} = ${told}`)
    const says = db.pragma(pragma, { simple: true })
    if (says !== said) throw new Error(`SQLite did not take ${pragma} = ${told}: it says ${says}`)
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
