// The store in memory under the testkit's own properties, and what those runs reach.

import { storeProperties } from '@selfsame/testkit'
import { describe, expect, test } from 'vitest'
import { openMemory } from './memory.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const runs = isLong ? 10_000 : 200
const given = Number(process.env.SELFSAME_SEED)
const seed = Number.isInteger(given) && given !== 0 ? given : Date.now() % 2 ** 31

describe('a store in memory', () => {
  const properties = storeProperties({ open: openMemory })
  for (const { name, check } of properties) {
    test(`${name} (${runs} sequences, seed ${seed})`, async () => {
      const start = Date.now()
      const checked = await check({
        runs,
        seed,
        onSequence: (done) => {
          if (isLong && done % 1000 === 0) report(done, start)
        },
      })
      report(checked.sequences, start, checked.commands)
      expect(checked.sequences).toBe(runs)
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
