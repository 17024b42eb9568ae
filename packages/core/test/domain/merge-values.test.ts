// Which value a merge keeps: ranks, policies and overrides (domain.md section 7).

import { describe, expect, it } from 'vitest'
import type { MergePolicy } from '../../src/index.js'
import {
  createByPhone,
  createUser,
  merge,
  personalize,
  phoneNo,
  register,
  saveUser,
} from '../support/commands.js'
import { type Given, given, openWorld, userOf } from '../support/world.js'

const [A, B, C] = [userOf(1), userOf(2), userOf(3)]
const by = (...ids: ReadonlyArray<string>) => ids.map((userId) => ({ userId }))
const person = (n: number, userAttributes: object, userType = 'CUSTOMER'): Given =>
  createByPhone(phoneNo(n), { userType, userAttributes })
const lead = (n: number, userAttributes: object): Given => person(n, userAttributes, 'LEAD')
const survivor = { survivor: { userId: A } }

describe('single attributes, custom attributes per name', () => {
  const merged = async (story: ReadonlyArray<Given>, more = {}) => {
    const world = openWorld()
    const users = story.flatMap((one, n) =>
      one.type === 'CreateUser' ? [{ phone: phoneNo(n + 1) }] : [],
    )
    const { user, events } = await given(story, world)
      .when(merge(users, { survivor: { phone: phoneNo(1) }, ...more }))
      .receipt()
    await world.rows()
    const fields = events.flatMap((event) =>
      event.type === 'UsersMerged' ? event.payload.fields : [],
    )
    return { user, fields }
  }

  it('a value beats none, in every field, on either side', async () => {
    const { user, fields } = await merged([
      person(1, { firstName: 'Ann', gender: 'Female', customAttributes: { a: 1 } }),
      lead(2, { lastName: 'Lee', birthday: '1990-01-01', customAttributes: { b: 2 } }),
      lead(3, { middleName: 'M' }),
    ])
    expect(user).toMatchObject({
      firstName: 'Ann',
      middleName: 'M',
      lastName: 'Lee',
      gender: 'Female',
      birthday: '1990-01-01',
      customAttributes: { a: 1, b: 2 },
    })
    expect(new Set(fields.map(({ settledBy }) => settledBy))).toEqual(new Set(['only']))
  })

  it('a value brought by a CUSTOMER beats one brought by a LEAD', async () => {
    const { user, fields } = await merged([
      lead(1, { firstName: 'Ann', customAttributes: { a: 1 } }),
      person(2, { firstName: 'Bea', customAttributes: { a: 2 } }),
    ])
    expect(user).toMatchObject({ firstName: 'Bea', customAttributes: { a: 2 } })
    expect(fields.map(({ field, taken, settledBy }) => [field, taken, settledBy])).toEqual([
      ['customAttributes.a', 'absorbed', 'policy'],
      ['firstName', 'absorbed', 'policy'],
    ])
  })

  it('else the survivor’s', async () => {
    for (const make of [lead, person]) {
      const story = [make(1, { firstName: 'Ann' }), make(2, { firstName: 'Bea' })]
      expect((await merged(story)).user?.firstName).toBe('Ann')
    }
  })

  it('else the earlier absorbed', async () => {
    const story = [lead(1, {}), lead(2, { firstName: 'Bea' }), lead(3, { firstName: 'Cid' })]
    expect((await merged(story)).user?.firstName).toBe('Bea')
    const ranked = [lead(1, {}), lead(2, { firstName: 'Bea' }), person(3, { firstName: 'Cid' })]
    expect((await merged(ranked)).user?.firstName).toBe('Cid')
  })

  it('UsersMerged records the policy and, for every field, the chosen and the rejected source', async () => {
    const then = given([person(1, { firstName: 'Ann' }), person(2, { firstName: 'Bea' })]).when(
      merge(by(A, B)),
    )
    expect((await then.facts())[0]?.[1]).toMatchObject({
      policy: 'survivor-first',
      fields: [
        {
          field: 'firstName',
          taken: 'survivor',
          chosen: { userId: A, position: 3 },
          rejected: { userId: B, position: 6 },
          settledBy: 'policy',
        },
      ],
    })
  })
})

describe('a value ranks by the type of the user that brought it, at the time it was brought', () => {
  it('a LEAD’s value ranks as CUSTOMER once its user is CUSTOMER by itself', async () => {
    const then = given([
      lead(1, { firstName: 'Ann' }),
      register('i'),
      personalize('i', { phones: [phoneNo(1)] }),
      person(2, { firstName: 'Bea' }),
    ]).when(merge([{ phone: phoneNo(1) }, { phone: phoneNo(2) }]))
    expect((await then.receipt()).user?.firstName).toBe('Ann')
  })

  it('a value keeps the rank with which it was brought: a LEAD’s, in a survivor that is CUSTOMER', async () => {
    const world = openWorld()
    await world.runAll([
      person(1, {}),
      lead(2, { firstName: 'Bea' }),
      person(3, { firstName: 'Cid' }),
      merge(by(A, B)),
    ])
    const { user } = await world.run(merge(by(A, C)))
    expect(user?.firstName).toBe('Cid')
  })

  it('also when the survivor is absorbed itself', async () => {
    const world = openWorld()
    await world.runAll([
      person(1, {}),
      lead(2, { firstName: 'Bea' }),
      person(3, { firstName: 'Cid' }),
      merge(by(A, B)),
    ])
    expect((await world.run(merge(by(A, C), { survivor: { userId: C } }))).user?.firstName).toBe(
      'Cid',
    )
  })

  it('what is written on a LEAD that is CUSTOMER by a merge ranks as CUSTOMER', async () => {
    const world = openWorld()
    await world.runAll([
      lead(1, {}),
      person(2, {}),
      person(3, { firstName: 'Cid' }),
      merge(by(A, B), survivor),
      saveUser({ userId: A }, { firstName: 'Ann' }),
    ])
    expect((await world.run(merge(by(A, C), survivor))).user?.firstName).toBe('Ann')
  })

  it('but what it had written as a LEAD does not', async () => {
    const world = openWorld()
    await world.runAll([
      lead(1, { firstName: 'Ann' }),
      person(2, {}),
      person(3, { firstName: 'Cid' }),
      merge(by(A, B), survivor),
    ])
    expect((await world.run(merge(by(A, C), survivor))).user?.firstName).toBe('Cid')
  })
})

describe('overrides', () => {
  const story = [
    person(1, { firstName: 'Ann', customAttributes: { 'a.b': 1 } }),
    lead(2, { firstName: 'Bea', customAttributes: { 'a.b': 2 } }),
    createUser('c'),
  ]
  const users = [{ phone: phoneNo(1) }, { phone: phoneNo(2) }, { externalUserId: 'c' }]
  const world = async () => {
    const made = openWorld()
    const receipts = await made.runAll(story)
    return { made, ids: receipts.map(({ user }) => user?.id ?? '') }
  }

  it('beat all, everything after the first dot being the name', async () => {
    const { made, ids } = await world()
    const { user } = await made.run(
      merge(users, { overrides: { firstName: ids[1], 'customAttributes.a.b': ids[1] } }),
    )
    expect(user).toMatchObject({ firstName: 'Bea', customAttributes: { 'a.b': 2 } })
    await made.rows()
  })

  it('beat all with an empty value too', async () => {
    const { made, ids } = await world()
    const { user } = await made.run(
      merge(users, { overrides: { firstName: ids[2], 'customAttributes.a.b': ids[2] } }),
    )
    expect(user).toMatchObject({ firstName: null, customAttributes: {} })
    await made.rows()
  })

  it('name a survivor’s empty value too', async () => {
    const { made, ids } = await world()
    const { user } = await made.run(
      merge(users, { survivor: { externalUserId: 'c' }, overrides: { firstName: ids[2] } }),
    )
    expect(user).toMatchObject({ firstName: null, customAttributes: { 'a.b': 1 } })
    await made.rows()
  })

  it('an id of an absorbed user means its survivor', async () => {
    const { made, ids } = await world()
    await made.run(
      merge([{ phone: phoneNo(2) }, { externalUserId: 'c' }], { survivor: { phone: phoneNo(2) } }),
    )
    const { user } = await made.run(
      merge([{ phone: phoneNo(1) }, { phone: phoneNo(2) }], {
        survivor: { phone: phoneNo(1) },
        overrides: { firstName: ids[2] },
      }),
    )
    expect(user?.firstName).toBe('Bea')
  })

  it('an id that is no party of the merge is REQUEST_FORMAT_INVALID', async () => {
    const { made, ids } = await world()
    const refusal = await made.refused(
      merge(users.slice(0, 2), {
        overrides: { firstName: ids[2], lastName: 'nobody', gender: ids[0] },
      }),
    )
    expect(refusal.error.code).toBe('REQUEST_FORMAT_INVALID')
    expect(refusal.error.details.violations).toMatchObject([
      { path: '/overrides/firstName' },
      { path: '/overrides/lastName' },
    ])
  })

  it('a field that is none is REQUEST_FORMAT_INVALID', async () => {
    const { made, ids } = await world()
    const overrides = { phones: ids[0], tags: ids[0], nope: ids[0], 'customAttributes.': ids[0] }
    const refusal = await made.refused(merge(users, { overrides }))
    expect(refusal.error.code).toBe('REQUEST_FORMAT_INVALID')
    expect(refusal.error.details.violations).toHaveLength(4)
  })
})

describe('policies', () => {
  it('latest-wins: of the same rank the one written at the higher log position wins', async () => {
    const story = [person(1, { firstName: 'Ann' }), person(2, { firstName: 'Bea' })]
    const latest = { policy: 'latest-wins' }
    expect(
      (
        await given(story)
          .when(merge(by(A, B), latest))
          .receipt()
      ).user?.firstName,
    ).toBe('Bea')
    const again = [...story, saveUser({ userId: A }, { firstName: 'Ada' })]
    expect(
      (
        await given(again)
          .when(merge(by(A, B), latest))
          .receipt()
      ).user?.firstName,
    ).toBe('Ada')
  })

  it('latest-wins differs only in values of the same rank', async () => {
    const story = [person(1, { firstName: 'Ann' }), lead(2, { firstName: 'Bea', tags: ['t'] })]
    const { user } = await given(story)
      .when(merge(by(A, B), { policy: 'latest-wins' }))
      .receipt()
    expect(user).toMatchObject({ firstName: 'Ann', tags: ['t'] })
  })

  it('an unknown policy is REQUEST_FORMAT_INVALID', async () => {
    const then = given([person(1, {}), person(2, {})]).when(merge(by(A, B), { policy: 'magic' }))
    expect(await then.code()).toBe('REQUEST_FORMAT_INVALID')
    expect((await then.violations()).map(({ path }) => path)).toEqual(['/policy'])
  })

  const longest: MergePolicy = {
    name: 'longest',
    choose: (_, ours, theirs) =>
      `${theirs.value}`.length > `${ours.value}`.length ? 'absorbed' : 'survivor',
  }

  it('a policy is a pure function that an embedder can replace', async () => {
    const world = openWorld({ policies: [longest], defaultPolicy: 'longest' })
    const then = given(
      [person(1, { firstName: 'Jo' }), person(2, { firstName: 'Josephine' })],
      world,
    ).when(merge(by(A, B)))
    expect((await then.receipt()).user?.firstName).toBe('Josephine')
    expect((await then.facts())[0]?.[1]).toMatchObject({ policy: 'longest' })
    await world.rows()
  })

  it('an own policy beside the default is asked for by its name', async () => {
    const world = openWorld({ policies: [longest] })
    await world.runAll([person(1, { firstName: 'Jo' }), person(2, { firstName: 'Josephine' })])
    expect((await world.run(merge(by(A, B), { policy: 'longest' }))).user?.firstName).toBe(
      'Josephine',
    )
  })

  it('a replay never calls a policy', async () => {
    let asked = 0
    const counting: MergePolicy = {
      name: 'counting',
      choose: () => {
        asked += 1
        return 'absorbed'
      },
    }
    const world = openWorld({ policies: [counting], defaultPolicy: 'counting' })
    await world.runAll([
      person(1, { firstName: 'Ann' }),
      person(2, { firstName: 'Bea' }),
      merge(by(A, B)),
    ])
    expect(asked).toBe(1)
    await world.rows()
    expect(asked).toBe(1)
  })

  it('a default policy that is unknown is a bug of the embedder, told when the engine opens', () => {
    expect(() => openWorld({ defaultPolicy: 'magic' })).toThrow('magic')
  })
})
