// Group commit: items that wait while a commit is under way share the next one. Each is decided
// against those before it and is refused alone; nobody is answered before the commit is on the disk.

import {
  closedFailure,
  decideItem,
  type Failure,
  type Moment,
  type Outcome,
  type WorkItem,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { isBusy, toFailure } from './failure.js'
import type { LogRows } from './log-rows.js'
import type { Projections } from './projections.js'

/** The most items of one commit. */
const groupMax = 256
/** How often the lock is asked for while another process holds it, and the longest wait between. */
const triesMax = 400
const waitMax_ms = 25

type Result = E.Either<Failure, Outcome>

interface Waiting {
  readonly item: WorkItem
  readonly answer: (result: Result) => void
}

export interface Appender {
  readonly transact: (items: ReadonlyArray<WorkItem>) => Promise<ReadonlyArray<Result>>
  /** Runs when everything that waits now is answered; nothing is taken after it. */
  readonly drain: () => Promise<void>
}

export const openAppender = (
  db: Database,
  log: LogRows,
  projections: Projections,
  moment: () => Moment,
): Appender => {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const waiting: Waiting[] = []
  let running: Promise<void> | null = null
  let isDrained = false

  const runOne = (item: WorkItem): Outcome => {
    const known = item.commandId === null ? undefined : projections.remembered(item.commandId)
    if (known !== undefined) return { _tag: 'Repeated', remembered: known }
    const writes = decideItem(projections.lookup, item, moment())
    if (E.isLeft(writes)) return { _tag: 'Refused', reason: writes.left }
    const { decision, events, changes, remembered, erased } = writes.right
    for (const [i, stored] of events.entries()) {
      const event = decision.events[i]
      if (event !== undefined) log.append(event, stored)
    }
    projections.write(changes)
    if (remembered !== null) projections.remember(remembered)
    log.erase(erased)
    return { _tag: 'Recorded', decision, position: log.head().position }
  }

  /** Begins, asking again at random intervals while another process holds the lock. */
  const beginWhenFree = async (): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        begin.run()
        return
      } catch (error) {
        if (!isBusy(error) || tries === triesMax) throw error
        await wait(Math.random() * Math.min(waitMax_ms, tries))
      }
    }
  }

  const runGroup = async (items: ReadonlyArray<WorkItem>): Promise<ReadonlyArray<Result>> => {
    try {
      await beginWhenFree()
      const outcomes = items.map(runOne)
      commit.run()
      return outcomes.map((outcome) => E.right(outcome))
    } catch (error) {
      if (db.inTransaction) rollback.run()
      // Whoever broke the group must not take its neighbours along: each runs again, alone.
      if (items.length > 1 && !isBusy(error)) return runAlone(items)
      return items.map(() => E.left(toFailure(error, 'recording commands')))
    }
  }

  const runAlone = async (items: ReadonlyArray<WorkItem>): Promise<ReadonlyArray<Result>> => {
    const results: Result[] = []
    for (const item of items) results.push(...(await runGroup([item])))
    return results
  }

  const run = async (): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const group = waiting.splice(0, groupMax)
      const results = await runGroup(group.map(({ item }) => item))
      for (const [i, { answer }] of group.entries()) answer(results[i] ?? E.left(closedFailure))
    }
    running = null
  }

  return {
    transact: (items) => {
      if (isDrained) return Promise.resolve(items.map(() => E.left(closedFailure)))
      const answers = items.map(
        (item) => new Promise<Result>((answer) => waiting.push({ item, answer })),
      )
      if (waiting.length > 0) running ??= run()
      return Promise.all(answers)
    },
    drain: async () => {
      isDrained = true
      await running
    },
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
