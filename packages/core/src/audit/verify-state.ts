// The invariants of domain.md section 12 that can be seen in the rows that an event touched: who owns
// what, aliases that end, one primary installation, and steps between LEAD and CUSTOMER.

import type { Directory } from '../directory/directory.js'
import { keysOf } from '../directory/event-keys.js'
import type { ActiveUser, User } from '../directory/user.js'
import type { Recorded } from '../log/envelope.js'
import type { EventType, UserType } from '../log/event.js'
import type { PushRegistrationId, UserId } from '../values/token.js'

/** Events that move nothing from holder to holder: only the step of a type can be wrong in them. */
const movesNothing: ReadonlySet<EventType> = new Set([
  'UserAttributesChanged',
  'InstallationUpdated',
  'InstallationDetached',
  'ProfilePromoted',
  'AttributeDefined',
] as const)

/** The type of each living user that an event names. */
export type Types = ReadonlyMap<UserId, UserType>

const usersIn = (event: Recorded): ReadonlyArray<UserId> =>
  keysOf(event).flatMap((key) => (key.kind === 'user' ? [key.id] : []))

export const typesBefore = (directory: Directory, event: Recorded): Types => {
  const types = new Map<UserId, UserType>()
  for (const id of usersIn(event)) {
    const user = directory.users.get(id)
    if (user?.status === 'active') types.set(id, user.standing.type)
  }
  return types
}

/** Every invariant that does not hold after an event. */
export const unsound = (
  directory: Directory,
  event: Recorded,
  before: Types,
): ReadonlyArray<string> => {
  const told: string[] = []
  for (const id of new Set(usersIn(event))) {
    const user = directory.users.get(id)
    if (user === undefined) told.push(`the user ${id} was never created`)
    else {
      told.push(...wrongStep(user, before.get(id), event.type))
      if (!movesNothing.has(event.type)) told.push(...unsoundUser(directory, user))
    }
  }
  for (const key of keysOf(event))
    if (key.kind === 'installation') told.push(...unsoundInstallation(directory, key.id))
  return told
}

const risesBy: ReadonlyArray<EventType> = ['ProfilePromoted', 'UsersMerged']

const wrongStep = (
  user: User,
  before: UserType | undefined,
  type: EventType,
): ReadonlyArray<string> => {
  if (user.status !== 'active' || before === undefined || user.standing.type === before) return []
  if (before === 'LEAD')
    return risesBy.includes(type) ? [] : [`the user ${user.id} became a CUSTOMER by a ${type}`]
  return type === 'UsersUnmerged' && user.own.standing.type === 'LEAD'
    ? []
    : [`the user ${user.id} became a LEAD again by a ${type}`]
}

const unsoundUser = (directory: Directory, user: User): ReadonlyArray<string> => {
  if (user.status === 'erased') return []
  return user.status === 'active' ? unsoundHolder(directory, user) : unsoundAlias(directory, user)
}

const unsoundHolder = (directory: Directory, user: ActiveUser): ReadonlyArray<string> => {
  const told: string[] = []
  for (const { key, at } of Object.values(user.identities))
    if (directory.identities.get(key) !== user.id)
      told.push(`the identity linked at position ${at} has another owner beside ${user.id}`)
  const held = new Set<PushRegistrationId>()
  for (const { id } of user.installations) {
    const installation = directory.installations.get(id)
    if (held.has(id)) told.push(`the user ${user.id} has the installation ${id} twice`)
    held.add(id)
    if (installation?.status !== 'active' || installation.userId !== user.id)
      told.push(`the installation ${id} is with another than the user ${user.id}`)
  }
  const primary = user.cells.primary?.value
  if (primary !== undefined && !user.installations.some(({ id }) => id === primary))
    told.push(`the primary installation of the user ${user.id} is not one of its own`)
  return told
}

const unsoundAlias = (directory: Directory, alias: User): ReadonlyArray<string> => {
  const seen = new Set<UserId>()
  let user: User | undefined = alias
  while (user?.status === 'merged') {
    if (seen.has(user.id)) return [`the aliases of the user ${alias.id} go in a circle`]
    seen.add(user.id)
    user = directory.users.get(user.into)
  }
  return user === undefined ? [`the aliases of the user ${alias.id} end nowhere`] : []
}

const unsoundInstallation = (
  directory: Directory,
  id: PushRegistrationId,
): ReadonlyArray<string> => {
  const installation = directory.installations.get(id)
  if (installation === undefined) return [`the installation ${id} was never registered`]
  if (installation.status !== 'active') return []
  const user = directory.users.get(installation.userId)
  return user?.status === 'active' && user.installations.some((one) => one.id === id)
    ? []
    : [`the installation ${id} is with no active user`]
}
