// The Merkle tree of RFC 6962 section 2.1 over the leaves of a log: its root at any size, the path of
// a leaf, and the proof that one size grew from another. Hashes come from leaves and from full tiles.

import type { Sha256 } from '../ports/hash.js'

/** Hashes of SHA-256 have so many bytes. */
export const hashBytes = 32
/** A tile has so many hashes: a subtree of height 8 (C2SP tlog-tiles). */
export const tileHashes = 256
const tileHeight = 8

/**
 * A full tile: its 256 hashes one after another, and the hash of the subtree that they span.
 * @since 0.1.0
 * @category Audit
 */
export interface Tile {
  readonly hashes: Uint8Array
  readonly root: Uint8Array
}

/**
 * What a tree is read from: leaf hashes by index from 0, `to` being the first left out; and full
 * tiles, where there are any. A tile that is missing is computed from what is below it.
 * @since 0.1.0
 * @category Audit
 */
export interface TreeHashes {
  readonly leaves: (from: number, to: number) => ReadonlyArray<Uint8Array>
  readonly tile: (level: number, number: number) => Tile | undefined
}

/**
 * A Merkle tree over the first leaves of a log. Sizes and indices must be within it.
 * @since 0.1.0
 * @category Audit
 */
export interface Tree {
  readonly root: (size: number) => Uint8Array
  /** PATH(index, D[size]): from the leaf's sibling up. */
  readonly inclusion: (index: number, size: number) => ReadonlyArray<Uint8Array>
  /** PROOF(old, D[size]). */
  readonly consistency: (old: number, size: number) => ReadonlyArray<Uint8Array>
}

/**
 * The hash of a leaf: SHA-256 of a zero byte and the leaf.
 * @since 0.1.0
 * @category Audit
 */
export const leafHashOf = (sha256: Sha256, leaf: Uint8Array): Uint8Array => {
  const prefixed = new Uint8Array(leaf.length + 1)
  prefixed.set(leaf, 1)
  return sha256(prefixed)
}

/**
 * The hash over two subtrees: SHA-256 of a one byte and both hashes.
 * @since 0.1.0
 * @category Audit
 */
export const nodeHashOf = (sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array => {
  const both = new Uint8Array(1 + 2 * hashBytes)
  both[0] = 1
  both.set(left, 1)
  both.set(right, 1 + hashBytes)
  return sha256(both)
}

/**
 * The root of a complete subtree over a power of two of hashes.
 * @since 0.1.0
 * @category Audit
 */
export const completeRoot = (sha256: Sha256, hashes: ReadonlyArray<Uint8Array>): Uint8Array => {
  let row = hashes
  while (row.length > 1) {
    const next: Uint8Array[] = []
    for (let i = 0; i + 1 < row.length; i += 2)
      next.push(nodeHashOf(sha256, hashAt(row, i), hashAt(row, i + 1)))
    row = next
  }
  return hashAt(row, 0)
}

export const hashAt = (hashes: ReadonlyArray<Uint8Array>, at: number): Uint8Array => {
  const hash = hashes[at]
  if (hash === undefined) throw new Error('a tree was asked for a hash beyond its end')
  return hash
}

/** The hashes of a tile, or of part of one. */
export const hashesIn = (bytes: Uint8Array, from: number, to: number): ReadonlyArray<Uint8Array> =>
  Array.from({ length: to - from }, (_, i) =>
    bytes.subarray((from + i) * hashBytes, (from + i + 1) * hashBytes),
  )

/** The largest power of two below a size of at least 2: where a tree is split. */
const splitOf = (size: number): number => {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/**
 * A tree over hashes that are stored somewhere.
 * @since 0.1.0
 * @category Audit
 */
export const openTree = (sha256: Sha256, stored: TreeHashes): Tree => {
  const node = (left: Uint8Array, right: Uint8Array) => nodeHashOf(sha256, left, right)

  /** Hashes of one level of tiles that all stand in the same tile. */
  const row = (level: number, from: number, count: number): ReadonlyArray<Uint8Array> => {
    const number = Math.floor(from / tileHashes)
    const start = from - number * tileHashes
    const tile = stored.tile(level, number)
    if (tile !== undefined) return hashesIn(tile.hashes, start, start + count)
    return level === 0
      ? stored.leaves(from, from + count)
      : Array.from({ length: count }, (_, i) => tileRoot(level - 1, from + i))
  }
  const tileRoot = (level: number, number: number): Uint8Array =>
    stored.tile(level, number)?.root ??
    completeRoot(sha256, row(level, number * tileHashes, tileHashes))

  const complete = (height: number, index: number): Uint8Array => {
    const level = Math.floor(height / tileHeight)
    const count = 2 ** (height - level * tileHeight)
    return completeRoot(sha256, row(level, index * count, count))
  }
  const rangeRoot = (start: number, size: number): Uint8Array => {
    if (size === 0) return sha256(new Uint8Array(0))
    const height = Math.log2(size)
    if (Number.isInteger(height)) return complete(height, start / size)
    const split = splitOf(size)
    return node(rangeRoot(start, split), rangeRoot(start + split, size - split))
  }
  const path = (index: number, start: number, size: number): ReadonlyArray<Uint8Array> => {
    if (size <= 1) return []
    const split = splitOf(size)
    return index < split
      ? [...path(index, start, split), rangeRoot(start + split, size - split)]
      : [...path(index - split, start + split, size - split), rangeRoot(start, split)]
  }
  const subproof = (
    old: number,
    start: number,
    size: number,
    isWhole: boolean,
  ): ReadonlyArray<Uint8Array> => {
    if (old === size) return isWhole ? [] : [rangeRoot(start, size)]
    const split = splitOf(size)
    return old <= split
      ? [...subproof(old, start, split, isWhole), rangeRoot(start + split, size - split)]
      : [...subproof(old - split, start + split, size - split, false), rangeRoot(start, split)]
  }
  return {
    root: (size) => rangeRoot(0, size),
    inclusion: (index, size) => path(index, 0, size),
    consistency: (old, size) => (old === 0 ? [] : subproof(old, 0, size, true)),
  }
}
