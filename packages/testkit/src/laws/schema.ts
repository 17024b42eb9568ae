// The published schema of commands (JSON Schema, draft 2020-12) and the engine say the same: what the
// engine accepts is valid, and what has another shape than any command is not. Only the keywords that
// the schema uses are known here; one that is new fails loudly.

import { commandTypes, type Json, jsonSchema } from '@selfsame/core'
import { isObject } from '../arbitraries/symbols.js'
import { isMisshapen } from '../model/shapes.js'
import { type Violation, violation } from './violation.js'

type Fields = Readonly<Record<string, Json>>

/**
 * Holds a command and whether it was accepted against the schema of its type. A plan that is executed
 * and what is no command of the thirteen has none.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkSchema = (command: Json, isAccepted: boolean): ReadonlyArray<Violation> => {
  const type = isObject(command) ? command.type : undefined
  if (!commandTypes.some((one) => one === type)) return []
  const schema = schemaOf(String(type))
  const isValid = conforms(schema, command, schema)
  if (isAccepted && !isValid)
    return [violation('schema', `a ${type} that is accepted is not valid by its schema`)]
  if (isValid && hasAnotherShape(command))
    return [violation('schema', `a ${type} of another shape is valid by its schema`)]
  return []
}

const schemaOf = (type: string): Fields => {
  const schema: Json = jsonSchema(type) ?? null
  if (!isObject(schema)) throw new Error(`${type} has no schema`)
  return schema
}

/** What domain.md section 4 tells of shapes, beside the keys that nobody knows. */
const hasAnotherShape = (command: Json): boolean => {
  if (!isObject(command) || isMisshapen(command)) return true
  const { type, users = null, target, survivor, attributeType, fields = null } = command
  const references: ReadonlyArray<Json | undefined> = [target, survivor]
  const named = Array.isArray(users) ? users : []
  return (
    (type === 'MergeUsers' && (!Array.isArray(users) || named.length < 2 || named.length > 50)) ||
    (type === 'DefineAttribute' && (attributeType === 'list') !== (fields !== null)) ||
    [...references, ...named].some((one) => isObject(one) && Object.keys(one).length !== 1)
  )
}

const conforms = (schema: Json, value: Json, root: Fields): boolean =>
  typeof schema === 'boolean'
    ? schema
    : isObject(schema) &&
      Object.entries(schema).every(([keyword, rule]) => {
        const check = Object.hasOwn(keywords, keyword) ? keywords[keyword] : undefined
        if (check === undefined) throw new Error(`the schema has the keyword ${keyword}`)
        return check(rule, value, { schema, root })
      })

interface Within {
  readonly schema: Fields
  readonly root: Fields
}

type Keyword = (rule: Json, value: Json, within: Within) => boolean

const listOf = (json: Json): ReadonlyArray<Json> => (Array.isArray(json) ? json : [])
const fieldsOf = (json: Json | undefined): Fields => (isObject(json) ? json : {})
const lengthOf = (text: string): number => [...text.normalize('NFC')].length
const says: Keyword = () => true

const typeOf = (value: Json): string => {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** Of values of another type than the keyword is about, it says nothing. */
const ofText =
  (holds: (rule: Json, text: string) => boolean): Keyword =>
  (rule, value) =>
    typeof value !== 'string' || holds(rule, value)
const ofList =
  (holds: (rule: Json, list: ReadonlyArray<Json>, root: Fields) => boolean): Keyword =>
  (rule, value, { root }) =>
    !Array.isArray(value) || holds(rule, value, root)
const ofObject =
  (holds: (rule: Json, fields: Fields, within: Within) => boolean): Keyword =>
  (rule, value, within) =>
    !isObject(value) || holds(rule, value, within)

const keywords: Readonly<Record<string, Keyword>> = {
  $schema: says,
  $id: says,
  $defs: says,
  description: says,
  format: says,
  title: says,
  $ref: (rule, value, { root }) =>
    conforms(fieldsOf(root.$defs)[String(rule).replace('#/$defs/', '')] ?? false, value, root),
  type: (rule, value) => [rule].flat().includes(typeOf(value)),
  const: (rule, value) => rule === value,
  enum: (rule, value) => listOf(rule).includes(value),
  anyOf: (rule, value, { root }) => listOf(rule).some((one) => conforms(one, value, root)),
  allOf: (rule, value, { root }) => listOf(rule).every((one) => conforms(one, value, root)),
  oneOf: (rule, value, { root }) =>
    listOf(rule).filter((one) => conforms(one, value, root)).length === 1,
  not: (rule, value, { root }) => !conforms(rule, value, root),
  if: (rule, value, { schema, root }) => {
    const next = conforms(rule, value, root) ? schema.then : schema.else
    return next === undefined || conforms(next, value, root)
  },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: says,
  else: says,
  minLength: ofText((rule, text) => lengthOf(text) >= Number(rule)),
  maxLength: ofText((rule, text) => lengthOf(text) <= Number(rule)),
  pattern: ofText((rule, text) => new RegExp(String(rule), 'u').test(text)),
  minimum: (rule, value) => typeof value !== 'number' || value >= Number(rule),
  items: ofList((rule, list, root) => list.every((one) => conforms(rule, one, root))),
  minItems: ofList((rule, list) => list.length >= Number(rule)),
  maxItems: ofList((rule, list) => list.length <= Number(rule)),
  required: ofObject((rule, fields) =>
    listOf(rule).every((key) => Object.hasOwn(fields, String(key))),
  ),
  minProperties: ofObject((rule, fields) => Object.keys(fields).length >= Number(rule)),
  maxProperties: ofObject((rule, fields) => Object.keys(fields).length <= Number(rule)),
  propertyNames: ofObject((rule, fields, { root }) =>
    Object.keys(fields).every((key) => conforms(rule, key, root)),
  ),
  properties: ofObject((rule, fields, { root }) =>
    Object.entries(fieldsOf(rule)).every(([key, part]) =>
      Object.hasOwn(fields, key) ? conforms(part, fields[key] ?? null, root) : true,
    ),
  ),
  additionalProperties: ofObject((rule, fields, { schema, root }) =>
    Object.entries(fields).every(
      ([key, part]) =>
        Object.hasOwn(fieldsOf(schema.properties), key) || conforms(rule, part, root),
    ),
  ),
}
