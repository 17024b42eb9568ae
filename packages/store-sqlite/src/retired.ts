// Projections that a rebuild has replaced, or given up: put out of use at once, by a rename, and emptied
// some rows at a time. Dropping them whole would hold every writer for seconds on a large file.

import type { Database } from 'better-sqlite3'
import { projections as tables } from './schema.js'
import { type WriteLock, yieldToOthers } from './write-lock.js'

/** Rows to a transaction: some milliseconds that others wait. */
const stepRows = 500

const keyOf = {
  users: 'id',
  installations: 'id',
  identities: 'key',
  tokens: 'key',
  definitions: 'scope, name',
} as const satisfies Readonly<Record<(typeof tables)[number], string>>

const isThere = (db: Database, table: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !==
  undefined

/** Puts the projections with a suffix out of use. Runs where there are no others retired. */
export const retire = (db: Database, suffix: '' | '_new'): void => {
  for (const table of tables)
    if (isThere(db, `${table}${suffix}`))
      db.exec(`ALTER TABLE ${table}${suffix} RENAME TO ${table}_old`)
}

export const anyWith = (db: Database, suffix: '_new' | '_old'): boolean =>
  tables.some((table) => isThere(db, `${table}${suffix}`))

/** Empties and drops what is retired. Whoever else does the same meanwhile is no harm. */
export const clearRetired = async (db: Database, lock: WriteLock): Promise<void> => {
  if (!anyWith(db, '_old')) return
  for (const table of tables)
    while (await lock.hold(() => clearSome(db, table))) await yieldToOthers()
}

/** One step; false where it was the last one of a table. */
const clearSome = (db: Database, table: (typeof tables)[number]): boolean => {
  const old = `${table}_old`
  if (!isThere(db, old)) return false
  const key = keyOf[table]
  const { changes } = db
    .prepare(`DELETE FROM ${old} WHERE (${key}) IN (SELECT ${key} FROM ${old} LIMIT ${stepRows})`)
    .run()
  if (changes === stepRows) return true
  db.exec(`DROP TABLE ${old}`)
  return false
}
