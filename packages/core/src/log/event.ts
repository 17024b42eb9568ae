// The facts that Selfsame records: one type an event, its payload as a reader sees it once every box
// is open. Which fields are personal, and whose, stands beside each codec in `catalog.ts`.

import type { AttributeType, FieldType } from '../values/attribute.js'
import type { IdentityKind } from '../values/identity.js'
import type { ApplicationId, Position, PushRegistrationId, UserId } from '../values/token.js'
import type { Fact, FieldKey, PersonalValues, PublicDevice, UserType } from './fact.js'
import type { UsersMerged, UsersUnmerged } from './merge-event.js'

export type {
  FieldKey,
  PersonalValue,
  PersonalValues,
  PublicDevice,
  Source,
  UserType,
} from './fact.js'
export type {
  KeptInstallation,
  KeptWrite,
  MergedField,
  MovedInstallation,
  UnmergedField,
  UsersMerged,
  UsersUnmerged,
} from './merge-event.js'

export type UserCreated = Fact<
  'UserCreated',
  { readonly userId: UserId; readonly userType: UserType }
>

export type InstallationRegistered = Fact<
  'InstallationRegistered',
  {
    readonly pushRegistrationId: PushRegistrationId
    readonly userId: UserId
    readonly applicationId: ApplicationId
    readonly isPushRegistrationEnabled: boolean
    readonly device: PublicDevice
    readonly fields: ReadonlyArray<FieldKey>
    readonly values: PersonalValues
  }
>

/**
 * `ownerId` is whom the installation would be with were all merges undone, where that is not `userId`:
 * `values` are sealed under that user's key.
 * @since 0.1.0
 * @category Events
 */
export type InstallationUpdated = Fact<
  'InstallationUpdated',
  {
    readonly pushRegistrationId: PushRegistrationId
    readonly userId: UserId
    readonly isPushRegistrationEnabled?: boolean
    readonly notificationsEnabled?: boolean
    readonly device: PublicDevice
    readonly fields: ReadonlyArray<FieldKey>
    readonly values: PersonalValues
    readonly ownerId?: UserId
  }
>

/**
 * The installation moves to `userId` from `fromUserId` in one step, so that at no position it is
 * without a user. `values` is everything personal it keeps, for its new user, or for `ownerId` (as
 * in `InstallationUpdated`).
 * @since 0.1.0
 * @category Events
 */
export type InstallationAttached = Fact<
  'InstallationAttached',
  {
    readonly pushRegistrationId: PushRegistrationId
    readonly userId: UserId
    readonly fromUserId: UserId
    readonly isPrimaryDevice: boolean
    readonly identities: ReadonlyArray<Position>
    readonly fields: ReadonlyArray<FieldKey>
    readonly values: PersonalValues
    readonly ownerId?: UserId
  }
>

/**
 * The installation lets go of what it held for its user (custom attributes, applicationUserId).
 * The `InstallationAttached` that follows in the same append moves it.
 * @since 0.1.0
 * @category Events
 */
export type InstallationDetached = Fact<
  'InstallationDetached',
  { readonly pushRegistrationId: PushRegistrationId; readonly userId: UserId }
>

export type InstallationExpired = Fact<
  'InstallationExpired',
  {
    readonly pushRegistrationId: PushRegistrationId
    readonly userId: UserId
    readonly reason: string
  }
>

export type PrimaryAssigned = Fact<
  'PrimaryAssigned',
  { readonly userId: UserId; readonly pushRegistrationId: PushRegistrationId }
>

export type PrimaryCleared = Fact<
  'PrimaryCleared',
  { readonly userId: UserId; readonly pushRegistrationId: PushRegistrationId }
>

export type IdentityLinked = Fact<
  'IdentityLinked',
  { readonly userId: UserId; readonly kind: IdentityKind; readonly value: string }
>

/** `linked` is the position of the `IdentityLinked` whose identity is free from here on. */
export type IdentityReleased = Fact<
  'IdentityReleased',
  { readonly userId: UserId; readonly kind: IdentityKind; readonly linked: Position }
>

export type ProfilePromoted = Fact<'ProfilePromoted', { readonly userId: UserId }>

export type UserAttributesChanged = Fact<
  'UserAttributesChanged',
  {
    readonly userId: UserId
    readonly fields: ReadonlyArray<FieldKey>
    readonly values: PersonalValues
  }
>

export type UserErased = Fact<
  'UserErased',
  {
    readonly userId: UserId
    readonly absorbed: ReadonlyArray<UserId>
    readonly identities: ReadonlyArray<Position>
    readonly installations: ReadonlyArray<{
      readonly pushRegistrationId: PushRegistrationId
      readonly userId: UserId
    }>
    readonly reason: string
  }
>

export type AttributeScope = 'user' | 'installation'

export type AttributeDefined = Fact<
  'AttributeDefined',
  {
    readonly scope: AttributeScope
    readonly name: string
    readonly attributeType: AttributeType
    readonly fields?: Readonly<Record<string, FieldType>>
  }
>

/** @since 0.1.0 @category Events */
export type DomainEvent =
  | UserCreated
  | InstallationRegistered
  | InstallationUpdated
  | InstallationAttached
  | InstallationDetached
  | InstallationExpired
  | PrimaryAssigned
  | PrimaryCleared
  | IdentityLinked
  | IdentityReleased
  | ProfilePromoted
  | UserAttributesChanged
  | UsersMerged
  | UsersUnmerged
  | UserErased
  | AttributeDefined

/** @since 0.1.0 @category Events */
export type EventType = DomainEvent['type']

/** @since 0.1.0 @category Events */
export type Payloads = { readonly [Fact in DomainEvent as Fact['type']]: Fact['payload'] }

/**
 * An event of the type named, in the form that lets a generic function index tables by its type.
 * @since 0.1.0
 * @category Events
 */
export type EventOf<Type extends EventType> = {
  readonly [T in Type]: { readonly type: T; readonly payload: Payloads[T] }
}[Type]
