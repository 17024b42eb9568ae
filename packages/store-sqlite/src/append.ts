// What a commit is made of: commands, each decided against the ones before it and refused alone, and
// an embedder's own facts under a condition.

import {
  type AppendCondition,
  type Appended,
  type Clock,
  type Conflict,
  decideItem,
  type Failure,
  type Moment,
  momentAfter,
  type Outcome,
  type OwnFact,
  ownEvents,
  ownToStored,
  type Seed,
  type WorkItem,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import type { EventRows } from './event-rows.js'
import { toFailure } from './failure.js'
import type { Projections } from './projections.js'
import type { QueryLog } from './query-log.js'
import { openQueue } from './queue.js'
import type { UserKeys } from './user-keys.js'
import type { WriteLock } from './write-lock.js'

type Result = E.Either<Failure, Outcome>

export interface Appender {
  readonly transact: (items: ReadonlyArray<WorkItem>) => Promise<ReadonlyArray<Result>>
  readonly append: (
    facts: ReadonlyArray<OwnFact>,
    seed: Seed,
    condition: AppendCondition | undefined,
  ) => Promise<E.Either<Conflict | Failure, Appended>>
  /** Runs until everything that waits now is answered; nothing is taken after it. */
  readonly drain: () => Promise<void>
}

/** What appending works on. */
export interface Tables {
  readonly events: EventRows
  readonly log: QueryLog
  readonly projections: Projections
  readonly keys: UserKeys
  readonly clock: Clock
  /** Tells a rebuild that is under way that somebody was erased. */
  readonly markStale: () => void
  /** Destroys the keys of everyone whose erasure is recorded. */
  readonly finishErasures: () => Promise<void>
}

const unfinishedErasure = (error: unknown): Failure => ({
  ...toFailure(error, 'destroying the key of an erased user'),
  safe: 'the erasure is recorded, and nothing of that person is shown any more',
  advice: 'repair the disk and open the file again: that finishes the erasure',
})

export const openAppender = (lock: WriteLock, tables: Tables): Appender => {
  const { events, log, projections, keys, clock, markStale, finishErasures } = tables
  // Read once in a transaction: from there on nobody but us writes, until it ends.
  let head: ReturnType<EventRows['head']> = { position: 0, recordedAt: null }
  const moment = (): Moment => momentAfter(head.position, head.recordedAt, clock)
  const queue = openQueue(lock, {
    before: () => {
      head = events.head()
    },
    // Nobody is told that a person is erased before the person's key is destroyed.
    finish: async () => {
      try {
        return E.right(await finishErasures())
      } catch (error) {
        return E.left(unfinishedErasure(error))
      }
    },
  })

  /** An erasure, or one given again while its key could not be destroyed. */
  const isUnfinished = (outcome: Outcome): boolean => {
    if (outcome._tag === 'Recorded')
      return outcome.decision.events.some(({ type }) => type === 'UserErased')
    if (outcome._tag === 'Refused' || !keys.hasDoomed()) return false
    const { position, count } = outcome.remembered
    return events.anyErasure(position - count, position)
  }

  const decide = (item: WorkItem): Outcome => {
    const known = item.commandId === null ? undefined : projections.remembered(item.commandId)
    if (known !== undefined) return { _tag: 'Repeated', remembered: known }
    const writes = decideItem(projections.lookup, item, moment())
    if (E.isLeft(writes)) return { _tag: 'Refused', reason: writes.left }
    const { decision, events: stored, changes, remembered, erased } = writes.right
    for (const [i, one] of stored.entries()) {
      const event = decision.events[i]
      if (event === undefined) continue
      events.append(event, one)
      head = one
    }
    projections.write(changes)
    if (remembered !== null) projections.remember(remembered)
    if (erased.length > 0) {
      events.erase(erased)
      keys.doom(erased)
      markStale()
    }
    return { _tag: 'Recorded', decision, position: head.position }
  }

  const appendOwn = (
    facts: ReadonlyArray<OwnFact>,
    seed: Seed,
    condition: AppendCondition | undefined,
  ): E.Either<Conflict, Appended> => {
    const [standing] =
      condition === undefined
        ? []
        : log(condition.failIfEventsMatch, { after: condition.after ?? 0, limit: 1 }, 'any')
    if (standing !== undefined) return E.left({ _tag: 'Conflict', position: standing.position })
    const appended = ownEvents(facts, seed, moment())
    for (const event of appended) {
      events.append(event, ownToStored(event))
      head = event
    }
    return E.right({ position: head.position, events: appended })
  }

  return {
    transact: (items) =>
      Promise.all(items.map((item) => queue.add(() => decide(item), isUnfinished))),
    append: async (facts, seed, condition) => {
      const result = await queue.add(() => appendOwn(facts, seed, condition))
      return E.isLeft(result) ? result : result.right
    },
    drain: queue.drain,
  }
}
