// What every store does alike, apart from reading and writing its rows: decide an item of work, tell
// the moment, open events, page through users.

import type { Decision } from '../commands/decision.js'
import { type Changes, changesBetween } from '../directory/changes.js'
import { leadsTo } from '../directory/keys.js'
import type { Reason } from '../directory/refusal.js'
import { type Lookup, loadSlice } from '../directory/slice.js'
import { fromStored, type StoredEvent, toStored, type Unreadable } from '../log/boxes.js'
import type { Recorded } from '../log/envelope.js'
import { nthId, type Seed } from '../log/ids.js'
import { type OwnEvent, type OwnFact, ownFromStored } from '../log/own-event.js'
import { E, type Either } from '../prelude.js'
import { type Instant, instantFromMillis } from '../values/instant.js'
import type { Position, UserId } from '../values/token.js'
import type { Clock } from './clock.js'
import { type Failure, failure } from './failure.js'
import type { LogEvent } from './log.js'
import type { Moment, Remembered, UserPage, WorkItem } from './store.js'

/**
 * What a store has to write for an item that is accepted, all of it or nothing.
 * @since 0.1.0
 * @category Store
 */
export interface Writes {
  readonly decision: Decision
  readonly events: ReadonlyArray<StoredEvent>
  readonly changes: Changes
  readonly remembered: Remembered | null
  /** Whose boxes and identity tags are destroyed with it, in older events as well. */
  readonly erased: ReadonlyArray<UserId>
}

/**
 * Decides one item against a store's rows.
 * @since 0.1.0
 * @category Store
 */
export const decideItem = (
  lookup: Lookup,
  item: WorkItem,
  moment: Moment,
): Either<Reason, Writes> => {
  const slice = loadSlice(lookup, item.roots, item.next)
  const decided = item.decide(slice, moment)
  if (E.isLeft(decided)) return decided
  const decision = decided.right
  const count = decision.events.length
  return E.right({
    decision,
    events: decision.events.map(toStored),
    changes: changesBetween(slice, decision.directory),
    remembered:
      item.commandId === null
        ? null
        : {
            commandId: item.commandId,
            contentDigest: item.contentDigest,
            position: moment.head + count,
            count,
            subject: decision.subject,
          },
    erased: decision.events.flatMap(erasedBy),
  })
}

/**
 * The moment of a decision after the last event: time never goes back.
 * @since 0.1.0
 * @category Store
 */
export const momentAfter = (head: Position, last: Instant | null, clock: Clock): Moment => {
  const now = instantFromMillis(clock())
  return { head, now: last !== null && last > now ? last : now }
}

/**
 * Opens stored events; the first that cannot be read is a failure that names its position.
 * @since 0.1.0
 * @category Store
 */
export const openEvents = (
  stored: Iterable<StoredEvent>,
): Either<Failure, ReadonlyArray<Recorded>> => {
  const events: Recorded[] = []
  for (const one of stored) {
    const event = fromStored(one)
    if (E.isLeft(event)) return E.left(unreadableFailure(event.left))
    events.push(event.right)
  }
  return E.right(events)
}

/**
 * Opens stored events of any kind.
 * @since 0.1.0
 * @category Store
 */
export const openLogEvents = (
  stored: Iterable<StoredEvent>,
): Either<Failure, ReadonlyArray<LogEvent>> => {
  const events: LogEvent[] = []
  for (const one of stored) {
    const own = ownFromStored(one)
    const event = own === undefined ? fromStored(one) : E.right(own)
    if (E.isLeft(event)) return E.left(unreadableFailure(event.left))
    events.push(event.right)
  }
  return E.right(events)
}

/**
 * The events that an append of own facts records.
 * @since 0.1.0
 * @category Store
 */
export const ownEvents = (
  facts: ReadonlyArray<OwnFact>,
  seed: Seed,
  { now, head }: Moment,
): ReadonlyArray<OwnEvent> =>
  facts.map((fact, i) => ({
    position: head + i + 1,
    id: nthId(seed, i),
    schemaVersion: 1,
    recordedAt: now,
    occurredAt: fact.occurredAt ?? now,
    commandId: null,
    actor: fact.actor ?? null,
    correlationId: fact.correlationId ?? null,
    causationId: fact.causationId ?? null,
    type: fact.type,
    tags: fact.tags,
    payload: fact.payload,
  }))

const unreadableFailure = ({ position, message }: Unreadable): Failure =>
  failure(
    'corrupt',
    `the event at position ${position} cannot be read: ${message}`,
    'nothing was changed; all other events can be read',
    'open the file with the version that wrote it, or restore a backup',
  )

/**
 * A page of the users with these ids; fewer than `limit` of them are the last page.
 * @since 0.1.0
 * @category Store
 */
export const userPage = (lookup: Lookup, ids: ReadonlyArray<UserId>, limit: number): UserPage => ({
  directory: loadSlice(
    lookup,
    ids.map((id) => ({ kind: 'user', id })),
    leadsTo,
  ),
  next: ids.length < limit ? null : (ids.at(-1) ?? null),
})

/** The users whose personal values end with an event. */
export const erasedBy = (event: Recorded): ReadonlyArray<UserId> =>
  event.type === 'UserErased' ? [event.payload.userId, ...event.payload.absorbed] : []
