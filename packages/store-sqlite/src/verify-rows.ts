// The rows of the projections as a verification compares them: opened, as texts by key.

import type { Database } from 'better-sqlite3'
import { openRow, type SealedRow } from './projections.js'
import type { Vault } from './vault.js'
import { type Table, userText } from './verify-scratch.js'

/** A row to compare. Keys of identities and tokens are digests, in hex. */
export type ComparedRow = readonly [table: Table, key: string, text: string]

type SealedColumns = readonly [
  by: string | null,
  table: 'users' | 'installations',
  status: string,
  into: string | null,
  merged: number | null,
  id: string,
  owner: SealedRow['owner'],
  row: Buffer,
]

/** One person's rows after another, so that a key is unwrapped once for all that it opens. */
const sealedRows = `
  SELECT id AS person, 'users', status, into_id, merged, id, owner, row FROM users
  UNION ALL
  SELECT owner, 'installations', NULL, NULL, NULL, id, owner, row FROM installations
  ORDER BY person`

const openRows = `
  SELECT 'identities', lower(hex(key)), user_id FROM identities
  UNION ALL SELECT 'tokens', lower(hex(key)), installation_id FROM tokens
  UNION ALL SELECT 'definitions', scope || ':' || name, row FROM definitions`

export function* comparedRows(db: Database, vault: Vault): Generator<ComparedRow> {
  const open = (table: 'users' | 'installations', row: SealedRow): string => {
    try {
      return openRow(vault, table, row) ?? 'sealed for somebody who is erased'
    } catch {
      return 'altered'
    }
  }
  for (const columns of db.prepare<[], SealedColumns>(sealedRows).raw().iterate()) {
    const [, table, status, into, merged, id, owner, row] = columns
    const text = open(table, { id, owner, row })
    yield [table, id, table === 'users' ? userText(status, into, merged, text) : text]
  }
  yield* db.prepare<[], ComparedRow>(openRows).raw().iterate()
}
