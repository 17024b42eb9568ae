// Installations that change hands inside one event: their ids and field names openly, and what they
// keep of personal values, carried again for whom they belong to from here on.

import { activeUser, type Directory } from '../directory/directory.js'
import { ownerOf } from '../directory/installation.js'
import { identitiesOf } from '../directory/user.js'
import type { KeptInstallation, MovedInstallation, PersonalValues } from '../log/event.js'
import type { Position, PushRegistrationId, UserId } from '../values/token.js'

const personalOf = (directory: Directory, id: PushRegistrationId): PersonalValues => {
  const installation = directory.installations.get(id)
  return installation?.status === 'active' ? installation.personal : {}
}

const keptOf = (
  directory: Directory,
  pushRegistrationId: PushRegistrationId,
): KeptInstallation => ({
  pushRegistrationId,
  fields: Object.keys(personalOf(directory, pushRegistrationId)).sort(),
})

/** Installations that stay with their user, and what they keep. */
export const keptInstallations = (
  directory: Directory,
  ids: ReadonlyArray<PushRegistrationId>,
): {
  readonly installations: ReadonlyArray<KeptInstallation>
  readonly carried: ReadonlyArray<PersonalValues>
} => ({
  installations: ids.map((id) => keptOf(directory, id)),
  carried: ids.map((id) => personalOf(directory, id)),
})

/** Installations that move, what they keep, and for whom. */
export const movedInstallations = (
  directory: Directory,
  ids: ReadonlyArray<PushRegistrationId>,
  ownerIdOf: (id: PushRegistrationId) => UserId,
): {
  readonly installations: ReadonlyArray<MovedInstallation>
  readonly carried: ReadonlyArray<PersonalValues>
} => ({
  installations: ids.map((id) => ({ ...keptOf(directory, id), ownerId: ownerIdOf(id) })),
  carried: ids.map((id) => personalOf(directory, id)),
})

/** To whom the values of an installation belong; undefined where it is not in use. */
export const ownerIn = (directory: Directory, id: PushRegistrationId): UserId | undefined => {
  const installation = directory.installations.get(id)
  return installation?.status === 'active' ? ownerOf(installation) : undefined
}

/**
 * With whom an installation would go that joins a user by identities linked at these positions: the
 * user itself, or the innermost absorbed one with which all of them would go back.
 */
export const joinsBy = (
  directory: Directory,
  userId: UserId,
  matched: ReadonlyArray<Position>,
): UserId => {
  const user = activeUser(directory, userId)
  if (user === undefined) return userId
  const linkedTo = identitiesOf(user).flatMap(({ at, by }) => (matched.includes(at) ? [by] : []))
  const [first = [], ...others] = [...new Set(linkedTo)].map((id) => within(directory, id, userId))
  return first.find((id) => others.every((chain) => chain.includes(id))) ?? userId
}

/** Who is in whom, from an absorbed user outwards to the one it lives in today. */
const within = (directory: Directory, id: UserId, userId: UserId): ReadonlyArray<UserId> => {
  const chain = [id]
  for (let at = directory.users.get(id); at?.status === 'merged' && at.id !== userId; ) {
    chain.push(at.into)
    at = directory.users.get(at.into)
  }
  return chain
}
