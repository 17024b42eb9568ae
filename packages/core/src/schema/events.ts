// The schema of each event as readers see it: its envelope, and the payload from its codec in the
// catalogue, which says too what of it is personal.

import { catalog } from '../log/catalog.js'
import type { Envelope } from '../log/envelope.js'
import type { EventType } from '../log/event.js'
import { instantShape, positionShape } from '../log/shape.js'
import { t } from '../prelude.js'
import { objectSchema, type SchemaOf } from '../values/described.js'
import type { JsonObject } from '../values/json.js'
import { EventId, Token } from '../values/token.js'

const isEventType = (name: string): name is EventType => Object.hasOwn(catalog, name)

export const eventTypes: ReadonlyArray<EventType> = Object.keys(catalog).filter(isEventType)

const tokenOrNull = t.union([Token, t.null])

export const envelope: Readonly<Record<keyof Envelope, t.Mixed>> = {
  position: positionShape,
  id: EventId,
  schemaVersion: positionShape,
  recordedAt: instantShape,
  occurredAt: instantShape,
  commandId: tokenOrNull,
  actor: tokenOrNull,
  correlationId: tokenOrNull,
  causationId: tokenOrNull,
}

/** An event of one type; `more` are keys that stand beside its own. */
export const eventSchema = (
  of: SchemaOf,
  type: EventType,
  more: Readonly<Record<string, t.Mixed>> = {},
): JsonObject => {
  const { version, payload, personal } = catalog[type]
  const schema = objectSchema(of, {
    ...envelope,
    schemaVersion: t.literal(version),
    type: t.literal(type),
    payload,
    ...more,
  })
  return personal === null
    ? schema
    : { ...schema, description: `Personal, and sealed: ${personal.fields.join(', ')}.` }
}

export const eventNotes =
  'An event of the log as a reader sees it, its boxes open. Of an erased user each personal value ' +
  'reads "erased", an identity "erased:" and the position that linked it. Types with a dot are an ' +
  "embedder's own facts, and stand in no schema of Selfsame's."
