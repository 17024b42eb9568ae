// The store port over plain maps: what other stores are compared with, and what a test opens when it
// needs no file. Nothing survives the process.

import { emptyDirectory } from '../directory/directory.js'
import { fold } from '../directory/evolve.js'
import { differencesBetween, rowsOf } from '../directory/rows.js'
import { loadSlice } from '../directory/slice.js'
import type { StoredEvent } from '../log/boxes.js'
import { isOwnType, ownToStored } from '../log/own-event.js'
import { matches, type Query } from '../log/query.js'
import { isPersonalTag, type Tag, tagsOf } from '../log/tags.js'
import type { Clock } from '../ports/clock.js'
import { bugFailure, closedFailure, type Failure } from '../ports/failure.js'
import type { Moment, Outcome, Range, Remembered, Store, WorkItem } from '../ports/store.js'
import {
  decideItem,
  momentAfter,
  openEvents,
  openLogEvents,
  ownEvents,
  userPage,
  type Writes,
} from '../ports/work.js'
import { E, type Either, type TE } from '../prelude.js'
import type { CommandId } from '../values/token.js'
import { openTables, type Tables } from './tables.js'

interface Line {
  readonly stored: StoredEvent
  readonly tags: ReadonlySet<Tag>
}

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
export const memoryStore = ({ clock, digest = (text) => text }: MemoryOptions): Store => {
  const log: Line[] = []
  const commands = new Map<CommandId, Remembered>()
  let tables: Tables = openTables()
  let isClosed = false

  const moment = (): Moment => momentAfter(log.length, log.at(-1)?.stored.recordedAt ?? null, clock)

  const write = ({ decision, events, changes, remembered, erased }: Writes): void => {
    tables.write(changes)
    decision.events.forEach((event, i) => {
      const stored = events[i]
      if (stored !== undefined) log.push({ stored, tags: new Set(tagsOf(event)) })
    })
    if (remembered !== null) commands.set(remembered.commandId, remembered)
    if (erased.length === 0) return
    log.forEach(({ stored, tags }, i) => {
      if (!stored.boxes.some(({ owner }) => erased.includes(owner))) return
      log[i] = {
        stored: { ...stored, boxes: stored.boxes.filter(({ owner }) => !erased.includes(owner)) },
        tags: new Set([...tags].filter((tag) => !isPersonalTag(tag))),
      }
    })
  }

  const transactOne = (item: WorkItem): Either<Failure, Outcome> => {
    if (isClosed) return E.left(closedFailure)
    try {
      return decided(item)
    } catch (error) {
      return E.left(bugFailure(error))
    }
  }

  const decided = (item: WorkItem): Either<Failure, Outcome> => {
    const known = item.commandId === null ? undefined : commands.get(item.commandId)
    if (known !== undefined) return E.right({ _tag: 'Repeated', remembered: known })
    const writes = decideItem(tables.lookup, item, moment())
    if (E.isLeft(writes)) return E.right({ _tag: 'Refused', reason: writes.left })
    write(writes.right)
    return E.right({ _tag: 'Recorded', decision: writes.right.decision, position: log.length })
  }

  const whenOpen =
    <A>(work: () => Either<Failure, A>): TE.TaskEither<Failure, A> =>
    async () => {
      if (isClosed) return E.left(closedFailure)
      try {
        return work()
      } catch (error) {
        return E.left(bugFailure(error))
      }
    }

  return {
    transact: (items) => async () => items.map(transactOne),
    load: (roots, next) =>
      whenOpen(() => E.right({ ...moment(), directory: loadSlice(tables.lookup, roots, next) })),
    remembered: (commandId) => whenOpen(() => E.right(commands.get(commandId) ?? null)),
    read: (query, range) =>
      whenOpen(() => {
        const events = openEvents(readRange(log, query, range, (type) => !isOwnType(type)))
        return E.isLeft(events) ? events : E.right({ head: log.length, events: events.right })
      }),
    log: {
      read: (query, range) =>
        whenOpen(() => {
          const events = openLogEvents(readRange(log, query, range, () => true))
          return E.isLeft(events) ? events : E.right({ head: log.length, events: events.right })
        }),
      append: (facts, seed, condition) => async () => {
        if (isClosed) return E.left(closedFailure)
        const [standing] =
          condition === undefined
            ? []
            : readRange(
                log,
                condition.failIfEventsMatch,
                { after: condition.after ?? 0, limit: 1 },
                () => true,
              )
        if (standing !== undefined) return E.left({ _tag: 'Conflict', position: standing.position })
        const events = ownEvents(facts, seed, moment())
        for (const event of events)
          log.push({ stored: ownToStored(event), tags: new Set(event.tags) })
        return E.right({ position: log.length, events })
      },
    },
    users: (after, limit) =>
      whenOpen(() => {
        const ids = [...tables.directory.users.values()]
          .filter((user) => user.status === 'active' && (after === null || user.id > after))
          .map(({ id }) => id)
          .sort()
          .slice(0, limit)
        return E.right(userPage(tables.lookup, ids, limit))
      }),
    rebuild: (progress) =>
      whenOpen(() => {
        const events = openEvents(readRange(log, [], {}, (type) => !isOwnType(type)))
        if (E.isLeft(events)) return events
        const rebuilt = fold(emptyDirectory, events.right)
        progress?.(log.length, log.length)
        const differences = differencesBetween(rowsOf(tables.directory), rowsOf(rebuilt))
        tables = openTables(rebuilt)
        return E.right({
          events: log.length,
          users: rebuilt.users.size,
          installations: rebuilt.installations.size,
          identities: rebuilt.identities.size,
          differences,
        })
      }),
    digest,
    close: () => async () => {
      isClosed = true
      return E.right(undefined)
    },
  }
}

const readRange = (
  log: ReadonlyArray<Line>,
  query: Query,
  { after = 0, upTo = log.length, limit = log.length, backwards = false }: Range,
  isWanted: (type: string) => boolean,
): ReadonlyArray<StoredEvent> => {
  const within = log
    .slice(after, upTo)
    .filter(({ stored, tags }) => isWanted(stored.type) && matches(query, stored.type, tags))
    .map(({ stored }) => stored)
  return backwards ? within.reverse().slice(0, limit) : within.slice(0, limit)
}
