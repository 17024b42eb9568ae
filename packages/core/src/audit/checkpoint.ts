// Checkpoints (C2SP tlog-checkpoint): what a log is at one size, signed, so that whoever kept one can
// show later whether the log only grew since.

import type { Failure } from '../ports/failure.js'
import type { Sha256 } from '../ports/hash.js'
import type { NoteKey, Signer } from '../ports/signer.js'
import { E, type Either, pipe, type TaskEither } from '../prelude.js'
import { hashBytes } from './merkle.js'
import { type Checks, openNote, signNote } from './note.js'
import { base64, fromBase64 } from './note-bytes.js'

/**
 * A tree head: the log's name, how many events it has, and the root of the tree over them.
 * @since 0.1.0
 * @category Audit
 */
export interface Checkpoint {
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
}

/** The text that is signed. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${base64(root)}\n`

/** Extension lines are allowed in what is read; we write none. */
const shape = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n(?:[^\n]+\n)*$/

/** Reads the text of a checkpoint. */
export const readCheckpointText = (text: string): Either<string, Checkpoint> => {
  const [, origin = '', digits = '', encoded = ''] = shape.exec(text) ?? []
  const [size, root] = [Number(digits), fromBase64(encoded)]
  return origin === '' || !Number.isSafeInteger(size) || root?.length !== hashBytes
    ? E.left('it is no checkpoint: origin, size and root hash')
    : E.right({ origin, size, root })
}

/**
 * Signs a tree head. Its origin is the signer's name.
 * @since 0.1.0
 * @category Audit
 */
export const signCheckpoint = (
  sha256: Sha256,
  signer: Signer,
  head: Omit<Checkpoint, 'origin'>,
): TaskEither<Failure, string> =>
  signNote(sha256, signer, checkpointText({ origin: signer.name, ...head }))

/**
 * A checkpoint that a log's key signed; otherwise why it is not to be believed.
 * @since 0.1.0
 * @category Audit
 */
export const openCheckpoint = (
  checks: Checks,
  key: NoteKey,
  note: string,
): Either<string, Checkpoint> =>
  pipe(
    openNote(checks, key, note),
    E.chain(readCheckpointText),
    E.filterOrElse(
      ({ origin }) => origin === key.name,
      ({ origin }) => `it is a checkpoint of ${origin}, not of ${key.name}`,
    ),
  )
