// What stands in a file: sizes, counts, and how fast it grew.

import { existsSync, statSync } from 'node:fs'
import { readBeside } from './beside.js'

/**
 * Sizes in bytes, counts, and events a day since the first and over the last 24 hours of the log.
 * @since 0.1.0
 * @category Operate
 */
export interface Stats {
  readonly schemaVersion: number
  readonly bytes: { readonly database: number; readonly wal: number; readonly keys: number }
  readonly freeBytes: number
  readonly events: number
  readonly eventsByType: Readonly<Record<string, number>>
  readonly commands: number
  readonly users: Readonly<Record<string, number>>
  readonly installations: number
  readonly identities: number
  readonly keys: Readonly<Record<string, number>>
  readonly firstRecordedAt: string | null
  readonly lastRecordedAt: string | null
  readonly eventsADay: { readonly sinceFirst: number; readonly lastDay: number }
}

const dayMs = 86_400_000

const sizeOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0)

/** The last 24 hours are those before the last event. */
const lastDay = `strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT max(recorded_at) FROM last), '-1 day')`

const statements = {
  schemaVersion: 'PRAGMA user_version',
  freePages: 'PRAGMA freelist_count',
  pageBytes: 'PRAGMA page_size',
  eventsByType: 'SELECT type, count(*) FROM events GROUP BY type ORDER BY type',
  commands: 'SELECT count(*) FROM commands',
  users: 'SELECT status, count(*) FROM users GROUP BY status ORDER BY status',
  installations: 'SELECT count(*) FROM installations',
  identities: 'SELECT count(*) FROM identities',
  keys: 'SELECT state, count(*) FROM user_keys GROUP BY state ORDER BY state',
  first: 'SELECT recorded_at FROM events ORDER BY position LIMIT 1',
  last: 'SELECT recorded_at FROM events ORDER BY position DESC LIMIT 1',
  lastDay: `WITH last AS (SELECT recorded_at FROM events ORDER BY position DESC LIMIT 1)
    SELECT count(*) FROM events WHERE recorded_at > ${lastDay}`,
}
type Name = keyof typeof statements
const names = Object.keys(statements) as ReadonlyArray<Name>

/** Reads the figures, all from one snapshot. */
export const readStats = async (file: string, keyPath: string): Promise<Stats> => {
  const answers = await readBeside(
    file,
    names.map((name) => statements[name]),
  )
  const rowsOf = (name: Name) => answers[names.indexOf(name)] ?? []
  const number = (name: Name): number => Number(rowsOf(name)[0]?.[0] ?? 0)
  const text = (name: Name): string | null => (rowsOf(name)[0]?.[0] ?? null) as string | null
  const grouped = (name: Name): Readonly<Record<string, number>> =>
    Object.fromEntries(rowsOf(name).map(([key, count]) => [String(key), Number(count)]))
  const eventsByType = grouped('eventsByType')
  const events = Object.values(eventsByType).reduce((sum, count) => sum + count, 0)
  const [first, last] = [text('first'), text('last')]
  const days =
    first === null || last === null
      ? 1
      : Math.max(1, (Date.parse(last) - Date.parse(first)) / dayMs)
  return {
    schemaVersion: number('schemaVersion'),
    bytes: { database: sizeOf(file), wal: sizeOf(`${file}-wal`), keys: sizeOf(keyPath) },
    freeBytes: number('freePages') * number('pageBytes'),
    events,
    eventsByType,
    commands: number('commands'),
    users: grouped('users'),
    installations: number('installations'),
    identities: number('identities'),
    keys: grouped('keys'),
    firstRecordedAt: first,
    lastRecordedAt: last,
    eventsADay: { sinceFirst: events / days, lastDay: number('lastDay') },
  }
}
