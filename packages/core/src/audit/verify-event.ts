// What an event must find when it is recorded: whom it names is there, alive, and has what is taken.
// The engine records nothing else, so an event that finds something else was not recorded by it.

import type { Directory } from '../directory/directory.js'
import { definitionKey } from '../directory/directory.js'
import type { ActiveInstallation } from '../directory/installation.js'
import { type ActiveUser, isTag, nameIn } from '../directory/user.js'
import type { Recorded } from '../log/envelope.js'
import type { UserErased, UsersMerged, UsersUnmerged } from '../log/event.js'
import { absurd } from '../prelude.js'
import { isErased, recordedIdentity } from '../values/identity.js'
import type { PushRegistrationId, UserId } from '../values/token.js'

type Told = ReadonlyArray<string>

const nothing: Told = []
const unless = (holds: boolean, message: string): Told => (holds ? nothing : [message])

const living = (directory: Directory, id: UserId): ActiveUser | undefined => {
  const user = directory.users.get(id)
  return user?.status === 'active' ? user : undefined
}

const inUse = (directory: Directory, id: PushRegistrationId): ActiveInstallation | undefined => {
  const installation = directory.installations.get(id)
  return installation?.status === 'active' ? installation : undefined
}

const isLiving = (directory: Directory, id: UserId): Told =>
  unless(living(directory, id) !== undefined, `the user ${id} is not active`)

const belongsTo = (directory: Directory, id: PushRegistrationId, userId: UserId): Told =>
  unless(
    inUse(directory, id)?.userId === userId,
    `the installation ${id} is not one of the user ${userId}`,
  )

/** What is wrong with an event in the directory before it. */
export const unfounded = (directory: Directory, event: Recorded): Told => {
  switch (event.type) {
    case 'UserCreated': {
      const { userId } = event.payload
      return unless(!directory.users.has(userId), `the user ${userId} exists already`)
    }
    case 'InstallationRegistered': {
      const { pushRegistrationId: id, userId } = event.payload
      return [
        ...unless(!directory.installations.has(id), `the installation ${id} exists already`),
        ...isLiving(directory, userId),
      ]
    }
    case 'InstallationUpdated':
    case 'InstallationDetached':
    case 'InstallationExpired':
    case 'PrimaryAssigned':
      return belongsTo(directory, event.payload.pushRegistrationId, event.payload.userId)
    case 'PrimaryCleared': {
      const { userId, pushRegistrationId: id } = event.payload
      return unless(
        living(directory, userId)?.cells.primary?.value === id,
        `the installation ${id} is not the primary one of the user ${userId}`,
      )
    }
    case 'InstallationAttached': {
      const { pushRegistrationId: id, fromUserId, userId } = event.payload
      return [...belongsTo(directory, id, fromUserId), ...isLiving(directory, userId)]
    }
    case 'IdentityLinked': {
      const { userId, kind, value } = event.payload
      const owner = directory.identities.get(recordedIdentity(kind, value, event.position).key)
      return [
        ...isLiving(directory, userId),
        ...unless(owner === undefined, `its identity is owned already, by the user ${owner}`),
      ]
    }
    case 'IdentityReleased': {
      const { userId, linked, kind } = event.payload
      const owned = Object.values(living(directory, userId)?.identities ?? {})
      return unless(
        owned.some((one) => one.at === linked && one.kind === kind),
        `the user ${userId} does not own the identity linked at position ${linked}`,
      )
    }
    case 'ProfilePromoted': {
      const user = living(directory, event.payload.userId)
      return unless(
        user?.own.standing.type === 'LEAD',
        `the user ${event.payload.userId} is no LEAD to be promoted`,
      )
    }
    case 'UserAttributesChanged':
      return isLiving(directory, event.payload.userId)
    case 'UsersMerged':
      return unfoundedMerge(directory, event)
    case 'UsersUnmerged':
      return unfoundedUnmerge(directory, event)
    case 'UserErased':
      return unfoundedErasure(directory, event)
    case 'AttributeDefined': {
      const { scope, name } = event.payload
      return unless(
        !directory.definitions.has(definitionKey(scope, name)),
        `the attribute ${name} is defined already`,
      )
    }
    default:
      return absurd(event)
  }
}

/** Nothing that the absorbed user has is lost without being named. */
const unfoundedMerge = (directory: Directory, { payload }: Recorded<UsersMerged>): Told => {
  const { survivorId, absorbedId, identities, installations, fields, tags } = payload
  const [survivor, absorbed] = [living(directory, survivorId), living(directory, absorbedId)]
  if (survivor === undefined || absorbed === undefined || survivor === absorbed)
    return [`the users ${survivorId} and ${absorbedId} are not two active ones`]
  const passed = [...identities.moved, ...identities.released]
  const sources = [...tags.chosen, ...tags.rejected].map(({ position }) => position)
  const isNamed = (field: string, at: number): boolean =>
    isTag(field) ? sources.includes(at) : fields.some((one) => one.field === field)
  return [
    ...Object.values(absorbed.identities)
      .filter(({ at }) => !passed.includes(at))
      .map(({ at }) => `it loses the identity linked at position ${at}`),
    ...absorbed.installations
      .filter(({ id }) => !installations.some((one) => one.pushRegistrationId === id))
      .map(({ id }) => `it loses the installation ${id}`),
    // Of an erased person nobody can say any more whether a value was written or removed.
    ...Object.entries(absorbed.cells)
      .filter(
        ([field, { at, value }]) =>
          !isErased(value) && !isErased(nameIn(field)) && !isNamed(field, at),
      )
      .map(([, { at }]) => `it loses a value written at position ${at}`),
  ]
}

const unfoundedUnmerge = (
  directory: Directory,
  { payload: { survivorId, absorbedId, merged } }: Recorded<UsersUnmerged>,
): Told => {
  const absorbed = directory.users.get(absorbedId)
  return [
    ...isLiving(directory, survivorId),
    ...unless(
      absorbed?.status === 'merged' &&
        absorbed.into === survivorId &&
        absorbed.merge.position === merged,
      `the user ${absorbedId} was not absorbed in ${survivorId} at position ${merged}`,
    ),
  ]
}

const unfoundedErasure = (
  directory: Directory,
  { payload: { userId, absorbed, installations } }: Recorded<UserErased>,
): Told => {
  const user = living(directory, userId)
  if (user === undefined) return [`the user ${userId} is not active`]
  return [
    ...user.installations
      .filter(({ id }) => !installations.some((one) => one.pushRegistrationId === id))
      .map(({ id }) => `it loses the installation ${id}`),
    ...absorbed
      .filter((id) => directory.users.get(id)?.status !== 'merged')
      .map((id) => `the user ${id} was not absorbed`),
  ]
}
