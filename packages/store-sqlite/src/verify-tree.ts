// The tree that grows while a log is verified, compared with the tiles that are stored and with the
// checkpoints that somebody kept.

import {
  fromBase64,
  type GrowingTree,
  growTree,
  type NumberedTile,
  type Tile,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { sha256 } from './tiles.js'
import type { VerifyFinding } from './verify-report.js'

/** The size and root (base64) of a checkpoint that somebody kept. */
export interface Kept {
  readonly size: number
  readonly root: string
}

export interface VerifiedTree {
  /** Adds a leaf by its hash, which is copied; gives what is wrong at this size. */
  readonly add: (leafHash: Uint8Array) => ReadonlyArray<VerifyFinding>
  readonly root: () => Uint8Array
  /** What is wrong once the log has ended. */
  readonly end: () => ReadonlyArray<VerifyFinding>
}

export const openVerifiedTree = (db: Database, kept: ReadonlyArray<Kept>): VerifiedTree => {
  const tileAt = db.prepare<[number, number], Tile>(
    'SELECT hashes, root FROM tiles WHERE level = ? AND number = ?',
  )
  const tilesMade =
    db
      .prepare<[], number>('SELECT coalesce(max(number) + 1, 0) FROM tiles WHERE level = 0')
      .pluck()
      .get() ?? 0
  const tree: GrowingTree = growTree(sha256)

  const compareTile = (made: NumberedTile): ReadonlyArray<VerifyFinding> => {
    const { level, number, hashes, root } = made
    const stored = tileAt.get(level, number)
    const last = (number + 1) * 256 ** (level + 1)
    // Tiles are made in order: one that is not there yet is none of those that are missing.
    if (stored === undefined)
      return last <= tilesMade * 256
        ? [{ what: 'tile', message: `the tile ${level}/${number} is missing`, position: last }]
        : []
    if (sameAs(stored.hashes, hashes) && sameAs(stored.root, root)) return []
    const at = Array.from({ length: 256 }, (_, i) => i).find(
      (i) =>
        !sameAs(stored.hashes.subarray(i * 32, i * 32 + 32), hashes.subarray(i * 32, i * 32 + 32)),
    )
    const position = level === 0 && at !== undefined ? number * 256 + at + 1 : last
    const message = `the tile ${level}/${number} is not over the events that are there`
    return [{ what: 'tile', message, position }]
  }

  const add = (hash: Uint8Array): ReadonlyArray<VerifyFinding> => {
    const tiles = tree.add(hash)
    const wrong = tiles.length === 0 ? [] : tiles.flatMap(compareTile)
    const size = tree.size()
    if (!kept.some((one) => one.size === size)) return wrong
    return [...wrong, ...unlike(kept, size, tree.root())]
  }

  return { add, root: tree.root, end: () => cut(kept, tree.size()) }
}

const sameAs = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

const unlike = (
  kept: ReadonlyArray<Kept>,
  size: number,
  root: Uint8Array,
): ReadonlyArray<VerifyFinding> =>
  kept
    .filter((one) => one.size === size && !sameAs(fromBase64(one.root) ?? root.subarray(1), root))
    .map(() => ({
      what: 'checkpoint',
      message: `the first ${size} events are not those of the checkpoint`,
      position: size,
    }))

const cut = (kept: ReadonlyArray<Kept>, size: number): ReadonlyArray<VerifyFinding> =>
  kept
    .filter((one) => one.size > size)
    .map((one) => ({
      what: 'checkpoint',
      message: `the checkpoint is over ${one.size} events, and only ${size} are there`,
      position: size,
    }))
