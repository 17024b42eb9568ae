// Commands a second: decoded and refused, in memory, and durable (FULL) in SQLite.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStore, openEngine, type Store } from '@selfsame/core'
import { openSqliteStore, randomIds } from '@selfsame/store-sqlite'
import { measure, type Row } from './measure.js'
import { executeIn, shopCommands } from './shop.js'

const bad = { type: 'Personalize', pushRegistrationId: '', userIdentity: { phones: ['12'] } }

const inSqlite = async (work: (store: Store) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'selfsame-bench-'))
  const store = await openSqliteStore({ file: join(folder, 'people.db') })()
  if (store._tag === 'Left') throw new Error(store.left.message)
  await work(store.right)
  await store.right.close()()
  await rm(folder, { recursive: true })
}

export const commandRows = async (): Promise<ReadonlyArray<Row>> => {
  const refusing = openEngine({ store: memoryStore({ clock: Date.now }), idSource: randomIds })
  const few = shopCommands(200, 600)
  const many = shopCommands(2_000, 6_000)
  const run = (commands: ReadonlyArray<object>, group: number) => (store: Store) =>
    executeIn(openEngine({ store, idSource: randomIds }), commands, group)
  return [
    await measure('decode and refuse a bad command', 20_000, async () => {
      for (let i = 0; i < 20_000; i += 1) await refusing.execute(bad)()
    }),
    await measure('commands in memory, groups of 256', many.length, () =>
      run(many, 256)(memoryStore({ clock: Date.now })),
    ),
    await measure('commands in SQLite, FULL, one at a time', few.length, () =>
      inSqlite(run(few, 1)),
    ),
    await measure('commands in SQLite, FULL, groups of 256', many.length, () =>
      inSqlite(run(many, 256)),
    ),
  ]
}
