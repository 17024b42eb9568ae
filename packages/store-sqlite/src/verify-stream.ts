// Texts sealed one after another by one stream of AES-256-CTR, under a key that is never written down:
// for a temporary file, where a cipher for each text would cost several times as much. Nothing is
// authenticated: whoever could write there could write to the memory as well.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { keyBytes } from './cipher.js'

const algorithm = 'aes-256-ctr'
const blockBytes = 16
/** The place of each text in the stream stands before it, unsealed. */
const placeBytes = 6

export interface Stream {
  /** Seals texts at once: a call of the cipher for each would cost as much as the sealing. */
  readonly seal: (texts: ReadonlyArray<string>) => ReadonlyArray<Buffer>
  readonly open: (sealed: string | Buffer) => string
  readonly end: () => void
}

export const openStream = (): Stream => {
  const key = randomBytes(keyBytes)
  const cipher = createCipheriv(algorithm, key, Buffer.alloc(blockBytes))
  let place = 0
  return {
    seal: (texts) => {
      const lengths = texts.map((text) => placeBytes + Buffer.byteLength(text))
      const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length, 0))
      let at = 0
      for (const [i, text] of texts.entries()) {
        bytes.write(text, at + placeBytes)
        at += lengths[i] ?? 0
      }
      const sealed = cipher.update(bytes)
      at = 0
      const parts = lengths.map((length) => {
        const part = sealed.subarray(at, at + length)
        part.writeUIntBE(place + at + placeBytes, 0, placeBytes)
        at += length
        return part
      })
      place += at
      return parts
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed)
      const at = bytes.readUIntBE(0, placeBytes)
      const counter = Buffer.alloc(blockBytes)
      counter.writeBigUInt64BE(BigInt(Math.floor(at / blockBytes)), blockBytes - 8)
      const decipher = createDecipheriv(algorithm, key, counter)
      decipher.update(Buffer.alloc(at % blockBytes))
      return decipher.update(bytes.subarray(placeBytes)).toString()
    },
    end: () => key.fill(0),
  }
}
