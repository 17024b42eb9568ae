// The usual way in: an engine over a SQLite file, with the ports that Node provides.

import {
  bugFailure,
  type Engine,
  type EngineOptions,
  type Failure,
  openEngine,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { randomIds } from './node.js'
import { openSqliteStore, type SqliteOptions } from './open.js'

/**
 * A file, and the choices of the engine over it.
 * @since 0.1.0
 * @category Engine
 */
export type SqliteEngineOptions = SqliteOptions &
  Omit<EngineOptions, 'store' | 'idSource'> &
  Partial<Pick<EngineOptions, 'idSource'>>

/**
 * Opens an engine over a SQLite file: `openSqliteStore` and `openEngine` in one step.
 *
 * @example
 * const opened = await openSqliteEngine({ file: 'people.db' })()
 *
 * @since 0.1.0
 * @category Engine
 */
export const openSqliteEngine =
  (options: SqliteEngineOptions): TE.TaskEither<Failure, Engine> =>
  async () => {
    const store = await openSqliteStore(options)()
    if (E.isLeft(store)) return store
    try {
      return E.right(openEngine({ idSource: randomIds, ...options, store: store.right }))
    } catch (error) {
      // The options are misspelt: what was opened for them must not stay open.
      await store.right.close()()
      return E.left(bugFailure(error))
    }
  }
