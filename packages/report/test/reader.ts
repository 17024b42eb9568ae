// A reader of a log in an array, for lives of random logs.

import {
  type AuditedLog,
  matches,
  type Query,
  type Range,
  type Recorded,
  tagsOf,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'

/** A log in an array, to be asked. */
export const readerOf = (events: ReadonlyArray<Recorded>): AuditedLog => {
  const tagged = events.map((event) => [event, new Set(tagsOf(event))] as const)
  const read = (query: Query, { after = 0, upTo = events.length, limit, backwards }: Range) => {
    const found = tagged
      .filter(([event, tags]) => matches(query, event.type, tags))
      .map(([event]) => event)
      .filter(({ position }) => position > after && position <= upTo)
    const ordered = backwards === true ? found.reverse() : found
    return { head: events.length, events: ordered.slice(0, limit ?? ordered.length) }
  }
  return {
    read: (query, range) => async () => E.right(read(query, range)),
    log: { read: (query, range) => async () => E.right(read(query, range)) },
  }
}
