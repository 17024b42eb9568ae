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
import * as E from 'fp-ts/lib/Either.js'
import type { EventRows } from './event-rows.js'
import { brokenFailure, isBusy, toFailure } from './failure.js'
import type { Projections } from './projections.js'
import type { UserKeys } from './user-keys.js'
import type { WriteLock } from './write-lock.js'

/** The most items of one commit. */
const groupMax = 256

type Result = E.Either<Failure, Outcome>

interface Waiting {
  readonly item: WorkItem
  readonly answer: (result: Result) => void
}

export interface Appender {
  readonly transact: (items: ReadonlyArray<WorkItem>) => Promise<ReadonlyArray<Result>>
  /** Runs until everything that waits now is answered; nothing is taken after it. */
  readonly drain: () => Promise<void>
}

/** What appending works on. */
export interface Tables {
  readonly events: EventRows
  readonly projections: Projections
  readonly keys: UserKeys
  readonly moment: () => Moment
  /** Tells a rebuild that is under way that somebody was erased. */
  readonly markStale: () => void
}

const isErasure = (outcome: Outcome): boolean =>
  outcome._tag === 'Recorded' && outcome.decision.events.some(({ type }) => type === 'UserErased')

const unfinishedErasure = (error: unknown): Failure => ({
  ...toFailure(error, 'destroying the key of an erased user'),
  safe: 'the erasure is recorded, and nothing of that person is shown any more',
  advice: 'repair the disk and open the file again: that finishes the erasure',
})

export const openAppender = (lock: WriteLock, tables: Tables): Appender => {
  const { events, projections, keys, moment, markStale } = tables
  const waiting: Waiting[] = []
  let running: Promise<void> | null = null
  let isDrained = false

  const runOne = (item: WorkItem): Outcome => {
    const known = item.commandId === null ? undefined : projections.remembered(item.commandId)
    if (known !== undefined) return { _tag: 'Repeated', remembered: known }
    const writes = decideItem(projections.lookup, item, moment())
    if (E.isLeft(writes)) return { _tag: 'Refused', reason: writes.left }
    const { decision, events: stored, changes, remembered, erased } = writes.right
    for (const [i, one] of stored.entries()) {
      const event = decision.events[i]
      if (event !== undefined) events.append(event, one)
    }
    projections.write(changes)
    if (remembered !== null) projections.remember(remembered)
    if (erased.length > 0) {
      events.erase(erased)
      keys.doom(erased)
      markStale()
    }
    return { _tag: 'Recorded', decision, position: events.head().position }
  }

  const runGroup = async (items: ReadonlyArray<WorkItem>): Promise<ReadonlyArray<Result>> => {
    if (lock.isBroken()) return items.map(() => E.left(brokenFailure))
    try {
      return finishErasures(
        await lock.hold(() => {
          keys.freshen()
          return items.map(runOne)
        }),
      )
    } catch (error) {
      // Whoever broke the group must not take its neighbours along: each runs again, alone.
      if (items.length > 1 && !isBusy(error) && !lock.isBroken()) return runAlone(items)
      return items.map(() => E.left(toFailure(error, 'recording commands')))
    }
  }

  /** Nobody is told that a person is erased before the person's key is destroyed. */
  const finishErasures = async (
    outcomes: ReadonlyArray<Outcome>,
  ): Promise<ReadonlyArray<Result>> => {
    if (!outcomes.some(isErasure)) return outcomes.map((outcome) => E.right(outcome))
    try {
      await lock.hold(keys.destroyDoomed)
      return outcomes.map((outcome) => E.right(outcome))
    } catch (error) {
      const failed = unfinishedErasure(error)
      return outcomes.map((outcome) => (isErasure(outcome) ? E.left(failed) : E.right(outcome)))
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
