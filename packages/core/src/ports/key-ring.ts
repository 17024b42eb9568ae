// Where master keys come from: a file of the embedder's, or a remote key service. A store asks only
// when it opens and when keys are rotated.

import type { TaskEither } from '../prelude.js'
import type { Failure } from './failure.js'

/**
 * A master key: 32 random bytes, and the version by which what it wraps names it.
 * @since 0.1.0
 * @category Ports
 */
export interface MasterKey {
  readonly version: number
  readonly key: Uint8Array
}

/**
 * Gives master keys. `current` is the one with which new keys are wrapped; an older version is asked
 * for as long as anything names it.
 * @since 0.1.0
 * @category Ports
 */
export interface KeyRing {
  readonly current: TaskEither<Failure, MasterKey>
  readonly version: (version: number) => TaskEither<Failure, MasterKey>
}
