// The store in SQLite under the testkit's properties: every invariant after every command, the same
// answers as the store in memory.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OpenStore, storeProperties } from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import { openSqliteStore } from '../src/index.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const given = Number(process.env.SELFSAME_SEED)
// The short run is the same each time; the long one looks elsewhere each time.
const seed = Number.isInteger(given) && given !== 0 ? given : isLong ? Date.now() % 2 ** 31 : 1
const runs = isLong ? [10_000, 2_000] : [200, 100]
const timeoutMs = isLong ? 14_400_000 : 180_000

const folder = mkdtempSync(join(process.env.SELFSAME_TMP ?? tmpdir(), 'selfsame-properties-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A new file each time, gone with its store. */
const openFile: OpenStore = async (clock) => {
  const own = mkdtempSync(join(folder, 'store-'))
  const opened = await openSqliteStore({ file: join(own, 'selfsame.db'), clock })()
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  const store = opened.right
  return {
    ...store,
    close: () => async () => {
      const closed = await store.close()()
      rmSync(own, { recursive: true, force: true })
      return closed
    },
  }
}

describe('a store in SQLite', () => {
  const properties = storeProperties({ open: openFile, rebuildEvery: 25 })
  for (const [i, { name, check }] of properties.entries()) {
    test(name, { timeout: timeoutMs }, async () => {
      const start = Date.now()
      const checked = await check({
        runs: runs[i] ?? 0,
        seed,
        onSequence: (done) => {
          if (isLong && done % 500 === 0) report(done, start)
        },
      })
      report(checked.sequences, start, checked.commands)
      expect(checked.sequences).toBe(runs[i])
    })
  }
})

const report = (done: number, start: number, commands?: number): void => {
  const seconds = (Date.now() - start) / 1000
  console.info(
    `SQLite, seed ${seed}: ${done} sequences${commands === undefined ? '' : `, ${commands} commands`}, ` +
      `${(done / seconds).toFixed(0)} sequences/s`,
  )
}
