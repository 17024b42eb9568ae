// The invariants of domain.md section 12 that can be seen in the rows that an event touched: who owns
// what, aliases that end, one primary installation, and steps between LEAD and CUSTOMER.

import type { Directory } from '../directory/directory.js'
import type { Key } from '../directory/keys.js'
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
export type Types = ReadonlyArray<readonly [UserId, UserType]>

export const typesBefore = (directory: Directory, keys: ReadonlyArray<Key>): Types => {
  const types: Array<readonly [UserId, UserType]> = []
  for (const key of keys) {
    if (key.kind !== 'user') continue
    const user = directory.users.get(key.id)
    if (user?.status === 'active') types.push([key.id, user.standing.type])
  }
  return types
}

/** Every invariant that does not hold after an event; `keys` are those that it touches. */
export const unsound = (
  directory: Directory,
  event: Recorded,
  keys: ReadonlyArray<Key>,
  before: Types,
): ReadonlyArray<string> => {
  const told: string[] = []
  for (const key of keys) {
    if (key.kind === 'user') {
      const user = directory.users.get(key.id)
      if (user === undefined) told.push(`the user ${key.id} was never created`)
      else if (!movesNothing.has(event.type)) tellUnsoundUser(directory, user, told)
    } else if (key.kind === 'installation') tellUnsoundInstallation(directory, key.id, told)
  }
  for (const [id, type] of before) tellWrongStep(directory.users.get(id), type, event.type, told)
  return told
}

const risesBy: ReadonlyArray<EventType> = ['ProfilePromoted', 'UsersMerged']

const tellWrongStep = (
  user: User | undefined,
  before: UserType,
  type: EventType,
  told: string[],
): void => {
  if (user?.status !== 'active' || user.standing.type === before) return
  if (before === 'LEAD') {
    if (!risesBy.includes(type)) told.push(`the user ${user.id} became a CUSTOMER by a ${type}`)
  } else if (type !== 'UsersUnmerged' || user.own.standing.type !== 'LEAD')
    told.push(`the user ${user.id} became a LEAD again by a ${type}`)
}

const tellUnsoundUser = (directory: Directory, user: User, told: string[]): void => {
  if (user.status === 'active') tellUnsoundHolder(directory, user, told)
  if (user.status === 'merged') tellUnsoundAlias(directory, user, told)
}

const tellUnsoundHolder = (directory: Directory, user: ActiveUser, told: string[]): void => {
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
}

const tellUnsoundAlias = (directory: Directory, alias: User, told: string[]): void => {
  const seen = new Set<UserId>()
  let user: User | undefined = alias
  while (user?.status === 'merged') {
    if (seen.has(user.id)) {
      told.push(`the aliases of the user ${alias.id} go in a circle`)
      return
    }
    seen.add(user.id)
    user = directory.users.get(user.into)
  }
  if (user === undefined) told.push(`the aliases of the user ${alias.id} end nowhere`)
}

const tellUnsoundInstallation = (
  directory: Directory,
  id: PushRegistrationId,
  told: string[],
): void => {
  const installation = directory.installations.get(id)
  if (installation === undefined) told.push(`the installation ${id} was never registered`)
  if (installation?.status !== 'active') return
  const user = directory.users.get(installation.userId)
  if (user?.status !== 'active' || !user.installations.some((one) => one.id === id))
    told.push(`the installation ${id} is with no active user`)
}
