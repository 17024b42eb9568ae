// A file as a verification reads it: in one snapshot, by a connection of its own, with the keys of
// those whose values stand in it. It can run in a thread of its own: what goes in is plain.

import type { MasterKey } from '@selfsame/core'
import Sqlite, { type Database } from 'better-sqlite3'
import { openKeyFile } from './key-file.js'
import type { Masters } from './secrets.js'
import { openUserKeys, type UserKeys } from './user-keys.js'
import { openVault, type Vault } from './vault.js'

export interface SourceOptions {
  readonly file: string
  readonly keyPath: string
  /** Every master key that a user key may be wrapped by, the current one last. */
  readonly masters: ReadonlyArray<MasterKey>
  readonly digestKey: Uint8Array
}

export interface Source {
  readonly db: Database
  readonly keys: UserKeys
  readonly vault: Vault
  /** The last position of the snapshot. */
  readonly head: number
  readonly close: () => void
}

const mastersOf = (keys: ReadonlyArray<MasterKey>): Masters => ({
  current: () => {
    const current = keys.at(-1)
    if (current === undefined) throw new Error('there is no master key')
    return current
  },
  version: (version) => keys.find((one) => one.version === version),
  ask: () => Promise.reject(new Error('a verification asks for no master key')),
})

/** Pages of the file that a connection keeps: it goes through most of them once, in their order. */
const cacheKibibytes = 4 * 1024

/** `keysMax` user keys are kept open, some 200 bytes each. */
export const openSource = (options: SourceOptions, keysMax: number): Source => {
  const { file, keyPath, masters, digestKey } = options
  const db = new Sqlite(file, { readonly: true, fileMustExist: true })
  db.pragma(`cache_size = -${cacheKibibytes}`)
  const keyFile = openKeyFile(keyPath, true)
  db.exec('BEGIN')
  const head = Number(db.prepare('SELECT coalesce(max(position), 0) FROM events').pluck().get())
  const keys = openUserKeys(db, keyFile, mastersOf(masters), keysMax)
  return {
    db,
    keys,
    vault: openVault(keys, Buffer.from(digestKey)),
    head,
    close: () => {
      keyFile.close()
      db.close()
    },
  }
}
