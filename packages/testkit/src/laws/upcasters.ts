// The laws of upcasters: from every version that was ever written a chain leads to today's, in one way
// and without going round; and each of them lifts whatever was written, an erased user's too.

import { type Box, catalog, type Json, type Upcaster, upcasters } from '@selfsame/core'
import { type Violation, violation } from './violation.js'

/**
 * A payload as it was once stored, to be lifted; `boxes` are its personal part.
 *
 * @since 0.1.0
 * @category Laws
 */
export interface OldPayload {
  readonly type: string
  readonly version: number
  readonly payload: Json
  readonly boxes: ReadonlyArray<Box>
}

/** Event type to its version of today. */
type Versions = Readonly<Record<string, number>>

const versionsOfCore: Versions = Object.fromEntries(
  Object.entries(catalog).map(([type, { version }]) => [type, version]),
)

/**
 * Checks that upcasters lead from version 1 of every event type to the version it has today, and
 * lift every sample, with its boxes and without; by default those of core.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkUpcasters = (
  chain: ReadonlyArray<Upcaster> = upcasters,
  versions: Versions = versionsOfCore,
  samples: ReadonlyArray<OldPayload> = [],
): ReadonlyArray<Violation> =>
  [
    ...chain.flatMap((one, i) => misplaced(one, chain.slice(0, i), versions)),
    ...Object.entries(versions).flatMap(([type, version]) => gaps(type, version, chain)),
    ...samples.flatMap((sample) => unliftable(sample, chain, versions)),
  ].map((message) => violation('upcaster', message))

const misplaced = (
  { type, from }: Upcaster,
  before: ReadonlyArray<Upcaster>,
  versions: Versions,
): ReadonlyArray<string> => {
  const today = Object.hasOwn(versions, type) ? versions[type] : undefined
  if (today === undefined) return [`${type} is no event type`]
  if (!Number.isInteger(from) || from < 1) return [`${type} has no version ${from}`]
  return [
    ...(before.some((one) => one.type === type && one.from === from)
      ? [`two upcasters lift ${type} from version ${from}`]
      : []),
    ...(from >= today
      ? [`${type} is at version ${today}, and goes round: one lifts it from ${from}`]
      : []),
  ]
}

const gaps = (
  type: string,
  version: number,
  chain: ReadonlyArray<Upcaster>,
): ReadonlyArray<string> =>
  Array.from({ length: Math.max(0, version - 1) }, (_, i) => i + 1)
    .filter((from) => !chain.some((one) => one.type === type && one.from === from))
    .map((from) => `nothing lifts ${type} from version ${from} to ${from + 1}`)

const unliftable = (
  { type, version, payload, boxes }: OldPayload,
  chain: ReadonlyArray<Upcaster>,
  versions: Versions,
): ReadonlyArray<string> =>
  [boxes, []].flatMap((opened) => {
    let parts: ReturnType<Upcaster['lift']> = { payload, boxes: opened }
    const today = Object.hasOwn(versions, type) ? (versions[type] ?? 0) : 0
    for (let from = version; from < today; from += 1) {
      const step = chain.find((one) => one.type === type && one.from === from)
      if (step === undefined) return []
      const given = JSON.stringify(parts)
      const of = `the upcaster of ${type} from version ${from}`
      try {
        const lifted = step.lift(parts)
        if (JSON.stringify(parts) !== given) return [`${of} changes what it is given`]
        if (JSON.stringify(step.lift(parts)) !== JSON.stringify(lifted))
          return [`${of} gives something else each time`]
        if (lifted.boxes.some((box) => opened.every(({ owner }) => owner !== box.owner)))
          return [`${of} makes a box for a user who is erased`]
        parts = lifted
      } catch (error) {
        return [`${of} throws${opened.length === 0 ? ' without a box' : ''}: ${String(error)}`]
      }
    }
    return []
  })
