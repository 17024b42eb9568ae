// A person's profile as the engine holds it. Each value remembers who brought it, the position that
// wrote it and the rank it has in a merge, so that a merge can be explained and undone.

import type { FieldKey, UserType } from '../log/event.js'
import type { AttributeValue } from '../values/attribute.js'
import type { Identity, IdentityKey } from '../values/identity.js'
import type { Instant } from '../values/instant.js'
import type { Position, PushRegistrationId, UserId } from '../values/token.js'

/** A LEAD has not been promoted, a CUSTOMER has: a LEAD with a `promotedAt` does not type-check. */
export type Standing =
  | { readonly type: 'LEAD' }
  | { readonly type: 'CUSTOMER'; readonly promotedAt: Instant }

/**
 * One value of one field. `at` is the position that wrote it, `by` the user it was written on.
 * `value` is null only in `hidden`, where it says that the user itself removed the field.
 * @since 0.1.0
 * @category Directory
 */
export interface Cell {
  readonly value: AttributeValue | null
  readonly at: Position
  readonly by: UserId
  readonly rank: UserType
}

/** An identity and the position of the `IdentityLinked` that names it; `by` is whom it was linked to. */
export interface OwnedIdentity extends Identity {
  readonly at: Position
  readonly by: UserId
}

/** An installation of a user: since which position, and the identities by which it joined. */
export interface Attachment {
  readonly id: PushRegistrationId
  readonly at: Position
  readonly matched: ReadonlyArray<Position>
}

/**
 * A living user. `standing` and `createdAt` are what is shown, `own` what it would be without any
 * merge. `cells` is what is shown of single values, custom attributes, tags and the primary mark;
 * `hidden` keeps the user's own last write of a field whose shown value came by a merge, or that
 * the user removed while somebody absorbed may still bring it.
 * @since 0.1.0
 * @category Directory
 */
export interface ActiveUser {
  readonly status: 'active'
  readonly id: UserId
  readonly born: Position
  readonly own: { readonly standing: Standing; readonly createdAt: Instant }
  readonly standing: Standing
  readonly createdAt: Instant
  readonly identities: Readonly<Record<IdentityKey, OwnedIdentity>>
  readonly cells: Readonly<Record<FieldKey, Cell>>
  readonly hidden: Readonly<Record<FieldKey, Cell>>
  /** Identities of absorbed users that a later merge released, by the position that linked them. */
  readonly released: ReadonlyArray<Position>
  readonly installations: ReadonlyArray<Attachment>
  /** How many users are absorbed in this one directly. */
  readonly merges: number
}

/** What an unmerge needs to know of the merge it undoes. */
export interface MergeRecord {
  readonly position: Position
  readonly policy: string
  /** The survivor's own type at the merge: what its own values rank by. */
  readonly survivorType: UserType
  /** Fields that an override settled, and for which side. */
  readonly sides: Readonly<Record<FieldKey, 'survivor' | 'absorbed'>>
  readonly dataLeft: boolean
  /** Identities of either side that this merge released. */
  readonly released: ReadonlyArray<Position>
}

/**
 * A user absorbed in another: an alias of it. `kept` is what it brought, gone once it is erased.
 * @since 0.1.0
 * @category Directory
 */
export interface MergedUser {
  readonly status: 'merged'
  readonly id: UserId
  readonly into: UserId
  readonly merge: MergeRecord
  readonly kept: ActiveUser | null
}

export interface ErasedUser {
  readonly status: 'erased'
  readonly id: UserId
}

/**
 * A user in any state.
 * @since 0.1.0
 * @category Directory
 */
export type User = ActiveUser | MergedUser | ErasedUser

export const tagField = (tag: string): FieldKey => `tags.${tag}`
export const attributeField = (name: string): FieldKey => `customAttributes.${name}`
export const isTag = (field: FieldKey): boolean => field.startsWith('tags.')
export const isAttribute = (field: FieldKey): boolean => field.startsWith('customAttributes.')
/** What follows the first dot of a field key: the tag, or the custom attribute's name. */
export const nameIn = (field: FieldKey): string => field.slice(field.indexOf('.') + 1)

/** The single attributes of a user, in the order in which they are shown. */
export const singleFields = ['firstName', 'lastName', 'middleName', 'gender', 'birthday'] as const

/** A LEAD that owns no identity. */
export const isAnonymous = (user: ActiveUser): boolean =>
  user.standing.type === 'LEAD' && Object.keys(user.identities).length === 0

/** The identities a user owns, in the order in which they were linked. */
export const identitiesOf = (user: ActiveUser): ReadonlyArray<OwnedIdentity> =>
  Object.values(user.identities).sort((a, b) => a.at - b.at)

export const externalIdentityOf = (user: ActiveUser): OwnedIdentity | undefined =>
  Object.values(user.identities).find(({ kind }) => kind === 'externalUserId')

/**
 * What the user itself last wrote under a field: its shown value, the one a merge hides, or its own
 * removal (value null); undefined where it never wrote any.
 */
export const ownCell = (user: ActiveUser, field: FieldKey): Cell | undefined => {
  const shown = user.cells[field]
  return user.hidden[field] ?? (shown?.by === user.id ? shown : undefined)
}

/** The rank of a value in a merge, its user's own type at that merge being given. */
export const rankIn = (user: ActiveUser, cell: Cell, ownType: UserType): UserType =>
  cell.by === user.id && ownType === 'CUSTOMER' ? 'CUSTOMER' : cell.rank
