// The schema version of a file, and the way from an older one to today's: forwards only.

import type { Failure } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { incompatible } from './failure.js'
import {
  absorbedIndexes,
  applicationId,
  createLog,
  createProjections,
  createTiles,
  rebuildState,
} from './schema.js'
import { shortenLeaves } from './shorten-leaves.js'

/** How a file is opened; a backup only by a restore, on a copy of it. */
export type Mode = 'create' | 'existing' | 'backup'

/** The steps, each from the version of its index to the next; a new file takes them all. */
const steps: ReadonlyArray<(db: Database) => void> = [
  (db) => {
    db.pragma(`application_id = ${applicationId}`)
    db.exec(createLog)
    db.exec(createProjections('', absorbedIndexes[0]))
  },
  (db) => {
    db.exec(createTiles)
    shortenLeaves(db)
  },
  // No table changes: from here on an event may have a box for each of several owners, and an older
  // program, which reads only the first, must not open the file.
  () => undefined,
]

/** The schema version that this program writes. */
export const schemaVersion = steps.length

const numberIn = (db: Database, pragma: string): number =>
  Number(db.pragma(pragma, { simple: true }))

/** Says of a new file that it is a backup: it has no projections, and must not be worked on without. */
export const markBackup = (db: Database): void => {
  db.prepare('INSERT INTO rebuild (id, position, stale) VALUES (1, 0, ?)').run(rebuildState.backup)
}

const isBackup = (db: Database): boolean =>
  db.prepare('SELECT 1 FROM rebuild WHERE stale = ?').get(rebuildState.backup) !== undefined

/** Why this program must not touch a file; undefined where it may. */
export const whyNot = (db: Database, file: string, mode: Mode): Failure | undefined => {
  const version = numberIn(db, 'user_version')
  const id = numberIn(db, 'application_id')
  const isEmpty = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
  if (isEmpty && version === 0 && id === 0) return undefined
  if (id !== applicationId)
    return incompatible(
      `${file} is a database, but not one of Selfsame`,
      'name another file, or a new one',
    )
  if (version > schemaVersion)
    return incompatible(
      `${file} has schema version ${version}, this program knows ${schemaVersion} and older`,
      'open it with a newer version of @selfsame/store-sqlite',
    )
  return mode !== 'backup' && isBackup(db)
    ? incompatible(
        `${file} is a backup: the log without its tables, in which nobody would be found`,
        'make a file from it by `restore`',
      )
    : undefined
}

/** Whether a file has no table yet. */
export const isNew = (db: Database): boolean => numberIn(db, 'user_version') === 0

/** Whether a file has today's schema. */
export const isToday = (db: Database): boolean => numberIn(db, 'user_version') === schemaVersion

/** Brings a file to today's schema. Runs inside a transaction that holds the write lock. */
export const migrate = (db: Database): void => {
  for (const step of steps.slice(numberIn(db, 'user_version'))) step(db)
  db.pragma(`user_version = ${schemaVersion}`)
}
