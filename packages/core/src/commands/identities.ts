// Identities in commands: who owns those that a request names, and how they are linked and released.

import { activeUser, type Directory } from '../directory/directory.js'
import type { Key } from '../directory/keys.js'
import { type Reason, reason } from '../directory/refusal.js'
import { type ActiveUser, identitiesOf } from '../directory/user.js'
import { E, type Either } from '../prelude.js'
import type { Email } from '../values/email.js'
import type { ExternalUserId } from '../values/external-user-id.js'
import {
  emailIdentity,
  externalUserIdentity,
  type Identity,
  phoneIdentity,
} from '../values/identity.js'
import type { Phone } from '../values/phone.js'
import type { UserId } from '../values/token.js'
import type { Journal } from './decision.js'

/** Identities as a command gives them: absent keeps, null and [] mean none. */
export interface IdentityPatch {
  readonly externalUserId?: ExternalUserId | null
  readonly phones?: ReadonlyArray<Phone>
  readonly emails?: ReadonlyArray<Email>
}

/** The identities that a patch names, in the order externalUserId, phones, emails. */
export const identitiesIn = (patch: IdentityPatch | undefined): ReadonlyArray<Identity> => [
  ...(patch?.externalUserId == null ? [] : [externalUserIdentity(patch.externalUserId)]),
  ...(patch?.phones ?? []).map(phoneIdentity),
  ...(patch?.emails ?? []).map(emailIdentity),
]

export const identityKeys = (patch: IdentityPatch | undefined): ReadonlyArray<Key> =>
  identitiesIn(patch).map(({ key }) => ({ kind: 'identity', key }))

/** Which of some identities belong to whom. */
export const ownersOf = (
  slice: Directory,
  identities: ReadonlyArray<Identity>,
): ReadonlyMap<UserId, ReadonlyArray<Identity>> => {
  const owners = new Map<UserId, Identity[]>()
  for (const identity of identities) {
    const owner = slice.identities.get(identity.key)
    if (owner !== undefined) owners.set(owner, [...(owners.get(owner) ?? []), identity])
  }
  return owners
}

/** Owners as the details of a refusal name them. */
export const ownersInDetails = (owners: ReadonlyMap<UserId, ReadonlyArray<Identity>>) =>
  [...owners].map(([userId, identities]) => ({
    userId,
    identities: identities.map(({ kind, value }) => ({ kind, value })),
  }))

/** Refuses identities that another user owns. */
export const checkFree = (
  slice: Directory,
  identities: ReadonlyArray<Identity>,
  userId: UserId | null,
): Either<Reason, null> => {
  const others = new Map([...ownersOf(slice, identities)].filter(([owner]) => owner !== userId))
  return others.size === 0
    ? E.right(null)
    : E.left(
        reason(
          'USER_MERGE_INTERRUPTED',
          'another user owns an identity of this one: merge them, or leave it out',
          { owners: ownersInDetails(others) },
        ),
      )
}

/** Links those identities that the user does not own yet. */
export const linkIdentities = (
  journal: Journal,
  userId: UserId,
  identities: ReadonlyArray<Identity>,
): void => {
  const owned = activeUser(journal.directory(), userId)?.identities ?? {}
  for (const { key, kind, value } of identities)
    if (!Object.hasOwn(owned, key))
      journal.record({ type: 'IdentityLinked', payload: { userId, kind, value } })
}

/** Makes the user own exactly what the patch names of each kind that it names. */
export const replaceIdentities = (
  journal: Journal,
  user: ActiveUser,
  patch: IdentityPatch,
): void => {
  const wanted = identitiesIn(patch)
  const replaced = {
    externalUserId: patch.externalUserId !== undefined,
    phone: patch.phones !== undefined,
    email: patch.emails !== undefined,
  }
  for (const { kind, key, at } of identitiesOf(user))
    if (replaced[kind] && !wanted.some((identity) => identity.key === key))
      journal.record({
        type: 'IdentityReleased',
        payload: { userId: user.id, kind, linked: at },
      })
  linkIdentities(journal, user.id, wanted)
}
