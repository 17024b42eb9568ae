// Ids that a decision needs, derived from one seed so that deciding again gives the same ids:
// the seed is a UUID v7, and the n-th id is that UUID with n in the 18 bits after its version.
// Ids of one command are therefore in order, and in order with those of later commands.

import type { EventId } from '../values/token.js'
import { eventId } from '../values/token.js'

/**
 * A UUID v7 (RFC 9562) that an `IdSource` made: 48 bits of milliseconds, 74 random bits.
 * @since 0.1.0
 * @category Ids
 */
export type Seed = string

const idsInAMillisecond = 2 ** 18

/**
 * The n-th id of a seed, a UUID v7. After 262,144 ids it goes on in the next millisecond.
 * @since 0.1.0
 * @category Ids
 */
export const nthId = (seed: Seed, n: number): EventId => {
  const digits = seed.replaceAll('-', '').toLowerCase()
  const carry = Math.floor(n / idsInAMillisecond)
  const count = n % idsInAMillisecond
  const millis = (Number.parseInt(digits.slice(0, 12), 16) + carry).toString(16).padStart(12, '0')
  const high = (0x7000 + (count >> 6)).toString(16)
  const low = ((0b10 << 6) + (count & 0b111111)).toString(16)
  const rest = digits.slice(18)
  return eventId(
    `${millis.slice(0, 8)}-${millis.slice(8)}-${high}-${low}${rest.slice(0, 2)}-${rest.slice(2, 14)}`,
  )
}
