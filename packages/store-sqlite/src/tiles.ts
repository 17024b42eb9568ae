// The Merkle tree over the stored log. Full tiles are kept once they are made, lazily and never in a
// commit; what is beyond them is read from the leaf hashes. Each event is compared with its leaf hash
// when its tile is made, so that nothing altered before that is ever signed for.

import { hash } from 'node:crypto'
import {
  completeRoot,
  openTree,
  type Position,
  type Sha256,
  type Tile,
  type Tree,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { type EventRow, leafOfRow } from './event-rows.js'
import { altered } from './failure.js'
import { type WriteLock, yieldToOthers } from './write-lock.js'

const tileHashes = 256
/** Tiles made before others may go on: some 20 ms. */
const pageTiles = 8

/** SHA-256 of Node. By way of hex its result is of Node's pool, which costs the collector less. */
export const sha256: Sha256 = (bytes) => Buffer.from(hash('sha256', bytes, 'hex'), 'hex')

export interface Tiles {
  /** Makes the tiles that are full by now and not there yet; tells how many events are in tiles. */
  readonly fill: (done: (events: number) => void) => Promise<void>
  /** The tree as it stands in the file. Read it in one transaction. */
  readonly tree: Tree
}

export const openTiles = (db: Database, lock: WriteLock): Tiles => {
  const tileAt = db.prepare<[number, number], Tile>(
    'SELECT hashes, root FROM tiles WHERE level = ? AND number = ?',
  )
  const made = db
    .prepare<[], number>('SELECT coalesce(max(number) + 1, 0) FROM tiles WHERE level = 0')
    .pluck()
  const insert = db.prepare('INSERT INTO tiles (level, number, hashes, root) VALUES (?, ?, ?, ?)')
  const rows = db.prepare<[Position, Position], EventRow>(
    'SELECT * FROM events WHERE position > ? AND position <= ? ORDER BY position',
  )
  const leafHash = leafOfRow(db)

  /** The hashes of events that are what they say. */
  const leaves = (from: number, to: number): ReadonlyArray<Uint8Array> => {
    return rows.all(from, to).map((row, i) => {
      if (row.position !== from + i + 1) throw altered(from + i + 1, 'it is missing')
      if (!leafHash(row).equals(row.leaf_hash))
        throw altered(row.position, 'it is not what its leaf hash says')
      return row.leaf_hash
    })
  }

  const put = (level: number, number: number, hashes: ReadonlyArray<Uint8Array>): void => {
    const root = completeRoot(sha256, hashes)
    insert.run(level, number, Buffer.concat(hashes), root)
    if ((number + 1) % tileHashes !== 0) return
    const first = number + 1 - tileHashes
    const roots = Array.from({ length: tileHashes }, (_, i) => {
      const tile = tileAt.get(level, first + i)
      if (tile === undefined) throw new Error(`the tile ${level}/${first + i} is missing`)
      return tile.root
    })
    put(level + 1, (number + 1) / tileHashes - 1, roots)
  }

  /** Makes some tiles; whether more are left to make. */
  const fillPage = (): { readonly events: number; readonly isMore: boolean } => {
    let next = made.get() ?? 0
    for (let i = 0; i < pageTiles; i += 1, next += 1) {
      const hashes = leaves(next * tileHashes, (next + 1) * tileHashes)
      if (hashes.length < tileHashes) return { events: next * tileHashes, isMore: false }
      put(0, next, hashes)
    }
    return { events: next * tileHashes, isMore: true }
  }

  return {
    fill: async (done) => {
      for (let isMore = true; isMore; ) {
        const page = await lock.hold(fillPage)
        done(page.events)
        isMore = page.isMore
        if (isMore) await yieldToOthers()
      }
    },
    tree: openTree(sha256, { leaves, tile: (level, number) => tileAt.get(level, number) }),
  }
}
