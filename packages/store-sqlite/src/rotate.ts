// Rotation: every user key, and the digest key, wrapped by the current master key. In bounded steps;
// one that was stopped goes on, because what is done already is left alone. No box and no digest changes.

import type { Failure, Progress } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import type { KeyFile } from './key-file.js'
import { type Masters, oldestMaster, renewSecrets } from './secrets.js'
import { type WriteLock, yieldToOthers } from './write-lock.js'

/** Slots to a step: some milliseconds of wrapping to two syncs. */
const stepSlots = 256

export interface RotateTools {
  readonly db: Database
  readonly lock: WriteLock
  readonly keyFile: KeyFile
  readonly masters: Masters
  readonly digestKey: Buffer
}

/**
 * What a rotation did: the version of the master key that everything is wrapped by now, and how many
 * keys there are.
 * @since 0.1.0
 * @category Keys
 */
export interface RotationReport {
  readonly masterVersion: number
  readonly keys: number
}

export const runRotation = async (
  { db, lock, keyFile, masters, digestKey }: RotateTools,
  progress: Progress,
): Promise<E.Either<Failure, RotationReport>> => {
  const asked = await masters.ask(oldestMaster(db))
  if (E.isLeft(asked)) return asked
  let done = 0
  while (done < keyFile.slots()) {
    const count = Math.min(stepSlots, keyFile.slots() - done)
    await lock.hold(() => keyFile.rewrap(done, count, masters))
    done += count
    progress(done, keyFile.slots())
    await yieldToOthers()
  }
  return lock.hold(() => {
    // Keys that another process made meanwhile: few, so they fit into this last step.
    keyFile.rewrap(done, keyFile.slots() - done, masters)
    renewSecrets(db, keyFile.id, masters, digestKey)
    return E.right({ masterVersion: masters.current().version, keys: keyFile.slots() })
  })
}
