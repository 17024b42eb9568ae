// The store port over one SQLite file, its key file, and a key ring.

import { existsSync } from 'node:fs'
import {
  type Clock,
  closedFailure,
  type Failure,
  type KeyRing,
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
import { openEventRows } from './event-rows.js'
import { toFailure } from './failure.js'
import { type KeyFile, openKeyFile } from './key-file.js'
import { createMasterKeyFile, keyFailure, masterKeyFile } from './master-key-file.js'
import { isNew, isToday, migrate } from './migrate.js'
import { systemClock } from './node.js'
import { openProjections } from './projections.js'
import { openQueryLog } from './query-log.js'
import { rebuildProjections } from './rebuild.js'
import { askMasters, type Masters, makeSecrets, oldestMaster, openDigestKey } from './secrets.js'
import { openUserKeys } from './user-keys.js'
import { openVault } from './vault.js'
import { openWriteLock, whileBusy } from './write-lock.js'

/**
 * Which file, and how. `existing` refuses to make a new file; the clock is the system's by default.
 * User keys stand in `keyFile` (`FILE-keys` by default), wrapped by master keys of `keyRing`; without
 * one the master key stands in `FILE-master`, which is made with a new file.
 * @since 0.1.0
 * @category Store
 */
export interface SqliteOptions {
  readonly file: string
  readonly mode?: 'create' | 'existing'
  readonly clock?: Clock
  readonly keyFile?: string
  readonly keyRing?: KeyRing
}

/** Where the keys of a file stand by default. */
const keyPath = (file: string): string => `${file}-keys`
const masterPath = (file: string): string => `${file}-master`

/**
 * Opens a file, makes it where it is missing, and brings an older one to today's schema. Fails, and
 * leaves everything untouched, where it is no database, not Selfsame's, newer than this program, or
 * its keys are missing or others.
 * @since 0.1.0
 * @category Store
 */
export const openSqliteStore =
  (options: SqliteOptions): TaskEither<Failure, Store> =>
  async () => {
    const { file, mode = 'create', clock = systemClock } = options
    const connected = await connect(file, mode)
    if (E.isLeft(connected)) return connected
    const db = connected.right
    let keyFile: KeyFile | undefined
    try {
      const masters = await findMasters(db, options)
      if (E.isLeft(masters)) return closing(db, masters)
      const path = options.keyFile ?? keyPath(file)
      if (!isNew(db) && !existsSync(path)) return closing(db, E.left(keyFileMissing(path)))
      keyFile = openKeyFile(path)
      return await openWith(db, keyFile, masters.right, clock)
    } catch (error) {
      keyFile?.close()
      return closing(db, E.left(toFailure(error, `opening ${file}`)))
    }
  }

const closing = <A>(db: Database, failed: A): A => {
  db.close()
  return failed
}

const keyFileMissing = (path: string): Failure =>
  keyFailure(`the key file ${path} is missing`, 'bring it back, or restore one with backup-keys')

/** The key ring's master keys; the default ring's file is made together with a new database. */
const findMasters = async (
  db: Database,
  { file, keyRing }: SqliteOptions,
): Promise<E.Either<Failure, Masters>> => {
  const isFirst = await whileBusy(() => isNew(db))
  const path = masterPath(file)
  if (keyRing === undefined && isFirst && !existsSync(path)) {
    const made = await createMasterKeyFile(path)()
    // Another process that opens the same new file may have been faster.
    if (E.isLeft(made) && !existsSync(path)) return made
  }
  return askMasters(keyRing ?? masterKeyFile(path), isFirst ? undefined : oldestMaster(db))
}

const openWith = async (
  db: Database,
  keyFile: KeyFile,
  masters: Masters,
  clock: Clock,
): Promise<E.Either<Failure, Store>> => {
  if (!isToday(db))
    await openWriteLock(db, () => {}).hold(() => {
      const isFirst = isNew(db)
      migrate(db)
      if (isFirst) makeSecrets(db, keyFile.id, masters)
    })
  const digestKey = openDigestKey(db, keyFile.id, masters)
  if (E.isLeft(digestKey)) {
    keyFile.close()
    return closing(db, digestKey)
  }
  const keys = openUserKeys(db, keyFile, masters.current, masters.version)
  await whileBusy(keys.destroyDoomed)
  return E.right(storeOver({ db, keyFile, keys, digestKey: digestKey.right, clock }))
}

interface Parts {
  readonly db: Database
  readonly keyFile: KeyFile
  readonly keys: ReturnType<typeof openUserKeys>
  readonly digestKey: Buffer
  readonly clock: Clock
}

const storeOver = ({ db, keyFile, keys, digestKey, clock }: Parts): Store => {
  const vault = openVault(keys, digestKey)
  const events = openEventRows(db, vault, keys)
  const log = openQueryLog(db, events)
  const projections = openProjections(db, vault)
  const lock = openWriteLock(db, keys.drop)
  const moment = (): Moment => {
    const { position, recordedAt } = events.head()
    return momentAfter(position, recordedAt, clock)
  }
  const appender = openAppender(lock, { events, projections, keys, moment })
  let isClosed = false

  /** Does something; what is thrown becomes a failure. */
  const trying =
    <A>(doing: string, work: () => Promise<E.Either<Failure, A>>): TaskEither<Failure, A> =>
    async () => {
      if (isClosed) return E.left(closedFailure)
      try {
        return await work()
      } catch (error) {
        return E.left(toFailure(error, doing))
      }
    }

  /** Reads in one snapshot. */
  const reading = <A>(doing: string, work: () => E.Either<Failure, A>) =>
    trying(doing, () => whileBusy(() => db.transaction(work).deferred()))

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
        const opened = openEvents(log(query, range))
        return E.isLeft(opened)
          ? opened
          : E.right({ head: events.head().position, events: opened.right })
      }),
    users: (after, limit) =>
      reading('reading users', () => {
        const ids = projections.livingUsers(after ?? '', limit)
        return E.right(userPage(projections.lookup, ids, limit))
      }),
    rebuild: (progress = () => {}) =>
      trying('rebuilding the projections', () =>
        lock.hold(() =>
          rebuildProjections(db, events.head().position, { log, projections, vault }, progress),
        ),
      ),
    digest: (text) => vault.digest('command', text).toString('hex'),
    close: () => async () => {
      if (isClosed) return E.right(undefined)
      await appender.drain()
      isClosed = true
      try {
        keys.drop()
        keyFile.close()
        db.close()
        return E.right(undefined)
      } catch (error) {
        return E.left(toFailure(error, 'closing'))
      }
    },
  }
}
