// The README's example of a projection of one's own, on real logs and on every event there can be.
import type { Recorded } from '@selfsame/core'
import { checkProjection, factsOf, type Projection, sequences, tellStory } from '@selfsame/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'

/** How many profiles there are that nobody absorbed or erased. */
const profiles = (): Projection<number, Pick<Recorded, 'type'>> => ({
  empty: 0,
  apply: (count, { type }) => {
    if (type === 'UserCreated' || type === 'UsersUnmerged') return count + 1
    return type === 'UsersMerged' || type === 'UserErased' ? count - 1 : count
  },
})

test('our projection goes on from wherever it stopped', () =>
  fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      const { events } = await tellStory(sequence)
      expect(checkProjection(profiles, events)).toEqual([])
    }),
    { numRuns: 20, seed: 1 },
  ))

test('our projection takes every event', () =>
  fc.assert(
    fc.property(factsOf(), (fact) => Number.isInteger(profiles().apply(1, fact))),
    {
      seed: 1,
    },
  ))
