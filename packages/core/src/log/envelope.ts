// What stands around every fact: where and when it was recorded, and on whose behalf.

import type { Instant } from '../values/instant.js'
import type { CommandId, EventId, Position, Token } from '../values/token.js'
import type { DomainEvent } from './event.js'

/**
 * What a caller says about a command, carried for the reader; it decides nothing.
 * @since 0.1.0
 * @category Log
 */
export interface Provenance {
  readonly commandId: CommandId | null
  readonly actor: Token | null
  readonly correlationId: Token | null
  readonly causationId: Token | null
  readonly occurredAt: Instant | null
}

/**
 * The envelope of domain.md section 10. `position` counts 1, 2, 3 ... without gaps, `recordedAt`
 * never decreases; both are what merges, as-of and proofs rest on.
 * @since 0.1.0
 * @category Log
 */
export interface Envelope {
  readonly position: Position
  readonly id: EventId
  readonly schemaVersion: number
  readonly recordedAt: Instant
  readonly occurredAt: Instant
  readonly commandId: CommandId | null
  readonly actor: Token | null
  readonly correlationId: Token | null
  readonly causationId: Token | null
}

/**
 * An event of the log: a fact in its envelope.
 * @since 0.1.0
 * @category Log
 */
export type Recorded<Fact extends DomainEvent = DomainEvent> = Fact extends DomainEvent
  ? Envelope & Fact
  : never
