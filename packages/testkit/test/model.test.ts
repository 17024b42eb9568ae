// Core on a store in memory against the model: domain.md written twice. SELFSAME_LONG=2600 plays so
// many stories, SELFSAME_LONG=1 as many as a long run has.

import { modelProperty } from '@selfsame/testkit'
import { expect, test } from 'vitest'
import { openMemory } from './memory.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const asked = Number(process.env.SELFSAME_LONG)
const given = Number(process.env.SELFSAME_SEED)
const seed = Number.isInteger(given) && given !== 0 ? given : isLong ? Date.now() % 2 ** 31 : 1
const runs = isLong ? (asked > 1 ? asked : 5000) : 200
const { name, check } = modelProperty({ open: openMemory })

test(name, { timeout: isLong ? 14_400_000 : 120_000 }, async () => {
  const start = Date.now()
  const checked = await check({
    runs,
    seed,
    onSequence: (done) => {
      if (isLong && done % 200 === 0) console.info(`model, seed ${seed}: ${done} of ${runs}`)
    },
  })
  console.info(
    `model, seed ${seed}: ${checked.sequences} sequences, ${checked.commands} commands, ` +
      `${((Date.now() - start) / 1000).toFixed(1)} s`,
  )
  expect(checked.sequences).toBe(runs)
})
