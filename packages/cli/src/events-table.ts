// Events as a table: where and when, what, and about whom.

import type { LogEvent } from '@selfsame/core'
import { type Cell, table } from './table.js'

export const eventsTable = (events: ReadonlyArray<LogEvent>, columns: number): string =>
  table(['at', 'event', 'about'], events.map(rowOf), columns)

const rowOf = (event: LogEvent): ReadonlyArray<Cell> => [
  `${event.position}`,
  [event.type, event.recordedAt, ...said('by', event.actor), ...said('for', event.commandId)],
  [...tagsIn(event), ...Object.entries(event.payload).flatMap(lineOf)],
]

const said = (word: string, value: string | null): ReadonlyArray<string> =>
  value === null ? [] : [`${word} ${value}`]

/** The tags of an embedder's own fact; those of ours follow from the payload. */
const tagsIn = (event: LogEvent): ReadonlyArray<string> =>
  'tags' in event ? event.tags.map((tag) => `tag: ${tag}`) : []

/** One line a field of the payload; what is empty is left out. */
const lineOf = ([name, value]: readonly [string, unknown]): ReadonlyArray<string> =>
  isEmpty(value) ? [] : [`${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`]

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.values(value).every(isEmpty))
