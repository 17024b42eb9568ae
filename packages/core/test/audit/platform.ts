// SHA-256 and Ed25519 of Node: what an embedder gives.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { Checks, Sha256, Signer } from '../../src/index.js'

export const sha256: Sha256 = (bytes) => createHash('sha256').update(bytes).digest()

const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const spki = Buffer.from('302a300506032b6570032100', 'hex')

const publicKeyOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([spki, raw]), format: 'der', type: 'spki' })

export const checks: Checks = {
  sha256,
  checkSignature: (publicKey, message, signature) =>
    verify(null, message, publicKeyOf(publicKey), signature),
}

/** A signer whose key is made from 32 bytes. */
export const signerFrom = (name: string, seed: Uint8Array): Signer => {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
  const der = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return {
    name,
    publicKey: der.subarray(spki.length),
    sign: (message) => async () => E.right(sign(null, message, key)),
  }
}

export const right = <L, R>(result: E.Either<L, R>): R => {
  if (E.isRight(result)) return result.right
  throw new Error(`expected a right: ${JSON.stringify(result.left)}`)
}
