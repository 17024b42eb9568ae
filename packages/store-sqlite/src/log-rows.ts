// Events as rows of the log: written once, read back as stored events, never changed. Only boxes and
// identity tags are ever deleted, when their owner is erased.

import {
  canonicalJson,
  isPersonalTag,
  type Position,
  type Query,
  type QueryItem,
  type Range,
  type Recorded,
  type StoredEvent,
  tagsOf,
  type UserId,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'

interface EventRow {
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
}

interface BoxRow {
  readonly owner: UserId
  readonly content: string
}

/** The log's tables, through statements prepared once. */
export interface LogRows {
  readonly head: () => {
    readonly position: Position
    readonly recordedAt: StoredEvent['recordedAt'] | null
  }
  readonly append: (event: Recorded, stored: StoredEvent) => void
  readonly erase: (owners: ReadonlyArray<UserId>) => void
  readonly read: (query: Query, range: Range) => ReadonlyArray<StoredEvent>
}

export const openLogRows = (db: Database): LogRows => {
  const lastRow = db.prepare<[], Pick<EventRow, 'position' | 'recorded_at'>>(
    'SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1',
  )
  const insertEvent = db.prepare(
    `INSERT INTO events (position, id, type, schema_version, recorded_at, occurred_at, command_id,
       actor, correlation_id, causation_id, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertBox = db.prepare('INSERT INTO boxes (position, owner, content) VALUES (?, ?, ?)')
  const insertTag = db.prepare('INSERT INTO tags (tag, position) VALUES (?, ?)')
  const boxesOf = db.prepare<[Position], BoxRow>(
    'SELECT owner, content FROM boxes WHERE position = ? ORDER BY owner',
  )
  const sealedFor = db
    .prepare<[UserId], Position>('SELECT position FROM boxes WHERE owner = ?')
    .pluck()
  const tagsAt = db.prepare<[Position], string>('SELECT tag FROM tags WHERE position = ?').pluck()
  const deleteTag = db.prepare('DELETE FROM tags WHERE tag = ? AND position = ?')
  const deleteBoxes = db.prepare('DELETE FROM boxes WHERE owner = ?')
  const eventAt = db.prepare<[Position], EventRow>('SELECT * FROM events WHERE position = ?')
  const taggedUp = db
    .prepare<[string, Position, Position], Position>(
      'SELECT position FROM tags WHERE tag = ? AND position > ? AND position <= ?',
    )
    .pluck()
  const scan = (order: 'ASC' | 'DESC') =>
    db.prepare<[Position, Position, number], EventRow>(
      `SELECT * FROM events WHERE position > ? AND position <= ? ORDER BY position ${order} LIMIT ?`,
    )
  const [forwards, backwards] = [scan('ASC'), scan('DESC')]

  const stored = (row: EventRow): StoredEvent => ({
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
    payload: JSON.parse(row.payload),
    boxes: boxesOf
      .all(row.position)
      .map(({ owner, content }) => ({ owner, content: JSON.parse(content) })),
  })

  /** The positions that one item's tags lead to; null where it has none. */
  const tagged = ({ tags = [] }: QueryItem, after: Position, upTo: Position) => {
    const [first, ...rest] = tags.map((tag) => taggedUp.all(tag, after, upTo))
    if (first === undefined) return null
    const others = rest.map((positions) => new Set(positions))
    return first.filter((position) => others.every((set) => set.has(position)))
  }

  const read: LogRows['read'] = (query, range) => {
    const { after = 0, upTo = Number.MAX_SAFE_INTEGER, backwards: isBackwards = false } = range
    const limit = range.limit ?? Number.MAX_SAFE_INTEGER
    const byTag = query.map((item) => ({ item, positions: tagged(item, after, upTo) }))
    const isType = ({ types = [] }: QueryItem, type: string): boolean =>
      types.length === 0 || types.includes(type)
    const found: StoredEvent[] = []
    if (query.length > 0 && byTag.every(({ positions }) => positions !== null)) {
      const items = new Map<Position, QueryItem[]>()
      for (const { item, positions } of byTag)
        for (const position of positions ?? []) {
          const known = items.get(position)
          if (known === undefined) items.set(position, [item])
          else known.push(item)
        }
      const order = [...items.keys()].sort((a, b) => (isBackwards ? b - a : a - b))
      for (const position of order) {
        if (found.length >= limit) break
        const row = eventAt.get(position)
        if (row !== undefined && items.get(position)?.some((item) => isType(item, row.type)))
          found.push(stored(row))
      }
      return found
    }
    const sets = byTag.map(({ item, positions }) => ({
      item,
      positions: positions === null ? null : new Set(positions),
    }))
    const statement = isBackwards ? backwards : forwards
    for (const row of statement.iterate(
      after,
      upTo,
      query.length === 0 ? limit : Number.MAX_SAFE_INTEGER,
    )) {
      if (found.length >= limit) break
      const matches =
        query.length === 0 ||
        sets.some(
          ({ item, positions }) =>
            (positions === null || positions.has(row.position)) && isType(item, row.type),
        )
      if (matches) found.push(stored(row))
    }
    return found
  }

  return {
    head: () => {
      const row = lastRow.get()
      return { position: row?.position ?? 0, recordedAt: row?.recorded_at ?? null }
    },
    append: (event, one) => {
      insertEvent.run(
        one.position,
        one.id,
        one.type,
        one.schemaVersion,
        one.recordedAt,
        one.occurredAt,
        one.commandId,
        one.actor,
        one.correlationId,
        one.causationId,
        canonicalJson(one.payload),
      )
      for (const { owner, content } of one.boxes)
        insertBox.run(one.position, owner, canonicalJson(content))
      for (const tag of [...new Set(tagsOf(event))].sort()) insertTag.run(tag, one.position)
    },
    erase: (owners) => {
      for (const owner of owners) {
        for (const position of sealedFor.all(owner))
          for (const tag of tagsAt.all(position))
            if (isPersonalTag(tag)) deleteTag.run(tag, position)
        deleteBoxes.run(owner)
      }
    },
    read,
  }
}
