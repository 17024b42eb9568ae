// A store on a simulated disk, as a durable store is built: jobs that arrive together share one
// transaction and one commit, and nobody is answered before it. Between any two steps it calls `step`,
// where a simulation lets its process die and a schedule lets others go first.

import { createHash } from 'node:crypto'
import {
  type Accept,
  type AppendCondition,
  type Appended,
  bugFailure,
  type Clock,
  type Conflict,
  closedFailure,
  decideItem,
  differencesBetween,
  emptyDirectory,
  type Failure,
  fold,
  loadSlice,
  type Moment,
  momentAfter,
  type Outcome,
  type OwnFact,
  openEvents,
  openLogEvents,
  ownEvents,
  ownToStored,
  type Progress,
  type RebuildReport,
  rowsOf,
  type Seed,
  type Store,
  tagsOf,
  userPage,
  type WorkItem,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import type { DiskReader, DiskTransaction, OpenDisk } from './disk.js'
import {
  addEvent,
  emptyEvent,
  headOf,
  lastInstant,
  rememberedOn,
  rememberOn,
  sealedFor,
  selectEvents,
} from './disk-log.js'
import { lookupOn, replaceRows, rowsOn, writeRows } from './disk-rows.js'

/** Called between two steps of a store, with what comes next. */
export type Step = (next: string) => void | Promise<void>

/** `run` gives what is answered after the commit; `fail` is for all that a dead process leaves. */
interface Job {
  readonly run: (disk: DiskTransaction) => Promise<() => void>
  readonly fail: (error: unknown) => void
}

/** A digest of a command's content, the same at every opening. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Opens the store that a disk holds. */
export const openDiskStore = (disk: OpenDisk, clock: Clock, step: Step): Store => {
  let waiting: ReadonlyArray<Job> = []
  let isOver = false
  let isWorking = false

  const momentOn = (reader: DiskReader): Moment =>
    momentAfter(headOf(reader), lastInstant(reader), clock)

  /** One transaction after another, as long as somebody waits. */
  const workOff = async (): Promise<void> => {
    if (isWorking) return
    isWorking = true
    let group: ReadonlyArray<Job> = []
    try {
      while (waiting.length > 0) {
        await step('a transaction begins')
        group = waiting
        waiting = []
        const transaction = disk.begin()
        const answers: Array<() => void> = []
        for (const { run } of group) answers.push(await run(transaction))
        await step('the commit')
        transaction.commit()
        await step('the answer after a commit')
        for (const answer of answers) answer()
      }
    } catch (error) {
      for (const { fail } of [...group, ...waiting]) fail(error)
      waiting = []
    }
    isWorking = false
  }

  const queued = <A>(run: (transaction: DiskTransaction) => Promise<A>): Promise<A> =>
    new Promise((resolve, reject) => {
      const job: Job = {
        run: async (transaction) => {
          const done = await run(transaction)
          return () => resolve(done)
        },
        fail: reject,
      }
      waiting = [...waiting, job]
      void workOff()
    })

  const transactOne = async (
    transaction: DiskTransaction,
    item: WorkItem,
  ): Promise<E.Either<Failure, Outcome>> => {
    await step('the decision of an item')
    const known = item.commandId === null ? null : rememberedOn(transaction, item.commandId)
    if (known !== null) return E.right({ _tag: 'Repeated', remembered: known })
    const decided = E.tryCatch(
      () => decideItem(lookupOn(transaction), item, momentOn(transaction)),
      bugFailure,
    )
    if (E.isLeft(decided)) return decided
    if (E.isLeft(decided.right)) return E.right({ _tag: 'Refused', reason: decided.right.left })
    const { decision, events, changes, remembered, erased } = decided.right.right
    const mark = transaction.mark()
    await step('the events of an item')
    events.forEach((stored, i) => {
      const event = decision.events[i]
      if (event !== undefined) addEvent(transaction, stored, tagsOf(event))
    })
    await step('the projections of an item')
    const written = E.tryCatch(() => writeRows(transaction, changes), bugFailure)
    if (E.isLeft(written)) {
      transaction.backTo(mark)
      return written
    }
    await step('the command id of an item')
    if (remembered !== null) rememberOn(transaction, remembered)
    for (const position of erased.length === 0 ? [] : sealedFor(transaction, erased)) {
      await step('an event that an erasure empties')
      emptyEvent(transaction, position, erased)
    }
    return E.right({ _tag: 'Recorded', decision, position: headOf(transaction) })
  }

  const append = async (
    transaction: DiskTransaction,
    facts: ReadonlyArray<OwnFact>,
    seed: Seed,
    condition: AppendCondition | undefined,
  ): Promise<E.Either<Conflict | Failure, Appended>> => {
    const { failIfEventsMatch = [], after = 0 } = condition ?? {}
    const [standing] =
      condition === undefined
        ? []
        : selectEvents(transaction, failIfEventsMatch, { after, limit: 1 }, 'any')
    if (standing !== undefined) return E.left({ _tag: 'Conflict', position: standing.position })
    const events = ownEvents(facts, seed, momentOn(transaction))
    for (const event of events) {
      await step('an own event')
      addEvent(transaction, ownToStored(event), event.tags)
    }
    return E.right({ position: headOf(transaction), events })
  }

  const rebuild = async (
    transaction: DiskTransaction,
    progress: Progress | undefined,
    accept: Accept | undefined,
  ): Promise<E.Either<Failure, RebuildReport>> => {
    const events = openEvents(selectEvents(transaction, [], {}, 'selfsame'))
    if (E.isLeft(events)) return events
    const rebuilt = fold(emptyDirectory, events.right)
    const head = headOf(transaction)
    progress?.(head, head)
    const rows = rowsOf(rebuilt)
    const differences = differencesBetween(rowsOn(transaction), rows)
    const isSwapped = accept === undefined || accept(differences.length, differences)
    if (isSwapped) await replaceRows(transaction, rows, () => step('the next table of a rebuild'))
    return E.right({
      events: head,
      users: rebuilt.users.size,
      installations: rebuilt.installations.size,
      identities: rebuilt.identities.size,
      isSwapped,
      differing: differences.length,
      differences,
    })
  }

  const reading =
    <A>(name: string, run: () => E.Either<Failure, A>) =>
    async (): Promise<E.Either<Failure, A>> => {
      if (isOver) return E.left(closedFailure)
      await step(name)
      return run()
    }

  return {
    transact: (items) => async () => {
      if (isOver) return items.map(() => E.left(closedFailure))
      return queued(async (transaction) => {
        const outcomes: Array<E.Either<Failure, Outcome>> = []
        for (const item of items) outcomes.push(await transactOne(transaction, item))
        return outcomes
      })
    },
    load: (roots, next) =>
      reading('a slice is loaded', () =>
        E.right({ ...momentOn(disk), directory: loadSlice(lookupOn(disk), roots, next) }),
      ),
    remembered: (commandId) =>
      reading('a command id is looked up', () => E.right(rememberedOn(disk, commandId))),
    read: (query, range) =>
      reading('events are read', () =>
        pageOf(disk, openEvents(selectEvents(disk, query, range, 'selfsame'))),
      ),
    log: {
      read: (query, range) =>
        reading('the log is read', () =>
          pageOf(disk, openLogEvents(selectEvents(disk, query, range, 'any'))),
        ),
      append: (facts, seed, condition) => async () =>
        isOver
          ? E.left(closedFailure)
          : queued((transaction) => append(transaction, facts, seed, condition)),
    },
    users: (after, limit) =>
      reading('users are listed', () => {
        const lookup = lookupOn(disk)
        const ids = disk
          .keys('users')
          .flatMap((id) => lookup.user(id as Parameters<typeof lookup.user>[0]) ?? [])
          .filter(({ id, status }) => status === 'active' && (after === null || id > after))
          .map(({ id }) => id)
          .slice(0, limit)
        return E.right(userPage(lookup, ids, limit))
      }),
    rebuild: (progress, accept) => async () =>
      isOver
        ? E.left(closedFailure)
        : queued((transaction) => rebuild(transaction, progress, accept)),
    digest: sha256,
    close: () => async () => {
      isOver = true
      return E.right(undefined)
    },
  }
}

const pageOf = <A>(
  disk: DiskReader,
  events: E.Either<Failure, ReadonlyArray<A>>,
): E.Either<Failure, { readonly head: number; readonly events: ReadonlyArray<A> }> =>
  E.isLeft(events) ? events : E.right({ head: headOf(disk), events: events.right })
