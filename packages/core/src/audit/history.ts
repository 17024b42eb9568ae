// What happened to a user across its merges, to an installation across its owners, to an identity
// across its holders.

import { reason } from '../directory/refusal.js'
import { givenTo, taggedWith } from '../engine/about.js'
import { refusal } from '../engine/result.js'
import type { Recorded } from '../log/envelope.js'
import type { UsersMerged } from '../log/event.js'
import { installationTag } from '../log/tags.js'
import { E } from '../prelude.js'
import { readBackOf } from '../values/identity.js'
import { type Position, PushRegistrationId, type UserId } from '../values/token.js'
import { push } from './chronicle.js'
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

/**
 * Who was in a user up to a position, directly or through a chain, as the merges say: those of one
 * merge before those of the next, each with whoever had been in it. Each merge stands here once, also
 * where its survivor was absorbed, parted and absorbed again, and with the last parting.
 */
export const absorptionsIn = (
  events: ReadonlyArray<Recorded>,
  survivor: UserId,
  upTo: Position,
): ReadonlyArray<Absorption> => {
  const merges = mergesIn(events)
  const untilOf = partings(merges, survivor, upTo)
  const found: Absorption[] = []
  const told = new Map<UserId, number>()
  const pending = [{ into: survivor, upTo }]
  for (let one = pending.at(-1); one !== undefined; one = pending.at(-1)) {
    const count = told.get(one.into) ?? 0
    const merge = merges.into(one.into)[count]
    if (merge === undefined || merge.position > one.upTo) {
      pending.pop()
      continue
    }
    told.set(one.into, count + 1)
    const { position: from, payload } = merge
    const until = untilOf.get(from) ?? null
    found.push({ userId: payload.absorbedId, into: one.into, from, until })
    pending.push({ into: payload.absorbedId, upTo: from - 1 })
  }
  return found
}

/** When each one absorbed left: by its own unmerge, or together with whom it was in. */
const partings = (
  merges: Merges,
  survivor: UserId,
  upTo: Position,
): ReadonlyMap<Position, Position | null> => {
  const later = (a: Position | null, b: Position | null): Position | null =>
    a === null || b === null ? null : Math.max(a, b)
  const seen = new Map([[survivor, { upTo, left: null as Position | null }]])
  const found = new Map<Position, Position | null>()
  // From the last merge to the first, so that of whom somebody is in all is known already.
  for (const merge of merges.all.toReversed()) {
    const { position, payload } = merge
    const within = seen.get(payload.survivorId)
    if (within === undefined || position > within.upTo) continue
    const end = merges.undone(merge)
    const until = end !== null && end <= within.upTo ? end : within.left
    found.set(position, until)
    const before = seen.get(payload.absorbedId)
    seen.set(
      payload.absorbedId,
      before === undefined
        ? { upTo: position - 1, left: until }
        : { upTo: before.upTo, left: later(before.left, until) },
    )
  }
  return found
}

interface Merges {
  readonly all: ReadonlyArray<Recorded<UsersMerged>>
  /** Those of a survivor, in order. */
  readonly into: (survivor: UserId) => ReadonlyArray<Recorded<UsersMerged>>
  /** The position at which a merge was undone. */
  readonly undone: (merge: Recorded<UsersMerged>) => Position | null
}

const mergesIn = (events: ReadonlyArray<Recorded>): Merges => {
  const all: Recorded<UsersMerged>[] = []
  const bySurvivor = new Map<UserId, Recorded<UsersMerged>[]>()
  const ends = new Map<string, Position>()
  const key = (absorbedId: UserId, merged: Position): string => `${merged} ${absorbedId}`
  for (const event of events) {
    if (event.type === 'UsersMerged') {
      all.push(event)
      push(bySurvivor, event.payload.survivorId, event)
    } else if (event.type === 'UsersUnmerged') {
      const undoes = key(event.payload.absorbedId, event.payload.merged)
      if (!ends.has(undoes)) ends.set(undoes, event.position)
    }
  }
  return {
    all,
    into: (id) => bySurvivor.get(id) ?? [],
    undone: ({ payload, position }) => ends.get(key(payload.absorbedId, position)) ?? null,
  }
}

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
