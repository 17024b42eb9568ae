// The tags by which events are looked up. They are derived from the payload at append, stand only in
// an index and enter no leaf: an identity tag can be dropped when its person is erased.

import { absurd } from '../prelude.js'
import { recordedIdentity } from '../values/identity.js'
import type { DomainEvent } from './event.js'

/**
 * `user:ID`, `installation:ID`, `identity:KEY`, `linked:POSITION` (whatever names that identity by
 * the position that linked it) or `attribute:SCOPE:NAME`.
 * @since 0.1.0
 * @category Log
 */
export type Tag = string

/**
 * The tag of everything that concerns a user.
 * @since 0.1.0
 * @category Log
 */
export const userTag = (id: string): Tag => `user:${id}`

/**
 * The tag of everything that concerns an installation.
 * @since 0.1.0
 * @category Log
 */
export const installationTag = (id: string): Tag => `installation:${id}`

/** The tag of the events that link an identity, by its key. */
export const identityTag = (key: string): Tag => `identity:${key}`
/** The tag of what names an identity by the position that linked it. */
export const linkedTag = (position: number): Tag => `linked:${position}`

/**
 * The tags of an event. Personal ones are those that begin with `identity:`.
 * @since 0.1.0
 * @category Log
 */
export const tagsOf = (event: DomainEvent): ReadonlyArray<Tag> => {
  switch (event.type) {
    case 'UserCreated':
    case 'ProfilePromoted':
    case 'UserAttributesChanged':
      return [userTag(event.payload.userId)]
    case 'InstallationRegistered':
    case 'InstallationUpdated':
    case 'InstallationDetached':
    case 'InstallationExpired':
    case 'PrimaryAssigned':
    case 'PrimaryCleared':
      return [userTag(event.payload.userId), installationTag(event.payload.pushRegistrationId)]
    case 'InstallationAttached':
      return [
        userTag(event.payload.userId),
        userTag(event.payload.fromUserId),
        installationTag(event.payload.pushRegistrationId),
        ...event.payload.identities.map(linkedTag),
      ]
    case 'IdentityLinked':
      return [
        userTag(event.payload.userId),
        identityTag(recordedIdentity(event.payload.kind, event.payload.value, 0).key),
      ]
    case 'IdentityReleased':
      return [userTag(event.payload.userId), linkedTag(event.payload.linked)]
    case 'UsersMerged':
      return [
        userTag(event.payload.survivorId),
        userTag(event.payload.absorbedId),
        ...event.payload.installations.map((moved) => installationTag(moved.pushRegistrationId)),
        ...event.payload.identities.moved.map(linkedTag),
        ...event.payload.identities.released.map(linkedTag),
      ]
    case 'UsersUnmerged':
      return [
        userTag(event.payload.survivorId),
        userTag(event.payload.absorbedId),
        ...event.payload.installations.map((moved) => installationTag(moved.pushRegistrationId)),
        ...event.payload.identities.returned.map(linkedTag),
        ...event.payload.identities.regained.map((one) => linkedTag(one.position)),
      ]
    case 'UserErased':
      return [
        userTag(event.payload.userId),
        ...event.payload.absorbed.map(userTag),
        ...event.payload.installations.flatMap((moved) => [
          installationTag(moved.pushRegistrationId),
          userTag(moved.userId),
        ]),
        ...event.payload.identities.map(linkedTag),
      ]
    case 'AttributeDefined':
      return [`attribute:${event.payload.scope}:${event.payload.name}`]
    default:
      return absurd(event)
  }
}

/**
 * Whether a tag is personal: it is dropped from the index with its person's erasure.
 * @since 0.1.0
 * @category Log
 */
export const isPersonalTag = (tag: Tag): boolean => tag.startsWith('identity:')
