// The types that a custom attribute's name can have, and values under a type.

import { absurd, E, type Either } from '../prelude.js'
import { isDay, parseDateTime } from './instant.js'
import { canonicalJson, isList, setOwn } from './json.js'
import { codePoints } from './text.js'

/**
 * The types of a custom attribute.
 *
 * @category Values
 * @since 0.1.0
 */
export type AttributeType = 'string' | 'number' | 'boolean' | 'date' | 'datetime' | 'list'

/**
 * The types of a field in a list of objects.
 *
 * @category Values
 * @since 0.1.0
 */
export type FieldType = Exclude<AttributeType, 'list'>

/**
 * What a name means in its scope: a type, and for a list the type of each field.
 *
 * @category Values
 * @since 0.1.0
 */
export interface AttributeDefinition {
  readonly type: AttributeType
  readonly fields?: Readonly<Record<string, FieldType>>
}

/**
 * The value of one field.
 *
 * @category Values
 * @since 0.1.0
 */
export type FieldValue = string | number | boolean

/**
 * A value as it is stored: a date as `YYYY-MM-DD`, a datetime as `YYYY-MM-DDThh:mm:ssZ`.
 *
 * @category Values
 * @since 0.1.0
 */
export type AttributeValue = FieldValue | ReadonlyArray<Readonly<Record<string, FieldValue>>>

/**
 * A value parsed alone, before its name's type is known; null removes.
 *
 * @category Values
 * @since 0.1.0
 */
export type RawAttribute = AttributeValue | null

/** The longest string, and the longest list as JSON, in code points. */
export const VALUE_LENGTH_MAX = 4096

/**
 * Whether two definitions say the same, whatever the order of their fields.
 *
 * @category Values
 * @since 0.1.0
 */
export const sameDefinition = (a: AttributeDefinition, b: AttributeDefinition): boolean => {
  const fields = Object.entries(a.fields ?? {})
  return (
    a.type === b.type &&
    fields.length === Object.keys(b.fields ?? {}).length &&
    fields.every(([name, type]) => fieldType(b, name) === type)
  )
}

/**
 * The type that a value fixes for a new name: a string that is exactly a real date or datetime
 * makes that, any other a string. A list has to be declared first: undefined (domain.md section 3).
 *
 * @category Values
 * @since 0.1.0
 */
export const inferType = (raw: AttributeValue): FieldType | undefined => {
  if (typeof raw === 'number') return 'number'
  if (typeof raw === 'boolean') return 'boolean'
  if (typeof raw !== 'string') return undefined
  if (isDay(raw)) return 'date'
  return parseDateTime(raw) === undefined ? 'string' : 'datetime'
}

/**
 * A value under its name's type, or a message that names the type: datetimes in UTC and seconds,
 * objects of a list with exactly the declared fields, a list of at most 4096 characters as JSON.
 *
 * @category Values
 * @since 0.1.0
 */
export const typed = (
  raw: AttributeValue,
  definition: AttributeDefinition,
): Either<string, AttributeValue> => {
  if (definition.type !== 'list') return typedField(raw, definition.type)
  if (!isList(raw)) return E.left('must be a list of objects')
  const rows: Array<Readonly<Record<string, FieldValue>>> = []
  for (const [index, item] of raw.entries()) {
    const parsed = typedRow(item, definition)
    if (E.isLeft(parsed)) return E.left(`must be a list of objects: ${index}, ${parsed.left}`)
    rows.push(parsed.right)
  }
  return codePoints(canonicalJson(rows), VALUE_LENGTH_MAX) > VALUE_LENGTH_MAX
    ? E.left(`must be a list of objects of at most ${VALUE_LENGTH_MAX} characters as JSON`)
    : E.right(rows)
}

const typedRow = (
  item: Readonly<Record<string, FieldValue>>,
  definition: AttributeDefinition,
): Either<string, Readonly<Record<string, FieldValue>>> => {
  const own: Record<string, FieldValue> = {}
  for (const [name, value] of Object.entries(item)) {
    const type = fieldType(definition, name)
    if (type === undefined) return E.left(`"${name}" is not a declared field`)
    const parsed = typedField(value, type)
    if (E.isLeft(parsed)) return E.left(`"${name}" ${parsed.left}`)
    setOwn(own, name, parsed.right)
  }
  const missing = Object.keys(definition.fields ?? {}).find((name) => !Object.hasOwn(item, name))
  return missing === undefined ? E.right(own) : E.left(`"${missing}" is missing`)
}

const typedField = (raw: AttributeValue, type: FieldType): Either<string, FieldValue> => {
  switch (type) {
    case 'string':
      return typeof raw === 'string' ? E.right(raw) : E.left('must be a string')
    case 'number':
      return typeof raw === 'number' ? E.right(raw) : E.left('must be a number')
    case 'boolean':
      return typeof raw === 'boolean' ? E.right(raw) : E.left('must be a boolean')
    case 'date':
      return typeof raw === 'string' && isDay(raw)
        ? E.right(raw)
        : E.left('must be a date, YYYY-MM-DD')
    case 'datetime': {
      const parsed = typeof raw === 'string' ? parseDateTime(raw) : undefined
      return parsed === undefined ? E.left('must be a datetime (RFC 3339)') : E.right(parsed)
    }
    default:
      return absurd(type)
  }
}

const fieldType = ({ fields }: AttributeDefinition, name: string): FieldType | undefined =>
  fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined
