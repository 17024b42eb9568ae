// What Selfsame takes and gives, as JSON Schema (draft 2020-12), made from the codecs that read it. The
// documents are checked in under `docs/schema`, and a test tells where they and the codecs part.

import { type CommandType, commandTypes } from '../commands/index.js'
import { type RefusalCode, refusalCodes } from '../directory/refusal.js'
import type { EventType } from '../log/event.js'
import type { SchemaOf } from '../values/described.js'
import type { JsonObject } from '../values/json.js'
import { commandCodecs, commandNotes } from './commands.js'
import { erasureCodec, erasureNotes } from './erasure.js'
import { eventNotes, eventSchema, eventTypes } from './events.js'
import { evidenceCodec, evidenceNotes } from './evidence.js'
import { exportCodec, exportNotes } from './export.js'
import { openDefinitions } from './from-codec.js'
import { receiptCodec, receiptNotes } from './receipt.js'
import { refusalNotes, refusalSchema } from './refusals.js'

/**
 * The documents: every command, event and refusal; the receipt; the export of a person, the certificate
 * of an erasure, and the bundle of an evidence folder.
 * @since 0.1.0
 * @category Schema
 */
export const schemaNames = [
  'command',
  'event',
  'receipt',
  'refusal',
  'export',
  'erasure',
  'evidence',
] as const

/**
 * One of `schemaNames`.
 * @since 0.1.0
 * @category Schema
 */
export type SchemaName = (typeof schemaNames)[number]

const draft = 'https://json-schema.org/draft/2020-12/schema'
const idOf = (name: string): string => `urn:selfsame:schema:${name}`

/**
 * The JSON Schema of a document, or of one command, event or refusal alone; without a name a bundle of
 * all documents. Undefined where nothing is called so.
 *
 * @example
 * jsonSchema('Personalize')?.oneOf // [{ $ref: '#/$defs/Personalize' }]
 *
 * @since 0.1.0
 * @category Schema
 */
export const jsonSchema = (name?: string): JsonObject | undefined => {
  if (name === undefined) return bundle()
  if (isDocument(name)) return closed(name, members[name], notes[name])
  const one = oneOf(name)
  return one === undefined ? undefined : closed(name, { [name]: one }, '')
}

type Members = Readonly<Record<string, (of: SchemaOf) => JsonObject>>

const of =
  <Name extends string>(names: ReadonlyArray<Name>) =>
  (schema: (of: SchemaOf, name: Name) => JsonObject): Members =>
    Object.fromEntries(names.map((name) => [name, (inner: SchemaOf) => schema(inner, name)]))

const members: Readonly<Record<SchemaName, Members>> = {
  command: of<CommandType>(commandTypes)((inner, type) => inner(commandCodecs[type])),
  event: of<EventType>(eventTypes)(eventSchema),
  refusal: of<RefusalCode>(refusalCodes)(refusalSchema),
  receipt: { receipt: (inner) => inner(receiptCodec) },
  export: { person: (inner) => inner(exportCodec) },
  erasure: { erasure: (inner) => inner(erasureCodec) },
  evidence: { evidence: (inner) => inner(evidenceCodec) },
}

const notes: Readonly<Record<SchemaName, string>> = {
  command: commandNotes,
  event: eventNotes,
  receipt: receiptNotes,
  refusal: refusalNotes,
  export: exportNotes,
  erasure: erasureNotes,
  evidence: evidenceNotes,
}

const isDocument = (name: string): name is SchemaName => Object.hasOwn(members, name)

/** The one command, event or refusal of a name. */
const oneOf = (name: string): ((of: SchemaOf) => JsonObject) | undefined =>
  [members.command, members.event, members.refusal].find((all) => Object.hasOwn(all, name))?.[name]

/** A document that needs no other: what its members refer to stands in it. */
const closed = (name: string, all: Members, description: string): JsonObject => {
  const { of: inner, defined } = openDefinitions()
  const own = Object.entries(all).map(([member, schema]) => [member, schema(inner)] as const)
  const refs = own.map(([member]) => ({ $ref: `#/$defs/${member}` }))
  return {
    $schema: draft,
    $id: idOf(name),
    ...(description === '' ? {} : { description }),
    // A root that is nothing but a reference sends ajv in a circle when it stands in the bundle.
    oneOf: refs,
    $defs: {
      ...Object.fromEntries(own.filter(([, schema]) => schema.$ref === undefined)),
      ...defined(),
    },
  }
}

/** All documents in one, each under its own id. */
const bundle = (): JsonObject => ({
  $schema: draft,
  $id: idOf('all'),
  description: 'Whatever Selfsame takes and gives: a command, an event, a refusal, an export.',
  oneOf: schemaNames.map((name) => ({ $ref: idOf(name) })),
  $defs: Object.fromEntries(
    schemaNames.map((name) => [name, closed(name, members[name], notes[name])]),
  ),
})
