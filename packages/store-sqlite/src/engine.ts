// The usual way in: an engine over a SQLite file, with the ports that Node provides.

import { type Engine, type EngineOptions, type Failure, openEngine } from '@selfsame/core'
import * as TE from 'fp-ts/lib/TaskEither.js'
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
export const openSqliteEngine = (options: SqliteEngineOptions): TE.TaskEither<Failure, Engine> =>
  TE.map((store: EngineOptions['store']) => openEngine({ idSource: randomIds, ...options, store }))(
    openSqliteStore(options),
  )
