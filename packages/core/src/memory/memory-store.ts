// The store port over plain maps: what other stores are compared with, and what a test opens when it
// needs no file. Nothing survives the process, unless a journal keeps it.

import { emptyDirectory } from '../directory/directory.js'
import { fold } from '../directory/evolve.js'
import { differencesBetween, rowsOf } from '../directory/rows.js'
import { loadSlice } from '../directory/slice.js'
import type { Recorded } from '../log/envelope.js'
import type { Seed } from '../log/ids.js'
import { type AppendCondition, isOwnType, type OwnFact, ownToStored } from '../log/own-event.js'
import { tagsOf } from '../log/tags.js'
import type { Clock } from '../ports/clock.js'
import { bugFailure, closedFailure, type Failure, failure } from '../ports/failure.js'
import type { Appended, Conflict, LogEvent } from '../ports/log.js'
import type {
  Accept,
  Outcome,
  Progress,
  RebuildReport,
  Remembered,
  Store,
  WorkItem,
} from '../ports/store.js'
import { decideItem, openEvents, openLogEvents, ownEvents, userPage } from '../ports/work.js'
import { E, type Either, type TE } from '../prelude.js'
import { frozen } from '../values/frozen.js'
import type { CommandId, Position, UserId } from '../values/token.js'
import { type Journal, type JournalLine, noJournal, withoutBoxesOf } from './journal.js'
import { openMemoryLog } from './memory-log.js'
import { openTables } from './tables.js'

/** The most rows that the report of a rebuild names. */
const toldMax = 1000

/**
 * What a memory store is opened with. `digest` makes a digest of a command's content; the default
 * keeps the content itself in memory, also of somebody who is erased: give a keyed one where that
 * matters.
 * @since 0.1.0
 * @category Store
 */
export interface MemoryOptions {
  readonly clock: Clock
  readonly digest?: (text: string) => string
}

/**
 * A store in memory.
 * @since 0.1.0
 * @category Store
 */
export const memoryStore = (options: MemoryOptions): Store =>
  openOver(options, noJournal, nothingKept)

/**
 * What a journaled store is opened with. `digest` must be under a key that outlives the process: what
 * is remembered of a command id is compared by it.
 * @since 0.1.0
 * @category Store
 */
export interface JournaledOptions extends Required<MemoryOptions> {
  readonly journal: Journal
}

/**
 * A store that answers from memory and keeps its log in a journal: the shortest way to a store of
 * your own, for as many events as fit in memory. One process at a time. Fails with `corrupt` where
 * the lines are not a log.
 *
 * @example
 * const opened = journaledStore({ clock: Date.now, digest, journal })
 *
 * @since 0.1.0
 * @category Store
 */
export const journaledStore = (options: JournaledOptions): Either<Failure, Store> => {
  const lines = options.journal.lines()
  const stored = lines.flatMap(({ events }) => events)
  const opened = openLogEvents(stored)
  if (E.isLeft(opened)) return opened
  const gap = stored.findIndex(({ position }, i) => position !== i + 1)
  return gap === -1
    ? E.right(openOver(options, options.journal, { lines, events: opened.right }))
    : E.left(gapFailure(gap + 1))
}

/** What stands in a journal, and its events opened. */
interface Kept {
  readonly lines: ReadonlyArray<JournalLine>
  readonly events: ReadonlyArray<LogEvent>
}

const nothingKept: Kept = { lines: [], events: [] }

const openOver = (
  { clock, digest = (text) => text }: MemoryOptions,
  journal: Journal,
  kept: Kept,
): Store => {
  const log = openMemoryLog()
  const commands = new Map<CommandId, Remembered>()
  let tables = openTables(fold(emptyDirectory, kept.events.filter(isSelfsames)))
  /** Why nothing is answered any more. */
  let over: Failure | null = null
  /** How often anything was written. */
  let version = 0

  const moment = () => log.moment(clock)

  const take = ({ events, remembered }: JournalLine, opened: ReadonlyArray<LogEvent>): void => {
    for (const [i, event] of opened.entries()) {
      const stored = events[i]
      if (stored !== undefined) log.push(stored, isSelfsames(event) ? tagsOf(event) : event.tags)
    }
    if (remembered !== null) commands.set(remembered.commandId, remembered)
  }
  for (const line of kept.lines)
    take(line, kept.events.slice(log.head(), log.head() + line.events.length))

  /** Nobody is answered before the journal has a line, nor after it failed. */
  const keep = (
    line: JournalLine,
    opened: ReadonlyArray<LogEvent>,
    erased: ReadonlyArray<UserId> = [],
  ): void => {
    try {
      if (erased.length === 0) journal.add(line)
      else journal.replace([...journal.lines(), line].map((one) => withoutBoxesOf(erased, one)))
    } catch (error) {
      over = journalFailure(error)
      throw error
    }
    take(line, opened)
    log.erase(erased)
  }

  const answer = <L, A>(work: () => Either<L, A>): Either<L | Failure, A> => {
    if (over !== null) return E.left(over)
    try {
      return work()
    } catch (error) {
      return E.left(over ?? bugFailure(error))
    }
  }

  const answering =
    <L, A>(work: () => Either<L, A>): TE.TaskEither<L | Failure, A> =>
    async () =>
      answer(work)

  const transactOne = (item: WorkItem): Either<Failure, Outcome> => {
    const known = item.commandId === null ? undefined : commands.get(item.commandId)
    if (known !== undefined) return E.right({ _tag: 'Repeated', remembered: known })
    const writes = decideItem(tables.lookup, item, moment())
    if (E.isLeft(writes)) return E.right({ _tag: 'Refused', reason: writes.left })
    const { decision, events, changes, remembered, erased } = writes.right
    version += 1
    tables.write(changes)
    // What a receipt shows are parts of what is kept.
    keep({ events: frozen(events), remembered }, decision.events, erased)
    return E.right({ _tag: 'Recorded', decision, position: log.head() })
  }

  const append = (
    facts: ReadonlyArray<OwnFact>,
    seed: Seed,
    condition: AppendCondition | undefined,
  ): Either<Conflict, Appended> => {
    const { failIfEventsMatch = [], after = 0 } = condition ?? {}
    const [standing] =
      condition === undefined ? [] : log.select(failIfEventsMatch, { after, limit: 1 }, 'any')
    if (standing !== undefined) return E.left({ _tag: 'Conflict', position: standing.position })
    const events = ownEvents(facts, seed, moment())
    version += 1
    keep({ events: events.map(ownToStored), remembered: null }, events)
    return E.right({ position: log.head(), events })
  }

  const rebuild = (
    progress: Progress | undefined,
    accept: Accept | undefined,
  ): Either<Failure, RebuildReport> => {
    const events = openEvents(log.select([], {}, 'selfsame'))
    if (E.isLeft(events)) return events
    const rebuilt = fold(emptyDirectory, events.right)
    progress?.(log.head(), log.head())
    const all = Number.POSITIVE_INFINITY
    const found = differencesBetween(rowsOf(tables.directory), rowsOf(rebuilt), all)
    const [differing, differences] = [found.length, found.slice(0, toldMax)]
    const isSwapped = accept === undefined || accept(differing, differences)
    if (isSwapped) tables = openTables(rebuilt)
    version += 1
    return E.right({
      events: log.head(),
      users: rebuilt.users.size,
      installations: rebuilt.installations.size,
      identities: rebuilt.identities.size,
      isSwapped,
      differing,
      differences,
    })
  }

  return {
    transact: (items) => async () => items.map((item) => answer(() => transactOne(item))),
    load: (roots, next) =>
      answering(() => E.right({ ...moment(), directory: loadSlice(tables.lookup, roots, next) })),
    remembered: (commandId) => answering(() => E.right(commands.get(commandId) ?? null)),
    read: (query, range) =>
      answering(() => {
        const events = openEvents(log.select(query, range, 'selfsame'))
        return E.isLeft(events) ? events : E.right({ head: log.head(), events: events.right })
      }),
    log: {
      read: (query, range) =>
        answering(() => {
          const events = openLogEvents(log.select(query, range, 'any'))
          return E.isLeft(events) ? events : E.right({ head: log.head(), events: events.right })
        }),
      append: (facts, seed, condition) => answering(() => append(facts, seed, condition)),
    },
    users: (after, limit) =>
      answering(() => {
        const ids = [...tables.directory.users.values()]
          .filter((user) => user.status === 'active' && (after === null || user.id > after))
          .map(({ id }) => id)
          .sort()
          .slice(0, limit)
        return E.right(userPage(tables.lookup, ids, limit))
      }),
    rebuild: (progress, accept) => answering(() => rebuild(progress, accept)),
    version: () => (over === null ? version : undefined),
    digest,
    close: () => async () => {
      over = closedFailure
      return E.right(undefined)
    },
  }
}

const isSelfsames = (event: LogEvent): event is Recorded => !isOwnType(event.type)

const journalFailure = (error: unknown): Failure =>
  failure(
    'io',
    `the journal failed: ${error instanceof Error ? error.message : String(error)}`,
    'everything acknowledged before is recorded; whether this call is, opening again shows',
    'open the store again',
  )

const gapFailure = (position: Position): Failure =>
  failure(
    'corrupt',
    `the journal has another event where position ${position} belongs`,
    'nothing was changed',
    'restore a backup of the journal',
  )
