// A log in memory, found by queries: what the memory store keeps its events in.

import type { StoredEvent } from '../log/boxes.js'
import { isOwnType } from '../log/own-event.js'
import { matches, type Query } from '../log/query.js'
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
  return {
    head: () => lines.length,
    moment: (clock) => momentAfter(lines.length, lines.at(-1)?.stored.recordedAt ?? null, clock),
    push: (stored, tags) => {
      lines.push({ stored, tags: new Set(tags) })
    },
    select: (query, range, which) => {
      const { after = 0, upTo = lines.length, limit = lines.length, backwards = false } = range
      const within = lines
        .slice(after, upTo)
        .filter(({ stored }) => which === 'any' || !isOwnType(stored.type))
        .filter(({ stored, tags }) => matches(query, stored.type, tags))
        .map(({ stored }) => stored)
      return (backwards ? within.reverse() : within).slice(0, limit)
    },
    erase: (owners) => {
      lines.forEach(({ stored, tags }, i) => {
        const boxes = stored.boxes.filter(({ owner }) => !owners.includes(owner))
        if (boxes.length === stored.boxes.length) return
        lines[i] = {
          stored: { ...stored, boxes },
          tags: new Set([...tags].filter((tag) => !isPersonalTag(tag))),
        }
      })
    },
  }
}
