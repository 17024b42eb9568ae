// The facts of a merge and of its undoing. They say who brought what by positions, never by value, so
// that the log alone explains the result and an erased person leaves nothing in them.

import type { Instant } from '../values/instant.js'
import type { Position, PushRegistrationId, UserId } from '../values/token.js'
import type { Fact, FieldKey, PersonalValues, Source, UserType } from './fact.js'

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

/** An installation, and the names of the personal values that an event carries of it. */
export interface KeptInstallation {
  readonly pushRegistrationId: PushRegistrationId
  readonly fields: ReadonlyArray<FieldKey>
}

/**
 * An installation that moves with an event. `ownerId` is whom it would be with were all merges undone:
 * what is carried of it is sealed under that user's key.
 */
export interface MovedInstallation extends KeptInstallation {
  readonly ownerId: UserId
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
    /** Those that stay, though what they hold was sealed for who goes: now it is the survivor's. */
    readonly remaining: ReadonlyArray<KeptInstallation>
    readonly primary: {
      readonly survivor: PushRegistrationId | null
      readonly absorbed: PushRegistrationId | null
    }
    readonly userType: UserType
    readonly createdAt: Instant
    readonly promotedAt: Instant | null
    readonly kept: ReadonlyArray<KeptWrite>
    /** Of `installations`, then of `remaining`. */
    readonly carried: ReadonlyArray<PersonalValues>
  }
>
