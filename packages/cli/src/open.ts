// Opens a file, or the engine over it, for one command of the command line, and closes it in every case.

import { type Engine, type EngineOptions, openEngine } from '@selfsame/core'
import {
  openSqliteStore,
  randomIds,
  type SqliteOptions,
  type SqliteStore,
  systemClock,
} from '@selfsame/store-sqlite'
import * as E from 'fp-ts/lib/Either.js'
import { type ExitStatus, exit } from './exit.js'
import type { Output } from './output.js'

/** Questions open an existing file only: a misspelt name must not make a new, empty one. */
export interface Opening extends Omit<SqliteOptions, 'clock'> {
  readonly mode: 'create' | 'existing'
}

export const withStore = async (
  output: Output,
  opening: Opening,
  work: (store: SqliteStore) => Promise<ExitStatus>,
): Promise<ExitStatus> => {
  const opened = await openSqliteStore({ ...opening, clock: systemClock })()
  if (E.isLeft(opened)) return output.fail(opened.left)
  const store = opened.right
  const status = await work(store).catch(async (bug: unknown) => {
    await store.close()()
    throw bug
  })
  const closed = await store.close()()
  return E.isLeft(closed) && status === exit.ok ? output.fail(closed.left) : status
}

export const withEngine = (
  output: Output,
  {
    rules = {},
    ...opening
  }: Opening & { readonly rules?: Omit<EngineOptions, 'store' | 'idSource'> },
  work: (engine: Engine, store: SqliteStore) => Promise<ExitStatus>,
): Promise<ExitStatus> =>
  withStore(output, opening, (store) =>
    work(openEngine({ ...rules, store, idSource: randomIds }), store),
  )
