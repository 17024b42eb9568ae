// The rows of the projections as a verification compares them: opened, as texts by key, page by page.

import type { Database } from 'better-sqlite3'
import { openRow, type SealedRow } from './projections.js'
import type { Vault } from './vault.js'
import { type Table, userText } from './verify-scratch.js'

/** Rows read at once. */
const pageRows = 1000

/** A page of rows: keys and texts in turn. Keys of identities and tokens are digests, in hex. */
export interface RowsPage {
  readonly table: Table
  readonly keysAndTexts: ReadonlyArray<string>
}

interface Reading<Row> {
  readonly table: Table
  readonly columns: string
  readonly key: string
  readonly start: string | Buffer
  readonly read: (row: Row) => readonly [key: string, text: string]
}

function* pagesOf<Row extends { readonly at: string | Buffer }>(
  db: Database,
  { table, columns, key, start, read }: Reading<Row>,
): Generator<RowsPage> {
  const page = db.prepare<[string | Buffer], Row>(
    `SELECT ${columns}, ${key} AS at FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${pageRows}`,
  )
  for (let after = start, rows = page.all(after); rows.length > 0; rows = page.all(after)) {
    yield { table, keysAndTexts: rows.flatMap(read) }
    after = rows.at(-1)?.at ?? after
  }
}

type UserRow = SealedRow & {
  readonly at: string
  readonly status: string
  readonly into_id: string | null
  readonly merged: number | null
}

/** Every row of the projections. */
export function* projectionRows(db: Database, vault: Vault): Generator<RowsPage> {
  const sealedText = (table: 'users' | 'installations', row: SealedRow): string => {
    try {
      return openRow(vault, table, row) ?? 'sealed for somebody who is erased'
    } catch {
      return 'altered'
    }
  }
  yield* pagesOf<UserRow>(db, {
    table: 'users',
    columns: 'id, status, into_id, merged, owner, row',
    key: 'id',
    start: '',
    read: (row) => [
      row.id,
      userText(row.status, row.into_id, row.merged, sealedText('users', row)),
    ],
  })
  yield* pagesOf<SealedRow & { readonly at: string }>(db, {
    table: 'installations',
    columns: 'id, owner, row',
    key: 'id',
    start: '',
    read: (row) => [row.id, sealedText('installations', row)],
  })
  for (const [table, column] of [
    ['identities', 'user_id'],
    ['tokens', 'installation_id'],
  ] as const)
    yield* pagesOf<{ readonly at: Buffer; readonly holder: string }>(db, {
      table,
      columns: `${column} AS holder`,
      key: 'key',
      start: Buffer.alloc(0),
      read: ({ at, holder }) => [at.toString('hex'), holder],
    })
  yield* pagesOf<{ readonly at: string; readonly row: string }>(db, {
    table: 'definitions',
    columns: 'row',
    key: "scope || ':' || name",
    start: '',
    read: ({ at, row }) => [at, row],
  })
}
