// The log applied page by page to the tables that a rebuild makes: the slice that a page touches is
// loaded from them, folded, and what changed is written back, so memory does not grow with the log.

import {
  changesBetween,
  type Directory,
  type Failure,
  failure,
  fold,
  isOwnType,
  type Key,
  keysOf,
  leadsTo,
  loadSlice,
  openEvents,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { openProjections } from './projections.js'
import type { QueryLog } from './query-log.js'
import type { Vault } from './vault.js'

/** Events to a transaction: some tens of milliseconds that others wait. */
const pageEvents = 250

export interface PageDone {
  readonly position: number
  readonly isDone: boolean
}

type Paged = E.Either<Failure, PageDone> | 'stale'

/** Both run inside a transaction that holds the write lock. */
export interface Pages {
  readonly next: () => Paged
  /** Applies everything up to the head. */
  readonly catchUp: () => Paged
}

/** An identity that a user of the slice holds is that user's alone; the unique key does the rest. */
const hasOneOwnerEach = ({ users, identities }: Directory): boolean =>
  [...users.values()].every(
    (user) =>
      user.status !== 'active' ||
      Object.values(user.identities).every(({ key }) => identities.get(key) === user.id),
  )

const twoOwners = (after: number, upTo: number): Failure =>
  failure(
    'corrupt',
    `between the positions ${after + 1} and ${upTo} the log gives one identity to two users`,
    'the live projections are as they were',
    'keep the file for inspection and restore a backup',
  )

export const openPages = (db: Database, log: QueryLog, vault: Vault): Pages => {
  const built = openProjections(db, vault, '_new')
  const state = db.prepare<[], { position: number; stale: number }>(
    'SELECT position, stale FROM rebuild',
  )
  const setPosition = db.prepare('UPDATE rebuild SET position = ?')

  const next = (): Paged => {
    const at = state.get()
    if (at === undefined || at.stale === 1) return 'stale'
    // An embedder's own facts count: a page of Selfsame's events alone could span a million of them.
    const page = log([], { after: at.position, limit: pageEvents }, 'any')
    const events = openEvents(page.filter(({ type }) => !isOwnType(type)))
    if (E.isLeft(events)) return events
    const last = page.at(-1)
    if (last === undefined) return E.right({ position: at.position, isDone: true })
    const roots: ReadonlyArray<Key> = events.right.flatMap(keysOf)
    const before = loadSlice(built.lookup, roots, leadsTo)
    const after = fold(before, events.right)
    if (!hasOneOwnerEach(after)) return E.left(twoOwners(at.position, last.position))
    built.write(changesBetween(before, after))
    setPosition.run(last.position)
    return E.right({ position: last.position, isDone: page.length < pageEvents })
  }

  const catchUp = (): Paged => {
    for (;;) {
      const page = next()
      if (page === 'stale' || E.isLeft(page) || page.right.isDone) return page
    }
  }

  return { next, catchUp }
}
