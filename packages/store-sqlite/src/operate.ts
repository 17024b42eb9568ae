// What an operator of one file does with it: rotate, back up, count, check, vacuum.

import { closedFailure, type Failure, type Progress, type UserId } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type BackupReport, backupLog, copyKeys } from './backup.js'
import { isWaitedFor, runBeside } from './beside.js'
import { type CheckReport, runCheck } from './check.js'
import type { EventRows } from './event-rows.js'
import { type RebuildTools, runRebuild } from './rebuild.js'
import { type RotateTools, type RotationReport, runRotation } from './rotate.js'
import { readStats, type Stats } from './stats.js'
import { runVerify, type VerifyTools } from './verify.js'
import type { VerifyOptions, VerifyReport } from './verify-report.js'
import { whileBusy } from './write-lock.js'

/**
 * What a SQLite store does besides the port.
 * @since 0.1.0
 * @category Operate
 */
export interface Operations {
  /** Wraps every key by the key ring's current master key. Boxes and digests stay as they are. */
  readonly rotate: (progress?: Progress) => TaskEither<Failure, RotationReport>
  /** Copies the log, without user keys and projections, while others write; verified afterwards. */
  readonly backup: (to: string, progress?: Progress) => TaskEither<Failure, BackupReport>
  /** Copies the key file. Keep it short: it knows no erasure that comes after it. */
  readonly backupKeys: (to: string) => TaskEither<Failure, void>
  readonly stats: () => TaskEither<Failure, Stats>
  /** Looks at everything, and lists whatever is not as it must be. */
  readonly check: (progress?: Progress) => TaskEither<Failure, CheckReport>
  /** Verifies the whole log, by itself and by checkpoints kept elsewhere, and all that stands on it. */
  readonly verify: (
    options?: VerifyOptions,
    progress?: Progress,
  ) => TaskEither<Failure, VerifyReport>
  /** Gives free pages back to the disk. What is to be written meanwhile waits, then fails as busy. */
  readonly vacuum: () => TaskEither<Failure, void>
  /** Living users whose key is gone: a restored backup has some until they are erased again. */
  readonly livingWithoutKey: () => TaskEither<Failure, ReadonlyArray<UserId>>
}

/** How a store runs a piece of work: closed and broken stores refuse, what is thrown is a failure. */
export type Trying = <A>(
  doing: string,
  work: () => Promise<E.Either<Failure, A>>,
) => TaskEither<Failure, A>

export interface OperateTools extends RotateTools, VerifyTools {
  readonly events: EventRows
  readonly rebuilding: RebuildTools
  readonly file: string
  readonly keyPath: string
  /** Whether the store is closing: what takes long gives up then. */
  readonly isClosed: () => boolean
}

const noProgress: Progress = () => {}

export const operations = (tools: OperateTools, trying: Trying): Operations => {
  const { db, events, rebuilding, file, keyPath, isClosed } = tools
  const differences = async () => {
    const report = await runRebuild(rebuilding, noProgress, () => false)
    return E.isLeft(report) ? report : E.right(report.right.differences)
  }
  const withoutKey = db
    .prepare<[], UserId>(
      `SELECT id FROM users WHERE status = 'active'
         AND id IN (SELECT user_id FROM user_keys WHERE state = 'erased')`,
    )
    .pluck()
  return {
    rotate: (progress = noProgress) => trying('rotating keys', () => runRotation(tools, progress)),
    backup: (to, progress = noProgress) =>
      trying('backing up', () => {
        const unlessClosed: Progress = (done, of) => {
          if (isClosed()) throw closedFailure
          progress(done, of)
        }
        return isWaitedFor(file, backupLog(file, to, unlessClosed))
      }),
    backupKeys: (to) =>
      trying('backing up keys', async () => {
        copyKeys(keyPath, to)
        return E.right(undefined)
      }),
    stats: () => trying('reading figures', async () => E.right(await readStats(file, keyPath))),
    check: (progress = noProgress) =>
      trying('checking the file', () => runCheck({ db, file, events, differences }, progress)),
    verify: (options = {}, progress = noProgress) =>
      trying('verifying the file', async () => E.right(await runVerify(tools, options, progress))),
    vacuum: () =>
      trying('vacuuming', async () => {
        await runBeside(file, 'VACUUM')
        await whileBusy(() => db.pragma('wal_checkpoint(TRUNCATE)'))
        return E.right(undefined)
      }),
    livingWithoutKey: () =>
      trying('looking for keys', () => whileBusy(() => E.right(withoutKey.all()))),
  }
}
