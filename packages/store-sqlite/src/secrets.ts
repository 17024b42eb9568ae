// The keys of one file, opened or made: the key of the digests, wrapped by a master key, and the
// versions of master keys that anything is still wrapped by.

import { randomBytes } from 'node:crypto'
import type { Failure, KeyRing, MasterKey } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { keyBytes, seal, unseal } from './cipher.js'
import { keyFailure } from './master-key-file.js'

interface SecretRow {
  readonly master_version: number
  readonly value: Buffer
}

/** The master keys that a file needs, asked of the key ring once. */
export interface Masters {
  readonly current: MasterKey
  readonly version: (version: number) => MasterKey | undefined
}

const boundTo = (keyFileId: Buffer): string => `digest key of ${keyFileId.toString('hex')}`

/** Asks the key ring for the current master key and for every older one that is still named. */
export const askMasters = async (
  ring: KeyRing,
  oldest: number | undefined,
): Promise<E.Either<Failure, Masters>> => {
  const current = await ring.current()
  if (E.isLeft(current)) return current
  const masters = new Map([[current.right.version, current.right]])
  for (
    let version = oldest ?? current.right.version;
    version < current.right.version;
    version += 1
  ) {
    const older = await ring.version(version)()
    if (E.isLeft(older)) return older
    masters.set(version, older.right)
  }
  return E.right({ current: current.right, version: (version) => masters.get(version) })
}

/** The oldest master key that a file still needs; undefined where it has no secret yet. */
export const oldestMaster = (db: Database): number | undefined =>
  db.prepare<[], number | null>('SELECT min(master_version) FROM secrets').pluck().get() ??
  undefined

/** Writes the secrets of a new file. */
export const makeSecrets = (db: Database, keyFileId: Buffer, { current }: Masters): void => {
  const put = db.prepare('INSERT INTO secrets (name, master_version, value) VALUES (?, ?, ?)')
  const digestKey = randomBytes(keyBytes)
  put.run('digest-key', current.version, seal(current.key, digestKey, boundTo(keyFileId)))
  // The key file may hold keys wrapped by this master key and by later ones, until a rotation ends.
  put.run('oldest-user-key', current.version, Buffer.alloc(0))
}

/** The key of the digests, or why it does not open. */
export const openDigestKey = (
  db: Database,
  keyFileId: Buffer,
  masters: Masters,
): E.Either<Failure, Buffer> => {
  const row = db
    .prepare<[], SecretRow>("SELECT master_version, value FROM secrets WHERE name = 'digest-key'")
    .get()
  const master = row && masters.version(row.master_version)
  const key = row && master && unseal(master.key, row.value, boundTo(keyFileId))
  return key === undefined
    ? E.left(
        keyFailure(
          'the master key or the key file is not the one that this file was written with',
          'bring back the master key and the key file that belong to it',
        ),
      )
    : E.right(key)
}
