// Events as rows of the log: written once, checked against their leaf hash each time they are read,
// never changed. Only what is sealed, and identity tags, are ever taken away: when their owner is
// erased.

import {
  type Commitment,
  canonicalJson,
  type Disclosure,
  type Envelope,
  isPersonalTag,
  leafOver,
  type OwnEvent,
  type Position,
  type Recorded,
  type StoredEvent,
  type Tag,
  tagsOf,
  type UserId,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { altered } from './failure.js'
import type { UserKeys } from './user-keys.js'
import { leafHash, type SealedBox, sha256Hex, type Vault } from './vault.js'

/** A row of `events`. */
export interface EventRow {
  readonly position: Position
  readonly id: StoredEvent['id']
  readonly type: string
  readonly schema_version: number
  readonly recorded_at: StoredEvent['recordedAt']
  readonly occurred_at: StoredEvent['occurredAt']
  readonly command_id: StoredEvent['commandId']
  readonly actor: StoredEvent['actor']
  readonly correlation_id: StoredEvent['correlationId']
  readonly causation_id: StoredEvent['causationId']
  readonly payload: string
  readonly leaf_hash: Buffer
}

export interface BoxRow {
  readonly owner: UserId
  readonly commitment: Buffer
  readonly sealed: Buffer | null
}

export interface EventRows {
  readonly head: () => {
    readonly position: Position
    readonly recordedAt: StoredEvent['recordedAt'] | null
  }
  /** Writes an event; a new user is given a key first. */
  readonly append: (event: Recorded | OwnEvent, stored: StoredEvent) => void
  readonly erase: (owners: ReadonlyArray<UserId>) => void
  /** Whether an event after one position, up to another, erases somebody. */
  readonly anyErasure: (after: Position, to: Position) => boolean
  /** Opens a row. Throws `Altered` where a single bit of it is not what was recorded. */
  readonly open: (row: EventRow) => StoredEvent
  /** The same, with what each box commits to and the salt of those that open. */
  readonly disclose: (row: EventRow) => Omit<Disclosure, 'proof'>
  /** A tag as it stands in the index: personal ones by their digest. */
  readonly indexed: (tag: Tag) => string
}

const commitmentsIn = (
  rows: ReadonlyArray<Pick<BoxRow, 'owner' | 'commitment'>>,
): ReadonlyArray<Commitment> =>
  rows.map(({ owner, commitment }) => ({ owner, sha256: commitment.toString('hex') }))

const tagsFor = (event: Recorded | OwnEvent): ReadonlyArray<Tag> =>
  'tags' in event ? event.tags : tagsOf(event)

export const openEventRows = (db: Database, vault: Vault, keys: UserKeys): EventRows => {
  const lastRow = db.prepare<[], Pick<EventRow, 'position' | 'recorded_at'>>(
    'SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1',
  )
  const insertEvent = db.prepare(
    `INSERT INTO events (position, id, type, schema_version, recorded_at, occurred_at, command_id,
       actor, correlation_id, causation_id, payload, leaf_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertBox = db.prepare(
    'INSERT INTO boxes (position, owner, commitment, sealed) VALUES (?, ?, ?, ?)',
  )
  const erasureIn = db
    .prepare<[Position, Position], number>(
      "SELECT 1 FROM events WHERE type = 'UserErased' AND position > ? AND position <= ? LIMIT 1",
    )
    .pluck()
  const insertTag = db.prepare('INSERT INTO tags (tag, position) VALUES (?, ?)')
  const boxesOf = db.prepare<[Position], BoxRow>(
    'SELECT owner, commitment, sealed FROM boxes WHERE position = ? ORDER BY owner',
  )
  const sealedFor = db
    .prepare<[UserId], Position>(
      'SELECT position FROM boxes WHERE owner = ? AND sealed IS NOT NULL',
    )
    .pluck()
  const deleteTags = db.prepare("DELETE FROM tags WHERE position = ? AND tag LIKE 'identity:%'")
  const emptyBoxes = db.prepare(
    'UPDATE boxes SET sealed = NULL WHERE owner = ? AND sealed IS NOT NULL',
  )

  const indexed = indexedBy(vault.digest)

  const sealedBoxes = (event: StoredEvent): ReadonlyArray<SealedBox & { readonly owner: UserId }> =>
    event.boxes.map(({ owner, content }) => ({
      owner,
      ...vault.sealBox({ eventId: event.id, type: event.type, owner }, content),
    }))

  /** What a box of a row holds; null where its owner is erased. */
  const openBox = (row: EventRow, { owner, commitment, sealed }: BoxRow) => {
    if (sealed === null) {
      if (keys.isErased(owner)) return null
      throw altered(row.position, 'a box of it is empty, and its owner is not erased')
    }
    const opened = vault.openBox({ eventId: row.id, type: row.type, owner }, { commitment, sealed })
    if (opened === 'altered') throw altered(row.position, 'a box of it does not open by its key')
    return opened === 'erased' ? null : opened
  }

  const checkedBoxes = (row: EventRow): ReadonlyArray<BoxRow> => {
    const boxes = boxesOf.all(row.position)
    if (!isAsRecorded(row, boxes)) throw altered(row.position, 'it is not what its leaf hash says')
    return boxes
  }

  return {
    head: () => {
      const row = lastRow.get()
      return { position: row?.position ?? 0, recordedAt: row?.recorded_at ?? null }
    },
    append: (event, stored) => {
      if (event.type === 'UserCreated') keys.assign(event.payload.userId)
      const boxes = sealedBoxes(stored)
      const payload = canonicalJson(stored.payload)
      insertEvent.run(
        stored.position,
        stored.id,
        stored.type,
        stored.schemaVersion,
        stored.recordedAt,
        stored.occurredAt,
        stored.commandId,
        stored.actor,
        stored.correlationId,
        stored.causationId,
        payload,
        leafHash(leafOver(stored, payload, commitmentsIn(boxes), sha256Hex)),
      )
      for (const { owner, commitment, sealed } of boxes)
        insertBox.run(stored.position, owner, commitment, sealed)
      for (const tag of [...new Set(tagsFor(event).map(indexed))].sort())
        insertTag.run(tag, stored.position)
    },
    erase: (owners) => {
      for (const owner of owners) {
        for (const position of sealedFor.all(owner)) deleteTags.run(position)
        emptyBoxes.run(owner)
      }
    },
    anyErasure: (after, to) => erasureIn.get(after, to) !== undefined,
    open: (row) => {
      const boxes = checkedBoxes(row).flatMap((box) => {
        const opened = openBox(row, box)
        return opened === null ? [] : [{ owner: box.owner, content: opened.content }]
      })
      return { ...openRow(row), boxes }
    },
    disclose: (row) => ({
      event: { ...envelopeIn(row), payload: payloadIn(row) },
      boxes: checkedBoxes(row).map((box) => {
        const opened = openBox(row, box)
        return {
          owner: box.owner,
          sha256: box.commitment.toString('hex'),
          opened: opened && { salt: opened.salt.toString('hex'), content: opened.content },
        }
      }),
    }),
    indexed,
  }
}

/** A tag as it stands in the index: personal ones by their digest. */
export const indexedBy =
  (digest: Vault['digest']) =>
  (tag: Tag): string =>
    isPersonalTag(tag) ? `identity:${digest('tag', tag).toString('hex')}` : tag

/** Columns of a damaged row may be of any type: then it is not what was recorded either. */
const isAsRecorded = (row: EventRow, boxes: ReadonlyArray<BoxRow>): boolean => {
  try {
    return leafHash(leafIn(row, boxes)).equals(row.leaf_hash)
  } catch {
    return false
  }
}

export const envelopeIn = (
  row: Omit<EventRow, 'leaf_hash'>,
): Envelope & { readonly type: string } => ({
  position: row.position,
  id: row.id,
  type: row.type,
  schemaVersion: row.schema_version,
  recordedAt: row.recorded_at,
  occurredAt: row.occurred_at,
  commandId: row.command_id,
  actor: row.actor,
  correlationId: row.correlation_id,
  causationId: row.causation_id,
})

const openRow = (row: EventRow): StoredEvent => ({
  ...envelopeIn(row),
  payload: payloadIn(row),
  boxes: [],
})

/** The leaf of a row, from what of it is public: no key is needed. */
export const leafIn = (
  row: EventRow,
  boxes: ReadonlyArray<Pick<BoxRow, 'owner' | 'commitment'>>,
): string => leafOver(envelopeIn(row), row.payload, commitmentsIn(boxes), sha256Hex)

/** The leaf hash that a row must have. */
export const leafOfRow = (db: Database): ((row: EventRow) => Buffer) => {
  const commitments = db.prepare<[Position], Pick<BoxRow, 'owner' | 'commitment'>>(
    'SELECT owner, commitment FROM boxes WHERE position = ? ORDER BY owner',
  )
  return (row) => leafHash(leafIn(row, commitments.all(row.position)))
}

const payloadIn = (row: EventRow): StoredEvent['payload'] => {
  try {
    return JSON.parse(row.payload)
  } catch {
    throw altered(row.position, 'its payload is no JSON')
  }
}
