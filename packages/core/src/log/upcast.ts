// Old payloads are read for ever: each upcaster lifts one event type from one schema version to the
// next, and a chain of them leads from any version that was ever written to today's.

import { isJsonObject, isList, type Json } from '../values/json.js'
import type { Box } from './personal.js'

/**
 * A payload as it is stored: what is public, and those of its boxes that open. A box whose owner is
 * erased is not among them.
 * @since 0.1.0
 * @category Log
 */
export interface Parts {
  readonly payload: Json
  readonly boxes: ReadonlyArray<Box>
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

/** Up to version 1 all that an event said of installations was sealed for the user they came to. */
const ownedBy =
  (owner: 'survivorId' | 'absorbedId', more: Readonly<Record<string, Json>>): Upcaster['lift'] =>
  ({ payload, boxes }) => {
    if (!isJsonObject(payload)) return { payload, boxes }
    const { [owner]: ownerId = null, installations = null } = payload
    const owned = isList(installations)
      ? installations.map((one) => (isJsonObject(one) ? { ...one, ownerId } : one))
      : installations
    return { payload: { ...payload, ...more, installations: owned }, boxes }
  }

/**
 * Every upcaster so far. In version 2 an event says to whom the personal values of an installation
 * belong, where that is not the user who has it (ADR 19).
 * @since 0.1.0
 * @category Log
 */
export const upcasters: ReadonlyArray<Upcaster> = [
  { type: 'InstallationUpdated', from: 1, lift: (parts) => parts },
  { type: 'InstallationAttached', from: 1, lift: (parts) => parts },
  { type: 'UsersMerged', from: 1, lift: ownedBy('survivorId', {}) },
  { type: 'UsersUnmerged', from: 1, lift: ownedBy('absorbedId', { remaining: [] }) },
]

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
