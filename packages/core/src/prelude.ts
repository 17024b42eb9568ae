// The only door to fp-ts and io-ts: every other file of core takes them from here. They are spelt
// by `fp-ts/lib/*` because plain Node cannot load the short form and the root index costs 30 ms.

import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'

export type { Either } from 'fp-ts/lib/Either.js'
export type { Task } from 'fp-ts/lib/Task.js'
export type { TaskEither } from 'fp-ts/lib/TaskEither.js'
export { E, pipe, TE, t }

/** Ends an exhaustive switch: it does not compile while a case is missing. */
export const absurd = (value: never): never => {
  throw new Error(`a case is missing for ${JSON.stringify(value)}`)
}
