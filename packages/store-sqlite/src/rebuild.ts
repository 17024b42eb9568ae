// Rebuilds the projections beside the live tables while reads and writes go on: page by page from the
// log into new tables, a comparison row by row, and one transaction that puts the new in place of the
// old. What is built so far stands in the file, so a rebuild that was stopped goes on where it was.

import {
  type Difference,
  type Failure,
  failure,
  type Progress,
  type RebuildReport,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import type { QueryLog } from './query-log.js'
import { openCompare, type Part } from './rebuild-compare.js'
import { openPages } from './rebuild-pages.js'
import { absorbedIndexes, createProjections, projections as tables } from './schema.js'
import type { Vault } from './vault.js'
import { type WriteLock, yieldToOthers } from './write-lock.js'

/** How often a rebuild begins again because somebody was erased under it, before it gives up. */
const restartsMax = 10

export interface RebuildTools {
  readonly db: Database
  readonly lock: WriteLock
  readonly log: QueryLog
  readonly vault: Vault
  readonly head: () => number
  /** Whether the new tables take the place of the live ones, or are thrown away once compared. */
  readonly swaps: boolean
}

const erasuresGoOn: Failure = failure(
  'busy',
  `the rebuild began again ${restartsMax} times because people were erased under it`,
  'the live projections are as they were; nothing of the rebuild is in use',
  'rebuild when no erasures are under way',
)

/** Runs a rebuild. What it throws is a fault of the machine; the live tables are untouched by it. */
export const runRebuild = async (
  tools: RebuildTools,
  progress: Progress,
): Promise<E.Either<Failure, RebuildReport>> => {
  for (let restarts = 0; restarts < restartsMax; restarts += 1) {
    const report = await runOnce(tools, progress)
    if (report !== 'stale') return report
  }
  return E.left(erasuresGoOn)
}

/** One attempt; `stale` where an erasure made what is built so far unreadable. */
const runOnce = async (
  { db, lock, log, vault, head, swaps }: RebuildTools,
  progress: Progress,
): Promise<E.Either<Failure, RebuildReport> | 'stale'> => {
  await lock.hold(() => begin(db))
  const pages = openPages(db, log, vault)
  const compare = openCompare(db, vault)

  for (;;) {
    const page = await lock.hold(pages.next)
    if (page === 'stale') return page
    if (E.isLeft(page)) return page
    // An embedder's own facts at the end of the log are on no page.
    const of = head()
    progress(page.right.isDone ? of : page.right.position, of)
    if (page.right.isDone) break
    await yieldToOthers()
  }

  const differences: Difference[] = []
  for (const table of compare.tables) {
    for (let after: string | Buffer | null = table.start; after !== null; ) {
      const from: string | Buffer = after
      const part = await lock.hold((): 'stale' | E.Either<Failure, Part> => {
        const caughtUp = pages.catchUp()
        return caughtUp === 'stale' || E.isLeft(caughtUp) ? caughtUp : E.right(table.part(from))
      })
      if (part === 'stale') return part
      if (E.isLeft(part)) return part
      differences.push(...part.right.differences)
      after = part.right.next
      await yieldToOthers()
    }
  }

  return lock.hold(() => {
    const caughtUp = pages.catchUp()
    if (caughtUp === 'stale' || E.isLeft(caughtUp)) return caughtUp
    if (swaps) swap(db)
    else discard(db)
    return E.right({ ...counts(db), events: head(), differences: differences.slice(0, 1000) })
  })
}

const discard = (db: Database): void => {
  for (const table of tables) db.exec(`DROP TABLE IF EXISTS ${table}_new`)
  db.exec('DELETE FROM rebuild')
}

/** Makes the new tables, unless a rebuild that was stopped left good ones. */
const begin = (db: Database): void => {
  const state = db.prepare<[], { stale: number }>('SELECT stale FROM rebuild').get()
  if (state?.stale === 0) return
  discard(db)
  db.exec(createProjections('_new', freeIndex(db)))
  db.exec('INSERT OR REPLACE INTO rebuild (id, position, stale) VALUES (1, 0, 0)')
}

const freeIndex = (db: Database): string => {
  const taken = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'index'").pluck().all()
  return absorbedIndexes.find((name) => !taken.includes(name)) ?? absorbedIndexes[0]
}

const swap = (db: Database): void => {
  for (const table of tables) {
    db.exec(`DROP TABLE ${table}`)
    db.exec(`ALTER TABLE ${table}_new RENAME TO ${table}`)
  }
  db.exec('DELETE FROM rebuild')
}

const counts = (db: Database): Pick<RebuildReport, 'users' | 'installations' | 'identities'> => {
  const count = (table: string): number =>
    Number(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
  return {
    users: count('users'),
    installations: count('installations'),
    identities: count('identities'),
  }
}

/** Told in the transaction of an erasure: what a rebuild has sealed for that person opens no more. */
export const openStaleMark = (db: Database): (() => void) => {
  const mark = db.prepare('UPDATE rebuild SET stale = 1')
  return () => {
    mark.run()
  }
}
