// The way of leaves from schema version 1 to 2: a payload above 60,000 bytes stands in its leaf by its
// digest from then on (ADR 13), so its event has another leaf hash. No checkpoint was signed before.

import { canonicalJson, leafPayloadBytesMax, type Position } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { type BoxRow, type EventRow, envelopeIn, leafIn } from './event-rows.js'
import { leafHash } from './vault.js'

type OpenBox = Pick<BoxRow, 'owner' | 'commitment'>

/** A leaf as version 1 had it: the payload in it, however long. */
const leafOfVersion1 = (row: EventRow, boxes: ReadonlyArray<OpenBox>): string =>
  canonicalJson({
    ...envelopeIn(row),
    payload: JSON.parse(row.payload),
    boxes: boxes.map(({ owner, commitment }) => ({ owner, sha256: commitment.toString('hex') })),
  })

const wasAsRecorded = (row: EventRow, boxes: ReadonlyArray<OpenBox>): boolean => {
  try {
    return leafHash(leafOfVersion1(row, boxes)).equals(row.leaf_hash)
  } catch {
    return false
  }
}

/** An event that is not what its old leaf hash says keeps it: a migration makes nothing good. */
export const shortenLeaves = (db: Database): void => {
  const long = db
    .prepare<[number], Position>(
      'SELECT position FROM events WHERE length(CAST(payload AS BLOB)) > ? ORDER BY position',
    )
    .pluck()
  const eventAt = db.prepare<[Position], EventRow>('SELECT * FROM events WHERE position = ?')
  const boxesOf = db.prepare<[Position], OpenBox>(
    'SELECT owner, commitment FROM boxes WHERE position = ? ORDER BY owner',
  )
  const update = db.prepare('UPDATE events SET leaf_hash = ? WHERE position = ?')
  for (const position of long.all(leafPayloadBytesMax)) {
    const [row, boxes] = [eventAt.get(position), boxesOf.all(position)]
    if (row !== undefined && wasAsRecorded(row, boxes))
      update.run(leafHash(leafIn(row, boxes)), position)
  }
}
