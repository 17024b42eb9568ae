// The store port. A store keeps one account's log and the projections of it; it decides nothing.

import type { Decided, Decision, Subject } from '../commands/decision.js'
import type { Directory } from '../directory/directory.js'
import type { Key } from '../directory/keys.js'
import type { Reason } from '../directory/refusal.js'
import type { Recorded } from '../log/envelope.js'
import type { Query } from '../log/query.js'
import type { Either, Task, TaskEither } from '../prelude.js'
import type { Instant } from '../values/instant.js'
import type { CommandId, Position, UserId } from '../values/token.js'
import type { Failure } from './failure.js'
import type { Log } from './log.js'
import type { Range } from './range.js'

export type { Range } from './range.js'

/**
 * One command for a store to transact. `decide` may run again, and then gives the same ids.
 * @since 0.1.0
 * @category Store
 */
export interface WorkItem {
  readonly commandId: CommandId | null
  readonly contentDigest: string
  readonly roots: ReadonlyArray<Key>
  readonly next: (slice: Directory) => ReadonlyArray<Key>
  readonly decide: (slice: Directory, at: Moment) => Decided
}

/**
 * When a decision is made: the time, max(clock, last recorded), and the position of the last event.
 * @since 0.1.0
 * @category Store
 */
export interface Moment {
  readonly now: Instant
  readonly head: Position
}

/**
 * A command that succeeded under a command id: its events are the `count` last up to `position`.
 * @since 0.1.0
 * @category Store
 */
export interface Remembered {
  readonly commandId: CommandId
  readonly contentDigest: string
  readonly position: Position
  readonly count: number
  readonly subject: Subject
}

/**
 * What became of one item.
 * @since 0.1.0
 * @category Store
 */
export type Outcome =
  | { readonly _tag: 'Recorded'; readonly decision: Decision; readonly position: Position }
  | { readonly _tag: 'Repeated'; readonly remembered: Remembered }
  | { readonly _tag: 'Refused'; readonly reason: Reason }

/**
 * A slice and the moment it was loaded at, from one snapshot.
 * @since 0.1.0
 * @category Store
 */
export interface Snapshot extends Moment {
  readonly directory: Directory
}

/**
 * Selfsame's events, and the head of the log at the moment they were read.
 * @since 0.1.0
 * @category Store
 */
export interface Page {
  readonly head: Position
  readonly events: ReadonlyArray<Recorded>
}

/**
 * A page of living users in the order of their ids, with their installations; `next` is the id to
 * go on after, null at the end.
 * @since 0.1.0
 * @category Store
 */
export interface UserPage {
  readonly directory: Directory
  readonly next: UserId | null
}

/**
 * A row in which the projections and their replay differ; null is a row that is not there.
 * @since 0.1.0
 * @category Store
 */
export interface Difference {
  readonly table: string
  readonly key: string
  readonly stored: string | null
  readonly rebuilt: string | null
}

/**
 * What a rebuild asks once it has compared, with how many rows differ and the first 1,000 of them:
 * whether the new rows may take the place of the old. False leaves the old ones in use.
 * @since 0.1.0
 * @category Store
 */
export type Accept = (differing: number, differences: ReadonlyArray<Difference>) => boolean

/**
 * What a rebuild found: counts of the rows now in use, whether these are the rebuilt ones, how many
 * differed and the first 1,000 of those.
 * @since 0.1.0
 * @category Store
 */
export interface RebuildReport {
  readonly events: number
  readonly users: number
  readonly installations: number
  readonly identities: number
  readonly isSwapped: boolean
  readonly differing: number
  readonly differences: ReadonlyArray<Difference>
}

/**
 * Events done, of how many.
 * @since 0.1.0
 * @category Store
 */
export type Progress = (done: number, of: number) => void

/**
 * The port that every store implements. Items are transacted in order, each seeing the ones before
 * it, each recorded or refused alone; an outcome is given only when it is durable. Positions are 1,
 * 2, 3 ... without gaps, in the order of commits.
 * @since 0.1.0
 * @category Store
 */
export interface Store {
  readonly transact: (
    items: ReadonlyArray<WorkItem>,
  ) => Task<ReadonlyArray<Either<Failure, Outcome>>>
  readonly load: (
    roots: ReadonlyArray<Key>,
    next: (slice: Directory) => ReadonlyArray<Key>,
  ) => TaskEither<Failure, Snapshot>
  readonly remembered: (commandId: CommandId) => TaskEither<Failure, Remembered | null>
  /** Selfsame's events; `log.read` gives an embedder's own ones too. */
  readonly read: (query: Query, range: Range) => TaskEither<Failure, Page>
  readonly log: Log
  readonly users: (after: UserId | null, limit: number) => TaskEither<Failure, UserPage>
  /**
   * Builds the projections from the log again, tells what differs, and puts them in the place of the
   * old ones unless `accept` says no.
   */
  readonly rebuild: (progress?: Progress, accept?: Accept) => TaskEither<Failure, RebuildReport>
  /**
   * A number that is another one whenever anything may have been written since it was last asked, by
   * whomever; undefined where nothing may be answered from memory. A store that cannot tell leaves it
   * out: then nothing is kept.
   */
  readonly version?: () => number | undefined
  /** A digest under a key of the store's own. */
  readonly digest: (text: string) => string
  readonly close: () => TaskEither<Failure, void>
}
