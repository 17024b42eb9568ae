// Rebuilds the projections beside the live tables while reads and writes go on: page by page from the
// log into new tables, a comparison row by row, and one transaction that puts the new in place of the
// old. What is built so far stands in the file, so a rebuild that was stopped goes on where it was.

import {
  type Accept,
  type Difference,
  type Failure,
  failure,
  type Progress,
  type RebuildReport,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { readBeside } from './beside.js'
import { isBusy } from './failure.js'
import type { QueryLog } from './query-log.js'
import { openCompare, type Part } from './rebuild-compare.js'
import { openPages } from './rebuild-pages.js'
import { anyWith, clearRetired, retire } from './retired.js'
import { absorbedIndexes, createProjections, projections as tables } from './schema.js'
import type { Vault } from './vault.js'
import { type WriteLock, yieldToOthers } from './write-lock.js'

/** How often a rebuild begins again because somebody was erased under it, before it gives up. */
const restartsMax = 10

export interface RebuildTools {
  readonly db: Database
  readonly file: string
  readonly lock: WriteLock
  readonly log: QueryLog
  readonly vault: Vault
  readonly head: () => number
}

/** The most rows that a report names. */
const toldMax = 1000

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
  accept: Accept,
): Promise<E.Either<Failure, RebuildReport>> => {
  for (let restarts = 0; restarts < restartsMax; restarts += 1) {
    const report = await runOnce(tools, progress, accept)
    if (report !== 'stale') return report
  }
  return E.left(erasuresGoOn)
}

/** One attempt; `stale` where an erasure made what is built so far unreadable. */
const runOnce = async (
  { db, file, lock, log, vault, head }: RebuildTools,
  progress: Progress,
  accept: Accept,
): Promise<E.Either<Failure, RebuildReport> | 'stale'> => {
  while (!(await lock.hold(() => begin(db)))) await clearRetired(db, lock)
  const pages = openPages(db, log, vault)
  const compare = openCompare(db, vault)

  for (;;) {
    const page = await lock.hold(pages.next)
    if (page === 'stale') return page
    if (E.isLeft(page)) return page
    progress(page.right.position, head())
    if (page.right.isDone) break
    await yieldToOthers()
  }

  const differences: Difference[] = []
  let differing = 0
  for (const table of compare.tables) {
    for (let after: string | Buffer | null = table.start; after !== null; ) {
      const from: string | Buffer = after
      const part = await lock.hold((): 'stale' | E.Either<Failure, Part> => {
        const caughtUp = pages.catchUp()
        return caughtUp === 'stale' || E.isLeft(caughtUp) ? caughtUp : E.right(table.part(from))
      })
      if (part === 'stale') return part
      if (E.isLeft(part)) return part
      differing += part.right.differences.length
      differences.push(...part.right.differences.slice(0, toldMax - differences.length))
      after = part.right.next
      await yieldToOthers()
    }
  }

  const isSwapped = accept(differing, differences)
  const ended = await lock.hold(() => {
    const caughtUp = pages.catchUp()
    if (caughtUp === 'stale' || E.isLeft(caughtUp)) return caughtUp
    if (isSwapped) swap(db)
    else giveUp(db)
    return E.right({ events: head() })
  })
  if (ended === 'stale' || E.isLeft(ended)) return ended
  await clearRetired(db, lock).catch((error) => {
    // The rebuild itself is done: what is retired is cleared by the next one, or at opening.
    if (!isBusy(error)) throw error
  })
  return E.right({
    ...ended.right,
    ...(await countsIn(db, file, ended.right.events)),
    isSwapped,
    differing,
    differences,
  })
}

const giveUp = (db: Database): void => {
  retire(db, '_new')
  db.exec('DELETE FROM rebuild')
}

/**
 * Makes the new tables, unless a rebuild that was stopped left good ones. False where what is retired
 * must be cleared first.
 */
const begin = (db: Database): boolean => {
  const state = db.prepare<[], { stale: number }>('SELECT stale FROM rebuild').get()
  if (state?.stale === 0) return true
  if (anyWith(db, '_old')) return false
  if (anyWith(db, '_new')) {
    giveUp(db)
    return false
  }
  db.exec(createProjections('_new', freeIndex(db)))
  db.exec('INSERT OR REPLACE INTO rebuild (id, position, stale) VALUES (1, 0, 0)')
  return true
}

/** Gives up a rebuild that an erasure made unreadable, and clears whatever is out of use. */
export const sweep = async (db: Database, lock: WriteLock): Promise<void> => {
  const isStale = db.prepare('SELECT 1 FROM rebuild WHERE stale = 1')
  await clearRetired(db, lock)
  if (isStale.get() === undefined) return
  await lock.hold(() => {
    if (isStale.get() !== undefined && !anyWith(db, '_old')) giveUp(db)
  })
  await clearRetired(db, lock)
}

const freeIndex = (db: Database): string => {
  const taken = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'index'").pluck().all()
  return absorbedIndexes.find((name) => !taken.includes(name)) ?? absorbedIndexes[0]
}

const swap = (db: Database): void => {
  retire(db, '')
  for (const table of tables) db.exec(`ALTER TABLE ${table}_new RENAME TO ${table}`)
  db.exec('DELETE FROM rebuild')
}

const counted = ['users', 'installations', 'identities'] as const
const countOf = (table: string): string => `SELECT count(*) FROM ${table}`
type Counts = Pick<RebuildReport, (typeof counted)[number]>

/** Up to so many events counting takes less than the start of a thread. */
const fewEvents = 20_000

const countsIn = async (db: Database, file: string, events: number): Promise<Counts> => {
  const counts =
    events <= fewEvents
      ? counted.map((table) => db.prepare<[], number>(countOf(table)).pluck().get())
      : (await readBeside(file, counted.map(countOf))).map(([row]) => row?.[0])
  const [users, installations, identities] = counts.map(Number)
  return { users: users ?? 0, installations: installations ?? 0, identities: identities ?? 0 }
}

/** Told in the transaction of an erasure: what a rebuild has sealed for that person opens no more. */
export const openStaleMark = (db: Database): (() => void) => {
  const mark = db.prepare('UPDATE rebuild SET stale = 1')
  return () => {
    mark.run()
  }
}
