// The key file: the wrapped keys of all users, one slot each, made ahead of need. It stands beside the
// log and never in it, so that destroying a slot ends a person's values in every copy of the log.

import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import type { MasterKey } from '@selfsame/core'
import { keyBytes, seal, unseal } from './cipher.js'
import { keyFailure, writeWhole } from './master-key-file.js'
import type { Masters } from './secrets.js'
import {
  erasedSlot,
  keyIdBytes,
  newSlot,
  nextCopy,
  otherCopy,
  readSlot,
  type Slot,
  slotBytes,
} from './slot.js'

const magic = Buffer.from('Selfsame keys 1\n')
const idBytes = 16
const headerBytes = 4096
/** How many keys are made at once: some 3 ms of wrapping to one fsync. */
const batchSlots = 256

export interface KeyFile {
  /** Names this key file in its log. */
  readonly id: Buffer
  /** Slots that are whole and durable. */
  readonly slots: () => number
  /** Whether a slot is among them: once it is, it always is. */
  readonly isThere: (slot: number) => boolean
  /** Makes new keys at the end, durable when it returns. Only under the log's write lock. */
  readonly extend: (master: MasterKey) => void
  /** A key that the last `extend` made, in the clear, once: whoever made it need not unwrap it. */
  readonly takeMade: (slot: number) => Buffer | undefined
  /** A user key in the clear; undefined where it is erased, or wrapped by another master. */
  readonly key: (
    slot: number,
    master: (version: number) => MasterKey | undefined,
  ) => Buffer | undefined
  readonly state: (slot: number) => Slot | undefined
  /** Destroys keys, durable when it returns. Doing so again is no harm. */
  readonly destroy: (slots: ReadonlyArray<number>) => void
  /** Wraps the keys of a range of slots by the current master key; those that are stay as they are. */
  readonly rewrap: (from: number, count: number, masters: Masters) => void
  readonly close: () => void
}

/** Opens a key file, or where there is none makes an empty one. */
export const openOrMakeKeyFile = (path: string): KeyFile => {
  if (!existsSync(path)) makeKeyFile(path)
  return openKeyFile(path)
}

/**
 * Opens a key file that exists. Who goes over all users reads ahead: slots as they were some slots ago.
 */
export const openKeyFile = (path: string, readsAhead = false): KeyFile => {
  const descriptor = openSync(path, 'r+')
  const header = Buffer.alloc(headerBytes)
  readSync(descriptor, header, 0, headerBytes, 0)
  if (!header.subarray(0, magic.length).equals(magic)) {
    closeSync(descriptor)
    throw keyFailure(`${path} is no key file of Selfsame`, 'put the key file of this log there')
  }
  const id = Buffer.from(header.subarray(magic.length, magic.length + idBytes))
  return overDescriptor(descriptor, id, readsAhead)
}

/** Whether a key file holds keys of anybody. */
export const holdsKeys = (path: string): boolean =>
  existsSync(path) && statSync(path).size > headerBytes

const makeKeyFile = (path: string): void => {
  const header = Buffer.alloc(headerBytes)
  Buffer.concat([magic, randomBytes(idBytes)]).copy(header)
  try {
    writeWhole(path, header)
  } catch (error) {
    // Another process that opens the same new file may have been faster.
    if (!existsSync(path)) throw error
  }
}

/** Fresh ids and keys of a batch, each a copy: a key that is kept keeps no other one in memory. */
const freshKeys = (): ReadonlyArray<{ readonly keyId: Buffer; readonly key: Buffer }> => {
  const size = keyIdBytes + keyBytes
  const random = randomBytes(batchSlots * size)
  const part = (from: number, count: number): Buffer => {
    const copy = Buffer.alloc(count)
    random.copy(copy, 0, from)
    return copy
  }
  const fresh = Array.from({ length: batchSlots }, (_, i) => ({
    keyId: part(i * size, keyIdBytes),
    key: part(i * size + keyIdBytes, keyBytes),
  }))
  random.fill(0)
  return fresh
}

const overDescriptor = (descriptor: number, id: Buffer, readsAhead: boolean): KeyFile => {
  const offsetOf = (slot: number): number => headerBytes + slot * slotBytes
  const bound = (slot: number, keyId: Buffer): string =>
    `user key ${id.toString('hex')} ${slot} ${keyId.toString('hex')}`
  const slotsNow = (): number => Math.floor((fstatSync(descriptor).size - headerBytes) / slotBytes)
  const slotsThen = slotsNow()
  const slots = readsAhead ? () => slotsThen : slotsNow
  // The file only grows: whoever asks for a slot below need not ask the system for its size.
  let known = slotsThen
  const isThere = (slot: number): boolean => {
    if (slot >= known) known = slots()
    return slot >= 0 && slot < known
  }
  const made = new Map<number, Buffer>()
  const ahead = { first: -1, bytes: Buffer.alloc(0) }
  const aheadOf = (slot: number): Buffer => {
    const first = slot - (slot % batchSlots)
    if (ahead.first !== first) {
      const bytes = Buffer.alloc(batchSlots * slotBytes)
      readSync(descriptor, bytes, 0, bytes.length, offsetOf(first))
      Object.assign(ahead, { first, bytes })
    }
    return ahead.bytes.subarray((slot - first) * slotBytes, (slot - first + 1) * slotBytes)
  }
  const bytesOf = (slot: number): Buffer => {
    if (readsAhead && isThere(slot)) return aheadOf(slot)
    const bytes = Buffer.alloc(slotBytes)
    // A damaged row may name any number: what is not there reads as empty.
    if (isThere(slot)) readSync(descriptor, bytes, 0, slotBytes, offsetOf(slot))
    return bytes
  }
  const wrap = (slot: number, keyId: Buffer, key: Uint8Array, master: MasterKey): Slot => ({
    state: 'key',
    keyId,
    masterVersion: master.version,
    wrapped: seal(master.key, key, bound(slot, keyId)),
  })
  const unwrap = (
    slot: number,
    from: Slot | undefined,
    master: (version: number) => MasterKey | undefined,
  ) => {
    if (from?.state !== 'key') return undefined
    const by = master(from.masterVersion)
    return by && unseal(by.key, from.wrapped, bound(slot, from.keyId))
  }
  return {
    id,
    slots,
    isThere,
    extend: (master) => {
      const first = slots()
      const fresh = freshKeys()
      const bytes = Buffer.concat(
        fresh.map(({ keyId, key }, i) => newSlot(wrap(first + i, keyId, key, master))),
      )
      writeSync(descriptor, bytes, 0, bytes.length, offsetOf(first))
      fsyncSync(descriptor)
      made.clear()
      const written = Buffer.alloc(bytes.length)
      readSync(descriptor, written, 0, written.length, offsetOf(first))
      // Else each is unwrapped from what stands there, and a slot that is torn is left.
      if (written.equals(bytes))
        for (const [i, { key }] of fresh.entries()) made.set(first + i, key)
    },
    takeMade: (slot) => {
      const key = made.get(slot)
      made.delete(slot)
      return key
    },
    key: (slot, master) => unwrap(slot, readSlot(bytesOf(slot)), master),
    state: (slot) => readSlot(bytesOf(slot)),
    destroy: (gone) => {
      for (const slot of gone) {
        const keyId = readSlot(bytesOf(slot))?.keyId ?? Buffer.alloc(keyIdBytes)
        writeSync(descriptor, erasedSlot(keyId), 0, slotBytes, offsetOf(slot))
      }
      if (gone.length > 0) fsyncSync(descriptor)
    },
    rewrap: (from, count, masters) => {
      const next = masters.current()
      const copies: Array<{
        readonly slot: number
        readonly offset: number
        readonly copy: Buffer
      }> = []
      for (let slot = from; slot < Math.min(from + count, slots()); slot += 1) {
        const bytes = bytesOf(slot)
        const held = readSlot(bytes)
        if (held?.state !== 'key' || held.masterVersion >= next.version) continue
        const key = unwrap(slot, held, masters.version)
        if (key === undefined) throw new Error(`slot ${slot} of the key file cannot be unwrapped`)
        copies.push({ slot, ...nextCopy(bytes, wrap(slot, held.keyId, key, next)) })
      }
      // The new copy is durable before the old one goes: at no moment is there less than a whole one.
      for (const { slot, offset, copy } of copies)
        writeSync(descriptor, copy, 0, copy.length, offsetOf(slot) + offset)
      if (copies.length > 0) fsyncSync(descriptor)
      for (const { slot, offset, copy } of copies)
        writeSync(descriptor, copy, 0, copy.length, offsetOf(slot) + otherCopy(offset))
      if (copies.length > 0) fsyncSync(descriptor)
    },
    close: () => {
      made.clear()
      closeSync(descriptor)
    },
  }
}
