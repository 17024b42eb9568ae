// The two primitives that everything sealed is made of: AES-256-GCM, and HMAC-SHA-256 for digests.

import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** The size of a key. */
export const keyBytes = 32

/** What sealing adds to the size of its content. */
export const overheadBytes = nonceBytes + tagBytes

/** Nonce, ciphertext, tag. `bound` is authenticated with it: what is sealed opens only in its place. */
export const seal = (key: Uint8Array, content: Uint8Array, bound: string): Buffer => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce)
  cipher.setAAD(Buffer.from(bound))
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()])
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
    return Buffer.concat([opened, decipher.final()])
  } catch {
    return undefined
  }
}

/** A keyed digest of a text; `use` keeps digests of different things apart. */
export const digest = (key: Uint8Array, use: string, text: string): Buffer =>
  createHmac('sha256', key).update(`${use}\n`).update(text).digest()
