// Throws the projections away and makes them again from the log, in one transaction, and tells every
// row that differed. Inserting each identity again proves that no two users own it.

import {
  type Difference,
  type Directory,
  differencesBetween,
  emptyDirectory,
  type Failure,
  fold,
  openEvents,
  type Progress,
  type RebuildReport,
  type Rows,
  rowsOf,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { openRow, type Projections, type SealedRow } from './projections.js'
import type { QueryLog } from './query-log.js'
import { projections as tables } from './schema.js'
import type { Vault } from './vault.js'

const pageEvents = 1000

/** Folds the whole log, page by page; fails at the first event that cannot be read. */
const foldLog = (log: QueryLog, head: number, progress: Progress): E.Either<Failure, Directory> => {
  let directory = emptyDirectory
  for (let after = 0; after < head; ) {
    const page = openEvents(log([], { after, limit: pageEvents }))
    if (E.isLeft(page)) return page
    directory = fold(directory, page.right)
    after = page.right.at(-1)?.position ?? head
    progress(after, head)
  }
  return E.right(directory)
}

/** The rows as they stand, as canonical text; identities and tokens by their digests. */
const storedRows = (db: Database, vault: Vault): Rows => {
  const rows = (sql: string): ReadonlyMap<string, string> =>
    new Map(db.prepare<[], [string, string]>(sql).raw().all())
  const sealed = (table: 'users' | 'installations'): ReadonlyMap<string, string> =>
    new Map(
      db
        .prepare<[], SealedRow>(`SELECT id, owner, row FROM ${table}`)
        .all()
        .map((row) => [row.id, textOf(vault, table, row)]),
    )
  return new Map([
    ['users', sealed('users')],
    ['installations', sealed('installations')],
    ['identities', rows('SELECT lower(hex(key)), json_quote(user_id) FROM identities')],
    ['tokens', rows('SELECT lower(hex(key)), json_quote(installation_id) FROM tokens')],
    ['definitions', rows("SELECT scope || ':' || name, row FROM definitions")],
    [
      'absorbed',
      rows(
        `SELECT into_id, json_group_array(id ORDER BY merged) FROM users
         WHERE into_id IS NOT NULL GROUP BY into_id`,
      ),
    ],
  ])
}

/** A row that does not open differs from whatever a rebuild makes. */
const textOf = (vault: Vault, table: 'users' | 'installations', row: SealedRow): string => {
  try {
    return openRow(vault, table, row) ?? 'a row of somebody who is erased'
  } catch {
    return 'a row that was altered'
  }
}

const digested = (vault: Vault, rows: Rows): Rows =>
  new Map(
    [...rows].map(([table, byKey]) => {
      const use = table === 'identities' ? 'identity' : table === 'tokens' ? 'token' : null
      return use === null
        ? [table, byKey]
        : [
            table,
            new Map([...byKey].map(([key, row]) => [vault.digest(use, key).toString('hex'), row])),
          ]
    }),
  )

/** What a rebuild reads by and writes through. */
export interface RebuildTools {
  readonly log: QueryLog
  readonly projections: Projections
  readonly vault: Vault
}

/** Must run inside a transaction that holds the write lock. */
export const rebuildProjections = (
  db: Database,
  head: number,
  { log, projections, vault }: RebuildTools,
  progress: Progress,
): E.Either<Failure, RebuildReport> => {
  const folded = foldLog(log, head, progress)
  if (E.isLeft(folded)) return folded
  const directory = folded.right
  const differences: ReadonlyArray<Difference> = differencesBetween(
    storedRows(db, vault),
    digested(vault, rowsOf(directory)),
  )
  for (const table of tables) db.exec(`DELETE FROM ${table}`)
  projections.write({
    users: [...directory.users.values()],
    installations: [...directory.installations.values()],
    identities: [...directory.users.values()].flatMap((user) =>
      user.status === 'active'
        ? Object.values(user.identities).map(({ key }) => ({ key, from: null, to: user.id }))
        : [],
    ),
    tokens: [...directory.tokens].map(([key, to]) => ({ key, from: null, to })),
    definitions: [...directory.definitions],
  })
  return E.right({
    events: head,
    users: directory.users.size,
    installations: directory.installations.size,
    identities: directory.identities.size,
    differences,
  })
}
