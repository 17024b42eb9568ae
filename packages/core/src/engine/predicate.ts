// Which users a segment holds: a predicate over type, tags, standard and custom attributes.

import { type ActiveUser, attributeField, singleFields, tagField } from '../directory/user.js'
import { t } from '../prelude.js'
import type { AttributeValue } from '../values/attribute.js'
import { AttributeName } from '../values/attribute.js'
import { booleanValue, type Codec, codec, list, literals, object } from '../values/codec.js'
import { parseDateTime } from '../values/instant.js'
import { equalData, isRecord } from '../values/json.js'
import { text } from '../values/text.js'
import { reject } from '../values/violation.js'

export const comparisons = ['=', '!=', '<', '<=', '>', '>='] as const

/**
 * How a value is compared. Numbers are compared as numbers, texts, days and times as texts; values
 * of different types are never equal and never in order.
 * @since 0.1.0
 * @category Queries
 */
export type Comparison = (typeof comparisons)[number]

/**
 * A predicate over users. `attribute` is a single attribute (`firstName` ...), `customAttribute` a
 * custom one by name. A user without the value matches `exists: false` and `!=`, nothing else.
 * @since 0.1.0
 * @category Queries
 */
export type Predicate =
  | { readonly type: 'LEAD' | 'CUSTOMER' }
  | { readonly tag: string }
  | {
      readonly attribute: (typeof singleFields)[number]
      readonly is: Comparison
      readonly value: string
    }
  | {
      readonly customAttribute: string
      readonly is: Comparison
      readonly value: string | number | boolean
    }
  | { readonly attribute: (typeof singleFields)[number]; readonly exists: boolean }
  | { readonly customAttribute: string; readonly exists: boolean }
  | { readonly and: ReadonlyArray<Predicate> }
  | { readonly or: ReadonlyArray<Predicate> }
  | { readonly not: Predicate }

/** A time asked for with another offset, as it is stored: in UTC, where a time is held. */
const inFormOf = (
  held: AttributeValue | null | undefined,
  asked: string | number | boolean,
): string | number | boolean =>
  typeof held === 'string' && typeof asked === 'string' && parseDateTime(held) === held
    ? (parseDateTime(asked) ?? asked)
    : asked

/** Compares a value held with one asked for. */
export const compares = (
  held: AttributeValue | null | undefined,
  is: Comparison,
  asked: string | number | boolean,
): boolean => {
  const value = inFormOf(held, asked)
  if (is === '=') return equalData(held, value)
  if (is === '!=') return !equalData(held, value)
  const ordered =
    (typeof held === 'number' && typeof value === 'number') ||
    (typeof held === 'string' && typeof value === 'string')
  if (!ordered) return false
  switch (is) {
    case '<':
      return held < value
    case '<=':
      return held <= value
    case '>':
      return held > value
    case '>=':
      return held >= value
  }
}

/**
 * Whether a user is in the segment.
 * @since 0.1.0
 * @category Queries
 */
export const satisfies = (user: ActiveUser, predicate: Predicate): boolean => {
  if ('and' in predicate) return predicate.and.every((one) => satisfies(user, one))
  if ('or' in predicate) return predicate.or.some((one) => satisfies(user, one))
  if ('not' in predicate) return !satisfies(user, predicate.not)
  if ('type' in predicate) return user.standing.type === predicate.type
  if ('tag' in predicate) return user.cells[tagField(predicate.tag)] !== undefined
  const field =
    'attribute' in predicate ? predicate.attribute : attributeField(predicate.customAttribute)
  const held = user.cells[field]?.value
  return 'exists' in predicate
    ? (held !== undefined) === predicate.exists
    : compares(held, predicate.is, predicate.value)
}

const attribute = literals('attribute', singleFields)
const comparison = literals('is', comparisons)

const scalarText = text('a value', 4096, 0)

/** A value to compare with: a string in the form in which strings are stored. */
export const scalar: Codec<string | number | boolean> = codec<string | number | boolean>(
  'a value',
  (input, context) => {
    if (typeof input === 'string') return scalarText.validate(input, context)
    return typeof input === 'number' || typeof input === 'boolean'
      ? t.success(input)
      : reject(input, context, 'must be a string, a number or a boolean')
  },
)

/** One codec a form of predicate, by the key that tells it. */
const forms = {
  type: object('a type predicate', { type: literals('type', ['LEAD', 'CUSTOMER']) }, {}),
  tag: object('a tag predicate', { tag: text('a tag', 256) }, {}),
  attribute: object(
    'an attribute predicate',
    { attribute, is: comparison, value: text('a value', 255, 0) },
    {},
  ),
  customAttribute: object(
    'a custom attribute predicate',
    { customAttribute: AttributeName, is: comparison, value: scalar },
    {},
  ),
  attributeExists: object('an attribute predicate', { attribute, exists: booleanValue }, {}),
  customAttributeExists: object(
    'a custom attribute predicate',
    { customAttribute: AttributeName, exists: booleanValue },
    {},
  ),
}

/**
 * The codec of a predicate. How deep it nests is bounded by what a whole command may be.
 * @since 0.1.0
 * @category Queries
 */
export const Predicate: Codec<Predicate> = codec<Predicate>('a predicate', (input, context) => {
  if (!isRecord(input)) return reject(input, context, 'must be a predicate (an object)')
  const has = (key: string): boolean => Object.hasOwn(input, key)
  if (has('and'))
    return object('and', { and: list(Predicate, 'predicates') }, {}).validate(input, context)
  if (has('or'))
    return object('or', { or: list(Predicate, 'predicates') }, {}).validate(input, context)
  if (has('not')) return object('not', { not: Predicate }, {}).validate(input, context)
  if (has('type')) return forms.type.validate(input, context)
  if (has('tag')) return forms.tag.validate(input, context)
  if (has('attribute'))
    return (has('exists') ? forms.attributeExists : forms.attribute).validate(input, context)
  if (has('customAttribute'))
    return (has('exists') ? forms.customAttributeExists : forms.customAttribute).validate(
      input,
      context,
    )
  return reject(
    input,
    context,
    'must have one of type, tag, attribute, customAttribute, and, or, not',
  )
})
