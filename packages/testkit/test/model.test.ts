// Core on a store in memory against the model: domain.md written twice.

import { modelProperty } from '@selfsame/testkit'
import { expect, test } from 'vitest'
import { openMemory } from './memory.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const given = Number(process.env.SELFSAME_SEED)
const seed = Number.isInteger(given) && given !== 0 ? given : isLong ? Date.now() % 2 ** 31 : 1
const runs = isLong ? 5000 : 200
const { name, check } = modelProperty({ open: openMemory })

test(name, { timeout: isLong ? 14_400_000 : 120_000 }, async () => {
  const start = Date.now()
  const checked = await check({ runs, seed })
  console.info(
    `model, seed ${seed}: ${checked.sequences} sequences, ${checked.commands} commands, ` +
      `${((Date.now() - start) / 1000).toFixed(1)} s`,
  )
  expect(checked.sequences).toBe(runs)
})
