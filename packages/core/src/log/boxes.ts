// An event as it is stored: its public payload, and one box for each owner of personal values in it.
// A store seals the boxes; without its box an event still opens, its personal values reading `erased`.

import { E, type Either, pipe, type t } from '../prelude.js'
import { type Json, jsonOf } from '../values/json.js'
import { eventId, type Position, type UserId } from '../values/token.js'
import { catalog, type EventSchema } from './catalog.js'
import type { Envelope, Recorded } from './envelope.js'
import type { EventOf, EventType, Payloads } from './event.js'
import { inKeyOrder } from './key-order.js'
import { upcast, upcasters } from './upcast.js'

/**
 * The personal part of one event: the values, and the user under whose key they are sealed.
 * @since 0.1.0
 * @category Log
 */
export interface Box {
  readonly owner: UserId
  readonly content: Json
}

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

const isRecord = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null && !Array.isArray(input)

const part = (payload: object, keep: (key: string) => boolean): Json =>
  jsonOf(Object.fromEntries(Object.entries(payload).filter(([key]) => keep(key))))

const splitPayload = <Type extends EventType>(event: EventOf<Type>) => {
  const { personal }: EventSchema<Payloads[Type]> = catalog[event.type]
  if (personal === null) return { payload: jsonOf(event.payload), boxes: [] }
  const isPersonal = (key: string): boolean => personal.fields.some((field) => field === key)
  return {
    payload: part(event.payload, (key) => !isPersonal(key)),
    boxes: [{ owner: personal.owner(event.payload), content: part(event.payload, isPersonal) }],
  }
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
  read(stored, stored.boxes[0]?.content ?? null, (type, payload, schemaVersion) => ({
    ...envelopeOf(stored),
    schemaVersion,
    ...inKeyOrder({ type, payload }),
  }))

/**
 * What a replay needs of a stored event: of its envelope little, of its boxes what the first holds.
 * @since 0.1.0
 * @category Log
 */
export interface Replayed
  extends Pick<StoredEvent, 'position' | 'type' | 'schemaVersion' | 'recordedAt' | 'payload'> {
  /** Null where it has no box, or its owner is erased. */
  readonly content: Json | null
}

/**
 * `fromStored` for whoever only replays: the rest of the envelope is empty, and the keys of a payload
 * stand in any order.
 * @since 0.1.0
 * @category Log
 */
export const replayable = (parts: Replayed): Either<Unreadable, Recorded> =>
  read(parts, parts.content, (type, payload) => ({
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

const read = (stored: OpenEvent, box: Json | null, whole: Whole): Either<Unreadable, Recorded> =>
  isEventType(stored.type)
    ? join(stored, box, stored.type, whole)
    : E.left(unreadable(stored, `the event type ${stored.type} is not known to this version`))

const isEventType = (type: string): type is EventType => Object.hasOwn(catalog, type)

const unreadable = (stored: OpenEvent, message: string): Unreadable => ({
  _tag: 'Unreadable',
  position: stored.position,
  message,
})

const join = <Type extends EventType>(
  stored: OpenEvent,
  content: Json | null,
  type: Type,
  whole: Whole,
): Either<Unreadable, Envelope & EventOf<Type>> => {
  const { version, personal, payload }: EventSchema<Payloads[Type]> = catalog[type]
  const parts = { payload: stored.payload, box: content }
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
  const { box } = lifted
  const facts: unknown =
    personal === null
      ? open
      : { ...open, ...(isRecord(box) ? box : personal.erased(open, stored.position)) }
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
