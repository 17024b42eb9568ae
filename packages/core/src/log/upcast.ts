// Old payloads are read for ever: each upcaster lifts one event type from one schema version to the
// next, and a chain of them leads from any version that was ever written to today's.

import type { Json } from '../values/json.js'

/**
 * Lifts the public payload and the boxes' contents of one version to the next one. Pure and total;
 * it may not call a validator, a policy, a clock or an id source.
 * @since 0.1.0
 * @category Log
 */
export interface Upcaster {
  readonly type: string
  readonly from: number
  readonly lift: (payload: Json) => Json
}

/** Every upcaster so far: all event types are at their first version. */
export const upcasters: ReadonlyArray<Upcaster> = []

/**
 * The payload at the version wanted, or undefined where the chain does not lead there.
 * @since 0.1.0
 * @category Log
 */
export const upcast = (
  chain: ReadonlyArray<Upcaster>,
  type: string,
  payload: Json,
  from: number,
  to: number,
): Json | undefined => {
  if (from === to) return payload
  const step = chain.find((one) => one.type === type && one.from === from)
  return step === undefined || from > to
    ? undefined
    : upcast(chain, type, step.lift(payload), from + 1, to)
}
