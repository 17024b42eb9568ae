// The store in memory under the testkit's own properties, and what those runs reach.

import { storeProperties } from '@selfsame/testkit'
import { describe, expect, test } from 'vitest'
import { openMemory } from './memory.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const given = Number(process.env.SELFSAME_SEED)
// The short run is the same each time; the long one looks elsewhere each time.
const seed = Number.isInteger(given) && given !== 0 ? given : isLong ? Date.now() % 2 ** 31 : 1
const runs = isLong ? [10_000, 2_000] : [200, 200]
const timeoutMs = isLong ? 14_400_000 : 180_000

describe('a store in memory', () => {
  const properties = storeProperties({ open: openMemory })
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
    `memory, seed ${seed}: ${done} sequences${commands === undefined ? '' : `, ${commands} commands`}, ` +
      `${(done / seconds).toFixed(0)} sequences/s`,
  )
}
