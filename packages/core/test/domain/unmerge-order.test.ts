// Merge then Unmerge, with no write between, leaves the directory as it was; so do several merges and
// their unmerges in any order (domain.md section 8, invariant 10).

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differencesBetween } from '../../src/index.js'
import { createUser, merge, personalize, phoneNo, register, unmerge } from '../support/commands.js'
import { type Given, openWorld, propertyTimeout_ms, userOf, type World } from '../support/world.js'

interface Person {
  readonly userType: 'LEAD' | 'CUSTOMER'
  readonly hasExternalId: boolean
  readonly device: 'none' | 'plain' | 'primary'
  readonly isAnonymous: boolean
  readonly attributes: object
}

const person: fc.Arbitrary<Person> = fc.record({
  userType: fc.constantFrom('LEAD', 'CUSTOMER'),
  hasExternalId: fc.boolean(),
  isAnonymous: fc.boolean(),
  device: fc.constantFrom('none', 'plain', 'primary'),
  attributes: fc.record(
    {
      firstName: fc.constantFrom('Ann', 'Bea'),
      birthday: fc.constantFrom('1990-01-01', '1991-01-01'),
      tags: fc.subarray(['x', 'y', 'z']),
      customAttributes: fc.record(
        { a: fc.constantFrom(1, 2), ['__proto__']: fc.constantFrom('p', 'q') },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  ),
})

/** The commands that make the n-th person. */
const commandsFor = (one: Person, n: number): ReadonlyArray<Given> => {
  const identity = {
    phones: [phoneNo(n)],
    ...(one.hasExternalId ? { externalUserId: `u${n}` } : {}),
  }
  const mark = { setAsPrimary: one.device === 'primary' }
  if (one.isAnonymous)
    return [
      register(`d${n}`, { customAttributes: { seat: `s${n}` } }),
      { type: 'SetPrimary', pushRegistrationId: `d${n}`, isPrimary: one.device === 'primary' },
      { type: 'SaveUser', target: { pushRegistrationId: `d${n}` }, user: one.attributes },
    ]
  const create = createUser('', {
    userType: one.userType,
    userIdentity: identity,
    userAttributes: one.attributes,
  })
  return one.device === 'none'
    ? [create]
    : [create, register(`d${n}`), personalize(`d${n}`, identity, { ...mark, keepAsLead: true })]
}

const peopled = async (people: ReadonlyArray<Person>) => {
  const world = openWorld()
  const ids: string[] = []
  for (const [n, one] of people.entries()) {
    const receipts = await world.runAll(commandsFor(one, n))
    ids.push(receipts.at(-1)?.user?.id ?? '')
  }
  return { world, ids }
}

const difference = async (world: World, before: Awaited<ReturnType<World['rows']>>) =>
  differencesBetween(before, await world.rows())

/** Picks one of the choices that there are, by a number of any size. */
const pick = <A>(from: ReadonlyArray<A>, n: number): A | undefined => from[n % from.length]

interface Edge {
  readonly survivor: string
  readonly absorbed: string
}

/** Merges as the numbers say, then undoes all of them as the numbers say; merges that are refused count as none. */
const mergeAndUndo = async (
  world: World,
  ids: ReadonlyArray<string>,
  steps: ReadonlyArray<{
    readonly a: number
    readonly b: number
    readonly more: object
    readonly keeps: number
  }>,
  order: ReadonlyArray<number>,
) => {
  const roots = new Set(ids)
  let edges: Edge[] = []
  for (const { a, b, more, keeps } of steps) {
    const survivor = pick([...roots], a) ?? ''
    const absorbed = pick(
      [...roots].filter((id) => id !== survivor),
      b,
    )
    if (absorbed === undefined) break
    const stays = pick([survivor, absorbed], keeps)
    const overrides = {
      externalUserId: stays,
      ...(keeps > 1 ? { firstName: stays, 'customAttributes.a': stays } : {}),
    }
    await world.run(
      merge([{ userId: survivor }, { userId: absorbed }], {
        survivor: { userId: survivor },
        ...more,
        overrides,
      }),
    )
    roots.delete(absorbed)
    edges.push({ survivor, absorbed })
  }
  for (let i = 0; edges.length > 0; i += 1) {
    const undone = pick(
      edges.filter(({ survivor }) => roots.has(survivor)),
      order[i] ?? i,
    )
    if (undone === undefined) throw new Error('a merge into a living user can always be undone')
    await world.run(unmerge({ userId: undone.survivor }, undone.absorbed))
    await world.rows()
    roots.add(undone.absorbed)
    edges = edges.filter((edge) => edge !== undone)
  }
}

const steps = fc.array(
  fc.record({
    a: fc.nat(100),
    b: fc.nat(100),
    more: fc.constantFrom({}, { policy: 'latest-wins' }, { policy: 'survivor-first' }),
    keeps: fc.nat(3),
  }),
  { minLength: 1, maxLength: 5 },
)

describe('Merge then Unmerge, with no write between', () => {
  it('leaves the directory exactly as it was', async () => {
    const { world } = await peopled([
      {
        userType: 'LEAD',
        hasExternalId: true,
        device: 'primary',
        isAnonymous: false,
        attributes: { firstName: 'Ann', tags: ['x'] },
      },
      {
        userType: 'CUSTOMER',
        hasExternalId: true,
        device: 'primary',
        isAnonymous: false,
        attributes: { firstName: 'Bea', tags: ['x', 'y'] },
      },
    ])
    const [A, B] = [userOf(1), userOf(4)]
    const before = await world.rows()
    for (const stays of [A, B])
      for (const [survivor, absorbed] of [
        [A, B],
        [B, A],
      ] as const) {
        await world.runAll([
          merge([{ userId: A }, { userId: B }], {
            survivor: { userId: survivor },
            overrides: { externalUserId: stays, firstName: stays },
          }),
          unmerge({ userId: survivor }, absorbed),
        ])
        expect(await difference(world, before)).toEqual([])
      }
  })

  it('so do several merges of one command and their unmerges in any order', async () => {
    const people: ReadonlyArray<Person> = [1, 2, 3, 4].map((n) => ({
      userType: n % 2 === 0 ? 'LEAD' : 'CUSTOMER',
      hasExternalId: true,
      device: 'primary',
      isAnonymous: false,
      attributes: { firstName: `F${n}`, tags: ['x', `t${n}`], customAttributes: { a: n } },
    }))
    const { world, ids } = await peopled(people)
    const before = await world.rows()
    const [survivor = '', ...others] = ids
    for (const stays of ids)
      for (const first of others)
        for (const second of others.filter((id) => id !== first)) {
          await world.run(
            merge(
              ids.map((userId) => ({ userId })),
              { survivor: { userId: survivor }, overrides: { externalUserId: stays } },
            ),
          )
          const last = others.find((id) => id !== first && id !== second) ?? ''
          for (const absorbed of [first, second, last])
            await world.run(unmerge({ userId: survivor }, absorbed))
          expect(await difference(world, before)).toEqual([])
        }
  })

  it('and merges of any people into any, chains among them, undone in any order', {
    timeout: propertyTimeout_ms,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(person, { minLength: 2, maxLength: 5 }),
        steps,
        fc.array(fc.nat(100), { maxLength: 5 }),
        async (people, merges, order) => {
          const { world, ids } = await peopled(people)
          const before = await world.rows()
          await mergeAndUndo(world, ids, merges, order)
          expect(await difference(world, before)).toEqual([])
        },
      ),
      { numRuns: process.env.SELFSAME_LONG ? 5000 : 300 },
    )
  })
})

describe('a Personalize that absorbed its anonymous user', () => {
  it('is undone by an unmerge as well', async () => {
    const world = openWorld()
    await world.runAll([
      createUser('a'),
      register('i', { customAttributes: { seat: 'x' } }),
      { type: 'SetPrimary', pushRegistrationId: 'i', isPrimary: true },
    ])
    const before = await world.rows()
    const { absorbed = [] } = await world.run(personalize('i', { externalUserId: 'a' }))
    await world.run(unmerge({ externalUserId: 'a' }, absorbed[0] ?? ''))
    expect(await difference(world, before)).toEqual([])
  })
})
