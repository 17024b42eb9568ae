// What a verification finds, and what it tells.

import type { NoteKey, Position } from '@selfsame/core'

/**
 * Something that is not as it must be. `position` is the event's; of a checkpoint the last one that it
 * is about; absent where it is about no event.
 * @since 0.1.0
 * @category Audit
 */
export interface VerifyFinding {
  readonly what:
    | 'sqlite'
    | 'foreign-key'
    | 'position'
    | 'time'
    | 'leaf'
    | 'box'
    | 'schema'
    | 'command'
    | 'tag'
    | 'tile'
    | 'checkpoint'
    | 'invariant'
    | 'projection'
    | 'key'
  readonly message: string
  readonly position?: Position
}

/**
 * What a log was verified to be: its size, the root of its tree in base64, the checkpoints that it
 * grew from, and everything that is wrong, by position. A log without findings is whole.
 * @since 0.1.0
 * @category Audit
 */
export interface VerifyReport {
  readonly events: number
  readonly root: string
  readonly grewFrom: ReadonlyArray<number>
  readonly findings: ReadonlyArray<VerifyFinding>
}

/**
 * Checkpoints that were kept elsewhere, and the key that must have signed them.
 * @since 0.1.0
 * @category Audit
 */
export interface VerifyOptions {
  readonly key?: NoteKey
  readonly checkpoints?: ReadonlyArray<string>
}
