// Signed notes (C2SP signed-note): a text, an empty line, and lines of signatures. Only Ed25519; the
// signatures of keys that are not asked about are left alone, so that witnesses can add theirs.

import type { Failure } from '../ports/failure.js'
import type { Sha256 } from '../ports/hash.js'
import type { CheckSignature, NoteKey, Signer } from '../ports/signer.js'
import { E, type Either, pipe, type TaskEither, TE } from '../prelude.js'
import { utf8 } from '../values/utf8.js'
import { base64, fromBase64, sameBytes } from './note-bytes.js'

/**
 * What checks a signed note: SHA-256 and Ed25519 of the platform.
 * @since 0.1.0
 * @category Audit
 */
export interface Checks {
  readonly sha256: Sha256
  readonly checkSignature: CheckSignature
}

const ed25519 = 0x01
const publicKeyBytes = 32
const keyIdBytes = 4
/** More than a log and all its witnesses need; a bound on what is read. */
const noteLengthMax = 100_000

/**
 * Whether a name may stand in a signature line: not empty, no space, no plus.
 * @since 0.1.0
 * @category Audit
 */
export const isKeyName = (name: string): boolean => /^[^\s+\p{Cc}\p{Cs}\p{Z}]+$/u.test(name)

const joined = (...parts: ReadonlyArray<Uint8Array>): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]))

const typed = (publicKey: Uint8Array): Uint8Array => joined(Uint8Array.of(ed25519), publicKey)

/** SHA-256(name || 0x0A || 0x01 || public key), its first four bytes. */
export const keyIdOf = (sha256: Sha256, { name, publicKey }: NoteKey): Uint8Array =>
  sha256(joined(utf8(`${name}\n`), typed(publicKey))).subarray(0, keyIdBytes)

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * A key as one line that an auditor keeps: its name, its id, and the key in base64, joined by `+`, as
 * Go's note package and the tools around it write it.
 * @since 0.1.0
 * @category Audit
 */
export const keyLine = (sha256: Sha256, key: NoteKey): string =>
  [key.name, hex(keyIdOf(sha256, key)), base64(typed(key.publicKey))].join('+')

/**
 * Reads what `keyLine` writes; what is wrong with it otherwise.
 * @since 0.1.0
 * @category Audit
 */
export const readKeyLine = (sha256: Sha256, line: string): Either<string, NoteKey> => {
  const [, name = '', id, encoded = ''] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/.exec(line.trim()) ?? []
  const bytes = fromBase64(encoded)
  if (bytes?.[0] !== ed25519 || bytes.length !== 1 + publicKeyBytes || !isKeyName(name))
    return E.left('it is no Ed25519 key in the form name+id+key')
  const key = { name, publicKey: bytes.subarray(1) }
  return hex(keyIdOf(sha256, key)) === id
    ? E.right(key)
    : E.left('its id is not the one of its name and key')
}

const separator = '\n\n'

/**
 * Signs a text that ends with a line feed.
 * @since 0.1.0
 * @category Audit
 */
export const signNote = (
  sha256: Sha256,
  signer: Signer,
  text: string,
): TaskEither<Failure, string> =>
  pipe(
    signer.sign(utf8(text)),
    TE.map((signature) => {
      const line = base64(joined(keyIdOf(sha256, signer), signature))
      return `${text}\n\u2014 ${signer.name} ${line}\n`
    }),
  )

/**
 * The text of a note that this key signed; otherwise why it is not to be believed.
 * @since 0.1.0
 * @category Audit
 */
export const openNote = (checks: Checks, key: NoteKey, note: string): Either<string, string> => {
  if (note.length > noteLengthMax) return E.left('it is too long for a signed note')
  const end = note.lastIndexOf(separator)
  // Control characters, and half of a pair, which is no UTF-8.
  if (end === -1 || !note.endsWith('\n') || /[\p{Cc}\p{Cs}]/u.test(note.replaceAll('\n', '')))
    return E.left('it is no signed note')
  const text = note.slice(0, end + 1)
  const signatures: Uint8Array[] = []
  for (const line of note.slice(end + separator.length, -1).split('\n')) {
    const [, name = '', encoded = ''] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? []
    const bytes = fromBase64(encoded)
    if (bytes === undefined || bytes.length <= keyIdBytes || !isKeyName(name))
      return E.left('a line of its signatures is none')
    const id = bytes.subarray(0, keyIdBytes)
    if (name === key.name && sameBytes(id, keyIdOf(checks.sha256, key)))
      signatures.push(bytes.subarray(keyIdBytes))
  }
  if (signatures.length === 0) return E.left(`it is not signed by ${key.name}`)
  const message = utf8(text)
  return signatures.every((one) => checks.checkSignature(key.publicKey, message, one))
    ? E.right(text)
    : E.left(`its signature is not one of ${key.name}`)
}
