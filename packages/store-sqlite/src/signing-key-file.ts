// The embedded default of the signer port: an Ed25519 key in a small file that only its owner may
// read, one line as Go's note package writes it: PRIVATE+KEY+name+id+key.

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import {
  base64,
  type Checks,
  type Failure,
  failure,
  fromBase64,
  isKeyName,
  keyLine,
  type NoteKey,
  type Signer,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { toFailure } from './failure.js'
import { writeWhole } from './master-key-file.js'
import { sha256 } from './tiles.js'

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 and in SPKI (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const spki = Buffer.from('302a300506032b6570032100', 'hex')
const ed25519 = 1
const seedBytes = 32
const othersMode = 0o077

const privateKeyOf = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })

const publicKeyOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([spki, raw]), format: 'der', type: 'spki' })

const rawPublicKey = (key: KeyObject): Uint8Array =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(spki.length)

/**
 * SHA-256 and Ed25519 of Node: what opens checkpoints and proofs.
 * @since 0.1.0
 * @category Audit
 */
export const nodeChecks: Checks = {
  sha256,
  checkSignature: (publicKey, message, signature) => {
    try {
      return verify(null, message, publicKeyOf(publicKey), signature)
    } catch {
      return false
    }
  },
}

/**
 * A public key in PEM, for openssl and for every library that knows no notes.
 * @since 0.1.0
 * @category Audit
 */
export const publicKeyPem = ({ publicKey }: NoteKey): string =>
  publicKeyOf(publicKey).export({ format: 'pem', type: 'spki' }).toString()

const signingKeyFailure = (message: string, advice: string): Failure =>
  failure('key', message, 'nothing was signed and nothing was changed', advice)

/**
 * Makes a file with a new signing key. The name is the log's, best a name of yours under a domain of
 * yours (`example.com/shop`); it stands in every checkpoint. Fails where the file exists.
 * @since 0.1.0
 * @category Audit
 */
export const createSigningKeyFile =
  (path: string, name: string): TaskEither<Failure, void> =>
  async () => {
    if (!isKeyName(name))
      return E.left(
        signingKeyFailure(
          `${JSON.stringify(name)} cannot be the name of a log`,
          'choose one without spaces and plus signs, as example.com/shop',
        ),
      )
    const { privateKey } = generateKeyPairSync('ed25519')
    const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(pkcs8.length)
    const [, id] = keyLine(sha256, { name, publicKey: rawPublicKey(privateKey) }).split('+')
    try {
      const secret = base64(Buffer.concat([Buffer.of(ed25519), seed]))
      writeWhole(path, `PRIVATE+KEY+${name}+${id}+${secret}\n`)
      return E.right(undefined)
    } catch (error) {
      return E.left(toFailure(error, `writing the signing key ${path}`))
    }
  }

/**
 * The signer whose key stands in a file. Its rights are checked each time it is read: if anybody but
 * its owner may read or write it, it is refused.
 * @since 0.1.0
 * @category Audit
 */
export const signingKeyFile =
  (path: string): TaskEither<Failure, Signer> =>
  async () => {
    try {
      const descriptor = openSync(path, 'r')
      try {
        if ((fstatSync(descriptor).mode & othersMode) !== 0)
          return E.left(
            signingKeyFailure(
              `others than its owner may use the signing key ${path}`,
              `chmod 600 ${path}; if anybody may have read it, sign with a new one`,
            ),
          )
        const signer = signerIn(readFileSync(descriptor, 'utf8'))
        return signer === undefined
          ? E.left(signingKeyFailure(`${path} holds no signing key`, 'name the file that does'))
          : E.right(signer)
      } finally {
        closeSync(descriptor)
      }
    } catch (error) {
      return E.left(
        signingKeyFailure(
          `the signing key ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
          'bring back the file that holds it',
        ),
      )
    }
  }

const signerIn = (text: string): Signer | undefined => {
  const [, name, id, secret = ''] =
    /^PRIVATE\+KEY\+([^+\s]+)\+([0-9a-f]{8})\+(\S+)\n?$/.exec(text) ?? []
  const bytes = fromBase64(secret)
  if (name === undefined || bytes?.[0] !== ed25519 || bytes.length !== 1 + seedBytes)
    return undefined
  const key = privateKeyOf(bytes.subarray(1))
  const publicKey = rawPublicKey(key)
  return keyLine(sha256, { name, publicKey }).split('+')[1] === id
    ? { name, publicKey, sign: (message) => async () => E.right(sign(null, message, key)) }
    : undefined
}
