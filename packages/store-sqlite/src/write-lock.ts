// The write lock of a file: asked for again at short random intervals while another process holds it,
// never by blocking, and held for one synchronous piece of work that is committed or undone.

import type { Database } from 'better-sqlite3'
import { isBusy, isDiskFault } from './failure.js'

/** How often the lock is asked for, and the longest wait between: some five seconds together. */
const triesMax = 400
const waitMax_ms = 25

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Lets everything else that waits for the event loop run first. */
export const yieldToOthers = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Does `work` again while the file is busy, and gives up by throwing what SQLite said. */
export const whileBusy = async <A>(work: () => A): Promise<A> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || tries === triesMax) throw error
    }
    await wait(Math.random() * Math.min(waitMax_ms, tries))
  }
}

export interface WriteLock {
  /** Runs `work` in a transaction of its own. What it throws undoes it, and is thrown on. */
  readonly hold: <A>(work: () => A) => Promise<A>
  /** Whether the disk failed under a transaction: what is durable is not known any more. */
  readonly isBroken: () => boolean
}

/** `begun` is told once the lock is held, `undone` when the work was rolled back. */
export const openWriteLock = (
  db: Database,
  undone: () => void,
  begun: () => void = () => {},
): WriteLock => {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  let broken = false
  const inTransaction = <A>(work: () => A): A => {
    begin.run()
    try {
      begun()
      const result = work()
      commit.run()
      return result
    } catch (error) {
      broken ||= isDiskFault(error)
      if (db.inTransaction) rollback.run()
      undone()
      throw error
    }
  }
  return { hold: (work) => whileBusy(() => inTransaction(work)), isBroken: () => broken }
}
