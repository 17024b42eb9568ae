// Opens the engine over a file for one command of the command line, and closes it in every case.

import { type Engine, type EngineOptions, openEngine } from '@selfsame/core'
import { openSqliteStore, randomIds, systemClock } from '@selfsame/store-sqlite'
import * as E from 'fp-ts/lib/Either.js'
import { type ExitStatus, exit } from './exit.js'
import type { Output } from './output.js'

/** Questions open an existing file only: a misspelt name must not make a new, empty one. */
export interface Opening {
  readonly file: string
  readonly mode: 'create' | 'existing'
  readonly rules?: Omit<EngineOptions, 'store' | 'idSource'>
}

export const withEngine = async (
  output: Output,
  { file, mode, rules = {} }: Opening,
  work: (engine: Engine) => Promise<ExitStatus>,
): Promise<ExitStatus> => {
  const store = await openSqliteStore({ file, mode, clock: systemClock })()
  if (E.isLeft(store)) return output.fail(store.left)
  const engine = openEngine({ ...rules, store: store.right, idSource: randomIds })
  const status = await work(engine).catch(async (bug: unknown) => {
    await engine.close()()
    throw bug
  })
  const closed = await engine.close()()
  return E.isLeft(closed) && status === exit.ok ? output.fail(closed.left) : status
}
