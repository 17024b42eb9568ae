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

/** The master keys that a file needs, as the key ring gave them when it was last asked. */
export interface Masters {
  readonly current: () => MasterKey
  readonly version: (version: number) => MasterKey | undefined
  /** Asks the ring for the current master key, and for every older one from `oldest` on. */
  readonly ask: (oldest: number | undefined) => Promise<E.Either<Failure, void>>
}

const boundTo = (keyFileId: Buffer): string => `digest key of ${keyFileId.toString('hex')}`

/** A key ring is an embedder's: what it throws, and a key of another size, are failures of keys too. */
const given = async (
  asked: () => Promise<E.Either<Failure, MasterKey>>,
): Promise<E.Either<Failure, MasterKey>> => {
  try {
    const master = await asked()
    return E.isLeft(master) || master.right.key.length === keyBytes
      ? master
      : E.left(keyFailure('the key ring gave a key that is no master key', keySize))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return E.left(keyFailure(`the key ring did not answer: ${why}`, 'try again once it does'))
  }
}
const keySize = `give master keys of ${keyBytes} bytes`

/** The current master key of a ring, whatever the ring does. */
export const currentOf = (ring: KeyRing): Promise<E.Either<Failure, MasterKey>> =>
  given(() => ring.current())

/** Asks a key ring: at opening, and again when keys are rotated. */
export const askMasters = async (
  ring: KeyRing,
  oldest: number | undefined,
): Promise<E.Either<Failure, Masters>> => {
  const known = new Map<number, MasterKey>()
  let newest = 0
  const ask: Masters['ask'] = async (from) => {
    const current = await currentOf(ring)
    if (E.isLeft(current)) return current
    const asked = [current.right]
    for (
      let version = from ?? current.right.version;
      version < current.right.version;
      version += 1
    ) {
      const older = await given(() => ring.version(version)())
      if (E.isLeft(older)) return older
      asked.push(older.right)
    }
    for (const master of asked) known.set(master.version, master)
    newest = current.right.version
    return E.right(undefined)
  }
  const current = (): MasterKey => {
    const master = known.get(newest)
    if (master === undefined) throw new Error('the key ring was not asked')
    return master
  }
  const asked = await ask(oldest)
  return E.isLeft(asked)
    ? asked
    : E.right({ current, version: (version) => known.get(version), ask })
}

/** The oldest master key that a file still needs; undefined where it has no secret yet. */
export const oldestMaster = (db: Database): number | undefined =>
  db.prepare<[], number | null>('SELECT min(master_version) FROM secrets').pluck().get() ??
  undefined

/** Writes the secrets of a new file. */
export const makeSecrets = (db: Database, keyFileId: Buffer, masters: Masters): void => {
  const current = masters.current()
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

/** Says in the file that nothing is wrapped by a master key older than the current one any more. */
export const renewSecrets = (
  db: Database,
  keyFileId: Buffer,
  masters: Masters,
  digestKey: Buffer,
): void => {
  const current = masters.current()
  const put = db.prepare('UPDATE secrets SET master_version = ?, value = ? WHERE name = ?')
  put.run(current.version, seal(current.key, digestKey, boundTo(keyFileId)), 'digest-key')
  put.run(current.version, Buffer.alloc(0), 'oldest-user-key')
}
