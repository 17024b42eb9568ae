// The past: a user, an installation, the owner of an identity, or everybody, as of a moment.

import { everyoneIn } from '../directory/directory.js'
import { reason } from '../directory/refusal.js'
import {
  type InstallationView,
  type UserView,
  viewInstallation,
  viewUser,
} from '../directory/view.js'
import { eventsAbout } from '../engine/about.js'
import { refusal } from '../engine/result.js'
import { E } from '../prelude.js'
import { readBackOf } from '../values/identity.js'
import { type Position, PushRegistrationId, type UserId } from '../values/token.js'
import { holdersOf } from './holders.js'
import { personAt } from './person.js'
import { type Answer, type At, type AuditedLog, IdentityAsked, momentOf, read } from './question.js'
import { replayed, replayUpTo } from './replay.js'

/**
 * A user as of a moment. `user` is null where that user was erased by then; `absorbed` is everyone
 * who was in it, directly or through a chain.
 * @since 0.1.0
 * @category Audit
 */
export interface UserAsOf extends At {
  readonly userId: UserId
  readonly status: 'active' | 'erased'
  readonly user: UserView | null
  readonly absorbed: ReadonlyArray<UserId>
}

/**
 * An installation as of a moment.
 * @since 0.1.0
 * @category Audit
 */
export interface InstallationAsOf extends At {
  readonly installation: InstallationView
}

/**
 * Who owned an identity as of a moment, and the position that had linked it; null is nobody.
 * @since 0.1.0
 * @category Audit
 */
export interface OwnerAsOf extends At {
  readonly owner: UserId | null
  readonly linked: Position | null
}

/**
 * Everybody as of a moment: living users with their installations, in the order of their ids, expired
 * installations, who is absorbed in whom, and who is erased.
 * @since 0.1.0
 * @category Audit
 */
export interface DirectoryAsOf extends At {
  readonly users: ReadonlyArray<UserView>
  readonly expired: ReadonlyArray<InstallationView>
  readonly merged: ReadonlyArray<{ readonly userId: UserId; readonly into: UserId }>
  readonly erased: ReadonlyArray<UserId>
}

export const userAsOf =
  (log: AuditedLog, moment: unknown, reference: unknown): Answer<UserAsOf> =>
  async () => {
    const found = await personAt(log, reference, moment)
    if (E.isLeft(found)) return found
    const { at, user, directory } = found.right
    return E.right(
      readBackOf({
        ...at,
        userId: user.id,
        status: user.status,
        user: user.status === 'active' ? viewUser(directory, user) : null,
        absorbed: everyoneIn(directory, user.id),
      }),
    )
  }

export const installationAsOf =
  (log: AuditedLog, moment: unknown, input: unknown): Answer<InstallationAsOf> =>
  async () => {
    const id = read(PushRegistrationId, input)
    if (E.isLeft(id)) return id
    const at = await momentOf(log, moment)
    if (E.isLeft(at)) return at
    const { position } = at.right
    const wanted = { users: [], installations: [id.right], upTo: position }
    const events = await eventsAbout(log, wanted)()
    if (E.isLeft(events)) return events
    const { directory } = replayed(events.right)
    const installation = directory.installations.get(id.right)
    if (installation !== undefined)
      return E.right(
        readBackOf({ ...at.right, installation: viewInstallation(directory, installation) }),
      )
    const details = { pushRegistrationId: id.right, position }
    const unknown = `there is no installation ${id.right} at position ${position}`
    return E.left(refusal(reason('NO_REGISTRATION', unknown, details), null))
  }

export const ownerAsOf =
  (log: AuditedLog, moment: unknown, input: unknown): Answer<OwnerAsOf> =>
  async () => {
    const identity = read(IdentityAsked, input)
    if (E.isLeft(identity)) return identity
    const at = await momentOf(log, moment)
    if (E.isLeft(at)) return at
    const holders = await holdersOf(log, identity.right, at.right.position)
    if (E.isLeft(holders)) return holders
    const owner = holders.right.holdings.at(-1)?.userId ?? null
    const linked = owner === null ? null : holders.right.linked
    return E.right({ ...at.right, owner, linked })
  }

export const directoryAsOf =
  (log: AuditedLog, moment: unknown): Answer<DirectoryAsOf> =>
  async () => {
    const at = await momentOf(log, moment)
    if (E.isLeft(at)) return at
    const everybody = await replayUpTo(log, at.right.position)
    if (E.isLeft(everybody)) return everybody
    const directory = everybody.right
    const users = [...directory.users.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
    return E.right(
      readBackOf({
        ...at.right,
        users: users.flatMap((user) =>
          user.status === 'active' ? [viewUser(directory, user)] : [],
        ),
        expired: [...directory.installations.values()].flatMap((one) =>
          one.status === 'expired' ? [viewInstallation(directory, one)] : [],
        ),
        merged: users.flatMap((user) =>
          user.status === 'merged' ? [{ userId: user.id, into: user.into }] : [],
        ),
        erased: users.flatMap((user) => (user.status === 'erased' ? [user.id] : [])),
      }),
    )
  }
