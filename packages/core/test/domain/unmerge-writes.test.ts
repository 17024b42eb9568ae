// Unmerge between writes: whatever the order of merges, writes and unmerges, a survivor ends as it began
// but for what was written on it, and everybody else exactly as they began (domain.md section 8).

import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { UserView } from '../../src/index.js'
import { createByPhone, merge, phoneNo, saveUser, unmerge } from '../support/commands.js'
import { type Given, openWorld, propertyTimeout_ms } from '../support/world.js'

type Write =
  | { readonly field: 'firstName' | 'birthday' | 'a' | 'b'; readonly value: string | number | null }
  | { readonly tag: string; readonly isThere: boolean }

const values = {
  firstName: ['Wa', 'Wb'],
  birthday: ['2001-01-01', '2002-02-02'],
  a: [98, 99],
  b: ['w', ''],
}

const fieldWrite = fc
  .constantFrom('firstName', 'birthday', 'a', 'b')
  .chain((field) =>
    fc
      .constantFrom<string | number | null>(...values[field], null)
      .map((value): Write => ({ field, value })),
  )
const tagWrite: fc.Arbitrary<Write> = fc.record({
  tag: fc.constantFrom('x', 'y', 'w'),
  isThere: fc.boolean(),
})

const attributes = fc.record(
  {
    firstName: fc.constantFrom('Ann', 'Bea'),
    birthday: fc.constantFrom('1990-01-01', '1991-01-01'),
    tags: fc.subarray(['x', 'y', 'z']),
    customAttributes: fc.record(
      { a: fc.constantFrom(1, 2), b: fc.constantFrom('s', 't') },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)

interface Shown {
  readonly fields: ReadonlyMap<string, unknown>
  readonly tags: ReadonlySet<string>
}

const shownOf = ({ firstName, birthday, customAttributes, tags }: UserView): Shown => ({
  fields: new Map<string, unknown>([
    ['firstName', firstName],
    ['birthday', birthday],
    ['a', customAttributes.a ?? null],
    ['b', customAttributes.b ?? null],
  ]),
  tags: new Set(tags),
})

const written = ({ fields, tags }: Shown, write: Write): Shown =>
  'field' in write
    ? { tags, fields: new Map([...fields, [write.field, write.value]]) }
    : {
        fields,
        tags: new Set([...tags, write.tag].filter((tag) => write.isThere || tag !== write.tag)),
      }

const patchFor = (write: Write, user: UserView): object => {
  if ('field' in write)
    return write.field === 'a' || write.field === 'b'
      ? { customAttributes: { [write.field]: write.value } }
      : { [write.field]: write.value }
  return { tags: [...written(shownOf(user), write).tags] }
}

/** Whether a write changes what is shown: an equal value is no write, nor is removing nothing. */
const changes = (user: UserView, write: Write): boolean => {
  const shown = shownOf(user)
  return 'field' in write
    ? shown.fields.get(write.field) !== write.value
    : shown.tags.has(write.tag) !== write.isThere
}

type Step =
  | { readonly do: 'merge' | 'undo'; readonly which: number; readonly policy: string }
  | { readonly do: 'write'; readonly write: Write }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('merge', 'undo'),
    which: fc.nat(10),
    policy: fc.constantFrom('survivor-first', 'latest-wins'),
  }),
  fc.record({ do: fc.constant('write' as const), write: fc.oneof(fieldWrite, tagWrite) }),
)

type People = ReadonlyArray<readonly [userType: string, userAttributes: object]>

const peopled = async (people: People) => {
  const world = openWorld()
  const ids: string[] = []
  for (const [n, [userType, userAttributes]] of people.entries()) {
    const { user } = await world.run(createByPhone(phoneNo(n), { userType, userAttributes }))
    ids.push(user?.id ?? '')
  }
  const [survivor = '', ...others] = ids
  return { world, survivor, others }
}

/** Plays steps on the first of the people; tells which merges and writes were recorded, and each undo. */
const play = async (
  { world, survivor, others }: Awaited<ReturnType<typeof peopled>>,
  steps: ReadonlyArray<Step>,
  undone: (still: ReadonlySet<string>, recorded: ReadonlyArray<Recorded>) => Promise<void>,
) => {
  const still = new Set<string>()
  const recorded: Recorded[] = []
  const undo = async (id: string): Promise<void> => {
    await world.run(unmerge({ userId: survivor }, id))
    still.delete(id)
    await undone(still, recorded)
  }
  for (const one of steps) {
    if (one.do === 'write') {
      const user = await world.user({ userId: survivor })
      if (!changes(user, one.write)) continue
      await world.run(saveUser({ userId: survivor }, { ...patchFor(one.write, user) }))
      recorded.push(one.write)
      continue
    }
    const from = one.do === 'merge' ? others.filter((id) => !still.has(id)) : [...still]
    const id = from[one.which % Math.max(1, from.length)]
    if (id === undefined) continue
    if (one.do === 'undo') await undo(id)
    else {
      const command = merge([{ userId: survivor }, { userId: id }], {
        survivor: { userId: survivor },
        policy: one.policy,
      })
      await world.run(command)
      recorded.push({ absorbed: id, command })
      still.add(id)
    }
  }
  for (const id of [...still].reverse()) await undo(id)
  await world.rows()
  return recorded
}

type Recorded = Write | { readonly absorbed: string; readonly command: Given }

const isWrite = (one: Recorded): one is Write => !('absorbed' in one)
const steps = fc.array(step, { maxLength: 14 })
const runs = (count: number) => ({ numRuns: process.env.SELFSAME_LONG ? 40 * count : count })

it('what was written since stays with the survivor, and all else goes back, in any order', {
  timeout: propertyTimeout_ms,
}, async () => {
  const person = fc.tuple(fc.constantFrom('LEAD', 'CUSTOMER'), attributes)
  await fc.assert(
    fc.asyncProperty(
      fc.array(person, { minLength: 2, maxLength: 4 }),
      steps,
      async (people, all) => {
        const story = await peopled(people)
        const { world, survivor, others } = story
        const before = new Map<string, UserView>()
        for (const id of others) before.set(id, await world.user({ userId: id }))
        const first = shownOf(await world.user({ userId: survivor }))
        const recorded = await play(story, all, async () => {})
        const expected = recorded.filter(isWrite).reduce(written, first)
        expect(shownOf(await world.user({ userId: survivor }))).toEqual(expected)
        for (const id of others) expect(await world.user({ userId: id })).toEqual(before.get(id))
      },
    ),
    runs(250),
  )
})

it('after each unmerge the survivor is as if that merge had never been', {
  timeout: propertyTimeout_ms,
}, async () => {
  // All are LEADs: what is written on a CUSTOMER by merge ranks as a CUSTOMER's for ever.
  const person = fc.tuple(fc.constant('LEAD'), attributes)
  await fc.assert(
    fc.asyncProperty(
      fc.array(person, { minLength: 3, maxLength: 4 }),
      steps,
      async (people, all) => {
        const story = await peopled(people)
        await play(story, all, async (still, recorded) => {
          const other = await peopled(people)
          const latest = new Map(
            recorded.flatMap((one) => (isWrite(one) ? [] : [[one.absorbed, one]])),
          )
          for (const one of recorded) {
            if (isWrite(one)) {
              const user = await other.world.user({ userId: other.survivor })
              await other.world.run(
                saveUser({ userId: other.survivor }, { ...patchFor(one, user) }),
              )
            } else if (still.has(one.absorbed) && latest.get(one.absorbed) === one) {
              await other.world.run(one.command)
            }
          }
          const [is, would] = [story, other].map(({ world, survivor }) =>
            world.user({ userId: survivor }),
          )
          const shown = async (user: typeof is) => user && shownOf(await user)
          expect(await shown(is)).toEqual(await shown(would))
        })
      },
    ),
    runs(150),
  )
})
