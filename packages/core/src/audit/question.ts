// What an auditor asks with: references, identities and moments from anything, read by codecs, and the
// user that each means at a position. Only the log is asked, never a projection.

import type { UserReference } from '../commands/reference.js'
import { reason, violated } from '../directory/refusal.js'
import { ownerIn, type Reader, taggedWith } from '../engine/about.js'
import { type Refusal, refusal } from '../engine/result.js'
import { installationTag } from '../log/tags.js'
import type { Failure } from '../ports/failure.js'
import type { Log } from '../ports/log.js'
import { E, type Either, type TE, t } from '../prelude.js'
import { type Codec, codec, object } from '../values/codec.js'
import { Email } from '../values/email.js'
import { ExternalUserId } from '../values/external-user-id.js'
import {
  emailIdentity,
  externalUserIdentity,
  type Identity,
  phoneIdentity,
} from '../values/identity.js'
import { type Instant, OccurredAt } from '../values/instant.js'
import { parseJson } from '../values/json.js'
import { Phone } from '../values/phone.js'
import type { Position, UserId } from '../values/token.js'
import { reject, toViolations } from '../values/violation.js'
import { holdersOf } from './holders.js'

/**
 * What the auditor's questions need of a store: its log. Projections are not believed.
 * @since 0.1.0
 * @category Audit
 */
export interface AuditedLog extends Reader {
  readonly log: Pick<Log, 'read'>
}

/**
 * A place in the log, and when what stands there was recorded (null before the first event).
 * @since 0.1.0
 * @category Audit
 */
export interface At {
  readonly position: Position
  readonly recordedAt: Instant | null
}

/**
 * The answer to a question of the auditor: found, refused, or failed. Lazy, as of the engine.
 * @since 0.1.0
 * @category Audit
 */
export type Answer<A> = TE.TaskEither<Refusal | Failure, A>

export type Answered<A> = Promise<Either<Refusal | Failure, A>>

/** Reads a question from anything; every violation at once. */
export const read = <A>(codec: Codec<A>, input: unknown): Either<Refusal, A> => {
  const json = parseJson(input)
  if (E.isLeft(json)) return E.left(refusal(violated(json.left), null))
  const parsed = codec.decode(json.right)
  return E.isLeft(parsed) ? E.left(refusal(violated(toViolations(parsed.left)), null)) : parsed
}

const identityKeys = { externalUserId: ExternalUserId, phone: Phone, email: Email }
const anyIdentity = object('an identity', {}, identityKeys)

/** An identity as a question names it: an object with exactly one of the three keys. */
export const IdentityAsked: Codec<Identity> = codec('an identity', (input, context) => {
  const parsed = anyIdentity.validate(input, context)
  if (E.isLeft(parsed)) return parsed
  const found = identitiesIn(parsed.right)
  const [identity] = found
  return identity !== undefined && found.length === 1
    ? t.success(identity)
    : reject(input, context, `must have exactly one of ${Object.keys(identityKeys).join(', ')}`)
})

const identitiesIn = ({
  externalUserId,
  phone,
  email,
}: Pick<UserReference, 'externalUserId' | 'phone' | 'email'>): ReadonlyArray<Identity> => [
  ...(externalUserId == null ? [] : [externalUserIdentity(externalUserId)]),
  ...(phone == null ? [] : [phoneIdentity(phone)]),
  ...(email == null ? [] : [emailIdentity(email)]),
]

const MomentAsked: Codec<Position | Instant> = codec<Position | Instant>(
  'a moment',
  (input, context) => {
    if (typeof input === 'number')
      return Number.isSafeInteger(input) && input >= 0
        ? t.success(input)
        : reject(input, context, 'must be a position: a whole number from 0')
    return OccurredAt.validate(input, context)
  },
)

/**
 * The place that a moment means: the last event up to a position, or recorded up to a time. Without
 * a moment the head of the log; a position beyond it is refused, for nobody knows what will be there.
 */
export const momentOf = async (log: AuditedLog, input: unknown): Answered<At> => {
  const asked = input == null ? E.right(null) : read(MomentAsked, input)
  if (E.isLeft(asked)) return asked
  const moment = asked.right
  if (typeof moment === 'string') return lastUpTo(log, moment)
  const last = await lastBefore(log, moment ?? undefined)
  if (E.isLeft(last)) return last
  const { head, recordedAt } = last.right
  if (moment !== null && moment > head)
    return E.left(refusal(reason('REQUEST_FORMAT_INVALID', beyond(head), { head }), null))
  return E.right({ position: moment ?? head, recordedAt })
}

const beyond = (head: Position): string => `the log ends at position ${head}`

const lastBefore = async (
  { log }: AuditedLog,
  upTo: Position | undefined,
): Promise<
  Either<
    Failure,
    { readonly head: Position; readonly at: Position; readonly recordedAt: Instant | null }
  >
> => {
  const range = { limit: 1, backwards: true, ...(upTo === undefined ? {} : { upTo }) }
  const page = await log.read([], range)()
  if (E.isLeft(page)) return page
  const [event] = page.right.events
  return E.right({
    head: page.right.head,
    at: event?.position ?? 0,
    recordedAt: event?.recordedAt ?? null,
  })
}

/** The last event recorded up to a time. Times never decrease, so halving finds it. */
const lastUpTo = async (log: AuditedLog, time: Instant): Answered<At> => {
  const last = await lastBefore(log, undefined)
  if (E.isLeft(last)) return last
  let found: At = { position: 0, recordedAt: null }
  for (let [low, high] = [1, last.right.head]; low <= high; ) {
    const middle = Math.floor((low + high) / 2)
    const one = await lastBefore(log, middle)
    if (E.isLeft(one)) return one
    const { recordedAt } = one.right
    if (recordedAt !== null && recordedAt <= time) {
      found = { position: middle, recordedAt }
      low = middle + 1
    } else high = middle - 1
  }
  return E.right(found)
}

/** The id of the user that a reference means at a position, merges aside; null where there is none. */
export const referredAt = async (
  reader: Reader,
  reference: UserReference,
  at: Position,
): Promise<Either<Failure, UserId | null>> => {
  const [identity] = identitiesIn(reference)
  if (identity !== undefined) {
    const holders = await holdersOf(reader, identity, at)
    return E.isLeft(holders) ? holders : E.right(holders.right.holdings.at(-1)?.userId ?? null)
  }
  const { pushRegistrationId: id } = reference
  if (id === undefined) return E.right(reference.userId ?? null)
  const events = await taggedWith(reader, [installationTag(id)], at)
  return E.isLeft(events) ? events : E.right(ownerIn(events.right, id))
}
