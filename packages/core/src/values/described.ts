// What a codec takes, as JSON Schema (draft 2020-12): said beside the codec, where the rule is.

import type { t } from '../prelude.js'
import type { JsonObject } from './json.js'

/** The schema of a codec that stands inside another. */
export type SchemaOf = (inner: t.Mixed) => JsonObject

/** A codec's own schema, given the way to those of its parts. */
export type Description = (of: SchemaOf) => JsonObject

/** Attaches its schema to a codec that was made here; io-ts' own tell theirs by their structure. */
export const described = <C extends t.Mixed>(codec: C, schema: Description): C =>
  Object.assign(codec, { schema })

/** Adds to the description of a codec what another check of it amounts to. */
export const alsoDescribed = <C extends t.Mixed>(codec: C, more: JsonObject): C => {
  const before = descriptionOf(codec)
  return described(codec, (of) => ({ ...before?.(of), ...more }))
}

/** The description that was attached, if any was. */
export const descriptionOf = (codec: t.Mixed): Description | undefined =>
  isDescribed(codec) ? codec.schema : undefined

const isDescribed = (codec: t.Mixed): codec is t.Mixed & { readonly schema: Description } =>
  'schema' in codec

/** An object with properties of these codecs and no other; `ignored` ones may be anything. */
export const objectSchema = (
  of: SchemaOf,
  required: Readonly<Record<string, t.Mixed>>,
  optional: Readonly<Record<string, t.Mixed>> = {},
  ignored: ReadonlyArray<string> = [],
): JsonObject => ({
  type: 'object',
  ...(Object.keys(required).length === 0 ? {} : { required: Object.keys(required) }),
  properties: Object.fromEntries([
    ...Object.entries({ ...required, ...optional }).map(([key, codec]) => [key, of(codec)]),
    ...ignored.map((key) => [key, { description: 'Ignored.' }]),
  ]),
  additionalProperties: false,
})
