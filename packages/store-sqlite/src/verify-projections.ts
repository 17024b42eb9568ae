// The projections compared with what a verification replayed: every row that stands in the file, then
// the rows that should stand there and do not.

import Sqlite from 'better-sqlite3'
import type { VerifyFinding } from './verify-report.js'
import type { RowsPage } from './verify-rows.js'
import type { Scratch, Table } from './verify-scratch.js'

export interface Comparison {
  readonly compare: (page: RowsPage) => ReadonlyArray<VerifyFinding>
  /** What is missing, once every page was compared. */
  readonly end: () => ReadonlyArray<VerifyFinding>
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

export const openComparison = (file: string, scratch: Scratch): Comparison => {
  const found: Record<Table, number> = {
    users: 0,
    installations: 0,
    identities: 0,
    tokens: 0,
    definitions: 0,
  }

  /** Looked for only where the counts say that something is missing. */
  const missing = (table: Table): ReadonlyArray<VerifyFinding> => {
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
  }

  return {
    compare: ({ table, keysAndTexts }) => {
      const findings: VerifyFinding[] = []
      for (let i = 0; i + 1 < keysAndTexts.length; i += 2) {
        const [key = '', text = ''] = [keysAndTexts[i], keysAndTexts[i + 1]]
        const replayed = scratch.textOf(table, key)
        if (replayed !== undefined) found[table] += 1
        if (replayed !== text) findings.push(wrong(table, key))
      }
      return findings
    },
    end: () => {
      const sizes = scratch.sizes()
      const tables: ReadonlyArray<Table> = [
        'users',
        'installations',
        'identities',
        'tokens',
        'definitions',
      ]
      return tables.flatMap((table) => (found[table] < sizes[table] ? missing(table) : []))
    },
  }
}
