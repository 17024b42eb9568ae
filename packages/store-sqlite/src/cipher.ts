// The two primitives that everything sealed is made of: AES-256-GCM, and HMAC-SHA-256 for digests.

import { createCipheriv, createDecipheriv, hash } from 'node:crypto'
import { openRandomPool } from './random-pool.js'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** The size of a key. */
export const keyBytes = 32

/** What sealing adds to the size of its content. */
export const overheadBytes = nonceBytes + tagBytes

const nonces = openRandomPool()

/** Nonce, ciphertext, tag. `bound` is authenticated with it: what is sealed opens only in its place. */
export const seal = (key: Uint8Array, content: Uint8Array, bound: string): Buffer => {
  const sealed = Buffer.allocUnsafe(content.length + overheadBytes)
  nonces.fill(sealed, 0, nonceBytes)
  const cipher = createCipheriv(algorithm, key, sealed.subarray(0, nonceBytes))
  cipher.setAAD(Buffer.from(bound))
  // In this mode `update` gives all of it and `final` nothing.
  sealed.set(cipher.update(content), nonceBytes)
  cipher.final()
  sealed.set(cipher.getAuthTag(), nonceBytes + content.length)
  return sealed
}

/** Opens what `seal` made; undefined where the key, the place or a single bit is another. */
export const unseal = (key: Uint8Array, sealed: Uint8Array, bound: string): Buffer | undefined => {
  // A column of a damaged row may be of any type.
  if (!ArrayBuffer.isView(sealed) || sealed.length < overheadBytes) return undefined
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes))
  decipher.setAAD(Buffer.from(bound))
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  try {
    const opened = decipher.update(sealed.subarray(nonceBytes, sealed.length - tagBytes))
    decipher.final()
    return opened
  } catch {
    return undefined
  }
}

/** A keyed digest of a text; `use` keeps digests of different things apart. */
export type Digest = (use: string, text: string) => Buffer

const blockBytes = 64
const digestBytes = 32

/**
 * HMAC-SHA-256 (RFC 2104) under one key. `createHmac` makes an object for each digest that the garbage
 * collector has to finish; two one-shot hashes take half of its time.
 */
export const openDigest = (key: Uint8Array): Digest => {
  const keyed = (pad: number): Uint8Array =>
    Uint8Array.from({ length: blockBytes }, (_, i) => (key[i] ?? 0) ^ pad)
  if (key.length > blockBytes) throw new RangeError(`a key of over ${blockBytes} bytes`)
  const inner = keyed(0x36)
  const outer = Buffer.concat([keyed(0x5c), Buffer.alloc(digestBytes)])
  return (use, text) => {
    const content = `${use}\n${text}`
    const block = Buffer.allocUnsafe(blockBytes + Buffer.byteLength(content))
    block.set(inner)
    block.write(content, blockBytes)
    // As a text of single bytes: a buffer as result costs more than the hash.
    outer.write(hash('sha256', block, 'binary'), blockBytes, 'binary')
    block.fill(0)
    return Buffer.from(hash('sha256', outer, 'binary'), 'binary')
  }
}
