// What-if is what would have been: the same commands under the other policy leave the users that it
// foretold, unmerges in between and later merges on top of them included.

import {
  auditOf,
  type Directory,
  emptyDirectory,
  fold,
  type Json,
  latestWins,
  type MergePolicy,
  openEngine,
  type Recorded,
  survivorFirst,
  type UserId,
  viewUser,
} from '@selfsame/core'
import { countingIds, steppingClock } from '@selfsame/testkit'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { found, logs, readerOf, seed, timeout_ms } from './audit-log.js'
import { openMemory } from './memory.js'

const values = fc.record(
  {
    firstName: fc.constantFrom('Ann', 'Bob', 'Cem'),
    gender: fc.constantFrom('Male', 'Female'),
    customAttributes: fc.dictionary(fc.constantFrom('plan', 'score'), fc.nat({ max: 9 })),
  },
  { requiredKeys: [] },
)

const person = fc.record({ userType: fc.constantFrom('LEAD', 'CUSTOMER'), userAttributes: values })

/** After all writes, in which no policy has a part, merges and unmerges in any order. */
const stories = fc.record({
  people: fc.array(person, { minLength: 3, maxLength: 6 }),
  writes: fc.array(fc.tuple(fc.nat(), values), { maxLength: 6 }),
  steps: fc.array(
    fc.record({
      undo: fc.boolean(),
      one: fc.nat(),
      two: fc.nat(),
      overridden: fc.constantFrom(null, null, 'firstName', 'customAttributes.plan'),
    }),
    { minLength: 4, maxLength: 12, size: 'max' },
  ),
})

type Story = typeof stories extends fc.Arbitrary<infer A> ? A : never

const phone = (i: number): string => `4860070080${i}`

/** Plays a story; which steps are accepted does not depend on the policy. */
const play = async (
  { people, writes, steps }: Story,
  { name: policy }: MergePolicy,
): Promise<ReadonlyArray<Recorded>> => {
  const store = await openMemory(steppingClock())
  const engine = openEngine({ store, idSource: countingIds() })
  const run = async (command: Json) => {
    const result = await engine.execute(command)()
    if (E.isLeft(result) && !('error' in result.left)) throw new Error(result.left.message)
  }
  for (const [i, one] of people.entries())
    await run({ type: 'CreateUser', userIdentity: { phones: [phone(i)] }, ...one } as Json)
  for (const [i, user] of writes)
    await run({ type: 'SaveUser', target: { phone: phone(i % people.length) }, user } as Json)
  const log = async () => {
    const page = await store.read([], {})()
    if (E.isLeft(page)) throw new Error(page.left.message)
    return page.right.events
  }
  const ids = (await log()).flatMap((event) =>
    event.type === 'UserCreated' ? [event.payload.userId] : [],
  )
  for (const { undo, one, two, overridden } of steps) {
    const [a, b] = [ids[one % ids.length] ?? '', ids[two % ids.length] ?? '']
    await run(
      undo
        ? { type: 'UnmergeUsers', survivor: { userId: a }, absorbed: b }
        : {
            type: 'MergeUsers',
            users: [{ userId: a }, { userId: b }],
            policy,
            ...(overridden === null ? {} : { overrides: { [overridden]: b } }),
          },
    )
  }
  return log()
}

const shown = (directory: Directory, id: UserId) => {
  const user = directory.users.get(id)
  if (user?.status !== 'active') return user?.status
  const { firstName, gender, customAttributes } = viewUser(directory, user)
  return { firstName, gender, ...Object.fromEntries(Object.entries(customAttributes)) }
}

test('what-if foretells the users that the same commands make under the other policy', {
  timeout: timeout_ms,
}, async () => {
  let differing = 0
  let changed = 0
  let unmerges = 0
  await fc.assert(
    fc.asyncProperty(
      stories,
      fc.constantFrom([survivorFirst, latestWins], [latestWins, survivorFirst]),
      async (story, [recorded, other]) => {
        if (recorded === undefined || other === undefined) throw new Error('two policies')
        const [events, others] = [await play(story, recorded), await play(story, other)]
        const foretold = await found(auditOf(readerOf(events)).whatIf(other))
        expect(foretold.notDecidedAgain).toEqual([])
        const [before, after] = [fold(emptyDirectory, events), fold(emptyDirectory, others)]
        for (const id of before.users.keys()) {
          const change = foretold.users.find(({ userId }) => userId === id)
          const now = shown(before, id)
          const then = Object.fromEntries(
            (change?.fields ?? []).map(({ field, after: value }) => [
              field.replace('customAttributes.', ''),
              value,
            ]),
          )
          expect(typeof now === 'object' ? present({ ...now, ...then }) : now).toEqual(
            present(shown(after, id)),
          )
        }
        differing += foretold.differing.length
        changed += foretold.users.length
        unmerges += events.filter(({ type }) => type === 'UsersUnmerged').length
      },
    ),
    { numRuns: logs * 3, seed },
  )
  console.info(
    `what-if, seed ${seed}: ${logs * 3} stories, ${differing} merges differ, ` +
      `${changed} users at the end, ${unmerges} unmerges`,
  )
  expect(Math.min(differing, changed, unmerges)).toBeGreaterThan(logs / 10)
})

const present = (fields: unknown): unknown =>
  typeof fields === 'object' && fields !== null
    ? Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
    : fields
