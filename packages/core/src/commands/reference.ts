// Whom and what a command names: a user by exactly one of five keys, an installation by its id.

import { activeUser, type Directory, resolve } from '../directory/directory.js'
import type { ActiveInstallation } from '../directory/installation.js'
import type { Key } from '../directory/keys.js'
import { type Reason, reason } from '../directory/refusal.js'
import type { ActiveUser } from '../directory/user.js'
import { E, type Either } from '../prelude.js'
import { type Codec, codec, object } from '../values/codec.js'
import { objectSchema } from '../values/described.js'
import { Email } from '../values/email.js'
import { ExternalUserId } from '../values/external-user-id.js'
import {
  emailIdentity,
  externalUserIdentity,
  type Identity,
  phoneIdentity,
} from '../values/identity.js'
import { Phone } from '../values/phone.js'
import { PushRegistrationId, UserId } from '../values/token.js'
import { reject } from '../values/violation.js'

/**
 * Names one user: an object with exactly one of these keys.
 * @since 0.1.0
 * @category Commands
 */
export interface UserReference {
  readonly userId?: UserId
  readonly externalUserId?: ExternalUserId
  readonly phone?: Phone
  readonly email?: Email
  readonly pushRegistrationId?: PushRegistrationId
}

const keys = {
  userId: UserId,
  externalUserId: ExternalUserId,
  phone: Phone,
  email: Email,
  pushRegistrationId: PushRegistrationId,
}

/** The names of the five keys. */
export const referenceNames: ReadonlySet<string> = new Set(Object.keys(keys))

const anyOfThem: Codec<UserReference> = object('a user reference', {}, keys)

/**
 * The codec of a user reference.
 * @since 0.1.0
 * @category Commands
 */
export const UserReference: Codec<UserReference> = codec(
  'a user reference',
  (input, context) => {
    const parsed = anyOfThem.validate(input, context)
    if (E.isLeft(parsed)) return parsed
    const count = Object.keys(parsed.right).length
    return count === 1
      ? parsed
      : reject(
          input,
          context,
          `must have exactly one of ${Object.keys(keys).join(', ')}, not ${count}`,
        )
  },
  (of) => ({ ...objectSchema(of, {}, keys), minProperties: 1, maxProperties: 1 }),
)

/** The identity by which a reference names its user, if it does so by one. */
const identityIn = (reference: UserReference): Identity | undefined => {
  if (reference.externalUserId !== undefined) return externalUserIdentity(reference.externalUserId)
  if (reference.phone !== undefined) return phoneIdentity(reference.phone)
  return reference.email === undefined ? undefined : emailIdentity(reference.email)
}

export const referenceKeys = (reference: UserReference): ReadonlyArray<Key> => {
  const identity = identityIn(reference)
  if (identity !== undefined) return [{ kind: 'identity', key: identity.key }]
  if (reference.userId !== undefined) return [{ kind: 'user', id: reference.userId }]
  return reference.pushRegistrationId === undefined
    ? []
    : [{ kind: 'installation', id: reference.pushRegistrationId }]
}

/** The user that a reference names, as far as a slice that is still loading tells. */
const userIdIn = (slice: Directory, reference: UserReference): UserId | undefined => {
  if (reference.pushRegistrationId !== undefined) {
    const installation = slice.installations.get(reference.pushRegistrationId)
    return installation?.status === 'active' ? installation.userId : undefined
  }
  const identity = identityIn(reference)
  return identity === undefined ? reference.userId : slice.identities.get(identity.key)
}

/** As `referredUser`, for a slice that is still loading: what it lacks is undefined. */
export const loadedUser = (slice: Directory, reference: UserReference): ActiveUser | undefined => {
  const id = userIdIn(slice, reference)
  const user = id === undefined ? undefined : resolve(slice, id)
  return user?.status === 'active' ? user : undefined
}

/** The living user that a reference means; the id of an absorbed user means its survivor. */
export const referredUser = (
  slice: Directory,
  reference: UserReference,
): Either<Reason, ActiveUser> => {
  if (reference.pushRegistrationId !== undefined) {
    const found = registered(slice, reference.pushRegistrationId)
    return E.isLeft(found) ? found : E.right(userOf(slice, found.right))
  }
  const id = userIdIn(slice, reference)
  const user = id === undefined ? undefined : resolve(slice, id)
  if (user?.status === 'active') return E.right(user)
  return E.left(
    user === undefined
      ? reason('USER_NOT_FOUND', 'there is no such user', { reference: { ...reference } })
      : reason('USER_ERASED', 'this user was erased', { userId: user.id }),
  )
}

/** An active installation, wherever a command names one. */
export const registered = (
  slice: Directory,
  id: PushRegistrationId,
): Either<Reason, ActiveInstallation> => {
  const installation = slice.installations.get(id)
  return installation?.status === 'active'
    ? E.right(installation)
    : E.left(
        reason(
          'NO_REGISTRATION',
          installation === undefined
            ? `there is no installation ${id}`
            : `the installation ${id} has expired`,
          { pushRegistrationId: id },
        ),
      )
}

/** The user of an active installation, which stands in every slice that holds the installation. */
export const userOf = (slice: Directory, installation: ActiveInstallation): ActiveUser => {
  const user = activeUser(slice, installation.userId)
  if (user === undefined) throw new Error(`the slice lacks the user of ${installation.id}`)
  return user
}

/** The refusal of a caller who names an installation of another user. */
export const notOwned = (id: PushRegistrationId, caller: PushRegistrationId): Reason =>
  reason('INSTALLATION_NOT_OWNED', `the installation ${id} is of another user than ${caller}`, {
    pushRegistrationId: id,
    requestedBy: caller,
  })
