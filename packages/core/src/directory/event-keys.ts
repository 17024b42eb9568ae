// Whose rows an event touches: what must be in a slice before the event is folded into it.

import type { Recorded } from '../log/envelope.js'
import { absurd } from '../prelude.js'
import type { PushRegistrationId, UserId } from '../values/token.js'
import type { Key } from './keys.js'

const user = (id: UserId): Key => ({ kind: 'user', id })
const absorbed = (id: UserId): Key => ({ kind: 'absorbed', id })
const installation = (id: PushRegistrationId): Key => ({ kind: 'installation', id })

/**
 * The keys of a slice in which folding an event gives what it gives in the whole directory. Identities
 * come with their owners: who links one that somebody else owns is found out by the store's rows.
 * @since 0.1.0
 * @category Directory
 */
export const keysOf = (event: Recorded): ReadonlyArray<Key> => {
  switch (event.type) {
    case 'UserCreated':
    case 'IdentityLinked':
    case 'IdentityReleased':
    case 'ProfilePromoted':
    case 'UserAttributesChanged':
      return [user(event.payload.userId)]
    case 'InstallationRegistered':
    case 'InstallationUpdated':
    case 'InstallationDetached':
    case 'InstallationExpired':
    case 'PrimaryAssigned':
    case 'PrimaryCleared':
      return [user(event.payload.userId), installation(event.payload.pushRegistrationId)]
    case 'InstallationAttached':
      return [
        user(event.payload.userId),
        user(event.payload.fromUserId),
        installation(event.payload.pushRegistrationId),
      ]
    case 'UsersMerged':
      // An erasure or an unmerge that is folded with it reaches those absorbed before as well.
      return [
        user(event.payload.survivorId),
        user(event.payload.absorbedId),
        absorbed(event.payload.absorbedId),
      ]
    case 'UsersUnmerged':
      return [user(event.payload.absorbedId), absorbed(event.payload.survivorId)]
    case 'UserErased':
      return [
        user(event.payload.userId),
        absorbed(event.payload.userId),
        ...event.payload.absorbed.map(user),
        ...event.payload.installations.map((moved) => user(moved.userId)),
      ]
    case 'AttributeDefined':
      return []
    default:
      return absurd(event)
  }
}
