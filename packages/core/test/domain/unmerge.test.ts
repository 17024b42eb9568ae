// UnmergeUsers: what goes back, what is decided again (domain.md section 8).

import { describe, expect, it } from 'vitest'
import {
  createByPhone,
  createLead,
  createUser,
  depersonalize,
  erase,
  expire,
  merge,
  mergeInto,
  personalize,
  phoneNo,
  register,
  saveUser,
  setPrimary,
  unmerge,
} from '../support/commands.js'
import { type Given, given, openWorld, userOf, type World } from '../support/world.js'

const by = (...ids: ReadonlyArray<string>) => ids.map((userId) => ({ userId }))
const undo = (survivor: string, absorbed: string): Given => unmerge({ userId: survivor }, absorbed)
const [A, B, C] = [userOf(1), userOf(2), userOf(3)]
const device = (n: number, id: string): ReadonlyArray<Given> => [
  register(id),
  personalize(id, { phones: [phoneNo(n)] }),
]
/** A world of A and B, each a CUSTOMER with one phone; A is user 1, B user 2. */
const two = async (
  a: Record<string, unknown> = {},
  b: Record<string, unknown> = {},
): Promise<World> => {
  const world = openWorld()
  await world.runAll([createByPhone(phoneNo(1), a), createByPhone(phoneNo(2), b)])
  return world
}

describe('the absorbed user comes back', () => {
  it('with the state it had', async () => {
    const world = await two(
      {},
      {
        userType: 'LEAD',
        userAttributes: { firstName: 'Bea', tags: ['t'], customAttributes: { a: 1 } },
      },
    )
    const before = await world.user({ userId: B })
    await world.run(mergeInto(A, B))
    expect(await world.user({ userId: B })).toMatchObject({ id: A, firstName: 'Bea', tags: ['t'] })
    await world.run(undo(A, B))
    expect(await world.user({ userId: B })).toEqual(before)
    await world.rows()
  })

  it('of its identities with those that the survivor still owns', async () => {
    const world = await two({}, { userIdentity: { phones: [phoneNo(2)], emails: ['b@b.pl'] } })
    await world.runAll([mergeInto(A, B), saveUser({ userId: A }, { emails: null })])
    const { user } = await world.run(undo(A, B))
    expect(user?.phones).toEqual([phoneNo(1)])
    expect(await world.user({ userId: B })).toMatchObject({ phones: [phoneNo(2)], emails: [] })
    await world.rows()
  })

  it('not with one that was removed and linked to the survivor again: a removal is a write', async () => {
    const world = await two()
    await world.runAll([
      mergeInto(A, B),
      saveUser({ userId: A }, { phones: [phoneNo(1)] }),
      saveUser({ userId: A }, { phones: [phoneNo(1), phoneNo(2)] }),
    ])
    const { user } = await world.run(undo(A, B))
    expect(user?.phones).toEqual([phoneNo(1), phoneNo(2)])
    expect((await world.user({ userId: B })).phones).toEqual([])
    await world.rows()
  })

  it('of its identities with those that the merge released and that are free', async () => {
    for (const taken of [false, true]) {
      const world = openWorld()
      await world.runAll([
        createUser('a'),
        createUser('b'),
        merge(by(A, B), { overrides: { externalUserId: A } }),
        ...(taken ? [createUser('b')] : []),
      ])
      const { user } = await world.run(undo(A, B))
      expect(user?.externalUserId).toBe('a')
      expect((await world.user({ userId: B })).externalUserId).toBe(taken ? null : 'b')
      await world.rows()
    }
  })

  it('and the survivor gets its own externalUserId again, where the merge released it and it is free', async () => {
    for (const taken of [false, true]) {
      const world = openWorld()
      await world.runAll([
        createUser('a'),
        createUser('b'),
        merge(by(A, B), { overrides: { externalUserId: B } }),
        ...(taken ? [createUser('a')] : []),
      ])
      const { user } = await world.run(undo(A, B))
      expect(user?.externalUserId ?? null).toBe(taken ? null : 'a')
      expect((await world.user({ userId: B })).externalUserId).toBe('b')
      await world.rows()
    }
  })

  it('of its installations with those that have been with the survivor without a break', async () => {
    const world = await two()
    await world.runAll([
      ...device(2, 'stays'),
      ...device(2, 'leaves'),
      ...device(2, 'returns'),
      mergeInto(A, B),
      depersonalize('leaves'),
      depersonalize('returns'),
      personalize('returns', { phones: [phoneNo(1)] }),
      ...device(1, 'own'),
    ])
    const { user } = await world.run(undo(A, B))
    const ids = (one: typeof user) => one?.installations.map((it) => it.pushRegistrationId).sort()
    expect(ids(user)).toEqual(['own', 'returns'])
    expect(ids(await world.user({ userId: B }))).toEqual(['stays'])
    await world.rows()
  })

  it('an installation that joined the survivor since by an identity that goes back goes with it', async () => {
    const world = await two({}, { userIdentity: { phones: [phoneNo(2)], emails: ['b@b.pl'] } })
    await world.runAll([
      mergeInto(A, B),
      register('by B'),
      personalize('by B', { emails: ['b@b.pl'] }),
      register('by A'),
      personalize('by A', { phones: [phoneNo(1)] }),
      register('forced'),
      personalize('forced', { externalUserId: 'x' }),
      personalize('forced', { phones: [phoneNo(2)] }, { forceDepersonalize: true }),
    ])
    const receipt = await world.run(undo(A, B))
    expect(receipt.user?.installations.map((it) => it.pushRegistrationId)).toEqual(['by A'])
    const back = await world.user({ userId: B })
    expect(back.installations.map((it) => it.pushRegistrationId)).toEqual(['by B', 'forced'])
    expect(receipt.events[0]?.payload).toMatchObject({
      installations: [
        { pushRegistrationId: 'by B', joinedSince: true },
        { pushRegistrationId: 'forced', joinedSince: true },
      ],
    })
    await world.rows()
  })

  it('an installation that joined by an identity that stays, stays', async () => {
    const world = await two()
    await world.runAll([
      mergeInto(A, B),
      saveUser({ userId: A }, { phones: [phoneNo(1)] }),
      saveUser({ userId: A }, { phones: [phoneNo(1), phoneNo(2)] }),
      ...device(2, 'i'),
    ])
    const { user } = await world.run(undo(A, B))
    expect(user?.installations).toHaveLength(1)
  })
})

describe('a field of the survivor whose value came by a merge and that nobody wrote since', () => {
  it('is decided again from the survivor’s own value', async () => {
    const world = await two(
      { userType: 'LEAD', userAttributes: { firstName: 'Ann' } },
      { userAttributes: { firstName: 'Bea', lastName: 'Lee' } },
    )
    expect((await world.run(mergeInto(A, B))).user).toMatchObject({
      firstName: 'Bea',
      lastName: 'Lee',
    })
    expect((await world.run(undo(A, B))).user).toMatchObject({ firstName: 'Ann', lastName: null })
    await world.rows()
  })

  it('and those of the users still absorbed, by the policy', async () => {
    const lead = (n: number, firstName: string | null) =>
      createByPhone(phoneNo(n), { userType: 'LEAD', userAttributes: { firstName } })
    const cases = [
      ['survivor-first', null, 'Bea', 'Cid', 'Bea', 'Cid'],
      ['latest-wins', null, 'Bea', 'Cid', 'Cid', 'Cid'],
      ['latest-wins', 'Ann', 'Bea', null, 'Bea', 'Ann'],
      ['survivor-first', null, 'Bea', null, 'Bea', null],
    ] as const
    for (const [policy, a, b, c, merged, again] of cases) {
      const world = openWorld()
      await world.runAll([lead(1, a), lead(2, b), lead(3, c)])
      const { user } = await world.run(merge(by(A, B, C), { policy }))
      expect(user?.firstName).toBe(merged)
      expect((await world.run(undo(A, B))).user?.firstName).toBe(again)
      await world.rows()
    }
  })

  it('so are type, createdAt and promotedAt', async () => {
    const world = openWorld()
    await world.runAll([createByPhone(phoneNo(1)), createLead('b')])
    await world.run(mergeInto(B, A))
    expect(await world.user({ userId: B })).toMatchObject({
      type: 'CUSTOMER',
      createdAt: '2026-11-24T10:00:01.000Z',
      promotedAt: '2026-11-24T10:00:01.000Z',
    })
    expect((await world.run(undo(B, A))).user).toMatchObject({
      type: 'LEAD',
      createdAt: '2026-11-24T10:00:02.000Z',
      promotedAt: null,
    })
    await world.rows()
  })

  it('and the primary', async () => {
    const world = await two()
    await world.runAll([...device(1, 'i'), ...device(2, 'j'), setPrimary('j'), mergeInto(A, B)])
    expect(await world.user({ userId: A })).toMatchObject({
      installations: [{ isPrimaryDevice: false }, { isPrimaryDevice: true }],
    })
    expect((await world.run(undo(A, B))).user?.installations[0]?.isPrimaryDevice).toBe(false)
    expect((await world.user({ userId: B })).installations[0]?.isPrimaryDevice).toBe(true)
    await world.rows()
  })

  it('the primary of a user still absorbed takes the place of one that goes back', async () => {
    const world = await two()
    await world.runAll([
      createByPhone(phoneNo(3)),
      ...device(2, 'j'),
      ...device(3, 'k'),
      setPrimary('j'),
      setPrimary('k'),
      mergeInto(A, B, C),
    ])
    const marked = (user: {
      installations: ReadonlyArray<{ pushRegistrationId: string; isPrimaryDevice: boolean }>
    }) => user.installations.filter((it) => it.isPrimaryDevice).map((it) => it.pushRegistrationId)
    expect(marked(await world.user({ userId: A }))).toEqual(['j'])
    await world.run(undo(A, B))
    expect(marked(await world.user({ userId: A }))).toEqual(['k'])
    expect(marked(await world.user({ userId: B }))).toEqual(['j'])
    await world.rows()
  })

  it('a CUSTOMER with a ProfilePromoted of its own stays one', async () => {
    const world = openWorld()
    await world.runAll([
      createLead('a'),
      createByPhone(phoneNo(2)),
      mergeInto(A, B),
      register('i'),
      personalize('i', { externalUserId: 'a' }),
    ])
    const { user } = await world.run(undo(A, B))
    expect(user).toMatchObject({ type: 'CUSTOMER', promotedAt: '2026-11-24T10:00:05.000Z' })
    await world.rows()
  })
})

describe('only a direct merge into a living survivor can be undone', () => {
  const chain = [
    createByPhone(phoneNo(1)),
    createByPhone(phoneNo(2)),
    createByPhone(phoneNo(3)),
    mergeInto(B, C),
    mergeInto(A, B),
  ]

  it('otherwise UNMERGE_IMPOSSIBLE, naming the chain', async () => {
    expect((await given(chain).when(undo(A, C)).refusal()).error).toMatchObject({
      code: 'UNMERGE_IMPOSSIBLE',
      details: { survivor: A, absorbed: C, chain: [C, B, A] },
    })
    expect((await given(chain).when(undo(B, C)).refusal()).error.details.chain).toEqual([C, B, A])
  })

  it('unmerge the outer one first; its user comes back with the inner one still in it', async () => {
    const world = openWorld()
    await world.runAll([...chain, undo(A, B)])
    expect((await world.user({ userId: C })).id).toBe(B)
    expect((await world.run(undo(B, C))).user?.phones).toEqual([phoneNo(2)])
    expect((await world.user({ userId: C })).phones).toEqual([phoneNo(3)])
    await world.rows()
  })

  it('when undone already, or never done, UNMERGE_IMPOSSIBLE', async () => {
    const then = given([...chain, undo(A, B)]).when(undo(A, B))
    expect((await then.refusal()).error.details.chain).toEqual([B])
    expect(await then.code()).toBe('UNMERGE_IMPOSSIBLE')
    expect(await given(chain.slice(0, 2)).when(undo(A, B)).code()).toBe('UNMERGE_IMPOSSIBLE')
  })

  it('an unknown absorbed is USER_NOT_FOUND, an erased one USER_ERASED', async () => {
    expect(await given(chain).when(undo(A, 'nobody')).code()).toBe('USER_NOT_FOUND')
    const erased = given([...chain, createUser('d'), erase({ userId: A })]).when(undo(userOf(6), A))
    expect(await erased.code()).toBe('USER_ERASED')
    expect(
      await given([...chain, erase({ userId: A })])
        .when(undo(A, B))
        .code(),
    ).toBe('USER_ERASED')
  })

  it('an expired installation does not come back', async () => {
    const world = await two()
    await world.runAll([...device(2, 'i'), mergeInto(A, B), expire('i'), undo(A, B)])
    expect((await world.user({ userId: B })).installations).toEqual([])
    await world.rows()
  })
})
