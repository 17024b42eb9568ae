// A projection compared with what a verification replayed, row by row, where the sums tell that they
// differ: every row that stands in the file, then the rows that should stand there and do not.

import Sqlite from 'better-sqlite3'
import type { VerifyFinding } from './verify-report.js'
import type { ComparedRow } from './verify-rows.js'
import type { Scratch, Table } from './verify-scratch.js'

export interface Comparison {
  readonly compare: (rows: ReadonlyArray<ComparedRow>) => ReadonlyArray<VerifyFinding>
  readonly missing: (table: Table) => ReadonlyArray<VerifyFinding>
}

const keyOf: Readonly<Record<Table, string>> = {
  users: 'id',
  installations: 'id',
  identities: 'key',
  tokens: 'key',
  definitions: "scope || ':' || name",
}

const wrong = (table: Table, key: string): VerifyFinding => ({
  what: 'projection',
  message: `${table} ${key} is not what the log says`,
})

export const openComparison = (file: string, scratch: Scratch): Comparison => ({
  compare: (rows) =>
    rows
      .filter(([table, key, text]) => scratch.textOf(table, key) !== text)
      .map(([table, key]) => wrong(table, key)),
  missing: (table) => {
    const db = new Sqlite(file, { readonly: true, fileMustExist: true })
    try {
      const isThere = db.prepare<[string | Buffer]>(
        `SELECT 1 FROM ${table} WHERE ${keyOf[table]} = ?`,
      )
      const isDigest = table === 'identities' || table === 'tokens'
      return [...scratch.keysOf(table)]
        .filter((name) => isThere.get(isDigest ? Buffer.from(name, 'hex') : name) === undefined)
        .map((name) => wrong(table, name))
    } finally {
      db.close()
    }
  },
})
