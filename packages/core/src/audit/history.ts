// What happened to a user across its merges, to an installation across its owners, to an identity
// across its holders.

import { reason } from '../directory/refusal.js'
import { givenTo, taggedWith } from '../engine/about.js'
import { refusal } from '../engine/result.js'
import type { Recorded } from '../log/envelope.js'
import { installationTag } from '../log/tags.js'
import { E } from '../prelude.js'
import { readBackOf } from '../values/identity.js'
import { type Position, PushRegistrationId, type UserId } from '../values/token.js'
import { type Holding, holdersOf, holdings } from './holders.js'
import { personAt } from './person.js'
import { type Answer, type At, type AuditedLog, IdentityAsked, momentOf, read } from './question.js'

/**
 * The events of a user, of everyone absorbed in it while they were, and of installations while they
 * were with any of these. `absorbed` tells by which merge each came in, and by which unmerge it left.
 * @since 0.1.0
 * @category Audit
 */
export interface UserHistory extends At {
  readonly userId: UserId
  readonly status: 'active' | 'erased'
  readonly absorbed: ReadonlyArray<Absorption>
  readonly events: ReadonlyArray<Recorded>
}

/**
 * That a user was in another: from the position of the merge to that of the unmerge, or null.
 * @since 0.1.0
 * @category Audit
 */
export interface Absorption {
  readonly userId: UserId
  readonly into: UserId
  readonly from: Position
  readonly until: Position | null
}

/**
 * The events of an installation, and the users it was with; nobody (null) once it has expired.
 * @since 0.1.0
 * @category Audit
 */
export interface InstallationHistory extends At {
  readonly pushRegistrationId: PushRegistrationId
  readonly owners: ReadonlyArray<Holding>
  readonly events: ReadonlyArray<Recorded>
}

/**
 * The events that gave or freed an identity, and its holders. What was erased is found no more.
 * @since 0.1.0
 * @category Audit
 */
export interface IdentityHistory extends At {
  readonly holders: ReadonlyArray<Holding>
  readonly events: ReadonlyArray<Recorded>
}

export const userHistory =
  (log: AuditedLog, reference: unknown, moment: unknown): Answer<UserHistory> =>
  async () => {
    const found = await personAt(log, reference, moment)
    if (E.isLeft(found)) return found
    const { at, user, events } = found.right
    const absorbed = absorptionsIn(events, user.id, at.position)
    const until = new Map<UserId, Position>([[user.id, at.position]])
    for (const one of absorbed)
      until.set(one.userId, Math.max(until.get(one.userId) ?? 0, one.until ?? at.position))
    return E.right(
      readBackOf({
        ...at,
        userId: user.id,
        status: user.status,
        absorbed,
        events: events.filter((event) =>
          usersOf(event).some((id) => event.position <= (until.get(id) ?? 0)),
        ),
      }),
    )
  }

/** Who was in a user up to a position, directly or through a chain, as the merges say. */
export const absorptionsIn = (
  events: ReadonlyArray<Recorded>,
  survivor: UserId,
  upTo: Position,
): ReadonlyArray<Absorption> =>
  events.flatMap((event) => {
    if (event.type !== 'UsersMerged' || event.payload.survivorId !== survivor) return []
    if (event.position > upTo) return []
    const undone = events.find(
      (later) =>
        later.type === 'UsersUnmerged' &&
        later.payload.absorbedId === event.payload.absorbedId &&
        later.payload.merged === event.position &&
        later.position <= upTo,
    )
    const { absorbedId } = event.payload
    const until = undone?.position ?? null
    // Whoever was in the one absorbed left together with it.
    const within = absorptionsIn(events, absorbedId, event.position).map((one) => ({
      ...one,
      until: one.until ?? until,
    }))
    return [{ userId: absorbedId, into: survivor, from: event.position, until }, ...within]
  })

/** The users that an event is about; those that it only names (where something came from) are not. */
export const usersOf = (event: Recorded): ReadonlyArray<UserId> => {
  switch (event.type) {
    case 'AttributeDefined':
      return []
    case 'InstallationAttached':
      return [event.payload.userId, event.payload.fromUserId]
    case 'UsersMerged':
    case 'UsersUnmerged':
      return [event.payload.survivorId, event.payload.absorbedId]
    case 'UserErased':
      return [event.payload.userId, ...event.payload.installations.map(({ userId }) => userId)]
    default:
      return [event.payload.userId]
  }
}

export const installationHistory =
  (log: AuditedLog, input: unknown, moment: unknown): Answer<InstallationHistory> =>
  async () => {
    const id = read(PushRegistrationId, input)
    if (E.isLeft(id)) return id
    const at = await momentOf(log, moment)
    if (E.isLeft(at)) return at
    const events = await taggedWith(log, [installationTag(id.right)], at.right.position)
    if (E.isLeft(events)) return events
    if (events.right.length === 0) {
      const unknown = `there is no installation ${id.right} at position ${at.right.position}`
      const details = { pushRegistrationId: id.right, position: at.right.position }
      return E.left(refusal(reason('NO_REGISTRATION', unknown, details), null))
    }
    const steps = events.right.flatMap((event) => {
      const to = givenTo(event, id.right)
      return to === undefined ? [] : [[event.position, to] as const]
    })
    return E.right(
      readBackOf({
        ...at.right,
        pushRegistrationId: id.right,
        owners: holdings(steps),
        events: events.right,
      }),
    )
  }

export const identityHistory =
  (log: AuditedLog, input: unknown, moment: unknown): Answer<IdentityHistory> =>
  async () => {
    const identity = read(IdentityAsked, input)
    if (E.isLeft(identity)) return identity
    const at = await momentOf(log, moment)
    if (E.isLeft(at)) return at
    const holders = await holdersOf(log, identity.right, at.right.position)
    if (E.isLeft(holders)) return holders
    return E.right(
      readBackOf({
        ...at.right,
        holders: holders.right.holdings,
        events: holders.right.events,
      }),
    )
  }
