// The ports that Node provides: time and randomness.

import { randomBytes } from 'node:crypto'
import type { Clock, IdSource } from '@selfsame/core'

/**
 * The system's clock.
 * @since 0.1.0
 * @category Ports
 */
export const systemClock: Clock = () => Date.now()

/**
 * Seeds as RFC 9562 has it: UUID v7 from the system's clock and cryptographic randomness.
 * @since 0.1.0
 * @category Ports
 */
export const randomIds: IdSource = () => {
  const millis = Date.now().toString(16).padStart(12, '0')
  const random = randomBytes(10)
  random[0] = 0x70 | ((random[0] ?? 0) & 0x0f)
  random[2] = 0x80 | ((random[2] ?? 0) & 0x3f)
  const hex = millis + random.toString('hex')
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}
