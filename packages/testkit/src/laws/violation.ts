// What a law finds: which promise is broken, where in the log, and in words.

import type { Position } from '@selfsame/core'

/**
 * A promise: one of the twelve invariants of domain.md section 12, or `log` (the envelope rules of
 * section 10), `token` (a push token on two installations), `receipt` (section 11), `model` (what the
 * model of domain.md shows), `limit` (of section 3), `schema` (the
 * published shape of commands), or a law: `decider`, `patch`, `merge`, `projection`, `upcaster`.
 *
 * @since 0.1.0
 * @category Laws
 */
export type Promised =
  | 1
  | 2
  | 3
  | 4
  | 5
  | 6
  | 7
  | 8
  | 9
  | 10
  | 11
  | 12
  | 'log'
  | 'token'
  | 'receipt'
  | 'model'
  | 'limit'
  | 'schema'
  | 'decider'
  | 'patch'
  | 'merge'
  | 'projection'
  | 'upcaster'

/**
 * A promise that is broken, at the position where it shows.
 *
 * @since 0.1.0
 * @category Laws
 */
export interface Violation {
  readonly invariant: Promised
  readonly message: string
  readonly position?: Position
}

/** A violation, its position only where there is one. */
export const violation = (
  invariant: Promised,
  message: string,
  position?: Position,
): Violation => ({ invariant, message, ...(position === undefined ? {} : { position }) })

/** A violation as one line. */
export const violationText = ({ invariant, message, position }: Violation): string =>
  `${typeof invariant === 'number' ? `invariant ${invariant}` : invariant}${
    position === undefined ? '' : ` at position ${position}`
  }: ${message}`
