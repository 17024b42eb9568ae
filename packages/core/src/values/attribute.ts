// Custom attributes as they come in: names and values. A value is parsed twice: alone, here at the
// edge, and under its name's type (`typed`), once the account's types are known.

import { E, t } from '../prelude.js'
import {
  type FieldType as AnyFieldType,
  type AttributeType as AnyType,
  type FieldValue,
  type RawAttribute,
  VALUE_LENGTH_MAX,
} from './attribute-type.js'
import { addAll, addErrors, type Codec, codec, literals } from './codec.js'
import type { Description } from './described.js'
import { isList, isRecord, setOwn } from './json.js'
import { text } from './text.js'
import { at, reject } from './violation.js'

export type {
  AttributeDefinition,
  AttributeValue,
  RawAttribute,
} from './attribute-type.js'
export { inferType, sameDefinition, typed } from './attribute-type.js'

/**
 * The types of a custom attribute.
 *
 * @category Values
 * @since 0.1.0
 */
export type AttributeType = AnyType

/**
 * The types of a field in a list of objects.
 *
 * @category Values
 * @since 0.1.0
 */
export type FieldType = AnyFieldType

/**
 * A patch of custom attributes: clear all, or set and remove by name, in the order given.
 *
 * @category Values
 * @since 0.1.0
 */
export type CustomAttributesPatch =
  | { readonly clear: true }
  | { readonly clear: false; readonly entries: ReadonlyArray<readonly [string, RawAttribute]> }

const ENTRIES_MAX = 1000

/**
 * Parses the type of a custom attribute.
 *
 * @category Values
 * @since 0.1.0
 */
export const AttributeType: Codec<AttributeType> = literals('an attribute type', [
  'string',
  'number',
  'boolean',
  'date',
  'datetime',
  'list',
])

/**
 * Parses the type of a field in a list of objects.
 *
 * @category Values
 * @since 0.1.0
 */
export const FieldType: Codec<FieldType> = literals('a field type', [
  'string',
  'number',
  'boolean',
  'date',
  'datetime',
])

const nameText = text('an attribute name', 256)

/**
 * The name of a custom attribute or of a list's field: 1 to 256 characters, none of `{}[]`
 * (domain.md section 3). `__proto__` is a name like any other.
 *
 * @category Values
 * @since 0.1.0
 */
export const AttributeName: Codec<string> = codec<string>(
  nameText.name,
  (input, context) =>
    typeof input === 'string' && /[{}[\]]/.test(input)
      ? reject(input, context, 'must have none of { } [ ] in its name')
      : nameText.validate(input, context),
  () => ({ type: 'string', minLength: 1, maxLength: 256, pattern: NAME_PATTERN }),
)

const NAME_PATTERN = '^[^\\u0000-\\u001f\\u007f-\\u009f{}\\[\\]]*$'

/**
 * The parsed entries of an object whose keys are attribute names. Names that are one name in NFC
 * are a violation.
 */
const namedEntries = <A>(
  value: Codec<A>,
  name: string,
): Codec<ReadonlyArray<readonly [string, A]>> =>
  codec<ReadonlyArray<readonly [string, A]>>(
    name,
    (input, context) => {
      if (!isRecord(input)) return reject(input, context, `must be ${name} (an object)`)
      const parsed = new Map<string, A>()
      const errors: t.Errors = []
      for (const [key, given] of Object.entries(input)) {
        if (given === undefined) continue
        const here = at(context, key, value, given)
        const named = AttributeName.validate(key, here)
        const result = value.validate(given, here)
        addErrors(errors, named)
        addErrors(errors, result)
        if (E.isLeft(named) || E.isLeft(result)) continue
        if (parsed.has(named.right))
          addErrors(errors, reject(given, here, 'stands here twice, in two Unicode forms'))
        parsed.set(named.right, result.right)
      }
      return errors.length > 0 ? t.failures(errors) : t.success([...parsed])
    },
    byName(value),
  )

const byName =
  (value: t.Mixed): Description =>
  (of) => ({ type: 'object', propertyNames: of(AttributeName), additionalProperties: of(value) })

const record = <A>(entries: ReadonlyArray<readonly [string, A]>): Readonly<Record<string, A>> => {
  const own: Record<string, A> = {}
  for (const [key, value] of entries) setOwn(own, key, value)
  return own
}

/**
 * The fields of a list of objects as `DefineAttribute` declares them: name to type, at least one.
 *
 * @category Values
 * @since 0.1.0
 */
export const AttributeFields: Codec<Readonly<Record<string, FieldType>>> = codec<
  Readonly<Record<string, FieldType>>
>(
  'fields by name',
  (input, context) => {
    const entries = fieldTypes.validate(input, context)
    if (E.isLeft(entries)) return entries
    return entries.right.length > 0
      ? t.success(record(entries.right))
      : reject(input, context, 'must have at least one field')
  },
  (of) => ({ ...byName(FieldType)(of), minProperties: 1 }),
)

const fieldTypes = namedEntries(FieldType, 'fields by name')
const valueText = text('a string', VALUE_LENGTH_MAX, 0)

const fieldValue: Codec<FieldValue> = codec<FieldValue>(
  'a field',
  (input, context) => {
    if (typeof input === 'string') return valueText.validate(input, context)
    if (typeof input === 'boolean') return t.success(input)
    if (typeof input !== 'number')
      return reject(input, context, 'must be a string, a number or a boolean')
    if (!Number.isFinite(input)) return reject(input, context, 'must be a finite number')
    return t.success(input === 0 ? 0 : input)
  },
  (of) => ({ anyOf: [of(valueText), { type: ['number', 'boolean'] }] }),
)

const row = namedEntries(fieldValue, 'an object of a list')

const rawAttribute: Codec<RawAttribute> = codec<RawAttribute>(
  'an attribute',
  (input, context) => {
    if (input === null) return t.success(null)
    if (!isList(input)) {
      return isRecord(input)
        ? reject(input, context, 'must be a string, a number, a boolean or a list of objects')
        : fieldValue.validate(input, context)
    }
    if (input.length === 0) return reject(input, context, 'must have at least one object')
    const rows: Array<Readonly<Record<string, FieldValue>>> = []
    const errors: t.Errors = []
    for (const [index, item] of input.entries()) {
      const parsed = row.validate(item, at(context, index, row, item))
      if (E.isLeft(parsed)) addAll(errors, parsed.left)
      else rows.push(record(parsed.right))
    }
    return errors.length > 0 ? t.failures(errors) : t.success(rows)
  },
  (of) => ({
    anyOf: [of(fieldValue), { type: 'array', minItems: 1, items: of(row) }, { type: 'null' }],
    description:
      'Of the type that its name has in the account. A list has at most 4096 characters as JSON.',
  }),
)

const entriesPatch = namedEntries(rawAttribute, 'custom attributes')

/**
 * A patch of custom attributes: null clears all of them, an object sets and removes by name. A
 * patch that sets more than 1,000 is `LIMIT_EXCEEDED`; the limit on what results is judged when the
 * command is decided (domain.md section 3).
 *
 * @category Values
 * @since 0.1.0
 */
export const CustomAttributesPatch: Codec<CustomAttributesPatch> = codec<CustomAttributesPatch>(
  'custom attributes',
  (input, context) => {
    if (input === null) return t.success({ clear: true })
    const entries = entriesPatch.validate(input, context)
    if (E.isLeft(entries)) return entries
    return entries.right.filter(([, value]) => value !== null).length > ENTRIES_MAX
      ? reject(input, context, `must set at most ${ENTRIES_MAX} attributes`, 'LIMIT_EXCEEDED')
      : t.success({ clear: false, entries: entries.right })
  },
  (of) => ({
    anyOf: [of(entriesPatch), { type: 'null' }],
    description: `null clears all. Sets at most ${ENTRIES_MAX}.`,
  }),
)
