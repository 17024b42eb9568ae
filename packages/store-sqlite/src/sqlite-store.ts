// The store port over an open connection: what runs in which transaction, and what a fault amounts to.

import {
  type Clock,
  closedFailure,
  type Failure,
  loadSlice,
  type Moment,
  momentAfter,
  openEvents,
  openLogEvents,
  type Store,
  userPage,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { openAppender } from './append.js'
import { besideIsOver } from './beside.js'
import { openEventRows } from './event-rows.js'
import { brokenFailure, toFailure } from './failure.js'
import { finishErasures } from './finish-erasures.js'
import type { KeyFile } from './key-file.js'
import { type Operations, operations } from './operate.js'
import { openProjections } from './projections.js'
import { type Proofs, proofs } from './prove.js'
import { openQueryLog } from './query-log.js'
import { openStaleMark, runRebuild } from './rebuild.js'
import type { Masters } from './secrets.js'
import { openTiles } from './tiles.js'
import type { UserKeys } from './user-keys.js'
import { openVault } from './vault.js'
import { openWriteLock, whileBusy } from './write-lock.js'

/** What opening a file has made ready. */
export interface Parts {
  readonly db: Database
  readonly keyFile: KeyFile
  readonly keys: UserKeys
  readonly digestKey: Buffer
  readonly masters: Masters
  readonly clock: Clock
  readonly file: string
  readonly keyPath: string
}

/**
 * The store port over one file, and what its operator needs besides.
 * @since 0.1.0
 * @category Store
 */
export interface SqliteStore extends Store, Operations, Proofs {}

export const sqliteStore = (parts: Parts): SqliteStore => {
  const { db, keyFile, keys, digestKey, clock } = parts
  const vault = openVault(keys, digestKey)
  const events = openEventRows(db, vault, keys)
  const log = openQueryLog(db, events)
  const projections = openProjections(db, vault, '', keys)
  // What a reader's transaction begins and ends with: made once, since each is a statement to compile.
  const [begin, commit] = [db.prepare('BEGIN'), db.prepare('COMMIT')]
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
  /** How often this process wrote, or saw that another one had. */
  let version = 0
  let data = dataVersion.get()
  const lock = openWriteLock(db, keys.drop, () => {
    keys.freshen()
    version += 1
  })
  const moment = (): Moment => {
    const { position, recordedAt } = events.head()
    return momentAfter(position, recordedAt, clock)
  }
  const appender = openAppender(lock, {
    events,
    log,
    projections,
    keys,
    clock,
    markStale: openStaleMark(db),
    finishErasures: () => finishErasures(db, lock, keys),
  })
  const rebuilding = { db, file: parts.file, lock, log, vault, head: () => events.head().position }
  let isClosed = false
  let closing: Promise<E.Either<Failure, void>> | undefined

  /** Why nothing can be done any more. */
  const over = (): Failure | undefined =>
    isClosed ? closedFailure : lock.isBroken() ? brokenFailure : undefined

  /** Does something; what is thrown becomes a failure. */
  const trying =
    <A>(doing: string, work: () => Promise<E.Either<Failure, A>>): TaskEither<Failure, A> =>
    async () => {
      const why = over()
      if (why !== undefined) return E.left(why)
      try {
        return await work()
      } catch (error) {
        // Closed meanwhile: what it was doing has been undone.
        return E.left(over() ?? toFailure(error, doing))
      }
    }

  /** Reads in one snapshot. */
  const reading = <A>(doing: string, work: () => E.Either<Failure, A>) =>
    trying(doing, () =>
      whileBusy(() => {
        begin.run()
        try {
          keys.freshen()
          return work()
        } finally {
          // Nothing was written: ending it either way gives the snapshot back.
          if (db.inTransaction) commit.run()
        }
      }),
    )

  const close = async (): Promise<E.Either<Failure, void>> => {
    await appender.drain()
    isClosed = true
    await besideIsOver(parts.file)
    try {
      keys.drop()
      keyFile.close()
      db.close()
      return E.right(undefined)
    } catch (error) {
      return E.left(toFailure(error, 'closing'))
    }
  }

  return {
    transact: (items) => async () => {
      const why = over()
      return why === undefined ? appender.transact(items) : items.map(() => E.left(why))
    },
    load: (roots, next) =>
      reading('reading the directory', () =>
        E.right({ ...moment(), directory: loadSlice(projections.lookup, roots, next) }),
      ),
    remembered: (id) =>
      reading('looking up a command', () => E.right(projections.remembered(id) ?? null)),
    read: (query, range) =>
      reading('reading the log', () => {
        const opened = openEvents(log(query, range, 'selfsame'))
        return E.isLeft(opened)
          ? opened
          : E.right({ head: events.head().position, events: opened.right })
      }),
    log: {
      read: (query, range) =>
        reading('reading the log', () => {
          const opened = openLogEvents(log(query, range, 'any'))
          return E.isLeft(opened)
            ? opened
            : E.right({ head: events.head().position, events: opened.right })
        }),
      append: (facts, seed, condition) => async () => {
        const why = over()
        return why === undefined ? appender.append(facts, seed, condition) : E.left(why)
      },
    },
    users: (after, limit) =>
      reading('reading users', () => {
        const ids = projections.livingUsers(after ?? '', limit)
        return E.right(userPage(projections.lookup, ids, limit))
      }),
    rebuild: (progress = () => {}, accept = () => true) =>
      trying('rebuilding the projections', () => runRebuild(rebuilding, progress, accept)),
    ...operations({ ...parts, lock, events, rebuilding, isClosed: () => isClosed }, trying),
    ...proofs({ db, tiles: openTiles(db, lock), events, keys, head: rebuilding.head }, trying),
    version: () => {
      if (over() !== undefined) return undefined
      try {
        const now = dataVersion.get()
        if (now !== data) version += 1
        data = now
        return version
      } catch {
        // The file is busy, or worse: whoever reads it is told.
        return undefined
      }
    },
    digest: (text) => vault.digest('command', text).toString('hex'),
    // Of two at once the second waits for the first: a descriptor closed twice may be another file's.
    close: () => () => {
      closing ??= close()
      return closing
    },
  }
}
