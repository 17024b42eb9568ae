// An event as it is stored: its public payload, and one box for each owner of personal values in it.
// A store seals the boxes; without its box an event still opens, its personal values reading `erased`.

import { E, type Either, pipe, type t } from '../prelude.js'
import { isRecord, type Json, jsonOf, setOwn } from '../values/json.js'
import { eventId, type Position } from '../values/token.js'
import { catalog, type EventSchema } from './catalog.js'
import type { Envelope, Recorded } from './envelope.js'
import type { EventOf, EventType, Payloads } from './event.js'
import { inKeyOrder } from './key-order.js'
import type { Box } from './personal.js'
import { upcast, upcasters } from './upcast.js'

/**
 * The stored form of an event. `payload` holds nothing personal.
 * @since 0.1.0
 * @category Log
 */
export interface StoredEvent extends Envelope {
  readonly type: string
  readonly payload: Json
  readonly boxes: ReadonlyArray<Box>
}

/**
 * An event of the log that cannot be read: its place, and what is wrong with it.
 * @since 0.1.0
 * @category Log
 */
export interface Unreadable {
  readonly _tag: 'Unreadable'
  readonly position: Position
  readonly message: string
}

const splitPayload = <Type extends EventType>(event: EventOf<Type>) => {
  const { personal }: EventSchema<Payloads[Type]> = catalog[event.type]
  if (personal === null) return { payload: jsonOf(event.payload), boxes: [] }
  const open: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(event.payload))
    if (!personal.fields.some((field) => field === key)) setOwn(open, key, value)
  return { payload: jsonOf(open), boxes: personal.boxes(event.payload) }
}

/**
 * Takes an event apart for a store: what is public, and a box for each owner of the rest.
 * @since 0.1.0
 * @category Log
 */
export const toStored = (event: Recorded): StoredEvent => ({
  ...envelopeOf(event),
  type: event.type,
  ...splitPayload<EventType>(event),
})

/**
 * Puts a stored event together again. A box that is gone leaves `erased` in its place.
 * @since 0.1.0
 * @category Log
 */
export const fromStored = (stored: StoredEvent): Either<Unreadable, Recorded> =>
  read(stored, stored.boxes, (type, payload, schemaVersion) => ({
    ...envelopeOf(stored),
    schemaVersion,
    ...inKeyOrder({ type, payload }),
  }))

/**
 * What a replay needs of a stored event: little of its envelope, and of its boxes those that open.
 * @since 0.1.0
 * @category Log
 */
export type Replayed = Pick<
  StoredEvent,
  'position' | 'type' | 'schemaVersion' | 'recordedAt' | 'payload' | 'boxes'
>

/**
 * `fromStored` for whoever only replays: the rest of the envelope is empty, and the keys of a payload
 * stand in any order.
 * @since 0.1.0
 * @category Log
 */
export const replayable = (parts: Replayed): Either<Unreadable, Recorded> =>
  read(parts, parts.boxes, (type, payload) => ({
    position: parts.position,
    id: eventId(''),
    schemaVersion: parts.schemaVersion,
    recordedAt: parts.recordedAt,
    occurredAt: parts.recordedAt,
    commandId: null,
    actor: null,
    correlationId: null,
    causationId: null,
    type,
    payload,
  }))

type OpenEvent = Pick<StoredEvent, 'position' | 'type' | 'schemaVersion' | 'payload'>

/** How an event is put together from its type and its decoded payload. */
type Whole = <Type extends EventType>(
  type: Type,
  payload: Payloads[Type],
  version: number,
) => Envelope & EventOf<Type>

const read = (
  stored: OpenEvent,
  boxes: ReadonlyArray<Box>,
  whole: Whole,
): Either<Unreadable, Recorded> =>
  isEventType(stored.type)
    ? join(stored, boxes, stored.type, whole)
    : E.left(unreadable(stored, `the event type ${stored.type} is not known to this version`))

const isEventType = (type: string): type is EventType => Object.hasOwn(catalog, type)

const unreadable = (stored: OpenEvent, message: string): Unreadable => ({
  _tag: 'Unreadable',
  position: stored.position,
  message,
})

const join = <Type extends EventType>(
  stored: OpenEvent,
  boxes: ReadonlyArray<Box>,
  type: Type,
  whole: Whole,
): Either<Unreadable, Envelope & EventOf<Type>> => {
  const { version, personal, payload }: EventSchema<Payloads[Type]> = catalog[type]
  const parts = { payload: stored.payload, boxes }
  const lifted = upcast(upcasters, type, parts, stored.schemaVersion, version)
  const open = lifted?.payload
  if (lifted === undefined || !isRecord(open)) {
    return E.left(
      unreadable(
        stored,
        `no upcaster leads from ${type} version ${stored.schemaVersion} to ${version}`,
      ),
    )
  }
  const facts: unknown =
    personal === null ? open : { ...open, ...personal.facts(open, lifted.boxes, stored.position) }
  // Asking is several times faster than decoding, which is for what is wrong.
  if (payload.is(facts)) return E.right(whole(type, facts, version))
  return pipe(
    payload.decode(facts),
    E.bimap(
      (errors) => unreadable(stored, `its payload is not a ${type}: ${placesOf(errors)}`),
      (decoded) => whole(type, decoded, version),
    ),
  )
}

const placesOf = (errors: t.Errors): string =>
  errors.map((error) => error.context.map(({ key }) => key).join('/')).join(', ')

const envelopeOf = (event: Envelope): Envelope => ({
  position: event.position,
  id: event.id,
  schemaVersion: event.schemaVersion,
  recordedAt: event.recordedAt,
  occurredAt: event.occurredAt,
  commandId: event.commandId,
  actor: event.actor,
  correlationId: event.correlationId,
  causationId: event.causationId,
})
