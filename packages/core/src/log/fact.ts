// What all facts are made of: a type and a payload, field names that are public, values that are not.

import type { AttributeValue } from '../values/attribute.js'
import type { Position, UserId } from '../values/token.js'

/** A fact of one type. */
export interface Fact<Type extends string, Payload> {
  readonly type: Type
  readonly payload: Payload
}

/** Whether a profile is verified. @since 0.1.0 @category Events */
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
