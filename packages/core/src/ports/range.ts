// Which part of a log is read.

import type { Position } from '../values/token.js'

/**
 * Part of a log: `upTo` and `after` are positions, `limit` counts events.
 * @since 0.1.0
 * @category Store
 */
export interface Range {
  readonly after?: Position
  readonly upTo?: Position
  readonly limit?: number
  readonly backwards?: boolean
}
