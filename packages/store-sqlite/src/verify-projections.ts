// The projections compared with what a verification replayed, row by row in the order of their keys.

import type { Database } from 'better-sqlite3'
import { openRow, type SealedRow } from './projections.js'
import type { Vault } from './vault.js'
import type { VerifyFinding } from './verify-report.js'
import type { Scratch } from './verify-scratch.js'

const pageRows = 1000

type Key = string | Buffer

/** The text by which two rows are compared, by key. */
type TextAt = readonly [key: Key, text: string]

/** All rows of a query in the order of their keys, some at a time. */
function* inPages<Row>(
  db: Database,
  sql: string,
  start: Key,
  read: (row: Row) => TextAt,
): Generator<TextAt> {
  const page = db.prepare<[Key], Row>(`${sql} LIMIT ${pageRows}`)
  for (let after: Key = start; ; ) {
    const rows = page.all(after)
    for (const row of rows) {
      const [key, text] = read(row)
      after = key
      yield [key, text]
    }
    if (rows.length < pageRows) return
  }
}

const order = (a: Key, b: Key): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** The keys whose rows differ, or stand on one side only. */
function* differing(stored: Iterator<TextAt>, replayed: Iterator<TextAt>): Generator<Key> {
  let [a, b] = [stored.next(), replayed.next()]
  while (a.done !== true || b.done !== true) {
    const side = a.done === true ? 1 : b.done === true ? -1 : order(a.value[0], b.value[0])
    if (side < 0 && a.done !== true) yield a.value[0]
    if (side > 0 && b.done !== true) yield b.value[0]
    if (side === 0 && a.done !== true && b.done !== true && a.value[1] !== b.value[1])
      yield a.value[0]
    if (side <= 0) a = stored.next()
    if (side >= 0) b = replayed.next()
  }
}

type UserRow = SealedRow & {
  readonly status: string
  readonly into_id: string | null
  readonly merged: number | null
}

/** Every row of the projections that is not what the log says. */
export function* wrongRows(db: Database, vault: Vault, scratch: Scratch): Generator<VerifyFinding> {
  const sealedText = (table: 'users' | 'installations', row: SealedRow): string => {
    try {
      return openRow(vault, table, row) ?? 'sealed for somebody who is erased'
    } catch {
      return 'altered'
    }
  }
  const userText = ({ status, into_id, merged }: Omit<UserRow, 'row' | 'owner'>, text: string) =>
    [status, into_id, merged, text].join('\n')
  const held =
    (column: string) =>
    (row: Record<string, string> & { readonly key: Buffer }): TextAt => [row.key, row[column] ?? '']
  const none = Buffer.alloc(0)
  const tables: ReadonlyArray<readonly [string, Iterator<TextAt>, Iterator<TextAt>]> = [
    [
      'users',
      inPages<UserRow>(
        db,
        'SELECT id, status, into_id, merged, owner, row FROM users WHERE id > ? ORDER BY id',
        '',
        (row) => [row.id, userText(row, sealedText('users', row))],
      ),
      inPages<UserRow>(
        scratch.db,
        'SELECT id, status, into_id, merged, row FROM users WHERE id > ? ORDER BY id',
        '',
        (row) => [row.id, userText(row, scratch.open(row.row))],
      ),
    ],
    [
      'installations',
      inPages<SealedRow>(
        db,
        'SELECT id, owner, row FROM installations WHERE id > ? ORDER BY id',
        '',
        (row) => [row.id, sealedText('installations', row)],
      ),
      inPages<SealedRow>(
        scratch.db,
        'SELECT id, row FROM installations WHERE id > ? ORDER BY id',
        '',
        (row) => [row.id, scratch.open(row.row)],
      ),
    ],
    ...(
      [
        ['identities', 'user_id'],
        ['tokens', 'installation_id'],
      ] as const
    ).map(([table, column]) => {
      const sql = `SELECT key, ${column} FROM ${table} WHERE key > ? ORDER BY key`
      return [
        table,
        inPages(db, sql, none, held(column)),
        inPages(scratch.db, sql, none, held(column)),
      ] as const
    }),
    [
      'definitions',
      inPages<{ key: string; row: string }>(
        db,
        `SELECT key, row FROM (SELECT scope || ':' || name AS key, row FROM definitions)
           WHERE key > ? ORDER BY key`,
        '',
        ({ key, row }) => [key, row],
      ),
      inPages<{ key: string; row: string }>(
        scratch.db,
        'SELECT key, row FROM definitions WHERE key > ? ORDER BY key',
        '',
        ({ key, row }) => [key, row],
      ),
    ],
  ]
  for (const [table, stored, replayed] of tables)
    for (const key of differing(stored, replayed))
      yield {
        what: 'projection',
        message: `${table} ${typeof key === 'string' ? key : key.toString('hex')} is not what the log says`,
      }
}
