// A backup becomes a file again: the log is copied, every erasure that the key file knows is applied,
// and the projections are made from it.

import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { type Failure, failure, openEngine, type Progress, type UserId } from '@selfsame/core'
import Sqlite from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { copyKeys, draftOf, publish } from './backup.js'
import { toFailure } from './failure.js'
import { openKeyFile } from './key-file.js'
import { masterKeyFile } from './master-key-file.js'
import { randomIds } from './node.js'
import { keyPath, masterPath, openIn, type SqliteOptions } from './open.js'

/**
 * From which backup, to which new file. User keys come from `keyBackup`, or are in place already;
 * `knownErasures` is a newer key file of the same log whose erasures are applied to them.
 * @since 0.1.0
 * @category Operate
 */
export interface RestoreOptions extends Omit<SqliteOptions, 'mode'> {
  readonly backup: string
  readonly keyBackup?: string
  readonly knownErasures?: string
  readonly progress?: Progress
}

/**
 * What a restored file holds, and whom the restore had to erase again.
 * @since 0.1.0
 * @category Operate
 */
export interface RestoreReport {
  readonly events: number
  readonly erasedAgain: ReadonlyArray<UserId>
}

const refuse = (message: string, advice: string): Failure =>
  failure('io', message, 'nothing was written', advice)

const unfinished = (part: string): Failure =>
  refuse(
    `the write-ahead log of ${part} could not be brought into it`,
    'free space on the disk, leave the new file alone, and restore again',
  )

/**
 * Restores a backup. The name `file` appears only once everything is in it: a file without its tables
 * would answer that there is nobody. Where something fails the new files are removed again.
 * @since 0.1.0
 * @category Operate
 */
export const restore =
  (options: RestoreOptions): TaskEither<Failure, RestoreReport> =>
  async () => {
    const { file, backup, keyBackup, knownErasures } = options
    const keys = options.keyFile ?? keyPath(file)
    if (existsSync(file))
      return E.left(refuse(`${file} exists`, 'name a file that does not exist yet'))
    if (!existsSync(backup)) return E.left(refuse(`${backup} does not exist`, 'name a backup'))
    if (keyBackup !== undefined && existsSync(keys))
      return E.left(
        refuse(`${keys} exists`, 'leave keyBackup out to use the keys that are in place'),
      )
    if (existsSync(`${backup}-wal`))
      return E.left(
        refuse(`${backup} is in use, or was not closed`, 'make a backup of it: `selfsame backup`'),
      )
    const hadKeys = existsSync(keys)
    const keyRing = options.keyRing ?? masterKeyFile(masterPath(file))
    const part = draftOf(file)
    const removePart = (): void => {
      for (const suffix of ['', '-wal', '-shm', '-journal'])
        rmSync(`${part}${suffix}`, { force: true })
    }
    let isDone = false
    try {
      if (keyBackup !== undefined) copyKeys(keyBackup, keys)
      if (knownErasures !== undefined) applyErasures(knownErasures, keys)
      copyFileSync(backup, part)
      dropErased(part, keys)
      const finished = await finish({ ...options, file: part, keyFile: keys, keyRing })
      if (E.isLeft(finished)) return finished
      // SQLite does not tell where closing could not bring it into the file, on a full disk say.
      if (existsSync(`${part}-wal`)) return E.left(unfinished(part))
      publish(part, file)
      isDone = true
      return finished
    } catch (error) {
      return E.left(toFailure(error, `restoring ${backup}`))
    } finally {
      removePart()
      if (!isDone && !hadKeys) rmSync(keys, { force: true })
    }
  }

/** Destroys in one key file what another one of the same log knows to be erased. */
const applyErasures = (from: string, to: string): void => {
  const [known, keys] = [openKeyFile(from), openKeyFile(to)]
  try {
    if (!known.id.equals(keys.id)) throw new Error(`${from} is the key file of another log`)
    const erased = Array.from({ length: Math.min(known.slots(), keys.slots()) }, (_, slot) => slot)
    keys.destroy(erased.filter((slot) => known.state(slot)?.state === 'erased'))
  } finally {
    known.close()
    keys.close()
  }
}

/** Empties the boxes and identity tags of everybody whose key is gone. */
const dropErased = (file: string, keys: string): void => {
  const keyFile = openKeyFile(keys)
  const db = new Sqlite(file)
  try {
    const live = db.prepare<[], { user_id: string; slot: number }>(
      "SELECT user_id, slot FROM user_keys WHERE state = 'live'",
    )
    const gone = live.all().filter(({ slot }) => keyFile.state(slot)?.state === 'erased')
    const steps = [
      `DELETE FROM tags WHERE tag LIKE 'identity:%' AND position IN (SELECT position FROM boxes WHERE owner = ?)`,
      'UPDATE boxes SET sealed = NULL WHERE owner = ?',
      "UPDATE user_keys SET state = 'erased' WHERE user_id = ?",
    ].map((sql) => db.prepare(sql))
    db.transaction(() => {
      for (const { user_id } of gone) for (const step of steps) step.run(user_id)
    }).immediate()
  } finally {
    db.close()
    keyFile.close()
  }
}

/** Makes the projections, and records the erasures that the restored log does not know. */
const finish = async ({
  backup: _copied,
  keyBackup: _keys,
  knownErasures: _known,
  progress,
  ...options
}: RestoreOptions): Promise<E.Either<Failure, RestoreReport>> => {
  const opened = await openIn('backup', options)()
  if (E.isLeft(opened)) return opened
  const store = opened.right
  try {
    const rebuilt = await store.rebuild(progress)()
    if (E.isLeft(rebuilt)) return rebuilt
    const found = await store.livingWithoutKey()()
    if (E.isLeft(found)) return found
    const erasedAgain = found.right
    const engine = openEngine({ store, idSource: randomIds })
    for (const userId of erasedAgain) {
      const erased = await engine.eraseUser({
        target: { userId },
        reason: 'erased-before-restore',
      })()
      if (E.isLeft(erased))
        return E.left(
          'error' in erased.left ? refuse(erased.left.error.message, 'report this') : erased.left,
        )
    }
    const head = await store.read([], { limit: 0 })()
    if (E.isLeft(head)) return head
    // Closing brings the write-ahead log into the file, which is to be moved alone.
    const closed = await store.close()()
    return E.isLeft(closed) ? closed : E.right({ events: head.right.head, erasedAgain })
  } finally {
    await store.close()()
  }
}
