// JSON Schema of any codec: of ours by the description beside it, of io-ts' own by their structure.
// Parts that have a name of their own stand once, under `$defs`.

import { t } from '../prelude.js'
import { descriptionOf, objectSchema, type SchemaOf } from '../values/described.js'
import { canonicalJson, type JsonObject } from '../values/json.js'

/** Schemas that refer to definitions, and the definitions met so far. */
export interface Definitions {
  readonly of: SchemaOf
  readonly defined: () => JsonObject
}

export const openDefinitions = (): Definitions => {
  const byName = new Map<string, JsonObject>()
  const of: SchemaOf = (codec) => {
    const schema = descriptionOf(codec)?.(of) ?? structureOf(codec, of)
    const name = nameOf(codec.name)
    if (name === undefined || !isWorthANameIn(schema)) return schema
    const known = byName.get(name)
    if (known !== undefined && canonicalJson(known) !== canonicalJson(schema))
      throw new Error(`two codecs are called ${name}`)
    byName.set(name, schema)
    return { $ref: `#/$defs/${name}` }
  }
  return { of, defined: () => Object.fromEntries([...byName].sort(([a], [b]) => (a < b ? -1 : 1))) }
}

/** `a push registration id` as `pushRegistrationId`; undefined for what is named by its parts. */
const nameOf = (name: string): string | undefined => {
  if (!/^[A-Za-z]+(?: [A-Za-z]+)*$/.test(name) || name.endsWith(' or null')) return undefined
  return name
    .replace(/^an? /, '')
    .replace(/ command$/, '')
    .replace(/ ./g, (two) => two.slice(1).toUpperCase())
}

const isWorthANameIn = (schema: JsonObject): boolean =>
  ('type' in schema || 'enum' in schema) && Object.keys(schema).length > 1

/** The structure of a codec that io-ts made. */
const structureOf = (codec: t.Mixed, of: SchemaOf): JsonObject => {
  if (codec instanceof t.StringType) return { type: 'string' }
  if (codec instanceof t.NumberType) return { type: 'number' }
  if (codec instanceof t.BooleanType) return { type: 'boolean' }
  if (codec instanceof t.NullType) return { type: 'null' }
  if (codec instanceof t.UnknownType) return {}
  if (codec instanceof t.LiteralType) return { const: codec.value }
  if (codec instanceof t.ReadonlyArrayType) return { type: 'array', items: of(codec.type) }
  if (codec instanceof t.UnionType) return { anyOf: partsOf(codec).map(of) }
  const { required, optional } = keysOf(codec)
  return objectSchema(of, required, optional)
}

const partsOf = ({ types }: { readonly types: ReadonlyArray<t.Mixed> }): ReadonlyArray<t.Mixed> =>
  types

interface Keys {
  readonly required: t.Props
  readonly optional: t.Props
}

/** The keys of an object that io-ts made, those of an intersection together. */
const keysOf = (codec: t.Mixed): Keys => {
  if (codec instanceof t.InterfaceType) return { required: codec.props, optional: {} }
  if (codec instanceof t.PartialType) return { required: {}, optional: codec.props }
  if (!(codec instanceof t.IntersectionType))
    throw new Error(`${codec.name} has no schema: describe it where it is made`)
  const parts = partsOf(codec).map(keysOf)
  return {
    required: Object.assign({}, ...parts.map(({ required }) => required)),
    optional: Object.assign({}, ...parts.map(({ optional }) => optional)),
  }
}
