// What the auditor is asked for one report. Everything is asked at one position, so that events which are
// recorded meanwhile do not make one part of the page contradict another.

import type {
  AuditAnswer,
  Auditor,
  Explanation,
  Failure,
  Holding,
  MergesExplained,
  PushRegistrationId,
  Recorded,
  Refusal,
  UserAsOf,
  UserHistory,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'

/**
 * One installation of a person and everybody it was ever with.
 * @since 0.1.0
 * @category Report
 */
export interface InstallationOwners {
  readonly pushRegistrationId: PushRegistrationId
  readonly owners: ReadonlyArray<Holding>
}

/**
 * The life of one person, as the log tells it up to a position. `explanation` is null where the person
 * was erased by then.
 * @since 0.1.0
 * @category Report
 */
export interface Life {
  readonly found: UserAsOf
  readonly history: UserHistory
  readonly explanation: Explanation | null
  readonly merges: MergesExplained
  readonly installations: ReadonlyArray<InstallationOwners>
}

/**
 * Asks the auditor for a life. The reference and the moment are those of its other questions, and so
 * are the refusals; whoever was erased is found by `userId` alone.
 *
 * @example
 * const life = await lifeOf(auditOf(store), { email: 'ada@example.com' })()
 * if (E.isRight(life)) writeFileSync('ada.html', reportHtml(life.right))
 *
 * @since 0.1.0
 * @category Report
 */
export const lifeOf =
  (audit: Auditor, reference: unknown, moment?: unknown): AuditAnswer<Life> =>
  async () => {
    const found = await audit.asOf(moment).user(reference)()
    if (E.isLeft(found)) return found
    const { position, userId, status } = found.right
    const history = await audit.history.user({ userId }, position)()
    if (E.isLeft(history)) return history
    const merges = await audit.explain.merges({ userId }, position)()
    if (E.isLeft(merges)) return merges
    const explanation =
      status === 'erased' ? E.right(null) : await audit.explain.user({ userId }, position)()
    if (E.isLeft(explanation)) return explanation
    const installations = await ownersIn(audit, history.right.events, position)
    if (E.isLeft(installations)) return installations
    return E.right({
      found: found.right,
      history: history.right,
      explanation: explanation.right,
      merges: merges.right,
      installations: installations.right,
    })
  }

/** The owners of every installation that the events name, in the order in which they do. */
const ownersIn = async (
  audit: Auditor,
  events: ReadonlyArray<Recorded>,
  position: number,
): Promise<E.Either<Refusal | Failure, ReadonlyArray<InstallationOwners>>> => {
  const found: InstallationOwners[] = []
  for (const pushRegistrationId of new Set(events.flatMap(installationsIn))) {
    const history = await audit.history.installation(pushRegistrationId, position)()
    if (E.isLeft(history)) return history
    // Its other events are the business of whoever had it then.
    found.push({ pushRegistrationId, owners: history.right.owners })
  }
  return E.right(found)
}

const installationsIn = (event: Recorded): ReadonlyArray<PushRegistrationId> =>
  event.type === 'InstallationRegistered' || event.type === 'InstallationAttached'
    ? [event.payload.pushRegistrationId]
    : 'installations' in event.payload
      ? event.payload.installations.map((one) => one.pushRegistrationId)
      : []
