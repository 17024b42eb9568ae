// The laws of decisions, patches and merges in random worlds: the engine keeps them, and what is
// planted against each is found.

import { type MergePolicy, survivorFirst } from '@selfsame/core'
import {
  type BrokenLaw,
  lawProperties,
  type StoreUnderTest,
  storeProperties,
} from '@selfsame/testkit'
import { describe, expect, test } from 'vitest'
import { openMemory } from './memory.js'
import { withEach } from './plant.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const given = Number(process.env.SELFSAME_SEED)
const seed = Number.isInteger(given) && given !== 0 ? given : isLong ? Date.now() % 2 ** 31 : 1
const runs = isLong ? 3000 : 60
const timeout = isLong ? 14_400_000 : 120_000

/** A policy of an embedder: of two values of the same rank the longer stays. */
const longest: MergePolicy = {
  name: 'longest',
  choose: (field, survivor, absorbed) =>
    survivor.rank === absorbed.rank && String(absorbed.value).length > String(survivor.value).length
      ? 'absorbed'
      : survivorFirst.choose(field, survivor, absorbed),
}

describe('a store in memory, under a merge policy of its own', () => {
  const store = { open: openMemory, policies: [longest], defaultPolicy: longest.name }
  for (const { name, check } of lawProperties(store))
    test(name, { timeout }, async () => {
      const checked = await check({ runs, seed })
      console.info(
        `${name}, seed ${seed}: ${checked.sequences} worlds, ${checked.commands} commands`,
      )
      expect(checked.sequences).toBe(runs)
    })
  for (const { name, check } of storeProperties(store))
    test(name, { timeout }, async () => {
      expect((await check({ runs: 30, seed })).sequences).toBe(30)
    })
})

/** What a law's property finds in a store. */
const find = async (law: string, store: StoreUnderTest): Promise<BrokenLaw> => {
  const property = lawProperties(store).find(({ name }) => name.includes(law))
  try {
    await property?.check({ runs: 200, seed: 20_260_101, shrink: false })
  } catch (error) {
    return error as BrokenLaw
  }
  throw new Error('nothing is found')
}

/** A policy that remembers what it was asked, which a policy must not. */
const turning = (): MergePolicy => {
  let asked = 0
  return { name: 'turning', choose: () => (asked++ % 2 === 0 ? 'survivor' : 'absorbed') }
}

const failing: MergePolicy = {
  name: 'failing',
  choose: (field) => {
    throw new Error(`nothing is known of ${field}`)
  },
}

describe('what is planted', () => {
  test.each<readonly [string, string, StoreUnderTest, string]>([
    [
      'a policy that chooses otherwise the second time',
      'decision',
      { open: openMemory, policies: [turning()], defaultPolicy: 'turning' },
      'a decision is not deterministic',
    ],
    [
      'a policy that throws',
      'decision',
      { open: openMemory, policies: [failing], defaultPolicy: 'failing' },
      'a decision is not total: it throws Error: nothing is known of ',
    ],
    [
      'a patch that writes a name it does not hold',
      'patch',
      {
        open: withEach((event) =>
          event.type === 'UserAttributesChanged' && event.payload.values.tags === undefined
            ? {
                ...event,
                payload: { ...event.payload, values: { ...event.payload.values, middleName: 'X' } },
              }
            : event,
        ),
      },
      'SaveUser ',
    ],
    [
      'an unmerge that leaves the installations behind',
      'merge',
      {
        open: withEach((event) =>
          event.type === 'UsersUnmerged'
            ? { ...event, payload: { ...event.payload, installations: [], carried: [] } }
            : event,
        ),
      },
      'MergeUsers undone leaves ',
    ],
  ])('%s is found', { timeout: 60_000 }, async (_, law, store, message) => {
    const { violations, seed: found, file } = await find(law, store)
    expect(violations[0]?.message).toContain(message)
    expect(violations[0]?.invariant).toBe(law === 'decision' ? 'decider' : law)
    expect(found).toBe(20_260_101)
    expect(file).not.toBeNull()
  })
})
