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
import type { LogRows } from './log-rows.js'
import type { Projections } from './projections.js'
import { projections as tables } from './schema.js'

const pageEvents = 1000

/** Folds the whole log, page by page; fails at the first event that cannot be read. */
const foldLog = (log: LogRows, head: number, progress: Progress): E.Either<Failure, Directory> => {
  let directory = emptyDirectory
  for (let after = 0; after < head; ) {
    const page = openEvents(log.read([], { after, limit: pageEvents }))
    if (E.isLeft(page)) return page
    directory = fold(directory, page.right)
    after = page.right.at(-1)?.position ?? head
    progress(after, head)
  }
  return E.right(directory)
}

/** The rows as they stand, as canonical text. */
const storedRows = (db: Database): Rows => {
  const rows = (sql: string): ReadonlyMap<string, string> =>
    new Map(db.prepare<[], [string, string]>(sql).raw().all())
  return new Map([
    ['users', rows('SELECT id, row FROM users')],
    ['installations', rows('SELECT id, row FROM installations')],
    ['identities', rows('SELECT key, json_quote(user_id) FROM identities')],
    ['tokens', rows('SELECT key, json_quote(installation_id) FROM tokens')],
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

/** Must run inside a transaction that holds the write lock. */
export const rebuildProjections = (
  db: Database,
  log: LogRows,
  projections: Projections,
  progress: Progress,
): E.Either<Failure, RebuildReport> => {
  const { position } = log.head()
  const folded = foldLog(log, position, progress)
  if (E.isLeft(folded)) return folded
  const directory = folded.right
  const differences: ReadonlyArray<Difference> = differencesBetween(
    storedRows(db),
    rowsOf(directory),
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
    events: position,
    users: directory.users.size,
    installations: directory.installations.size,
    identities: directory.identities.size,
    differences,
  })
}
