// A log in memory, found by queries: what the memory store keeps its events in. An index says where
// each tag stands, so that a question about one person does not go through everybody's events.

import type { StoredEvent } from '../log/boxes.js'
import { isOwnType } from '../log/own-event.js'
import { matches, type Query, type QueryItem } from '../log/query.js'
import { isPersonalTag, type Tag } from '../log/tags.js'
import type { Clock } from '../ports/clock.js'
import type { Moment, Range } from '../ports/store.js'
import { momentAfter } from '../ports/work.js'
import type { Position, UserId } from '../values/token.js'

interface Line {
  readonly stored: StoredEvent
  readonly tags: ReadonlySet<Tag>
}

/** The events of a log, in order. */
export interface MemoryLog {
  readonly head: () => Position
  /** The moment of a decision made now: it looks at the clock once. */
  readonly moment: (clock: Clock) => Moment
  /** Adds the event of the next position; the tags are those it is found by. */
  readonly push: (stored: StoredEvent, tags: ReadonlyArray<Tag>) => void
  /** Selfsame's events that a query means within a range, or any. */
  readonly select: (
    query: Query,
    range: Range,
    which: 'selfsame' | 'any',
  ) => ReadonlyArray<StoredEvent>
  /** Forgets what is personal of these users: their boxes, and the identity tags of those events. */
  readonly erase: (owners: ReadonlyArray<UserId>) => void
}

/** An empty log. */
export const openMemoryLog = (): MemoryLog => {
  const lines: Line[] = []
  const byTag = openIndex<Tag>()
  const byOwner = openIndex<UserId>()

  /** Where a query may find something between two positions, in order; it is still to be compared. */
  const candidates = (query: Query, after: Position, upTo: Position): ReadonlyArray<Position> => {
    const found = new Set<Position>()
    for (const item of query)
      for (const at of within(rarest(byTag, item), after, upTo)) {
        const line = lines[at - 1]
        if (line !== undefined && matches([item], line.stored.type, line.tags)) found.add(at)
      }
    return [...found].sort((a, b) => a - b)
  }

  return {
    head: () => lines.length,
    moment: (clock) => momentAfter(lines.length, lines.at(-1)?.stored.recordedAt ?? null, clock),
    push: (stored, tags) => {
      lines.push({ stored, tags: new Set(tags) })
      for (const tag of new Set(tags)) byTag.add(tag, lines.length)
      for (const owner of new Set(stored.boxes.map((box) => box.owner)))
        byOwner.add(owner, lines.length)
    },
    select: (query, { after = 0, upTo, limit = Number.POSITIVE_INFINITY, backwards }, which) => {
      const last = Math.min(upTo ?? lines.length, lines.length)
      const isIndexed = query.length > 0 && query.every(({ tags = [] }) => tags.length > 0)
      const at = isIndexed ? candidates(query, after, last) : null
      const [first, count] = at === null ? [after, last - after] : [0, at.length]
      const found: StoredEvent[] = []
      for (let i = 0; i < count && found.length < limit; i += 1) {
        const step = first + (backwards === true ? count - 1 - i : i)
        const line = lines[at === null ? step : (at[step] ?? 0) - 1]
        if (line === undefined) continue
        const { stored, tags } = line
        if (which === 'selfsame' && isOwnType(stored.type)) continue
        if (isIndexed || matches(query, stored.type, tags)) found.push(stored)
      }
      return found
    },
    erase: (owners) => {
      for (const at of new Set(owners.flatMap((owner) => byOwner.at(owner)))) {
        const line = lines[at - 1]
        if (line === undefined) continue
        const { stored, tags } = line
        const personal = [...tags].filter(isPersonalTag)
        for (const tag of personal) byTag.remove(tag, at)
        lines[at - 1] = {
          stored: { ...stored, boxes: stored.boxes.filter(({ owner }) => !owners.includes(owner)) },
          tags: new Set([...tags].filter((tag) => !personal.includes(tag))),
        }
      }
      for (const owner of owners) byOwner.drop(owner)
    },
  }
}

/** Positions by what is found there, in order. */
interface Index<Key> {
  readonly add: (key: Key, position: Position) => void
  readonly at: (key: Key) => ReadonlyArray<Position>
  readonly remove: (key: Key, position: Position) => void
  readonly drop: (key: Key) => void
}

const openIndex = <Key>(): Index<Key> => {
  const index = new Map<Key, Position[]>()
  return {
    add: (key, position) => {
      const there = index.get(key)
      if (there === undefined) index.set(key, [position])
      else there.push(position)
    },
    at: (key) => index.get(key) ?? [],
    remove: (key, position) => {
      const left = (index.get(key) ?? []).filter((one) => one !== position)
      // An identity stands in its tag: where nobody has it, not even the name may stay.
      if (left.length === 0) index.delete(key)
      else index.set(key, left)
    },
    drop: (key) => {
      index.delete(key)
    },
  }
}

/** The positions of the tag of an item that stands at the fewest. */
const rarest = (byTag: Index<Tag>, { tags = [] }: QueryItem): ReadonlyArray<Position> =>
  tags.map((tag) => byTag.at(tag)).reduce((a, b) => (b.length < a.length ? b : a))

/** The part of ordered positions after one and up to another. */
const within = (
  positions: ReadonlyArray<Position>,
  after: Position,
  upTo: Position,
): ReadonlyArray<Position> => positions.slice(above(positions, after), above(positions, upTo))

/** How many of ordered positions are not beyond one: halving finds it. */
const above = (positions: ReadonlyArray<Position>, limit: Position): number => {
  let [low, high] = [0, positions.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if ((positions[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low
}
