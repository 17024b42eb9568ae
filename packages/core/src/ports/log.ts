// The log level of a store: everything that is recorded, in order, and an embedder's own facts under
// a condition. Selfsame's own events come from commands only.

import type { Recorded } from '../log/envelope.js'
import type { Seed } from '../log/ids.js'
import type { AppendCondition, OwnEvent, OwnFact } from '../log/own-event.js'
import type { Query } from '../log/query.js'
import type { TaskEither } from '../prelude.js'
import type { Position } from '../values/token.js'
import type { Failure } from './failure.js'
import type { Range } from './range.js'

/**
 * Any event of a log. Own events are told by the dot in their type.
 * @since 0.1.0
 * @category Log
 */
export type LogEvent = Recorded | OwnEvent

/**
 * Events of a log and its head, from one snapshot: whoever decides by them appends under a condition
 * with `after: head`.
 * @since 0.1.0
 * @category Log
 */
export interface LogPage {
  readonly head: Position
  readonly events: ReadonlyArray<LogEvent>
}

/**
 * An append that was refused by its condition: somebody recorded an event that matches, at `position`.
 * @since 0.1.0
 * @category Log
 */
export interface Conflict {
  readonly _tag: 'Conflict'
  readonly position: Position
}

/**
 * What was appended, and its last position.
 * @since 0.1.0
 * @category Log
 */
export interface Appended {
  readonly position: Position
  readonly events: ReadonlyArray<OwnEvent>
}

/**
 * The log level. An append is in the same queue and transaction as commands, all of it or nothing.
 * @since 0.1.0
 * @category Log
 */
export interface Log {
  readonly read: (query: Query, range: Range) => TaskEither<Failure, LogPage>
  readonly append: (
    facts: ReadonlyArray<OwnFact>,
    seed: Seed,
    condition?: AppendCondition,
  ) => TaskEither<Conflict | Failure, Appended>
}
