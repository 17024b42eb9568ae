// The file past the store: rows as they stand there, and every hash made again by somebody who has
// everything but the signing key.

import { growTree, leafHashOf, leafOver, type NumberedTile } from '@selfsame/core'
import { nodeChecks } from '@selfsame/store-sqlite'
import Sqlite, { type Database } from 'better-sqlite3'

export const inFile = (file: string, work: (db: Database) => void): void => {
  const db = new Sqlite(file)
  try {
    db.pragma('foreign_keys = OFF')
    db.transaction(() => work(db)).immediate()
    db.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    db.close()
  }
}

const envelope = {
  position: 'position',
  id: 'id',
  type: 'type',
  schema_version: 'schemaVersion',
  recorded_at: 'recordedAt',
  occurred_at: 'occurredAt',
  command_id: 'commandId',
  actor: 'actor',
  correlation_id: 'correlationId',
  causation_id: 'causationId',
} as const

type Open = Parameters<typeof leafOver>[0]
type Commitments = Parameters<typeof leafOver>[2]

const sha256Hex = (text: string): string =>
  Buffer.from(nodeChecks.sha256(Buffer.from(text))).toString('hex')

/** Makes every leaf hash and tile again; gives the root over the first `size` events. */
export const makeHashesAgain = (db: Database, size: number): Uint8Array => {
  const boxes = db.prepare<[number], { owner: string; sha256: string }>(
    'SELECT owner, lower(hex(commitment)) AS sha256 FROM boxes WHERE position = ? ORDER BY owner',
  )
  const update = db.prepare('UPDATE events SET leaf_hash = ? WHERE position = ?')
  const put = db.prepare('INSERT INTO tiles (level, number, hashes, root) VALUES (?, ?, ?, ?)')
  db.exec('DELETE FROM tiles')
  const tree = growTree(nodeChecks.sha256)
  const tiles: NumberedTile[] = []
  let root = tree.root()
  for (const row of db.prepare<[], Record<string, unknown>>('SELECT * FROM events').all()) {
    const open = Object.fromEntries(
      Object.entries(envelope).map(([column, key]) => [key, row[column]]),
    ) as unknown as Open
    const position = Number(row.position)
    const commitments = boxes.all(position) as unknown as Commitments
    const leaf = leafOver(open, String(row.payload), commitments, sha256Hex)
    const hash = leafHashOf(nodeChecks.sha256, Buffer.from(leaf))
    update.run(hash, position)
    tiles.push(...tree.add(hash))
    if (tree.size() === size) root = tree.root()
  }
  for (const { level, number, hashes, root: over } of tiles) put.run(level, number, hashes, over)
  return root
}
