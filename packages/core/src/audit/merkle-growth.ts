// The tree of a log that is read from its beginning, leaf by leaf: its root so far, and every tile as
// it becomes full. It keeps one tile a level, so it does not grow with the log.

import type { Sha256 } from '../ports/hash.js'
import { completeRoot, hashBytes, hashesIn, nodeHashOf, type Tile, tileHashes } from './merkle.js'

/**
 * A tile that became full.
 * @since 0.1.0
 * @category Audit
 */
export interface NumberedTile extends Tile {
  readonly level: number
  readonly number: number
}

/**
 * A tree that grows.
 * @since 0.1.0
 * @category Audit
 */
export interface GrowingTree {
  /** Adds a leaf by its hash; gives the tiles that it fills, lowest level first. */
  readonly add: (leafHash: Uint8Array) => ReadonlyArray<NumberedTile>
  readonly size: () => number
  readonly root: () => Uint8Array
}

interface Level {
  readonly hashes: Uint8Array
  /** Full tiles before this one. */
  full: number
  count: number
}

const none: ReadonlyArray<NumberedTile> = []

/**
 * An empty tree.
 * @since 0.1.0
 * @category Audit
 */
export const growTree = (sha256: Sha256): GrowingTree => {
  const levels: Level[] = []
  let size = 0

  const put = (at: number, hash: Uint8Array): ReadonlyArray<NumberedTile> => {
    levels[at] ??= { hashes: new Uint8Array(tileHashes * hashBytes), full: 0, count: 0 }
    const level = levels[at]
    level.hashes.set(hash, level.count * hashBytes)
    level.count += 1
    if (level.count < tileHashes) return none
    const hashes = level.hashes.slice()
    const root = completeRoot(sha256, hashesIn(hashes, 0, tileHashes))
    const tile = { level: at, number: level.full, hashes, root }
    level.full += 1
    level.count = 0
    return [tile, ...put(at + 1, root)]
  }

  return {
    add: (leafHash) => {
      size += 1
      return put(0, leafHash)
    },
    size: () => size,
    // The tree is made of complete subtrees, one for each bit of its size: joined from the right.
    root: () => {
      let root: Uint8Array | undefined
      for (const { hashes, count } of levels) {
        for (let bit = 1, end = count; bit <= count; bit *= 2) {
          if ((count & bit) === 0) continue
          const subtree = completeRoot(sha256, hashesIn(hashes, end - bit, end))
          root = root === undefined ? subtree : nodeHashOf(sha256, subtree, root)
          end -= bit
        }
      }
      // A copy: a tree of one leaf is a view of what the next leaves are written over.
      return root === undefined ? sha256(new Uint8Array(0)) : Uint8Array.from(root)
    },
  }
}
