// Every limit at it and above it: the engine keeps them on the store in memory, and one that is a single
// step off is found, below and above.

import { type BrokenLaw, limitProperty, type OpenStore } from '@selfsame/testkit'
import { expect, test } from 'vitest'
import { openMemory } from './memory.js'
import { withItems } from './plant.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const runs = isLong ? 300 : 8
const seed = 1

test(limitProperty({ open: openMemory }).name, { timeout: 600_000 }, async () => {
  expect((await limitProperty({ open: openMemory }).check({ runs, seed })).sequences).toBe(runs)
})

/** A store that counts so many definitions more than there are. */
const miscounting = (by: number): OpenStore =>
  withItems((item) => ({
    ...item,
    decide: (slice, at) => {
      const { user, installation } = slice.definitionCounts
      const definitionCounts = { user: user + by, installation: installation + by }
      return item.decide({ ...slice, definitionCounts }, at)
    },
  }))

const find = async (open: OpenStore): Promise<BrokenLaw> => {
  try {
    await limitProperty({ open }).check({ runs: 20, seed, shrink: false })
  } catch (error) {
    return error as BrokenLaw
  }
  throw new Error('nothing is found')
}

test.each([
  ['one more than there are', 1, /is within every limit, and is not accepted|not \{"limit"/],
  ['one less than there are', -1, /is to be refused with LIMIT_EXCEEDED|not \{"limit"/],
])('a store that counts %s definitions is found', { timeout: 60_000 }, async (_, by, told) => {
  const { violations } = await find(miscounting(by))
  expect(violations[0]?.invariant).toBe('limit')
  expect(violations[0]?.message).toMatch(told)
})
