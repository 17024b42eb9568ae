// What an erasure would reach, and what shows afterwards that it reached it. Neither says a value: ids,
// positions and counts stand in the open anyway.

import { everyoneIn } from '../directory/directory.js'
import { reason } from '../directory/refusal.js'
import { identitiesOf } from '../directory/user.js'
import { refusal } from '../engine/result.js'
import { toStored } from '../log/boxes.js'
import type { Recorded } from '../log/envelope.js'
import { failure } from '../ports/failure.js'
import { E } from '../prelude.js'
import { isErased } from '../values/identity.js'
import type { Instant } from '../values/instant.js'
import { isList, isRecord, type Json } from '../values/json.js'
import type { CommandId, Position, PushRegistrationId, Token, UserId } from '../values/token.js'
import { personAt } from './person.js'
import type { Answer, At, AuditedLog } from './question.js'

/**
 * What an erasure of a living person would reach now: `absorbed` are the users that are part of it,
 * `identities` how many it owns, `positions` the events that hold personal values of any of these.
 * @since 0.1.0
 * @category Audit
 */
export interface ErasureReach extends At {
  readonly userId: UserId
  readonly absorbed: ReadonlyArray<UserId>
  readonly installations: ReadonlyArray<PushRegistrationId>
  readonly identities: number
  readonly positions: ReadonlyArray<Position>
}

/**
 * That a person was erased: at `position`, when, by whom and why, and the `positions` of all events
 * that held personal values of theirs, each of which was read again and holds none.
 * @since 0.1.0
 * @category Audit
 */
export interface ErasureCertificate {
  readonly format: 'selfsame-erasure'
  readonly version: 1
  readonly userId: UserId
  readonly absorbed: ReadonlyArray<UserId>
  readonly installations: ReadonlyArray<PushRegistrationId>
  readonly identities: number
  readonly position: Position
  readonly recordedAt: Instant
  readonly actor: Token | null
  readonly commandId: CommandId | null
  readonly reason: string
  readonly positions: ReadonlyArray<Position>
}

/**
 * What an erasure would reach. Refusals: `REQUEST_FORMAT_INVALID`, `USER_NOT_FOUND`, `USER_ERASED`.
 * @since 0.1.0
 * @category Audit
 */
export const erasureReach =
  (log: AuditedLog, reference: unknown): Answer<ErasureReach> =>
  async () => {
    const found = await personAt(log, reference, undefined)
    if (E.isLeft(found)) return found
    const { at, user, events, directory } = found.right
    if (user.status === 'erased')
      return E.left(
        refusal(reason('USER_ERASED', 'this user was erased', { userId: user.id }), null),
      )
    const absorbed = everyoneIn(directory, user.id)
    return E.right({
      ...at,
      userId: user.id,
      absorbed,
      installations: user.installations.map(({ id }) => id),
      identities: identitiesOf(user).length,
      positions: holding(events, [user.id, ...absorbed], () => true),
    })
  }

/**
 * The certificate of an erasure, from the log as it is now. `USER_NOT_FOUND` where nobody of this id
 * was erased; a failure where a value that should be gone can still be read.
 * @since 0.1.0
 * @category Audit
 */
export const erasureCertificate =
  (log: AuditedLog, userId: UserId): Answer<ErasureCertificate> =>
  async () => {
    const found = await personAt(log, { userId }, undefined)
    if (E.isLeft(found)) return found
    const erased = found.right.events.find(
      (event): event is Extract<Recorded, { readonly type: 'UserErased' }> =>
        event.type === 'UserErased' && event.payload.userId === found.right.user.id,
    )
    if (erased === undefined)
      return E.left(refusal(reason('USER_NOT_FOUND', 'this user was not erased', { userId }), null))
    const { absorbed, identities, installations, reason: why } = erased.payload
    const everyone = [erased.payload.userId, ...absorbed]
    const readable = holding(found.right.events, everyone, (text) => !isErased(text))
    if (readable.length > 0) return E.left(stillReadable(readable))
    return E.right({
      format: 'selfsame-erasure',
      version: 1,
      userId: erased.payload.userId,
      absorbed,
      installations: installations.map(({ pushRegistrationId }) => pushRegistrationId),
      identities: identities.length,
      position: erased.position,
      recordedAt: erased.recordedAt,
      actor: erased.actor,
      commandId: erased.commandId,
      reason: why,
      positions: holding(found.right.events, everyone, () => true),
    })
  }

type Leaf = null | boolean | number | string

/** The positions of the events in whose boxes of these users stands such a value. */
const holding = (
  events: ReadonlyArray<Recorded>,
  users: ReadonlyArray<UserId>,
  is: (value: Leaf) => boolean,
): ReadonlyArray<Position> => {
  const theirs = new Set(users)
  return events
    .filter((event) =>
      toStored(event).boxes.some(
        ({ owner, content }) => theirs.has(owner) && leavesOf(content).some(is),
      ),
    )
    .map(({ position }) => position)
}

const leavesOf = (content: Json): ReadonlyArray<Leaf> => {
  if (isList(content)) return content.flatMap(leavesOf)
  if (isRecord(content)) return Object.values(content).flatMap(leavesOf)
  return [content]
}

const stillReadable = (positions: ReadonlyArray<Position>) =>
  failure(
    'corrupt',
    `values of the erased can still be read, at ${positions.length} positions, first at ${positions[0]}`,
    'the erasure is recorded, and nothing was changed since',
    'open the file again, which finishes erasures, and ask again; else report it as a bug',
  )
