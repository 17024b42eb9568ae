// Verification over random histories: whatever the engine recorded, merges undone and people erased
// among it, it has nothing to find.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type OpenStore, storeProperties } from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, expect, it } from 'vitest'
import { openSqliteStore } from '../src/index.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const seed = Number(process.env.SELFSAME_SEED ?? (isLong ? Date.now() % 2 ** 31 : 1))
const runs = isLong ? 2_000 : 30

const folder = mkdtempSync(join(process.env.SELFSAME_TMP ?? tmpdir(), 'selfsame-verify-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let verified = 0

/** A new file each time, verified before it goes. */
const openFile: OpenStore = async (clock) => {
  const own = mkdtempSync(join(folder, 'store-'))
  const opened = await openSqliteStore({ file: join(own, 'selfsame.db'), clock })()
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  const store = opened.right
  return {
    ...store,
    close: () => async () => {
      const report = await store.verify()()
      if (E.isLeft(report)) throw new Error(report.left.message)
      expect(report.right.findings).toEqual([])
      verified += report.right.events
      const closed = await store.close()()
      rmSync(own, { recursive: true, force: true })
      return closed
    },
  }
}

it('finds nothing in a log that commands made', {
  timeout: isLong ? 14_400_000 : 180_000,
}, async () => {
  for (const { check } of storeProperties({ open: openFile, rebuildEvery: 1000 }))
    await check({ runs, seed })
  console.info(`verified ${verified} events of ${2 * runs} histories, seed ${seed}`)
  expect(verified).toBeGreaterThan(1000)
})
