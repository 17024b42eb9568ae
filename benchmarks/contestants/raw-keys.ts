// The keys of the raw program: it reads and writes the same key files in the same format (slots made
// ahead, 256 to an fsync), with no layer between.

import { createCipheriv, createDecipheriv, createHmac, hash, randomBytes } from 'node:crypto'
import { fstatSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import type { Database } from 'better-sqlite3'

const [headerBytes, slotBytes, batchSlots] = [4096, 256, 256]
/** As many as Selfsame keeps, and up to twice as many. */
const keptMax = 20_000

export const seal = (key: Buffer, content: Buffer, bound: string): Buffer => {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(bound))
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()])
}

export const open = (key: Buffer, sealed: Buffer, bound: string): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
  decipher.setAAD(Buffer.from(bound))
  decipher.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()])
}

export const sha256 = (content: string | Buffer): Buffer => hash('sha256', content, 'buffer')

export const openRawKeys = (db: Database, file: string) => {
  const master = Buffer.from(readFileSync(`${file}-master`, 'utf8').split(' ')[1] ?? '', 'base64')
  const descriptor = openSync(`${file}-keys`, 'r+')
  const id = Buffer.alloc(16)
  readSync(descriptor, id, 0, 16, 16)
  const wrapped = db
    .prepare<[], Buffer>("SELECT value FROM secrets WHERE name = 'digest-key'")
    .pluck()
    .get()
  if (wrapped === undefined) throw new Error('the file has no digest key')
  const digestKey = open(master, wrapped, `digest key of ${id.toString('hex')}`)
  const slotOf = db
    .prepare<[string], number>('SELECT slot FROM user_keys WHERE user_id = ?')
    .pluck()
  const give = db.prepare("INSERT INTO user_keys VALUES (?, ?, 'live')")
  const lastSlot = db.prepare<[], number | null>('SELECT max(slot) FROM user_keys').pluck()
  let kept = new Map<string, Buffer>()
  let keptBefore = new Map<string, Buffer>()
  const slot = Buffer.alloc(slotBytes)
  let made = Math.floor((fstatSync(descriptor).size - headerBytes) / slotBytes)
  let next = (lastSlot.get() ?? -1) + 1

  const bound = (at: number, keyId: Buffer): string =>
    `user key ${id.toString('hex')} ${at} ${keyId.toString('hex')}`

  const extend = (): void => {
    const bytes = Buffer.alloc(batchSlots * slotBytes)
    for (let i = 0; i < batchSlots; i += 1) {
      const copy = bytes.subarray(i * slotBytes)
      const keyId = randomBytes(16)
      copy.writeUInt8(1, 0)
      copy.writeUInt32LE(1, 2)
      copy.writeUInt32LE(1, 6)
      keyId.copy(copy, 10)
      seal(master, randomBytes(32), bound(made + i, keyId)).copy(copy, 26)
      copy.writeUInt32LE(crc32(copy.subarray(0, 86)), 86)
    }
    writeSync(descriptor, bytes, 0, bytes.length, headerBytes + made * slotBytes)
    fsyncSync(descriptor)
    made += batchSlots
  }

  const keyAt = (at: number): Buffer => {
    readSync(descriptor, slot, 0, slotBytes, headerBytes + at * slotBytes)
    return open(master, slot.subarray(26, 86), bound(at, slot.subarray(10, 26)))
  }
  const keep = (userId: string, key: Buffer): Buffer => {
    // In two maps: to delete the first of one takes longer the more were deleted before.
    if (kept.size >= keptMax) {
      keptBefore = kept
      kept = new Map()
    }
    kept.set(userId, key)
    return key
  }

  return {
    /** Gives a new user the next key. */
    give: (userId: string): Buffer => {
      if (next >= made) extend()
      give.run(userId, next)
      return keep(userId, keyAt(next++))
    },
    keyOf: (userId: string): Buffer =>
      kept.get(userId) ?? keep(userId, keptBefore.get(userId) ?? keyAt(slotOf.get(userId) ?? -1)),
    digest: (use: string, text: string): Buffer =>
      createHmac('sha256', digestKey).update(`${use}\n${text}`).digest(),
  }
}

export type RawKeys = ReturnType<typeof openRawKeys>
