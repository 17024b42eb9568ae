// One slot of the key file: 256 bytes that hold two copies of one wrapped user key. A change is
// written over the copy that does not count, so that a write torn by a power loss leaves a whole one.

import { crc32 } from 'node:zlib'

export const slotBytes = 256
const copyBytes = 128

/** A user key as it stands in its slot: wrapped by a master key, or gone for good. */
export type Slot =
  | {
      readonly state: 'key'
      readonly keyId: Buffer
      readonly masterVersion: number
      readonly wrapped: Buffer
    }
  | { readonly state: 'erased'; readonly keyId: Buffer }

const states = { key: 1, erased: 2 } as const
const at = { state: 0, sequence: 2, master: 6, keyId: 10, wrapped: 26, crc: 86 } as const
export const keyIdBytes = at.wrapped - at.keyId

interface Copy {
  readonly slot: Slot
  readonly sequence: number
}

const encode = (slot: Slot, sequence: number): Buffer => {
  const copy = Buffer.alloc(copyBytes)
  copy.writeUInt8(states[slot.state], at.state)
  copy.writeUInt32LE(sequence, at.sequence)
  slot.keyId.copy(copy, at.keyId)
  if (slot.state === 'key') {
    copy.writeUInt32LE(slot.masterVersion, at.master)
    slot.wrapped.copy(copy, at.wrapped)
  }
  copy.writeUInt32LE(crc32(copy.subarray(0, at.crc)), at.crc)
  return copy
}

const decode = (copy: Buffer): Copy | undefined => {
  const state = copy.readUInt8(at.state)
  if (copy.readUInt32LE(at.crc) !== crc32(copy.subarray(0, at.crc))) return undefined
  const sequence = copy.readUInt32LE(at.sequence)
  const keyId = Buffer.from(copy.subarray(at.keyId, at.wrapped))
  if (state === states.erased) return { sequence, slot: { state: 'erased', keyId } }
  if (state !== states.key) return undefined
  const wrapped = Buffer.from(copy.subarray(at.wrapped, at.crc))
  return {
    sequence,
    slot: { state: 'key', keyId, masterVersion: copy.readUInt32LE(at.master), wrapped },
  }
}

const copies = (bytes: Buffer) =>
  [0, 1].map((i) => decode(bytes.subarray(i * copyBytes, (i + 1) * copyBytes)))

/** The copy that counts; undefined where neither is whole, which only a torn new slot can be. */
export const readSlot = (bytes: Buffer): Slot | undefined => {
  const [a, b] = copies(bytes)
  if (a === undefined || b === undefined) return (a ?? b)?.slot
  // Whoever is erased stays so, whatever a torn or replayed copy says.
  if (a.slot.state === 'erased' || b.slot.state === 'erased')
    return a.slot.state === 'erased' ? a.slot : b.slot
  return a.sequence > b.sequence ? a.slot : b.slot
}

/** A new slot: the key in its first copy. */
export const newSlot = (slot: Slot): Buffer =>
  Buffer.concat([encode(slot, 1), Buffer.alloc(slotBytes - copyBytes)])

/** An erased slot: nothing of the key is left in either copy. */
export const erasedSlot = (keyId: Buffer): Buffer => {
  const copy = encode({ state: 'erased', keyId }, 0xffffffff)
  return Buffer.concat([copy, copy])
}

/** Where in a slot a new copy goes, and the copy: over the one that does not count. */
export const nextCopy = (
  bytes: Buffer,
  slot: Slot,
): { readonly offset: number; readonly copy: Buffer } => {
  const [a, b] = copies(bytes)
  const isFirst = b !== undefined && (a === undefined || a.sequence < b.sequence)
  const sequence = Math.max(a?.sequence ?? 0, b?.sequence ?? 0) + 1
  return { offset: isFirst ? 0 : copyBytes, copy: encode(slot, sequence) }
}

/** Where the other copy of a slot begins. */
export const otherCopy = (offset: number): number => copyBytes - offset
