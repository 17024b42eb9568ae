// The live tables compared with the ones a rebuild made, some rows at a time. The rows themselves are
// personal: a difference names the table and the key, and says by digest that they differ.

import { createHash } from 'node:crypto'
import type { Difference } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { openRow, type SealedRow } from './projections.js'
import type { Vault } from './vault.js'

/** Rows to a transaction. */
const partRows = 500

export interface Part {
  readonly differences: ReadonlyArray<Difference>
  /** Where the next part begins; null after the last. */
  readonly next: string | Buffer | null
}

export interface ComparedTable {
  readonly start: string | Buffer
  readonly part: (after: string | Buffer) => Part
}

export interface Compare {
  readonly tables: ReadonlyArray<ComparedTable>
}

type TextOf<Row> = (row: Row) => string

export const openCompare = (db: Database, vault: Vault): Compare => {
  const compared = <Row>(
    table: string,
    key: string,
    columns: string,
    start: string | Buffer,
    textOf: TextOf<Row>,
  ): ComparedTable => {
    const keys = db
      .prepare<[string | Buffer, string | Buffer], string | Buffer>(
        `SELECT key FROM (SELECT ${key} AS key FROM ${table} WHERE ${key} > ?
           UNION SELECT ${key} AS key FROM ${table}_new WHERE ${key} > ?)
         ORDER BY key LIMIT ${partRows}`,
      )
      .pluck()
    const select = (from: string) =>
      db.prepare<[string | Buffer], Row>(`SELECT ${columns} FROM ${from} WHERE ${key} = ?`)
    const [live, made] = [select(table), select(`${table}_new`)]
    const digestOf = (row: Row | undefined): string | null =>
      row === undefined ? null : createHash('sha256').update(textOf(row)).digest('hex')
    return {
      start,
      part: (after) => {
        const found = keys.all(after, after)
        const differences = found.flatMap((one) => {
          const [stored, rebuilt] = [digestOf(live.get(one)), digestOf(made.get(one))]
          return stored === rebuilt ? [] : [{ table, key: nameOf(one), stored, rebuilt }]
        })
        return { differences, next: found.length < partRows ? null : (found.at(-1) ?? null) }
      },
    }
  }

  type UserRow = SealedRow & {
    readonly status: string
    readonly into_id: string | null
    readonly merged: number | null
  }
  const textIn = (table: 'users' | 'installations', row: SealedRow): string => {
    try {
      return openRow(vault, table, row) ?? 'sealed for somebody who is erased'
    } catch {
      return 'altered'
    }
  }
  return {
    tables: [
      compared<UserRow>('users', 'id', 'id, owner, row, status, into_id, merged', '', (row) =>
        [row.status, row.into_id, row.merged, textIn('users', row)].join('\n'),
      ),
      compared<SealedRow>('installations', 'id', 'id, owner, row', '', (row) =>
        textIn('installations', row),
      ),
      compared<{ user_id: string }>('identities', 'key', 'user_id', noKey, (row) => row.user_id),
      compared<{ installation_id: string }>(
        'tokens',
        'key',
        'installation_id',
        noKey,
        (row) => row.installation_id,
      ),
      compared<{ row: string }>('definitions', "scope || ':' || name", 'row', '', ({ row }) => row),
    ],
  }
}

/** Before every digest. */
const noKey = Buffer.alloc(0)

const nameOf = (key: string | Buffer): string =>
  typeof key === 'string' ? key : key.toString('hex')
