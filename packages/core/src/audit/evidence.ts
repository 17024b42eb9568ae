// What a third party needs to judge the events of one person without us: the events with their proofs,
// the values that may be shown with their salts, and why the person is as it is. No key is in it.

import { everyoneIn } from '../directory/directory.js'
import type { Envelope } from '../log/envelope.js'
import type { Failure } from '../ports/failure.js'
import { E, type Either, type TE } from '../prelude.js'
import { isJsonObject, type Json, type JsonObject } from '../values/json.js'
import type { Position, UserId } from '../values/token.js'
import type { Checkpoint } from './checkpoint.js'
import {
  type Closed,
  explanationShown,
  mergesShown,
  positionsOfExplanation,
  positionsOfMerges,
} from './evidence-shown.js'
import { type Explanation, explainUser } from './explain.js'
import { ownersIn, ownersOfBox } from './export-boxes.js'
import { type Absorption, userHistory } from './history.js'
import { explainMerges, type MergesExplained } from './merges.js'
import { type Person, personAt } from './person.js'
import type { Answer, Answered, At, AuditedLog } from './question.js'

/**
 * A box as a store opens it for evidence: `opened` is null where its owner is erased. The commitment
 * `sha256` is in lower-case hex, and so is the salt.
 * @since 0.1.0
 * @category Audit
 */
export interface DisclosedBox {
  readonly owner: UserId
  readonly sha256: string
  readonly opened: { readonly salt: string; readonly content: Json } | null
}

/**
 * An event as a store discloses it: its public part as it was recorded, its boxes, and the `tlog-proof`
 * file that shows it to stand in the log.
 * @since 0.1.0
 * @category Audit
 */
export interface Disclosure {
  readonly event: Envelope & { readonly type: string; readonly payload: Json }
  readonly boxes: ReadonlyArray<DisclosedBox>
  readonly proof: string
}

/**
 * Discloses the events at some positions, each proved against one checkpoint.
 * @since 0.1.0
 * @category Audit
 */
export type Disclose = (
  positions: ReadonlyArray<Position>,
) => TE.TaskEither<Failure, ReadonlyArray<Disclosure>>

/**
 * A box of an event of a bundle. Where it is closed, why: its owner is erased, or some of its values are
 * somebody else's. Else SHA-256 of the salt and the canonical content is `sha256`.
 * @since 0.1.0
 * @category Audit
 */
export interface EvidenceBox {
  readonly owner: UserId
  readonly sha256: string
  readonly closed: Closed | null
  readonly salt: string | null
  readonly content: JsonObject | null
}

/**
 * An event of a bundle: what of it is public, and its boxes.
 * @since 0.1.0
 * @category Audit
 */
export interface EvidenceEvent extends Envelope {
  readonly type: string
  readonly payload: JsonObject
  readonly boxes: ReadonlyArray<EvidenceBox>
}

/**
 * The evidence of one person as of a checkpoint: `log` and `size` are what that says. `erasedAt` is the
 * position of the person's erasure, which may stand beyond the checkpoint; then nothing is revealed, and
 * there is no explanation. In explanations a value that is not revealed reads `withheld` or `erased`.
 * @since 0.1.0
 * @category Audit
 */
export interface Evidence extends At {
  readonly format: 'selfsame-evidence'
  readonly version: 1
  readonly log: string
  readonly size: number
  readonly userId: UserId
  readonly erasedAt: Position | null
  readonly absorbed: ReadonlyArray<Absorption>
  readonly events: ReadonlyArray<EvidenceEvent>
  readonly explanation: Explanation | null
  readonly merges: MergesExplained | null
}

/**
 * Evidence, and the proof file of each of its events, in their order.
 * @since 0.1.0
 * @category Audit
 */
export interface ProvedEvidence {
  readonly evidence: Evidence
  readonly proofs: ReadonlyArray<{ readonly position: Position; readonly file: string }>
}

/** How many events are disclosed at a time. */
const page_events = 200

/**
 * The evidence of the person that a user reference meant when a checkpoint was signed; `disclose` proves
 * against that checkpoint, and refuses one that is not of the log. Refusals: `REQUEST_FORMAT_INVALID`,
 * `USER_NOT_FOUND`. Somebody erased is found by the user id.
 *
 * @since 0.1.0
 * @category Audit
 */
export const evidenceOf =
  (
    log: AuditedLog,
    { origin, size }: Pick<Checkpoint, 'origin' | 'size'>,
    disclose: Disclose,
    reference: unknown,
  ): Answer<ProvedEvidence> =>
  async () => {
    const isOfThisLog = await disclose([])()
    if (E.isLeft(isOfThisLog)) return isOfThisLog
    const then = await personAt(log, reference, size)
    if (E.isLeft(then)) return then
    const { at, user } = then.right
    const history = await userHistory(log, { userId: user.id }, size)()
    if (E.isLeft(history)) return history
    const now = await personAt(log, { userId: user.id }, undefined)
    if (E.isLeft(now)) return now
    const erasedAt = erasureOf(now.right)
    const reasons = erasedAt === null ? await reasonsFor(log, user.id, size) : E.right(noReasons)
    if (E.isLeft(reasons)) return reasons
    const { explanation, merges } = reasons.right
    const positions = inOrder([
      ...history.right.events.map(({ position }) => position),
      ...(explanation === null ? [] : positionsOfExplanation(explanation)),
      ...(merges === null ? [] : positionsOfMerges(merges)),
    ]).filter((position) => position <= size)
    const disclosed = await disclosedIn(disclose, positions)
    if (E.isLeft(disclosed)) return disclosed
    const events = disclosed.right.map(boxesFor(then.right, now.right))
    const closed = new Map(events.map(({ position, boxes }) => [position, closedIn(boxes)]))
    return E.right({
      evidence: {
        format: 'selfsame-evidence',
        version: 1,
        ...at,
        log: origin,
        size,
        userId: user.id,
        erasedAt,
        absorbed: history.right.absorbed,
        events,
        explanation: explanation && explanationShown(explanation, closed),
        merges: merges && mergesShown(merges, closed),
      },
      proofs: disclosed.right.map(({ event, proof }) => ({
        position: event.position,
        file: proof,
      })),
    })
  }

const erasureOf = ({ user, events }: Person): Position | null =>
  user.status !== 'erased'
    ? null
    : (events.find((event) => event.type === 'UserErased' && event.payload.userId === user.id)
        ?.position ?? null)

interface Reasons {
  readonly explanation: Explanation | null
  readonly merges: MergesExplained | null
}

const noReasons: Reasons = { explanation: null, merges: null }

const reasonsFor = async (log: AuditedLog, userId: UserId, size: Position): Answered<Reasons> => {
  const explanation = await explainUser(log, { userId }, size)()
  if (E.isLeft(explanation)) return explanation
  const merges = await explainMerges(log, { userId }, size)()
  return E.isLeft(merges)
    ? merges
    : E.right({ explanation: explanation.right, merges: merges.right })
}

const inOrder = (positions: ReadonlyArray<Position>): ReadonlyArray<Position> =>
  [...new Set(positions)].sort((a, b) => a - b)

const disclosedIn = async (
  disclose: Disclose,
  positions: ReadonlyArray<Position>,
): Promise<Either<Failure, ReadonlyArray<Disclosure>>> => {
  const all: Disclosure[] = []
  for (let i = 0; i < positions.length; i += page_events) {
    const page = await disclose(positions.slice(i, i + page_events))()
    if (E.isLeft(page)) return page
    all.push(...page.right)
  }
  return E.right(all)
}

/**
 * A box is opened where all that is in it was the person's when the checkpoint was signed and is today:
 * whoever is separated since is another person, and of somebody erased nothing is shown, though a value
 * may stand in a box of whom they were part of for a time.
 */
const boxesFor = (then: Person, now: Person): ((one: Disclosure) => EvidenceEvent) => {
  const before = now.user.status === 'erased' ? new Set<UserId>() : partsOf(then)
  const theirs = new Set([...partsOf(now)].filter((id) => before.has(id)))
  const owners = ownersIn(now.events)
  const byPosition = new Map(now.events.map((event) => [event.position, event]))
  return ({ event, boxes }) => {
    const recorded = byPosition.get(event.position)
    const isTheirs = (id: UserId | null): boolean => id !== null && theirs.has(id)
    const ofBox = (owner: UserId): ReadonlyArray<UserId | null> =>
      recorded === undefined ? [null] : ownersOfBox(recorded, owner, owners)
    return {
      ...event,
      payload: objectIn(event.payload),
      boxes: boxes.map(({ owner, sha256, opened }) => {
        // A box of the first schema may hold no value: then it is its owner's.
        const of = ofBox(owner)
        const isOpen = (of.length === 0 ? [owner] : of).every(isTheirs)
        const closed = opened === null ? 'erased' : isOpen ? null : 'withheld'
        return closed === null && opened !== null
          ? { owner, sha256, closed, salt: opened.salt, content: objectIn(opened.content) }
          : { owner, sha256, closed, salt: null, content: null }
      }),
    }
  }
}

const partsOf = ({ user, directory }: Person): ReadonlySet<UserId> =>
  new Set([user.id, ...everyoneIn(directory, user.id)])

const closedIn = (boxes: ReadonlyArray<EvidenceBox>): Closed | null =>
  boxes.find(({ closed }) => closed !== null)?.closed ?? null

/** Payloads and boxes of ours are objects. */
const objectIn = (value: Json): JsonObject => {
  if (isJsonObject(value)) return value
  throw new Error('an event of ours whose payload or box is no object')
}
