// Proofs as files that need nothing else but the log's public key: C2SP tlog-proof for an event, and
// for a log that only grew the body that C2SP tlog-witness sends to a witness.

import type { NoteKey } from '../ports/signer.js'
import { E, type Either } from '../prelude.js'
import { type Checkpoint, openCheckpoint } from './checkpoint.js'
import { hashBytes } from './merkle.js'
import { isConsistent, isIncluded } from './merkle-check.js'
import type { Checks } from './note.js'
import { base64, fromBase64 } from './note-bytes.js'

const proofHeader = 'c2sp.org/tlog-proof@v1'
/** A tree of 2^63 leaves has no longer path. */
const hashesMax = 63

const lines = (hashes: ReadonlyArray<Uint8Array>): string =>
  hashes.map((hash) => `${base64(hash)}\n`).join('')

/**
 * The file of an inclusion proof. The index counts from 0: an event's position less one.
 * @since 0.1.0
 * @category Audit
 */
export const proofFile = (
  index: number,
  path: ReadonlyArray<Uint8Array>,
  checkpoint: string,
): string => `${proofHeader}\nindex ${index}\n${lines(path)}\n${checkpoint}`

/**
 * The file of a consistency proof: from the size `old` to the checkpoint that stands in it.
 * @since 0.1.0
 * @category Audit
 */
export const growthFile = (
  old: number,
  proof: ReadonlyArray<Uint8Array>,
  checkpoint: string,
): string => `old ${old}\n${lines(proof)}\n${checkpoint}`

interface Read {
  readonly number: number
  readonly hashes: ReadonlyArray<Uint8Array>
  readonly note: string
}

/** `WORD NUMBER`, lines of hashes, an empty line, a checkpoint. */
const readFile = (text: string, word: string): Read | undefined => {
  const end = text.indexOf('\n\n')
  const [first = '', ...encoded] = text.slice(0, Math.max(end, 0)).split('\n')
  const [, digits] = new RegExp(`^${word} (0|[1-9]\\d{0,15})$`).exec(first) ?? []
  const hashes = encoded.flatMap((line) => fromBase64(line) ?? [])
  if (
    digits === undefined ||
    hashes.length !== encoded.length ||
    hashes.length > hashesMax ||
    hashes.some((hash) => hash.length !== hashBytes)
  )
    return undefined
  return { number: Number(digits), hashes, note: text.slice(end + 2) }
}

/**
 * What a `tlog-proof` file proves of a leaf: that it stands at an index of the log with this
 * checkpoint; otherwise why not.
 * @since 0.1.0
 * @category Audit
 */
export const checkProofFile = (
  checks: Checks,
  key: NoteKey,
  file: string,
  leafHash: Uint8Array,
): Either<string, { readonly index: number; readonly checkpoint: Checkpoint }> => {
  const read = readFile(withoutHeader(file), 'index')
  if (read === undefined) return E.left('it is no tlog-proof')
  const checkpoint = openCheckpoint(checks, key, read.note)
  if (E.isLeft(checkpoint)) return checkpoint
  const { size, root } = checkpoint.right
  return isIncluded(checks.sha256, { index: read.number, size, root }, leafHash, read.hashes)
    ? E.right({ index: read.number, checkpoint: checkpoint.right })
    : E.left('the event does not stand in the log where it says')
}

/** Extra data is allowed, and nothing that anybody vouches for. */
const withoutHeader = (file: string): string =>
  file.startsWith(`${proofHeader}\n`)
    ? file.slice(proofHeader.length + 1).replace(/^extra [A-Za-z0-9+/=]*\n/, '')
    : ''

/**
 * Whether a log grew from the checkpoint given to the one in the file; gives the latter, otherwise why
 * not.
 * @since 0.1.0
 * @category Audit
 */
export const checkGrowthFile = (
  checks: Checks,
  key: NoteKey,
  file: string,
  old: Checkpoint,
): Either<string, Checkpoint> => {
  const read = readFile(file, 'old')
  if (read === undefined) return E.left('it is no consistency proof')
  if (read.number !== old.size) return E.left(`it is a proof from the size ${read.number}`)
  const now = openCheckpoint(checks, key, read.note)
  if (E.isLeft(now)) return now
  return isConsistent(checks.sha256, old, now.right, read.hashes)
    ? now
    : E.left('the log did not only grow since')
}
