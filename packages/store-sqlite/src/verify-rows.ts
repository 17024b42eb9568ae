// What stands beside the log as a verification compares it: the rows of the projections, opened, as
// texts by key, and the index of tags.

import type { Database } from 'better-sqlite3'
import { openRow, type SealedRow } from './projections.js'
import type { Vault } from './vault.js'
import { type Table, userText } from './verify-scratch.js'

/** Keys of identities and tokens are digests, in hex. */
export type KeyAndText = readonly [key: string, text: string]

type UserColumns = readonly [
  status: string,
  into: string | null,
  merged: number | null,
  ...SealedColumns,
]
type SealedColumns = readonly [id: string, owner: SealedRow['owner'], row: Buffer]

function* read<Columns>(
  db: Database,
  sql: string,
  toRow: (columns: Columns) => KeyAndText,
): Generator<KeyAndText> {
  for (const columns of db.prepare<[], Columns>(sql).raw().iterate()) yield toRow(columns)
}

/** Every row of a table, by its owner where it is sealed: keys are read in the order of the key file. */
export const rowsOf = (db: Database, vault: Vault, table: Table): Generator<KeyAndText> => {
  const sealedText = (...[id, owner, row]: SealedColumns): string => {
    try {
      const of = table === 'users' ? table : 'installations'
      return openRow(vault, of, { id, owner, row }) ?? 'sealed for somebody who is erased'
    } catch {
      return 'altered'
    }
  }
  const plain = (sql: string) => read<KeyAndText>(db, sql, (columns) => columns)
  switch (table) {
    case 'users':
      return read<UserColumns>(
        db,
        'SELECT status, into_id, merged, id, owner, row FROM users ORDER BY id',
        ([status, into, merged, ...sealed]) => [
          sealed[0],
          userText(status, into, merged, sealedText(...sealed)),
        ],
      )
    case 'installations':
      return read<SealedColumns>(
        db,
        'SELECT id, owner, row FROM installations ORDER BY owner',
        (columns) => [columns[0], sealedText(...columns)],
      )
    case 'identities':
      return plain('SELECT lower(hex(key)), user_id FROM identities')
    case 'tokens':
      return plain('SELECT lower(hex(key)), installation_id FROM tokens')
    case 'definitions':
      return plain("SELECT scope || ':' || name, row FROM definitions")
  }
}
