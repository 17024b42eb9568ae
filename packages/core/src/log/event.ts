// The facts that Selfsame records: one interface an event type, its payload as a reader sees it once
// every box is open. Which fields are personal, and whose, stands beside each codec in `catalog.ts`.

import type { AttributeType, AttributeValue, FieldType } from '../values/attribute.js'
import type { IdentityKind } from '../values/identity.js'
import type { Instant } from '../values/instant.js'
import type { ApplicationId, Position, PushRegistrationId, UserId } from '../values/token.js'

/** @since 0.1.0 @category Events */
export type UserType = 'LEAD' | 'CUSTOMER'

/**
 * The name of one thing a user or an installation holds: `firstName`, `customAttributes.NAME`,
 * `tags` ... Field names are public; what stands under them is personal.
 * @since 0.1.0
 * @category Events
 */
export type FieldKey = string

/** @since 0.1.0 @category Events */
export type TagsChange = {
  readonly added: ReadonlyArray<string>
  readonly removed: ReadonlyArray<string>
}

/** @since 0.1.0 @category Events */
export type PersonalValue = AttributeValue | TagsChange | null

/**
 * Personal values by field; `null` removes. The `fields` beside it in a payload names the same
 * fields openly, so that an erased event still says what it was about.
 * @since 0.1.0
 * @category Events
 */
export type PersonalValues = Readonly<Record<FieldKey, PersonalValue>>

/**
 * Where a value came from: who brought it, and the position of the event that wrote it.
 * `position` is null where that user had no value.
 * @since 0.1.0
 * @category Events
 */
export interface Source {
  readonly userId: UserId
  readonly position: Position | null
}

/** @since 0.1.0 @category Events */
export type PublicDevice = Readonly<Record<string, string | boolean | null>>

interface Fact<Type extends string, Payload> {
  readonly type: Type
  readonly payload: Payload
}

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
  }
>

/**
 * The installation moves to `userId` from `fromUserId` in one step, so that at no position it is
 * without a user. `values` is everything personal it keeps, for its new user.
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

/**
 * How one field of a merge was settled; `settledBy` is `only` where one side alone had
 * a value, `left` where an anonymous user may not bring it (`anonymousData: "leave"`).
 */
export interface MergedField {
  readonly field: FieldKey
  readonly taken: 'survivor' | 'absorbed'
  readonly chosen: Source
  readonly rejected: Source
  readonly settledBy: 'only' | 'policy' | 'override' | 'left'
}

/** An installation that moves with an event, and the names of the personal values it keeps. */
export interface MovedInstallation {
  readonly pushRegistrationId: PushRegistrationId
  readonly fields: ReadonlyArray<FieldKey>
}

export type UsersMerged = Fact<
  'UsersMerged',
  {
    readonly survivorId: UserId
    readonly absorbedId: UserId
    readonly policy: string
    readonly overrides: Readonly<Record<FieldKey, UserId>>
    /** The user absorbed is anonymous and brings no attributes and tags (`anonymousData: "leave"`). */
    readonly dataLeft: boolean
    readonly fields: ReadonlyArray<MergedField>
    readonly tags: {
      readonly chosen: ReadonlyArray<Source>
      readonly rejected: ReadonlyArray<Source>
    }
    /** Identities by the position that linked them: those that pass over, those the merge frees. */
    readonly identities: {
      readonly moved: ReadonlyArray<Position>
      readonly released: ReadonlyArray<Position>
    }
    readonly installations: ReadonlyArray<MovedInstallation>
    /** The identities by which a Personalize found the survivor. */
    readonly matched: ReadonlyArray<Position>
    readonly userType: UserType
    readonly createdAt: Instant
    readonly promotedAt: Instant | null
    readonly carried: ReadonlyArray<PersonalValues>
  }
>

/** A field of the survivor decided again; `from` holds the value (a user still absorbed, or itself). */
export interface UnmergedField {
  readonly field: FieldKey
  readonly from: UserId | null
  readonly source: Source | null
}

/**
 * Something written since the merge, which stays with the survivor. `position` wrote it; of an
 * identity that was `removed` since it is the position that had linked it.
 */
export interface KeptWrite {
  readonly field: FieldKey
  readonly position: Position
  readonly removed: boolean
}

export type UsersUnmerged = Fact<
  'UsersUnmerged',
  {
    readonly survivorId: UserId
    readonly absorbedId: UserId
    readonly merged: Position
    readonly fields: ReadonlyArray<UnmergedField>
    readonly identities: {
      readonly returned: ReadonlyArray<Position>
      readonly regained: ReadonlyArray<{ readonly position: Position; readonly from: UserId }>
    }
    readonly installations: ReadonlyArray<MovedInstallation & { readonly joinedSince: boolean }>
    readonly primary: {
      readonly survivor: PushRegistrationId | null
      readonly absorbed: PushRegistrationId | null
    }
    readonly userType: UserType
    readonly createdAt: Instant
    readonly promotedAt: Instant | null
    readonly kept: ReadonlyArray<KeptWrite>
    readonly carried: ReadonlyArray<PersonalValues>
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
