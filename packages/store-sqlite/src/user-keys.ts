// Which user has which slot of the key file. Giving one is a row of the log file, so that no commit
// spans two files; erasing one is a row too, and the slot is destroyed after that row is durable.

import type { MasterKey, UserId } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import type { KeyFile } from './key-file.js'

/** How many opened user keys a process keeps. */
const keptMax = 20_000

export interface UserKeys {
  /** Gives a new user a key. Only inside a transaction that holds the write lock. */
  readonly assign: (userId: UserId) => void
  /** A user's key; undefined where the user is erased. */
  readonly keyOf: (userId: UserId) => Buffer | undefined
  /** Marks keys to be destroyed, in the transaction that erases their users. */
  readonly doom: (userIds: ReadonlyArray<UserId>) => void
  /** Destroys what is marked. Runs after the commit and, where a crash came between, at opening. */
  readonly destroyDoomed: () => void
  /** Drops opened keys: another process may have erased their users. */
  readonly drop: () => void
}

export const openUserKeys = (
  db: Database,
  file: KeyFile,
  current: MasterKey,
  master: (version: number) => MasterKey | undefined,
): UserKeys => {
  const slotOf = db
    .prepare<[UserId], number>("SELECT slot FROM user_keys WHERE user_id = ? AND state = 'live'")
    .pluck()
  const lastSlot = db.prepare<[], number | null>('SELECT max(slot) FROM user_keys').pluck()
  const give = db.prepare("INSERT INTO user_keys (user_id, slot, state) VALUES (?, ?, 'live')")
  const mark = db.prepare(
    "UPDATE user_keys SET state = 'doomed' WHERE user_id = ? AND state = 'live'",
  )
  const doomed = db.prepare<[], number>("SELECT slot FROM user_keys WHERE state = 'doomed'").pluck()
  const done = db.prepare(
    "UPDATE user_keys SET state = 'erased' WHERE state = 'doomed' AND slot = ?",
  )
  const opened = new Map<UserId, Buffer>()

  const keep = (userId: UserId, key: Buffer): Buffer => {
    if (opened.size >= keptMax) {
      const [oldest] = opened.keys()
      if (oldest !== undefined) opened.delete(oldest)
    }
    opened.set(userId, key)
    return key
  }

  const keyAt = (slot: number): Buffer | undefined => {
    const key = file.key(slot, master)
    if (key === undefined && file.state(slot)?.state === 'key')
      throw new Error(`the key in slot ${slot} of the key file was wrapped by another master key`)
    return key
  }

  return {
    assign: (userId) => {
      for (let slot = (lastSlot.get() ?? -1) + 1; ; slot += 1) {
        if (slot >= file.slots()) file.extend(current)
        const key = keyAt(slot)
        // A slot that a crash tore while it was made, or that a restore brought back erased, is left.
        if (key === undefined) continue
        give.run(userId, slot)
        keep(userId, key)
        return
      }
    },
    keyOf: (userId) => {
      const kept = opened.get(userId)
      if (kept !== undefined) return kept
      const slot = slotOf.get(userId)
      const key = slot === undefined ? undefined : keyAt(slot)
      return key && keep(userId, key)
    },
    doom: (userIds) => {
      for (const userId of userIds) {
        mark.run(userId)
        opened.get(userId)?.fill(0)
        opened.delete(userId)
      }
    },
    destroyDoomed: () => {
      const slots = doomed.all()
      if (slots.length === 0) return
      file.destroy(slots)
      for (const slot of slots) done.run(slot)
    },
    drop: () => opened.clear(),
  }
}
