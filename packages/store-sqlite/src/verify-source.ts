// Everything that a verification reads of a file, in one snapshot: the log with what is wrong in it,
// then the rows of the projections. It can run in a thread of its own: what goes in and out is plain.

import { base64, type MasterKey } from '@selfsame/core'
import Sqlite from 'better-sqlite3'
import { toFailure } from './failure.js'
import { openKeyFile } from './key-file.js'
import type { Masters } from './secrets.js'
import { openUserKeys } from './user-keys.js'
import { openVault } from './vault.js'
import { openReader, type ReadPage } from './verify-reader.js'
import { projectionRows, type RowsPage } from './verify-rows.js'
import type { Kept } from './verify-tree.js'

/** User keys that are kept open: some 20 MB. */
const keysMax = 100_000

export interface SourceOptions {
  readonly file: string
  readonly keyPath: string
  /** Every master key that a user key may be wrapped by, the current one last. */
  readonly masters: ReadonlyArray<MasterKey>
  readonly digestKey: Uint8Array
  readonly kept: ReadonlyArray<Kept>
}

export type SourcePage =
  | ({ readonly kind: 'events'; readonly head: number } & ReadPage)
  | ({ readonly kind: 'rows' } & RowsPage)
  | { readonly kind: 'end'; readonly head: number; readonly root: string }

const mastersOf = (keys: ReadonlyArray<MasterKey>): Masters => ({
  current: () => {
    const current = keys.at(-1)
    if (current === undefined) throw new Error('there is no master key')
    return current
  },
  version: (version) => keys.find((one) => one.version === version),
  ask: () => Promise.reject(new Error('a verification asks for no master key')),
})

export function* sourcePages(options: SourceOptions): Generator<SourcePage> {
  const db = new Sqlite(options.file, { readonly: true, fileMustExist: true })
  const keyFile = openKeyFile(options.keyPath, true)
  try {
    db.exec('BEGIN')
    const head = Number(db.prepare('SELECT coalesce(max(position), 0) FROM events').pluck().get())
    const keys = openUserKeys(db, keyFile, mastersOf(options.masters), keysMax)
    const vault = openVault(keys, Buffer.from(options.digestKey))
    const reader = openReader({ db, vault, keys, head, kept: options.kept })
    let isLast = false
    /** What SQLite cannot read is told, and ends what it was reading. */
    const unreadable = (error: unknown): SourcePage => {
      const { message } = toFailure(error, 'reading the file')
      const findings = [{ what: 'sqlite', message }] as const
      return { kind: 'events', head, events: '[]', findings, position: head, isLast: true }
    }
    try {
      while (!isLast) {
        const page = reader.next()
        yield { kind: 'events', head, ...page }
        isLast = page.isLast
      }
      for (const page of projectionRows(db, vault)) yield { kind: 'rows', ...page }
    } catch (error) {
      yield unreadable(error)
    }
    yield { kind: 'end', head, root: base64(reader.root()) }
  } finally {
    keyFile.close()
    db.close()
  }
}
