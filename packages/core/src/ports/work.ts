// What every store does with one item of work, apart from reading and writing its rows.

import { E } from '../prelude.js'
import { type Changes, changesBetween } from '../directory/changes.js'
import { type Lookup, loadSlice } from '../directory/slice.js'
import type { Reason } from '../directory/refusal.js'
import { type StoredEvent, toStored } from '../log/boxes.js'
import type { Recorded } from '../log/envelope.js'
import type { UserId } from '../values/token.js'
import type { Decision } from '../commands/decision.js'
import type { Moment, Remembered, WorkItem } from './store.js'

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
): E.Either<Reason, Writes> => {
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

/** The users whose personal values end with an event. */
export const erasedBy = (event: Recorded): ReadonlyArray<UserId> =>
  event.type === 'UserErased' ? [event.payload.userId, ...event.payload.absorbed] : []
