// What a worker does while its operator is at work: it goes on with commands, one after another, and
// tells how its event loop fared.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Engine, Failure } from '@selfsame/core'
import type { SqliteStore } from '@selfsame/store-sqlite'

/** The works of an operator that go over a whole file. */
export const works = ['rebuild', 'check', 'backup', 'stats', 'rotate', 'vacuum'] as const
export type OperatorsWork = (typeof works)[number]

export interface Meanwhile {
  readonly seconds: number
  readonly commands: number
  readonly failures: ReadonlyArray<string>
  readonly delayP99_ms: number
  readonly delayMax_ms: number
}

type Done = { readonly _tag: 'Right' } | { readonly _tag: 'Left'; readonly left: Failure }

const perform = (store: SqliteStore, work: OperatorsWork, to: string): Promise<Done> => {
  if (work === 'backup') return store.backup(to)()
  return store[work]()()
}

/** Does a work of the operator, and registers installations until it is done. */
export const operate = async (
  store: SqliteStore,
  engine: Engine,
  { work, to }: { readonly work: OperatorsWork; readonly to: string },
): Promise<Meanwhile> => {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const start = Date.now()
  const failures: string[] = []
  let isDone = false
  let commands = 0
  const write = async (): Promise<void> => {
    while (!isDone) {
      const result = await engine.registerInstallation({ applicationId: 'shop' })()
      if (result._tag === 'Right') commands += 1
      else failures.push('kind' in result.left ? result.left.kind : result.left.error.code)
    }
  }
  delay.enable()
  const writing = write()
  const done = await perform(store, work, to)
  isDone = true
  await writing
  delay.disable()
  if (done._tag === 'Left') failures.push(`${work}: ${done.left.message}`)
  return {
    seconds: (Date.now() - start) / 1000,
    commands,
    failures,
    delayP99_ms: delay.percentile(99) / 1e6,
    delayMax_ms: delay.max / 1e6,
  }
}
