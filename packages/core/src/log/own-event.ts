// An embedder's own facts beside Selfsame's: any payload, under a type in a namespace of its own, with
// tags of its own. They are in the same log and order; no directory, receipt or rebuild looks at them.

import { E, type Either, t } from '../prelude.js'
import { type Codec, codec, list, nullable, object } from '../values/codec.js'
import { type Instant, OccurredAt } from '../values/instant.js'
import { isJsonObject, isRecord, type JsonObject, jsonOf, parseJson } from '../values/json.js'
import { text } from '../values/text.js'
import { Token } from '../values/token.js'
import { reject, toViolations, type Violations } from '../values/violation.js'
import type { StoredEvent } from './boxes.js'
import type { Envelope } from './envelope.js'
import type { Query } from './query.js'
import { isPersonalTag, type Tag } from './tags.js'

/**
 * A type of an embedder's own: a namespace, a dot, a name, as in `shop.OrderPlaced`.
 * @since 0.1.0
 * @category Log
 */
export type OwnType = `${string}.${string}`

/**
 * A fact of an embedder's own. Its payload and tags are never sealed: nothing personal belongs there.
 * @since 0.1.0
 * @category Log
 */
export interface OwnFact {
  readonly type: OwnType
  readonly tags: ReadonlyArray<Tag>
  readonly payload: JsonObject
  readonly actor?: Token | null
  readonly correlationId?: Token | null
  readonly causationId?: Token | null
  readonly occurredAt?: Instant | null
}

/**
 * An embedder's own event, as it stands in the log.
 * @since 0.1.0
 * @category Log
 */
export interface OwnEvent extends Envelope {
  readonly type: OwnType
  readonly tags: ReadonlyArray<Tag>
  readonly payload: JsonObject
}

/**
 * When an append is refused: an event that matches the query stands after a position (anywhere in the
 * log where `after` is absent). This is the dynamic consistency boundary of dcb.events. Nothing stands
 * after a position beyond the head: such a condition always holds, so give the head that you read.
 * @since 0.1.0
 * @category Log
 */
export interface AppendCondition {
  readonly failIfEventsMatch: Query
  readonly after?: number
}

const factsMax = 1000
const tagsMax = 100
const payloadBytesMax = 48_000

const ownType = /^[a-z][a-z0-9-]*(?:\.[A-Za-z][A-Za-z0-9-]*)+$/

/**
 * Whether a type is an embedder's own.
 * @since 0.1.0
 * @category Log
 */
export const isOwnType = (type: string): type is OwnType => type.includes('.')

const OwnTypeCodec: Codec<OwnType> = codec<OwnType>('a type', (input, context) =>
  typeof input === 'string' && input.length <= 128 && ownType.test(input) && isOwnType(input)
    ? t.success(input)
    : reject(input, context, 'must be a namespace, a dot and a name, as in shop.OrderPlaced'),
)

const ownTag = text('a tag', 256)
const OwnTag: Codec<Tag> = codec('a tag', (input, context) =>
  typeof input === 'string' && isPersonalTag(input)
    ? reject(input, context, 'must not name an identity: tags are not sealed')
    : ownTag.validate(input, context),
)

const Tags: Codec<ReadonlyArray<Tag>> = codec('tags', (input, context) =>
  Array.isArray(input) && input.length > tagsMax
    ? reject(input, context, `must be at most ${tagsMax} tags`, 'LIMIT_EXCEEDED')
    : list(OwnTag, 'tags').validate(input, context),
)

const Payload: Codec<JsonObject> = codec<JsonObject>('a payload', (input, context) => {
  if (!isRecord(input)) return reject(input, context, 'must be an object')
  const payload: JsonObject = Object.fromEntries(
    Object.entries(input).map(([key, value]) => [key, jsonOf(value)]),
  )
  return JSON.stringify(payload).length > payloadBytesMax
    ? reject(
        input,
        context,
        `must be at most ${payloadBytesMax} characters of JSON`,
        'LIMIT_EXCEEDED',
      )
    : t.success(payload)
})

const Fact: Codec<OwnFact> = object(
  'a fact',
  { type: OwnTypeCodec, tags: Tags, payload: Payload },
  {
    actor: nullable(Token),
    correlationId: nullable(Token),
    causationId: nullable(Token),
    occurredAt: nullable(OccurredAt),
  },
)

const Facts: Codec<ReadonlyArray<OwnFact>> = codec('facts', (input, context) => {
  if (Array.isArray(input) && input.length === 0)
    return reject(input, context, 'must be at least one')
  return Array.isArray(input) && input.length > factsMax
    ? reject(input, context, `must be at most ${factsMax} facts`, 'LIMIT_EXCEEDED')
    : list(Fact, 'facts').validate(input, context)
})

const strings = list(
  codec<string>('a text', (input, context) =>
    typeof input === 'string' ? t.success(input) : reject(input, context, 'must be a string'),
  ),
  'texts',
)

/**
 * The codec of a query.
 * @since 0.1.0
 * @category Log
 */
export const QueryCodec: Codec<Query> = list(
  object('a query item', {}, { types: strings, tags: strings }),
  'query items',
)

const after: Codec<number> = codec('a position', (input, context) =>
  typeof input === 'number' && Number.isSafeInteger(input) && input >= 0
    ? t.success(input)
    : reject(input, context, 'must be a position: a whole number from 0'),
)

const Append: Codec<{
  readonly events: ReadonlyArray<OwnFact>
  readonly condition?: AppendCondition | null
}> = object(
  'an append',
  { events: Facts },
  { condition: nullable(object('a condition', { failIfEventsMatch: QueryCodec }, { after })) },
)

/** Reads what an embedder wants to append from anything; every wrong path at once. */
export const readAppend = (
  events: unknown,
  condition: unknown,
): Either<Violations, t.TypeOf<typeof Append>> => {
  const json = parseJson({ events, ...(condition === undefined ? {} : { condition }) })
  if (E.isLeft(json)) return json
  const parsed = Append.decode(json.right)
  return E.isLeft(parsed) ? E.left(toViolations(parsed.left)) : parsed
}

/**
 * The stored form of an own event: its tags are part of the fact, so they stand in its payload.
 * @since 0.1.0
 * @category Log
 */
export const ownToStored = (event: OwnEvent): StoredEvent => {
  const { tags, payload, ...rest } = event
  return { ...rest, payload: { tags, data: payload }, boxes: [] }
}

/** An own event from its stored form; undefined where it is none. */
export const ownFromStored = (stored: StoredEvent): OwnEvent | undefined => {
  const { boxes: _none, payload, type, ...envelope } = stored
  if (!isOwnType(type) || !isRecord(payload)) return undefined
  const { tags, data } = payload
  return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') && isJsonObject(data)
    ? { ...envelope, type, tags, payload: data }
    : undefined
}
