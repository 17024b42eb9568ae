// Old payloads are read for ever: each upcaster lifts one event type from one schema version to the
// next, and a chain of them leads from any version that was ever written to today's.

import type { Json } from '../values/json.js'

/**
 * A payload as it is stored: what is public, and the content of its box; null where there is none, or
 * its owner is erased.
 * @since 0.1.0
 * @category Log
 */
export interface Parts {
  readonly payload: Json
  readonly box: Json | null
}

/**
 * Lifts both parts of a payload from one version to the next. Pure and total; it may not call a
 * validator, a policy, a clock or an id source, and must do without the box of an erased user.
 * @since 0.1.0
 * @category Log
 */
export interface Upcaster {
  readonly type: string
  readonly from: number
  readonly lift: (parts: Parts) => Parts
}

/**
 * Every upcaster so far: all event types are at their first version.
 * @since 0.1.0
 * @category Log
 */
export const upcasters: ReadonlyArray<Upcaster> = []

/**
 * Both parts at the version wanted, or undefined where the chain does not lead there.
 * @since 0.1.0
 * @category Log
 */
export const upcast = (
  chain: ReadonlyArray<Upcaster>,
  type: string,
  parts: Parts,
  from: number,
  to: number,
): Parts | undefined => {
  if (from === to) return parts
  const step = chain.find((one) => one.type === type && one.from === from)
  return step === undefined || from > to
    ? undefined
    : upcast(chain, type, step.lift(parts), from + 1, to)
}
