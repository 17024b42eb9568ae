// Why a user is as it is: for each thing it holds the chain of events that gave it, and the merges in
// which it was settled later and stayed.

import type { Directory } from '../directory/directory.js'
import { reason } from '../directory/refusal.js'
import {
  type ActiveUser,
  identitiesOf,
  isAttribute,
  isTag,
  nameIn,
  singleFields,
  tagField,
} from '../directory/user.js'
import { refusal } from '../engine/result.js'
import type { Recorded } from '../log/envelope.js'
import type { EventType, FieldKey, Source } from '../log/event.js'
import { identityField } from '../merge/kept.js'
import { E } from '../prelude.js'
import { readBackOf } from '../values/identity.js'
import type { Instant } from '../values/instant.js'
import { type Json, jsonOf } from '../values/json.js'
import type { CommandId, Position, Token, UserId } from '../values/token.js'
import {
  type Chain,
  chainOfField,
  chainOfIdentity,
  chainOfInstallation,
  chainOfStanding,
  staysOf,
} from './chain.js'
import { type Chronicle, openChronicle, type Settled } from './chronicle.js'
import { type Decision, decisionIn } from './decisions.js'
import { personAt } from './person.js'
import type { Answer, At, AuditedLog } from './question.js'

/**
 * One event of a chain: where and when, by whom, and about which user. `decision` is what a merge, or
 * an unmerge that settled the field again, decided about the field explained; null elsewhere.
 * @since 0.1.0
 * @category Audit
 */
export interface Link {
  readonly position: Position
  readonly recordedAt: Instant
  readonly type: EventType
  readonly userId: UserId
  readonly other: UserId | null
  readonly actor: Token | null
  readonly commandId: CommandId | null
  readonly decision: Decision | null
}

/**
 * Why a user holds one thing. The events of `chain`, folded alone, give `value`. `upheld` are the
 * merges and unmerges since it was written that settled the field again, and left it.
 *
 * Fields: `type`, `createdAt`, `promotedAt`, `externalUserId`, `phones`, `emails` (one each),
 * `firstName` and so on, `tags.TAG`, `customAttributes.NAME`, `primary`, `installations` (one each).
 * @since 0.1.0
 * @category Audit
 */
export interface Explained {
  readonly field: FieldKey
  readonly value: Json
  readonly chain: ReadonlyArray<Link>
  readonly upheld: ReadonlyArray<Link>
}

/**
 * Why a user was as it was at a moment.
 * @since 0.1.0
 * @category Audit
 */
export interface Explanation extends At {
  readonly userId: UserId
  readonly fields: ReadonlyArray<Explained>
}

export const explainUser =
  (log: AuditedLog, reference: unknown, moment: unknown): Answer<Explanation> =>
  async () => {
    const found = await personAt(log, reference, moment)
    if (E.isLeft(found)) return found
    const { at, user, events, directory } = found.right
    if (user.status === 'erased')
      return E.left(
        refusal(reason('USER_ERASED', 'this user was erased', { userId: user.id }), null),
      )
    return E.right(
      readBackOf({ ...at, userId: user.id, fields: explained(directory, user, events) }),
    )
  }

interface Written {
  readonly by: UserId
  readonly at: Position
}

/** Everything that a living user holds, in the order in which users are shown. */
const explained = (
  directory: Directory,
  user: ActiveUser,
  events: ReadonlyArray<Recorded>,
): ReadonlyArray<Explained> => {
  const chronicle = openChronicle(directory, events)
  const one = (field: FieldKey, value: Json, chain: Chain, written?: Written): Explained => {
    const link = (event: Recorded): Link => linkOf(chronicle, event, field)
    return {
      // A tag is a value, though it stands in a name: it may be erased as well.
      field: isTag(field) ? tagField(readBackOf(nameIn(field))) : field,
      value,
      chain: chain.flatMap((position) => [chronicle.at(position) ?? []].flat()).map(link),
      upheld: written === undefined ? [] : upheld(chronicle, user, field, written).map(link),
    }
  }
  const fields = Object.keys(user.cells)
  const shown = [
    ...singleFields.filter((field) => fields.includes(field)),
    ...fields.filter(isTag).sort(),
    ...fields.filter(isAttribute).sort(),
    ...fields.filter((field) => field === 'primary'),
  ]
  const promotedAt = user.standing.type === 'CUSTOMER' ? user.standing.promotedAt : null
  return [
    one('type', user.standing.type, chainOfStanding(chronicle, user, 'type')),
    one('createdAt', user.createdAt, chainOfStanding(chronicle, user, 'createdAt')),
    ...(promotedAt === null
      ? []
      : [one('promotedAt', promotedAt, chainOfStanding(chronicle, user, 'promotedAt'))]),
    ...identitiesOf(user).map((identity) =>
      one(
        identityField[identity.kind],
        identity.value,
        chainOfIdentity(chronicle, user, identity),
        identity,
      ),
    ),
    ...shown.map((field) =>
      one(
        field,
        jsonOf(user.cells[field]?.value ?? null),
        chainOfField(chronicle, user, field),
        user.cells[field],
      ),
    ),
    ...user.installations.map((attachment) =>
      one('installations', attachment.id, chainOfInstallation(chronicle, user, attachment)),
    ),
  ]
}

/** Merges and unmerges in which a user that had the thing might have lost it, and did not. */
const upheld = (
  chronicle: Chronicle,
  user: ActiveUser,
  field: FieldKey,
  written: Written,
): ReadonlyArray<Recorded> => {
  const found = staysOf(chronicle, user, written).flatMap(({ userId, from, until }) =>
    chronicle.settled(userId, field).flatMap((one) => {
      const { position } = one.event
      const isHere = from < position && position < until
      return isHere && chosenIn(one)?.position === written.at ? [one.event] : []
    }),
  )
  return found.sort((a, b) => a.position - b.position)
}

const chosenIn = ({ as }: Settled): Source | null => ('chosen' in as ? as.chosen : as.source)

const linkOf = (chronicle: Chronicle, event: Recorded, field: FieldKey): Link => {
  const [userId, other] = partiesOf(event)
  return {
    position: event.position,
    recordedAt: event.recordedAt,
    type: event.type,
    userId,
    other,
    actor: event.actor,
    commandId: event.commandId,
    decision: decisionIn(chronicle, event, field),
  }
}

/** The user that an event is about, and the other one where it is about two. */
const partiesOf = (event: Recorded): readonly [UserId, UserId | null] => {
  switch (event.type) {
    case 'UsersMerged':
    case 'UsersUnmerged':
      return [event.payload.survivorId, event.payload.absorbedId]
    case 'InstallationAttached':
      return [event.payload.userId, event.payload.fromUserId]
    case 'AttributeDefined':
      throw new Error('a definition is no part of a chain')
    default:
      return [event.payload.userId, null]
  }
}
