// Which user has which slot of the key file. Giving one is a row of the log file, so that no commit
// spans two files; erasing one is a row too, and the slot is destroyed after that row is durable.

import { type Failure, failure, type UserId } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { openBounded } from './bounded.js'
import type { KeyFile } from './key-file.js'
import { keyFailure } from './master-key-file.js'
import type { Masters } from './secrets.js'

/** How many opened user keys a process keeps. */
const keptMax = 20_000

export interface UserKeys {
  /** Drops opened keys where another process wrote, or tables were swapped. First in a transaction. */
  readonly freshen: () => void
  /** Calls back whenever opened keys are dropped: what was opened by them must go, too. */
  readonly whenDropped: (drop: () => void) => void
  /** Gives a new user a key. Only inside a transaction that holds the write lock. */
  readonly assign: (userId: UserId) => void
  /** A user's key; undefined where the user is erased. Throws where it should be there and is not. */
  readonly keyOf: (userId: UserId) => Buffer | undefined
  readonly isErased: (userId: UserId) => boolean
  /** Marks keys to be destroyed, in the transaction that erases their users. */
  readonly doom: (userIds: ReadonlyArray<UserId>) => void
  /** Whether keys are marked that nobody has destroyed yet. */
  readonly hasDoomed: () => boolean
  /** Destroys what is marked. Runs after the commit and, where a crash came between, at opening. */
  readonly destroyDoomed: () => void
  /** Drops opened keys: what gave some of them was undone. */
  readonly drop: () => void
}

/** A key that this process has no master key for: keys were rotated by another one. */
const otherMaster: Failure = keyFailure(
  'a key is wrapped by a master key that this process does not know: keys were rotated since it opened',
  'open the file again',
)

/** Neither erased nor readable: a byte of the files is not what was written. */
const damagedKey = (userId: UserId): Failure =>
  failure(
    'corrupt',
    `the key of the user ${userId} is damaged`,
    'nothing was changed, and nothing altered was shown',
    'keep the files for inspection and restore a backup',
  )

interface KeyRow {
  readonly slot: number
  readonly state: string
}

/** The last slot that a living user's key stands in; -1 where there is none. */
export const lastLiveSlot = (db: Database): number =>
  db
    .prepare<[], number>(
      "SELECT slot FROM user_keys WHERE state = 'live' ORDER BY slot DESC LIMIT 1",
    )
    .pluck()
    .get() ?? -1

export const openUserKeys = (
  db: Database,
  file: KeyFile,
  masters: Masters,
  kept = keptMax,
): UserKeys => {
  const rowOf = db.prepare<[UserId], KeyRow>('SELECT slot, state FROM user_keys WHERE user_id = ?')
  const userAt = db
    .prepare<[number], UserId>('SELECT user_id FROM user_keys WHERE slot = ?')
    .pluck()
  const lastSlot = db.prepare<[], number | null>('SELECT max(slot) FROM user_keys').pluck()
  const give = db.prepare("INSERT INTO user_keys (user_id, slot, state) VALUES (?, ?, 'live')")
  const mark = db.prepare(
    "UPDATE user_keys SET state = 'doomed' WHERE user_id = ? AND state = 'live'",
  )
  const doomed = db.prepare<[], number>("SELECT slot FROM user_keys WHERE state = 'doomed'").pluck()
  const anyDoomed = db
    .prepare<[], number>("SELECT 1 FROM user_keys WHERE state = 'doomed' LIMIT 1")
    .pluck()
  const done = db.prepare(
    "UPDATE user_keys SET state = 'erased' WHERE state = 'doomed' AND slot = ?",
  )
  const dataVersion = db.prepare<[], number>('PRAGMA data_version').pluck()
  const oldest = db
    .prepare<[], number>("SELECT master_version FROM secrets WHERE name = 'oldest-user-key'")
    .pluck()
  // Counts up when a table is renamed: by a rebuild of this process, which data_version does not tell.
  const schemaVersion = db.prepare<[], number>('PRAGMA schema_version').pluck()
  const opened = openBounded<UserId, Buffer>(kept)
  const alsoDrop: Array<() => void> = []
  const seen = { data: dataVersion.get(), schema: schemaVersion.get() }
  /** The slot after the last that was given; undefined where somebody else may have given more. */
  let free: number | undefined

  const drop = (): void => {
    free = undefined
    opened.clear()
    for (const also of alsoDrop) also()
  }

  const keep = (userId: UserId, key: Buffer): Buffer => {
    opened.set(userId, key)
    return key
  }

  const keyAt = (slot: number): Buffer | undefined => {
    const key = file.key(slot, masters.version)
    if (key === undefined && file.state(slot)?.state === 'key') throw otherMaster
    return key
  }

  /** Makes new keys, unless a rotation has ended since this process asked for its master key. */
  const extend = (): void => {
    if ((oldest.get() ?? 0) > masters.current().version) throw otherMaster
    file.extend(masters.current())
  }

  /** Erased here, or in a newer key file than this log; one that is older has no such slot yet. */
  const isGone = (userId: UserId, row: KeyRow | undefined): boolean =>
    row !== undefined &&
    (row.state === 'doomed' ||
      row.state === 'erased' ||
      // A damaged row may name a slot of somebody else: the index of slots says whose it is.
      (userAt.get(row.slot) === userId &&
        (file.state(row.slot)?.state === 'erased' || row.slot >= file.slots())))

  return {
    freshen: () => {
      const [data, schema] = [dataVersion.get(), schemaVersion.get()]
      if (data !== seen.data || schema !== seen.schema) drop()
      Object.assign(seen, { data, schema })
    },
    whenDropped: (also) => void alsoDrop.push(also),
    assign: (userId) => {
      for (let slot = free ?? (lastSlot.get() ?? -1) + 1; ; slot += 1) {
        if (!file.isThere(slot)) extend()
        const key = file.takeMade(slot) ?? keyAt(slot)
        // A slot that a crash tore while it was made, or that a restore brought back erased, is left.
        if (key === undefined) continue
        give.run(userId, slot)
        free = slot + 1
        keep(userId, key)
        return
      }
    },
    keyOf: (userId) => {
      const kept = opened.get(userId)
      if (kept !== undefined) return kept
      const row = rowOf.get(userId)
      const key = row?.state === 'live' ? keyAt(row.slot) : undefined
      if (key !== undefined) return keep(userId, key)
      if (isGone(userId, row)) return undefined
      throw damagedKey(userId)
    },
    isErased: (userId) => isGone(userId, rowOf.get(userId)),
    doom: (userIds) => {
      for (const userId of userIds) {
        mark.run(userId)
        opened.get(userId)?.fill(0)
        opened.delete(userId)
      }
      for (const also of alsoDrop) also()
    },
    hasDoomed: () => anyDoomed.get() !== undefined,
    destroyDoomed: () => {
      const slots = doomed.all()
      if (slots.length === 0) return
      file.destroy(slots)
      for (const slot of slots) done.run(slot)
    },
    drop,
  }
}
