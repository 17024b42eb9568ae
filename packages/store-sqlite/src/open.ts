// The store port over one SQLite file, its key file, and a key ring.

import { existsSync } from 'node:fs'
import { type Clock, type Failure, failure, type KeyRing } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { connect, type Durability, durably } from './connection.js'
import { toFailure } from './failure.js'
import { finishErasures } from './finish-erasures.js'
import { holdsKeys, type KeyFile, openOrMakeKeyFile } from './key-file.js'
import { createMasterKeyFile, keyFailure, masterKeyFile } from './master-key-file.js'
import { isNew, isToday, type Mode, migrate } from './migrate.js'
import { systemClock } from './node.js'
import { sweep } from './rebuild.js'
import {
  askMasters,
  currentOf,
  type Masters,
  makeSecrets,
  oldestMaster,
  openDigestKey,
} from './secrets.js'
import { type Parts, type SqliteStore, sqliteStore } from './sqlite-store.js'
import { lastLiveSlot, openUserKeys } from './user-keys.js'
import { openWriteLock, whileBusy } from './write-lock.js'

/**
 * Which file, and how. `existing` refuses to make a new file; the clock is the system's by default.
 * User keys stand in `keyFile` (`FILE-keys` by default), wrapped by master keys of `keyRing`; without
 * one the master key stands in `FILE-master`, which is made with a new file. `durability` is `full`
 * by default: what is answered has been synced to the disk. With `normal` a power loss may lose the
 * last commits, though never one in the middle, and a killed process still loses nothing.
 * @since 0.1.0
 * @category Store
 */
export interface SqliteOptions {
  readonly file: string
  readonly mode?: 'create' | 'existing'
  readonly clock?: Clock
  readonly keyFile?: string
  readonly keyRing?: KeyRing
  readonly durability?: Durability
}

/** Where the keys of a file stand by default. */
export const keyPath = (file: string): string => `${file}-keys`
/** Where the master keys of a file stand by default. */
export const masterPath = (file: string): string => `${file}-master`

/**
 * Opens a file, makes it where it is missing, and brings an older one to today's schema. Fails, and
 * leaves everything untouched, where it is no database, not Selfsame's, newer than this program, or
 * its keys are missing or others.
 * @since 0.1.0
 * @category Store
 */
export const openSqliteStore =
  (options: SqliteOptions): TaskEither<Failure, SqliteStore> =>
  async () => {
    const { mode = 'create', durability = 'full' } = options
    const misspelt = misspeltIn(mode, durability)
    return misspelt === undefined ? openIn(mode, options)() : E.left(misspelt)
  }

/** Opens a file as `openSqliteStore` does, or the copy of a backup that a restore works on. */
export const openIn =
  (mode: Mode, options: SqliteOptions): TaskEither<Failure, SqliteStore> =>
  async () => {
    const { file, clock = systemClock, durability = 'full' } = options
    // A key ring that does not answer must not leave an empty file behind.
    const ring = options.keyRing ?? ringInPlace(file)
    const asked = ring === undefined || existsSync(file) ? null : await currentOf(ring)
    if (asked !== null && E.isLeft(asked)) return asked
    const path = options.keyFile ?? keyPath(file)
    // Looked at once more after the keys: another process may make both meanwhile.
    if (!existsSync(file) && holdsKeys(path) && !existsSync(file))
      return E.left(keysOfAnother(path))
    const connected = await connect(file, mode, durability)
    if (E.isLeft(connected)) return connected
    const db = connected.right
    let keyFile: KeyFile | undefined
    try {
      const masters = await findMasters(db, options)
      if (E.isLeft(masters)) return closing(db, masters)
      if (!(await whileBusy(() => isNew(db))) && !existsSync(path))
        return closing(db, E.left(keyFileMissing(path)))
      keyFile = openOrMakeKeyFile(path)
      return await openWith({ db, keyFile, masters: masters.right, clock, file, keyPath: path })
    } catch (error) {
      keyFile?.close()
      return closing(db, E.left(toFailure(error, `opening ${file}`)))
    }
  }

/** A misspelt choice must not mean the weaker one. */
const misspeltIn = (mode: string, durability: string): Failure | undefined => {
  const wrong = ['create', 'existing'].includes(mode)
    ? ['full', 'normal'].includes(durability)
      ? undefined
      : `durability ${durability}`
    : `mode ${mode}`
  return wrong === undefined
    ? undefined
    : failure('unexpected', `there is no ${wrong}`, 'nothing was opened', 'correct the option')
}

/** The default ring, where its file is there already. */
const ringInPlace = (file: string): KeyRing | undefined =>
  existsSync(masterPath(file)) ? masterKeyFile(masterPath(file)) : undefined

const closing = <A>(db: Database, failed: A): A => {
  db.close()
  return failed
}

const keyFileMissing = (path: string): Failure =>
  keyFailure(
    `the key file ${path} is missing`,
    'bring it back, or a copy of it that `selfsame backup-keys` made',
  )

/** A new log would give them to others, and whoever is erased there would take them along. */
const keysOfAnother = (path: string): Failure =>
  keyFailure(
    `the key file ${path} holds the keys of another log, and there is none beside it`,
    'restore the log that they belong to, or name another key file for a new log',
  )

const keyFileOlder = (path: string): Failure =>
  keyFailure(
    `the key file ${path} is older than the log: keys of people in it are missing`,
    'bring back the newest key file, or restore a backup of the log that is no newer than the keys',
  )

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
  return askMasters(
    keyRing ?? masterKeyFile(path),
    isFirst ? undefined : await whileBusy(() => oldestMaster(db)),
  )
}

/** A rotation of another process may have ended since the key ring was asked: it is asked again, once. */
const findDigestKey = async ({
  db,
  keyFile,
  masters,
}: Pick<Parts, 'db' | 'keyFile' | 'masters'>): Promise<E.Either<Failure, Buffer>> => {
  const open = () => whileBusy(() => openDigestKey(db, keyFile.id, masters))
  const first = await open()
  if (E.isRight(first)) return first
  const asked = await masters.ask(await whileBusy(() => oldestMaster(db)))
  return E.isLeft(asked) ? asked : open()
}

/** Why the keys that there are must not be used with a file; undefined where they are its own. */
const whyNotByKeys = async (
  parts: Pick<Parts, 'db' | 'keyFile' | 'masters' | 'keyPath'>,
): Promise<Failure | undefined> => {
  const { db, keyFile } = parts
  const digestKey = await findDigestKey(parts)
  if (E.isLeft(digestKey)) return digestKey.left
  const lastKey = await whileBusy(() => lastLiveSlot(db))
  // New keys would be made in the slots that it lacks, and no box sealed before would open again.
  return lastKey < keyFile.slots() ? undefined : keyFileOlder(parts.keyPath)
}

const openWith = async (
  parts: Omit<Parts, 'keys' | 'digestKey'>,
): Promise<E.Either<Failure, SqliteStore>> => {
  const { db, keyFile, masters } = parts
  // Whoever lacks the keys of an older file must not migrate it either.
  const refused = (await whileBusy(() => isNew(db))) ? undefined : await whyNotByKeys(parts)
  if (refused !== undefined) {
    keyFile.close()
    return closing(db, E.left(refused))
  }
  if (!(await whileBusy(() => isToday(db))))
    // Keys are made after this: a power loss must not take the log away from under them.
    await durably(db, () =>
      openWriteLock(db, () => {}).hold(() => {
        const isFirst = isNew(db)
        if (isFirst && keyFile.slots() > 0) throw keysOfAnother(parts.keyPath)
        migrate(db)
        if (isFirst) makeSecrets(db, keyFile.id, masters)
      }),
    )
  const digestKey = await findDigestKey(parts)
  if (E.isLeft(digestKey)) {
    keyFile.close()
    return closing(db, digestKey)
  }
  const keys = await whileBusy(() => openUserKeys(db, keyFile, masters))
  const lock = openWriteLock(db, keys.drop)
  await finishErasures(db, lock, keys)
  await sweep(db, lock)
  return E.right(await whileBusy(() => sqliteStore({ ...parts, keys, digestKey: digestKey.right })))
}
