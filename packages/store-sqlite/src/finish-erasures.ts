// The end of an erasure: its commit is made durable, whatever durability it was written under and by
// which process; then the keys are destroyed; then the log says that they are.

import type { Database } from 'better-sqlite3'
import { durably } from './connection.js'
import { schemaVersion } from './migrate.js'
import type { UserKeys } from './user-keys.js'
import type { WriteLock } from './write-lock.js'

/** Destroys the keys of everyone whose erasure is recorded. Throws what the disk or the lock says. */
export const finishErasures = async (
  db: Database,
  lock: WriteLock,
  keys: UserKeys,
): Promise<void> => {
  if (!keys.hasDoomed()) return
  // A key that is gone while a power loss takes the erasure back would leave a person without
  // values. A commit that dirties a page syncs all frames of the WAL before its own.
  await durably(db, async () => {
    await lock.hold(() => db.pragma(`user_version = ${schemaVersion}`))
    await lock.hold(keys.destroyDoomed)
  })
}
