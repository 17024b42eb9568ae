// Texts sealed one after another by one stream of AES-256-CTR, under a key that is never written down:
// for a temporary file, where a cipher for each text would cost several times as much. Nothing is
// authenticated: whoever could write there could write to the memory as well.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { keyBytes } from './cipher.js'

const algorithm = 'aes-256-ctr'
const blockBytes = 16
/** The place in the stream stands before each text. */
const placeBytes = 6

export interface Stream {
  readonly seal: (text: string) => Buffer
  readonly open: (sealed: string | Buffer) => string
  readonly end: () => void
}

export const openStream = (): Stream => {
  const key = randomBytes(keyBytes)
  const cipher = createCipheriv(algorithm, key, Buffer.alloc(blockBytes))
  let place = 0
  return {
    seal: (text) => {
      const bytes = cipher.update(text, 'utf8')
      const sealed = Buffer.allocUnsafe(placeBytes + bytes.length)
      sealed.writeUIntBE(place, 0, placeBytes)
      bytes.copy(sealed, placeBytes)
      place += bytes.length
      return sealed
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
