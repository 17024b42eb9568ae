// What stands in a file: sizes, counts, and how fast it grew.

import { existsSync, statSync } from 'node:fs'
import type { Database } from 'better-sqlite3'

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

/** Reads the figures; inside one snapshot. */
export const readStats = (db: Database, file: string, keyPath: string): Stats => {
  const one = (sql: string): number => Number(db.prepare(sql).pluck().get())
  const grouped = (sql: string): Readonly<Record<string, number>> =>
    Object.fromEntries(db.prepare<[], [string, number]>(sql).raw().all())
  const bound = (order: 'ASC' | 'DESC'): string | null =>
    db
      .prepare<[], string>(`SELECT recorded_at FROM events ORDER BY position ${order} LIMIT 1`)
      .pluck()
      .get() ?? null
  const [first, last] = [bound('ASC'), bound('DESC')]
  const events = one('SELECT count(*) FROM events')
  const days =
    first === null || last === null
      ? 1
      : Math.max(1, (Date.parse(last) - Date.parse(first)) / dayMs)
  const dayBefore = last === null ? '' : new Date(Date.parse(last) - dayMs).toISOString()
  return {
    schemaVersion: one('PRAGMA user_version'),
    bytes: { database: sizeOf(file), wal: sizeOf(`${file}-wal`), keys: sizeOf(keyPath) },
    freeBytes: one('PRAGMA freelist_count') * one('PRAGMA page_size'),
    events,
    eventsByType: grouped('SELECT type, count(*) FROM events GROUP BY type ORDER BY type'),
    commands: one('SELECT count(*) FROM commands'),
    users: grouped('SELECT status, count(*) FROM users GROUP BY status ORDER BY status'),
    installations: one('SELECT count(*) FROM installations'),
    identities: one('SELECT count(*) FROM identities'),
    keys: grouped('SELECT state, count(*) FROM user_keys GROUP BY state ORDER BY state'),
    firstRecordedAt: first,
    lastRecordedAt: last,
    eventsADay: {
      sinceFirst: events / days,
      lastDay: Number(
        db.prepare('SELECT count(*) FROM events WHERE recorded_at > ?').pluck().get(dayBefore),
      ),
    },
  }
}
