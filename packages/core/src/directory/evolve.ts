// What each event does to the directory: one mutating recipe an event, from which both `evolve` (one
// event, immer) and `fold` (many, on rows of its own) derive. Total: an event is a fact, never refused.

import { castDraft, enableMapSet, produce } from 'immer'
import type { Recorded } from '../log/envelope.js'
import type { InstallationRegistered, UserAttributesChanged } from '../log/event.js'
import { absurd } from '../prelude.js'
import { recordedIdentity } from '../values/identity.js'
import { type Directory, definitionKey } from './directory.js'
import {
  carry,
  changing,
  type DirectoryDraft,
  isTagsChange,
  leave,
  patchPersonal,
  userDraft,
  write,
} from './draft.js'
import { usersMerged, usersUnmerged } from './evolve-merge.js'
import { openOwned } from './owned.js'
import { type ActiveUser, isAttribute, type Standing, tagField } from './user.js'

enableMapSet()

/**
 * The directory after one more event.
 * @since 0.1.0
 * @category Directory
 */
export const evolve = (directory: Directory, event: Recorded): Directory =>
  produce(directory, (draft) => apply(draft, event))

/**
 * The directory after many events: equal to evolving one by one, at the cost of one copy of each row
 * that is touched.
 * @since 0.1.0
 * @category Directory
 */
export const fold = (directory: Directory, events: Iterable<Recorded>): Directory => {
  const owned = openOwned(directory)
  for (const event of events) apply(owned.draft, event)
  return owned.close()
}

/** What one event does to a draft, or to plain maps of which nobody else has a part. */
export const apply = (draft: DirectoryDraft, event: Recorded): void => {
  switch (event.type) {
    case 'UserCreated':
      return userCreated(draft, event)
    case 'InstallationRegistered':
      return installationRegistered(draft, event)
    case 'InstallationUpdated':
      return changing(draft, event.payload.pushRegistrationId, (installation) => {
        const { isPushRegistrationEnabled, notificationsEnabled, device, values } = event.payload
        if (isPushRegistrationEnabled !== undefined)
          installation.isPushRegistrationEnabled = isPushRegistrationEnabled
        if (notificationsEnabled !== undefined)
          installation.notificationsEnabled = notificationsEnabled
        for (const [field, value] of Object.entries(device)) {
          if (value === null) delete installation.device[field]
          else installation.device[field] = value
        }
        patchPersonal(installation, values)
      })
    case 'InstallationDetached':
      return changing(draft, event.payload.pushRegistrationId, ({ personal }) => {
        delete personal.applicationUserId
        for (const field of Object.keys(personal)) if (isAttribute(field)) delete personal[field]
      })
    case 'InstallationAttached': {
      const {
        pushRegistrationId: id,
        userId,
        fromUserId,
        identities,
        isPrimaryDevice,
      } = event.payload
      leave(draft, fromUserId, id)
      carry(draft, id, event.payload, event.payload.values)
      const user = userDraft(draft, userId)
      if (user === undefined) return
      user.installations.push({ id, at: event.position, matched: [...identities] })
      if (isPrimaryDevice) write(user, 'primary', id, event.position)
      return
    }
    case 'InstallationExpired': {
      const { pushRegistrationId: id, userId } = event.payload
      leave(draft, userId, id)
      return changing(draft, id, (installation) => {
        const {
          status: _active,
          userId: _left,
          ownerId: _neither,
          personal: _cleared,
          ...known
        } = installation
        draft.installations.set(id, { ...known, device: { ...known.device }, status: 'expired' })
      })
    }
    case 'PrimaryAssigned':
    case 'PrimaryCleared': {
      const user = userDraft(draft, event.payload.userId)
      const mark = event.type === 'PrimaryAssigned' ? event.payload.pushRegistrationId : null
      if (user !== undefined) write(user, 'primary', mark, event.position)
      return
    }
    case 'IdentityLinked': {
      const identity = recordedIdentity(event.payload.kind, event.payload.value, event.position)
      const { userId } = event.payload
      draft.identities.set(identity.key, userId)
      const user = userDraft(draft, userId)
      if (user === undefined) return
      user.identities[identity.key] = { ...identity, at: event.position, by: userId }
      if (identity.kind === 'externalUserId') delete user.hidden.externalUserId
      return
    }
    case 'IdentityReleased': {
      const user = userDraft(draft, event.payload.userId)
      if (user === undefined) return
      for (const { key, at } of Object.values(user.identities)) {
        if (at !== event.payload.linked) continue
        delete user.identities[key]
        draft.identities.delete(key)
      }
      if (event.payload.kind === 'externalUserId')
        write(user, 'externalUserId', null, event.position)
      return
    }
    case 'ProfilePromoted': {
      const user = userDraft(draft, event.payload.userId)
      if (user === undefined) return
      user.own.standing = { type: 'CUSTOMER', promotedAt: event.recordedAt }
      if (user.standing.type === 'LEAD') user.standing = { ...user.own.standing }
      return
    }
    case 'UserAttributesChanged':
      return attributesChanged(draft, event)
    case 'UsersMerged':
      return usersMerged(draft, event)
    case 'UsersUnmerged':
      return usersUnmerged(draft, event)
    case 'UserErased': {
      const { userId, absorbed, installations } = event.payload
      for (const { key } of Object.values(userDraft(draft, userId)?.identities ?? {}))
        draft.identities.delete(key)
      for (const { pushRegistrationId: id, userId: next } of installations) {
        carry(draft, id, { userId: next }, {})
        userDraft(draft, next)?.installations.push({ id, at: event.position, matched: [] })
      }
      for (const id of absorbed) {
        const user = draft.users.get(id)
        if (user?.status === 'merged') user.kept = null
      }
      draft.users.set(userId, { status: 'erased', id: userId })
      return
    }
    case 'AttributeDefined': {
      const { scope, name, attributeType, fields } = event.payload
      draft.definitions.set(definitionKey(scope, name), {
        type: attributeType,
        ...(fields === undefined ? {} : { fields }),
      })
      draft.definitionCounts[scope] += 1
      return
    }
    default:
      return absurd(event)
  }
}

const userCreated = (
  draft: DirectoryDraft,
  { payload: { userId, userType }, position, recordedAt }: Recorded & { type: 'UserCreated' },
): void => {
  const standing: Standing =
    userType === 'CUSTOMER' ? { type: 'CUSTOMER', promotedAt: recordedAt } : { type: 'LEAD' }
  const user: ActiveUser = {
    status: 'active',
    id: userId,
    born: position,
    own: { standing, createdAt: recordedAt },
    standing: { ...standing },
    createdAt: recordedAt,
    identities: {},
    cells: {},
    hidden: {},
    released: [],
    installations: [],
    merges: 0,
  }
  draft.users.set(userId, castDraft(user))
}

const installationRegistered = (
  draft: DirectoryDraft,
  { payload, position }: Recorded<InstallationRegistered>,
): void => {
  const { pushRegistrationId: id, userId } = payload
  draft.installations.set(id, {
    status: 'active',
    id,
    userId,
    applicationId: payload.applicationId,
    isPushRegistrationEnabled: payload.isPushRegistrationEnabled,
    notificationsEnabled: true,
    device: {},
    personal: {},
  })
  changing(draft, id, (installation) => {
    for (const [field, value] of Object.entries(payload.device))
      if (value !== null) installation.device[field] = value
    patchPersonal(installation, payload.values)
  })
  userDraft(draft, userId)?.installations.push({ id, at: position, matched: [] })
}

const attributesChanged = (
  draft: DirectoryDraft,
  { payload, position }: Recorded<UserAttributesChanged>,
): void => {
  const user = userDraft(draft, payload.userId)
  if (user === undefined) return
  for (const [field, value] of Object.entries(payload.values)) {
    if (isTagsChange(value)) {
      for (const tag of value.removed) write(user, tagField(tag), null, position)
      for (const tag of value.added) write(user, tagField(tag), true, position)
    } else if (field === 'tags') {
      write(user, tagField(String(value)), true, position)
    } else {
      write(user, field, value, position)
    }
  }
}
