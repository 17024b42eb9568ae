// Looking before doing: what a command would record, as a plan that can be executed later. A plan
// decides again with its own ids; anything but the same events is STALE_PREVIEW.

import type { Decided } from '../commands/decision.js'
import { type Reason, reason } from '../directory/refusal.js'
import type { Recorded } from '../log/envelope.js'
import type { Seed } from '../log/ids.js'
import { E, t } from '../prelude.js'
import { type Codec, codec, list, literals, object } from '../values/codec.js'
import { equalData, type Json, jsonOf } from '../values/json.js'
import type { Position } from '../values/token.js'
import { reject } from '../values/violation.js'
import type { Receipt, Refusal } from './result.js'

/**
 * What a command would do: plain JSON, to be shown, kept, and given to `execute` unchanged. It stands
 * on the log up to `position`; `receipt` is the one it would give.
 * @since 0.1.0
 * @category Preview
 */
export interface Plan {
  readonly type: 'Plan'
  readonly command: Json
  readonly seed: Seed
  readonly position: Position
  readonly events: ReadonlyArray<Recorded>
  readonly receipt: Receipt
}

/**
 * The answer of `preview`: the refusal, the receipt that the command id remembers, or a plan.
 * @since 0.1.0
 * @category Preview
 */
export type Preview =
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  | { readonly outcome: 'remembered'; readonly receipt: Receipt }
  | { readonly outcome: 'planned'; readonly plan: Plan }

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/
const anything: Codec<Json> = codec('JSON', (input) => t.success(jsonOf(input)))
const seed: Codec<Seed> = codec('a seed', (input, context) =>
  typeof input === 'string' && uuid.test(input)
    ? t.success(input)
    : reject(input, context, 'must be a UUID v7, as preview gave it'),
)

/** What of an event a plan stands by: times and positions change, and so do the carried fields. */
const foreseen = list(
  object('an event', { id: anything, type: anything, payload: anything }, {}, [
    'position',
    'schemaVersion',
    'recordedAt',
    'occurredAt',
    'commandId',
    'actor',
    'correlationId',
    'causationId',
  ]),
  'events',
)

/** The parts of a plan that its execution needs; what it shows besides is not read again. */
export const PlanToExecute = object(
  'a plan',
  { type: literals('type', ['Plan']), command: anything, seed, events: foreseen },
  {},
  ['position', 'receipt'],
)

/** The decision, if it is what the plan foresaw: the same events, times and positions aside. */
export const asPlanned = (decided: Decided, expected: Json): Decided => {
  if (E.isLeft(decided)) return E.left(stale(expected, { refusal: { ...decided.left } }))
  const found = jsonOf(decided.right.events.map(({ id, type, payload }) => ({ id, type, payload })))
  return equalData(expected, found) ? decided : E.left(stale(expected, { events: found }))
}

const stale = (expected: Json, found: Readonly<Record<string, Json>>): Reason =>
  reason('STALE_PREVIEW', 'since the preview the log has changed what this command does', {
    expected: { events: expected },
    found,
  })
