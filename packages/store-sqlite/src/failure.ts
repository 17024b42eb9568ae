// SQLite's errors as failures: what happened, what is safe, what to do.

import { type Failure, failure, type Position } from '@selfsame/core'

/** An event, or a box of it, that is not what was recorded: thrown where it is read. */
interface Altered {
  readonly _tag: 'Altered'
  readonly position: Position
  readonly message: string
}

export const altered = (position: Position, message: string): Altered => ({
  _tag: 'Altered',
  position,
  message,
})

/** An error of a rule that the store checks before it trusts a file. */
export const incompatible = (message: string, advice: string): Failure =>
  failure('incompatible', message, 'the file was not touched', advice)

const isFailure = (error: unknown): error is Failure =>
  typeof error === 'object' && error !== null && '_tag' in error && error._tag === 'Failure'

const isAltered = (error: unknown): error is Altered =>
  typeof error === 'object' && error !== null && '_tag' in error && error._tag === 'Altered'

/** A row of the projections that does not open: the log has all that stood in it. */
export const alteredRow = (table: string): Failure =>
  failure(
    'corrupt',
    `a row of ${table} was altered`,
    'nothing was changed, and nothing altered was shown; the log is another matter: check it',
    'keep a copy of the files, then rebuild: that makes the row again from the log',
  )

const alteredFailure = ({ position, message }: Altered, doing: string): Failure =>
  failure(
    'corrupt',
    `${doing}: the event at position ${position} was altered: ${message}`,
    'nothing was changed, and nothing altered was shown',
    'keep the file for inspection and restore a backup',
  )

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

/** Whether a sync of the key file failed: the next one may say that all is well. */
const isOfSync = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'syscall' in error && error.syscall === 'fsync'

/** A disk, or a quota, that is full; the last is what SQLite says where its shared memory cannot grow. */
const fullCodes = ['ENOSPC', 'EDQUOT', 'SQLITE_IOERR_SHMSIZE']
/** What Node says of files that cannot be read or written. */
const fileCodes = ['EIO', 'EROFS', 'EACCES', 'EPERM', 'ENOENT', 'EISDIR', 'EMFILE', 'ENFILE']

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Whether another connection holds the lock that was asked for. */
export const isBusy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY')

/** Whether reading, writing or syncing failed: after that nobody knows what is on the disk. */
export const isDiskFault = (error: unknown): boolean =>
  isOfSync(error) ||
  (!fullCodes.includes(codeOf(error)) &&
    (codeOf(error).startsWith('SQLITE_IOERR') || codeOf(error) === 'EIO'))

/**
 * The failure that an error thrown by SQLite, or by a broken rule of ours, amounts to. The transaction
 * it came up in has been rolled back.
 */
export const toFailure = (error: unknown, doing: string): Failure => {
  if (isFailure(error)) return error
  if (isAltered(error)) return alteredFailure(error, doing)
  const code = codeOf(error)
  const happened = `${doing}: ${messageOf(error)}${code === '' ? '' : ` (${code})`}`
  const nothing = 'nothing of this call was recorded; everything acknowledged before is safe'
  if (isBusy(error))
    return failure('busy', happened, nothing, 'try again: another process holds the file')
  if (code.startsWith('SQLITE_FULL') || fullCodes.includes(code))
    return failure('full', happened, nothing, 'free space on the disk, then try again')
  // Our statements are fixed: one that SQLite does not understand meets a schema that is damaged.
  if (
    code.startsWith('SQLITE_CORRUPT') ||
    code.startsWith('SQLITE_NOTADB') ||
    code === 'SQLITE_ERROR'
  )
    return failure('corrupt', happened, nothing, 'restore a backup; keep the file for inspection')
  if (code.startsWith('SQLITE_CANTOPEN'))
    return failure(
      'io',
      happened,
      nothing,
      'check that the file exists and may be read and written',
    )
  if (
    code.startsWith('SQLITE_IOERR') ||
    code.startsWith('SQLITE_READONLY') ||
    fileCodes.includes(code)
  )
    return failure('io', happened, nothing, 'check the disk and its permissions, then open again')
  return failure('unexpected', happened, nothing, 'report this with the log of your process')
}

/** What everything is answered with once the disk failed under a transaction. */
export const brokenFailure: Failure = failure(
  'io',
  'the store closed itself: the disk failed while it wrote, so what is durable is not known',
  'everything acknowledged before that is recorded; this call recorded nothing',
  'check the disk, then open the file again',
)
