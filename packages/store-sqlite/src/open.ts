// The store port over one SQLite file.

import { createHmac } from 'node:crypto'
import {
  type Clock,
  closedFailure,
  type Failure,
  loadSlice,
  type Moment,
  momentAfter,
  openEvents,
  type Store,
  userPage,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { openAppender } from './append.js'
import { connect } from './connection.js'
import { toFailure } from './failure.js'
import { openLogRows } from './log-rows.js'
import { systemClock } from './node.js'
import { openProjections } from './projections.js'
import { rebuildProjections } from './rebuild.js'

/**
 * Which file, and how. `existing` refuses to make a new file; the clock is the system's by default.
 * @since 0.1.0
 * @category Store
 */
export interface SqliteOptions {
  readonly file: string
  readonly mode?: 'create' | 'existing'
  readonly clock?: Clock
}

/**
 * Opens a file, makes it where it is missing, and brings an older one to today's schema. Fails, and
 * leaves the file untouched, where it is no database, not Selfsame's, or newer than this program.
 * @since 0.1.0
 * @category Store
 */
export const openSqliteStore =
  ({ file, mode = 'create', clock = systemClock }: SqliteOptions): TaskEither<Failure, Store> =>
  async () => {
    const db = connect(file, mode)
    return E.isLeft(db) ? db : E.right(storeOver(db.right, clock))
  }

const storeOver = (db: Database, clock: Clock): Store => {
  const log = openLogRows(db)
  const projections = openProjections(db)
  const moment = (): Moment => {
    const { position, recordedAt } = log.head()
    return momentAfter(position, recordedAt, clock)
  }
  const appender = openAppender(db, log, projections, moment)
  const digestKey = db
    .prepare<[], Buffer>("SELECT value FROM secrets WHERE name = 'digest-key'")
    .pluck()
    .get()
  if (digestKey === undefined) throw new Error('the file has no digest key')
  let isClosed = false

  /** Runs a read in one snapshot; what is thrown becomes a failure. */
  const reading =
    <A>(doing: string, work: () => E.Either<Failure, A>): TaskEither<Failure, A> =>
    async () => {
      if (isClosed) return E.left(closedFailure)
      try {
        return db.transaction(work).deferred()
      } catch (error) {
        return E.left(toFailure(error, doing))
      }
    }

  return {
    transact: (items) => () => appender.transact(items),
    load: (roots, next) =>
      reading('reading the directory', () =>
        E.right({ ...moment(), directory: loadSlice(projections.lookup, roots, next) }),
      ),
    remembered: (id) =>
      reading('looking up a command', () => E.right(projections.remembered(id) ?? null)),
    read: (query, range) =>
      reading('reading the log', () => {
        const events = openEvents(log.read(query, range))
        return E.isLeft(events)
          ? events
          : E.right({ head: log.head().position, events: events.right })
      }),
    users: (after, limit) =>
      reading('reading users', () => {
        const ids = projections.livingUsers(after ?? '', limit)
        return E.right(userPage(projections.lookup, ids, limit))
      }),
    rebuild:
      (progress = () => {}) =>
      async () => {
        if (isClosed) return E.left(closedFailure)
        try {
          return db
            .transaction(() => rebuildProjections(db, log, projections, progress))
            .immediate()
        } catch (error) {
          return E.left(toFailure(error, 'rebuilding the projections'))
        }
      },
    digest: (text) => createHmac('sha256', digestKey).update(text).digest('hex'),
    close: () => async () => {
      if (isClosed) return E.right(undefined)
      await appender.drain()
      isClosed = true
      try {
        db.close()
        return E.right(undefined)
      } catch (error) {
        return E.left(toFailure(error, 'closing'))
      }
    },
  }
}
