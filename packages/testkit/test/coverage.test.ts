// What the sequences reach: every command, every event type, every refusal code and every row of the
// Personalize table, most commands being accepted.

import { acceptance, missing, storeProperties } from '@selfsame/testkit'
import { expect, test } from 'vitest'
import { openMemory } from './memory.js'

test('random sequences reach every command, event, refusal and row', {
  timeout: 120_000,
}, async () => {
  const [property] = storeProperties({ open: openMemory })
  const checked = await property?.check({ runs: 150, seed: 7 })
  if (checked === undefined) throw new Error('there is no property')
  if (process.env.SELFSAME_COVERAGE !== undefined) console.info(checked.coverage)
  expect(missing(checked.coverage)).toEqual([])
  expect(acceptance(checked.coverage)).toBeGreaterThan(0.6)
})
