// Which rows of the log a query means, found by tags, else by types, else by going through all.

import {
  isOwnType,
  type Position,
  type Query,
  type QueryItem,
  type Range,
  type StoredEvent,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import type { EventRow, EventRows } from './event-rows.js'
import { altered } from './failure.js'

/** Selfsame's own events, or any. */
export type Kind = 'selfsame' | 'any'

export type QueryLog = (query: Query, range: Range, kind: Kind) => ReadonlyArray<StoredEvent>

const isOfType = ({ types = [] }: QueryItem, type: string): boolean =>
  types.length === 0 || types.includes(type)

export const openQueryLog = (db: Database, events: EventRows): QueryLog => {
  const eventAt = db.prepare<[Position], EventRow>('SELECT * FROM events WHERE position = ?')
  const taggedUp = db
    .prepare<[string, Position, Position], Position>(
      'SELECT position FROM tags WHERE tag = ? AND position > ? AND position <= ?',
    )
    .pluck()
  const typedUp = (order: 'ASC' | 'DESC') =>
    db
      .prepare<[string, Position, Position, number], Position>(
        `SELECT position FROM events WHERE type = ? AND position > ? AND position <= ?
         ORDER BY position ${order} LIMIT ?`,
      )
      .pluck()
  const [typedForwards, typedBackwards] = [typedUp('ASC'), typedUp('DESC')]
  const scan = (order: 'ASC' | 'DESC') =>
    db.prepare<[Position, Position], EventRow>(
      `SELECT * FROM events WHERE position > ? AND position <= ? ORDER BY position ${order}`,
    )
  const [forwards, backwards] = [scan('ASC'), scan('DESC')]

  /** The positions that carry all tags of an item; null where it has no tags. */
  const tagged = ({ tags = [] }: QueryItem, after: Position, upTo: Position) => {
    const [first, ...rest] = tags.map((tag) => taggedUp.all(events.indexed(tag), after, upTo))
    if (first === undefined) return null
    const others = rest.map((positions) => new Set(positions))
    return first.filter((position) => others.every((set) => set.has(position)))
  }

  return (query, range, kind) => {
    const isOfKind = (type: string): boolean => kind === 'any' || !isOwnType(type)
    const { after = 0, upTo = Number.MAX_SAFE_INTEGER, backwards: isBackwards = false } = range
    const limit = range.limit ?? Number.MAX_SAFE_INTEGER
    /** Without tags an item is found by its types; no more of each are needed than are asked for. */
    const typed = ({ types = [] }: QueryItem) =>
      types.length === 0
        ? null
        : types
            .filter(isOfKind)
            .flatMap((type) =>
              (isBackwards ? typedBackwards : typedForwards).all(type, after, upTo, limit),
            )
    const items = query.map((item) => ({
      item,
      positions: tagged(item, after, upTo) ?? typed(item),
    }))
    const found: StoredEvent[] = []
    /** Opened before it is left out: a damaged type must not hide an event. */
    const add = (row: EventRow): void => {
      const event = events.open(row)
      if (isOfKind(row.type)) found.push(event)
    }

    if (query.length > 0 && items.every(({ positions }) => positions !== null)) {
      const wanted = new Map<Position, ReadonlyArray<QueryItem>>()
      for (const { item, positions } of items)
        for (const position of positions ?? [])
          wanted.set(position, [...(wanted.get(position) ?? []), item])
      for (const [position, by] of [...wanted].sort(([a], [b]) => (isBackwards ? b - a : a - b))) {
        if (found.length === limit) break
        const row = eventAt.get(position)
        if (row !== undefined && by.some((item) => isOfType(item, row.type))) add(row)
      }
      return found
    }

    const sets = items.map(({ item, positions }) => ({
      item,
      set: positions && new Set(positions),
    }))
    // A damaged page can lead past events, or to the same ones twice: all of a range are gone through,
    // so each must follow its neighbour.
    const before = Math.max(0, Math.floor(after))
    const last = Math.min(Math.floor(upTo), events.head().position)
    const [step, end] = isBackwards ? [-1, before] : [1, last + 1]
    let due = isBackwards ? last : before + 1
    const missing = () => altered(due, 'it is not where the events before and after it are')
    for (const row of (isBackwards ? backwards : forwards).iterate(after, upTo)) {
      if (found.length === limit) return found
      if (row.position !== due) throw missing()
      due += step
      const isWanted =
        query.length === 0 ||
        sets.some(({ item, set }) => (set?.has(row.position) ?? true) && isOfType(item, row.type))
      if (isWanted) add(row)
    }
    if ((end - due) * step > 0) throw missing()
    return found
  }
}
