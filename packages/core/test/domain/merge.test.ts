// MergeUsers, its table of fields (domain.md section 7).

import { describe, expect, it } from 'vitest'
import {
  createByPhone,
  createLead,
  createUser,
  erase,
  merge,
  personalize,
  phoneNo,
  phoneNos,
  register,
  saveUser,
  setPrimary,
} from '../support/commands.js'
import { type Given, given, openWorld, userOf } from '../support/world.js'

const [A, B, C] = [userOf(1), userOf(2), userOf(3)]
const three = [createByPhone(phoneNo(1)), createByPhone(phoneNo(2)), createByPhone(phoneNo(3))]
const by = (...ids: ReadonlyArray<string>) => ids.map((userId) => ({ userId }))

describe('the survivor', () => {
  it('is the caller’s choice', async () => {
    const then = given(three).when(merge(by(A, B, C), { survivor: { phone: phoneNo(2) } }))
    expect((await then.receipt()).user?.id).toBe(B)
    expect((await then.receipt()).absorbed).toEqual([A, C])
  })

  it('else a CUSTOMER before a LEAD', async () => {
    const story = [createLead('a'), createByPhone(phoneNo(2)), createByPhone(phoneNo(3))]
    expect(
      (
        await given(story)
          .when(merge(by(C, A, B)))
          .receipt()
      ).user?.id,
    ).toBe(B)
  })

  it('else the earliest created by log position', async () => {
    expect(
      (
        await given(three)
          .when(merge(by(C, B, A)))
          .receipt()
      ).user?.id,
    ).toBe(A)
  })

  it('that is none of users is REQUEST_FORMAT_INVALID', async () => {
    const then = given(three).when(merge(by(A, B), { survivor: { userId: C } }))
    expect(await then.code()).toBe('REQUEST_FORMAT_INVALID')
    expect((await then.violations()).map(({ path }) => path)).toEqual(['/survivor'])
  })
})

describe('the others', () => {
  it('are absorbed one after another in the order of their creation, one UsersMerged each', async () => {
    const world = openWorld()
    const then = given(three, world).when(merge(by(C, B, A)))
    expect(
      (await then.facts()).map(([type, payload]) => [
        type,
        (payload as { absorbedId: string }).absorbedId,
      ]),
    ).toEqual([
      ['UsersMerged', B],
      ['UsersMerged', C],
    ])
    await world.rows()
  })

  it('all or nothing', async () => {
    const story = [createByPhone(phoneNo(1)), createUser('b'), createUser('c')]
    expect(
      await given(story)
        .when(merge(by(A, B, C)))
        .code(),
    ).toBe('MERGE_CONFLICT')
  })

  it('references to one user count once; fewer than two left: no event', async () => {
    const twice = [{ userId: A }, { phone: phoneNo(1) }]
    const then = given(three).when(merge(twice))
    expect(await then.events()).toEqual([])
    expect((await then.receipt()).user?.id).toBe(A)
    expect(
      await given([...three, merge(by(A, B))])
        .when(merge(by(A, B)))
        .events(),
    ).toEqual([])
    expect(
      await given(three)
        .when(merge([...twice, { userId: B }]))
        .types(),
    ).toEqual(['UsersMerged'])
  })

  it('are 1 to 49: users has 2 to 50 references', async () => {
    expect(
      await given(three)
        .when(merge(by(A)))
        .code(),
    ).toBe('REQUEST_FORMAT_INVALID')
    expect(
      await given(three)
        .when(merge(Array(50).fill({ userId: A })))
        .types(),
    ).toEqual([])
    expect(
      await given(three)
        .when(merge(Array(51).fill({ userId: A })))
        .code(),
    ).toBe('LIMIT_EXCEEDED')
  })
})

describe('the fields of a merge', () => {
  it('absorbed id: an alias of the survivor; chains resolve to the living user', async () => {
    const world = openWorld()
    await world.runAll([...three, merge(by(B, C), { survivor: { userId: B } }), merge(by(A, B))])
    for (const userId of [A, B, C]) expect((await world.user({ userId })).id).toBe(A)
  })

  it('type: CUSTOMER if any is; promotedAt and createdAt: the earliest', async () => {
    const story = [createLead('a'), createByPhone(phoneNo(2)), createByPhone(phoneNo(3))]
    const then = given(story).when(merge(by(A, B, C), { survivor: { userId: C } }))
    expect((await then.receipt()).user).toMatchObject({
      id: C,
      type: 'CUSTOMER',
      createdAt: '2026-11-24T10:00:01.000Z',
      promotedAt: '2026-11-24T10:00:02.000Z',
    })
    const lead = given([createLead('a'), createByPhone(phoneNo(2))]).when(
      merge(by(A, B), { survivor: { userId: A } }),
    )
    expect((await lead.receipt()).user).toMatchObject({
      id: A,
      type: 'CUSTOMER',
      promotedAt: '2026-11-24T10:00:02.000Z',
    })
  })

  it('externalUserId: two different ones are MERGE_CONFLICT, nothing recorded', async () => {
    const then = given([createUser('a'), createUser('b')]).when(merge(by(A, B)))
    expect((await then.refusal()).error).toMatchObject({
      code: 'MERGE_CONFLICT',
      details: {
        field: 'externalUserId',
        candidates: [
          { userId: A, externalUserId: 'a' },
          { userId: B, externalUserId: 'b' },
        ],
      },
    })
  })

  it('externalUserId: unless overrides names the user whose one stays; the other is released', async () => {
    for (const [stays, value, freed] of [
      [A, 'a', 'b'],
      [B, 'b', 'a'],
    ] as const) {
      const world = openWorld()
      const then = given([createUser('a'), createUser('b')], world).when(
        merge(by(A, B), { overrides: { externalUserId: stays } }),
      )
      expect((await then.receipt()).user).toMatchObject({ id: A, externalUserId: value })
      expect((await world.refused(saveUser({ externalUserId: freed }, {}))).error.code).toBe(
        'USER_NOT_FOUND',
      )
      await world.rows()
      expect((await world.run(createUser(freed))).user?.externalUserId).toBe(freed)
      await world.rows()
    }
  })

  it('externalUserId: of several users the one named stays', async () => {
    for (const [stays, value] of [
      [A, 'a'],
      [B, 'b'],
      [C, 'c'],
    ] as const) {
      const world = openWorld()
      const then = given([createUser('a'), createUser('b'), createUser('c')], world).when(
        merge(by(A, B, C), { overrides: { externalUserId: stays } }),
      )
      expect((await then.receipt()).user?.externalUserId).toBe(value)
      await world.rows()
    }
  })

  it('externalUserId: naming a user that has none is no choice between two', async () => {
    const story = [createUser('a'), createByPhone(phoneNo(1)), createUser('c')]
    const then = given(story).when(merge(by(A, B, C), { overrides: { externalUserId: B } }))
    expect(await then.code()).toBe('MERGE_CONFLICT')
    const one = given(story).when(merge(by(A, B), { overrides: { externalUserId: B } }))
    expect((await one.receipt()).user?.externalUserId).toBe('a')
  })

  it('externalUserId: the only one passes to the survivor', async () => {
    const then = given([createByPhone(phoneNo(1)), createUser('b')]).when(merge(by(A, B)))
    expect((await then.receipt()).user).toMatchObject({ id: A, externalUserId: 'b' })
  })

  it('phones, emails: union', async () => {
    const identity = (n: number): Given => ({
      type: 'CreateUser',
      userIdentity: { phones: [phoneNo(n)], emails: [`e${n}@b.pl`] },
    })
    const then = given([identity(1), identity(2)]).when(merge(by(A, B)))
    expect((await then.receipt()).user).toMatchObject({
      phones: [phoneNo(1), phoneNo(2)],
      emails: ['e1@b.pl', 'e2@b.pl'],
    })
  })

  it('phones, emails: above 100 LIMIT_EXCEEDED, nothing recorded', async () => {
    const many = (count: number, from: number): Given => ({
      type: 'CreateUser',
      userIdentity: { phones: phoneNos(count, from) },
    })
    const full = await given([many(60, 0), many(40, 100)])
      .when(merge(by(A, B)))
      .receipt()
    expect(full.user?.phones).toHaveLength(100)
    expect(
      await given([many(60, 0), many(41, 100)])
        .when(merge(by(A, B)))
        .code(),
    ).toBe('LIMIT_EXCEEDED')
  })

  it('tags: union', async () => {
    const tagged = (n: number, tags: ReadonlyArray<string>) =>
      createByPhone(phoneNo(n), { userAttributes: { tags } })
    const then = given([tagged(1, ['x', 'y']), tagged(2, ['y', 'z'])]).when(merge(by(A, B)))
    expect((await then.receipt()).user?.tags).toEqual(['x', 'y', 'z'])
    expect((await then.facts())[0]?.[1]).toMatchObject({
      tags: { chosen: [{ userId: B, position: 6 }], rejected: [{ userId: B, position: 6 }] },
    })
  })

  const onDevices = (...ids: ReadonlyArray<string>): ReadonlyArray<Given> =>
    ids.flatMap((id, n) => [register(id), personalize(id, { phones: [phoneNo(n)] })])

  it('installations: all move; the survivor’s primary stays, else the absorbed’s; at most one', async () => {
    const D = userOf(3)
    const marks = async (...marked: ReadonlyArray<string>) => {
      const { user } = await given([...onDevices('i', 'j'), ...marked.map((id) => setPrimary(id))])
        .when(merge(by(A, D)))
        .receipt()
      return user?.installations.map((one) => [one.pushRegistrationId, one.isPrimaryDevice])
    }
    expect(await marks()).toEqual([
      ['i', false],
      ['j', false],
    ])
    expect(await marks('i', 'j')).toEqual([
      ['i', true],
      ['j', false],
    ])
    expect(await marks('j')).toEqual([
      ['i', false],
      ['j', true],
    ])
  })

  it('erased users: USER_ERASED', async () => {
    const then = given([...three, erase({ userId: B })]).when(merge(by(A, B)))
    expect(await then.code()).toBe('USER_ERASED')
  })
})
