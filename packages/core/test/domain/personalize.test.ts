// The rules of domain.md section 5 around its table.

import { describe, expect, it } from 'vitest'
import {
  createByPhone,
  createLead,
  createUser,
  merge,
  personalize,
  register,
  saveUser,
  unmerge,
} from '../support/commands.js'
import { given, openWorld, userOf } from '../support/world.js'

const phone = '48600700800'

describe('the rows are tried in the order 1, 2, 10, 3, then the rest', () => {
  const two = [createUser('a'), createByPhone(phone)]

  it('row 1 before row 10', async () => {
    expect(await given().when(personalize('nowhere', {})).code()).toBe('USER_IDENTITY_INVALID')
  })

  it('row 2 before row 10', async () => {
    expect(
      await given()
        .when(personalize('nowhere', { phones: ['000'] }))
        .code(),
    ).toBe('PHONE_INVALID')
  })

  it('row 2 before row 3', async () => {
    const bad = { externalUserId: 'a', phones: [phone], emails: ['bad'] }
    expect(
      await given([...two, register('i')])
        .when(personalize('i', bad))
        .code(),
    ).toBe('EMAIL_INVALID')
  })

  it('row 10 before row 3', async () => {
    const both = { externalUserId: 'a', phones: [phone] }
    expect(await given(two).when(personalize('nowhere', both)).code()).toBe('NO_REGISTRATION')
  })

  it('row 3 before row 7', async () => {
    const both = { externalUserId: 'a', phones: [phone] }
    const then = given([...two, register('i'), personalize('i', { externalUserId: 'c' })]).when(
      personalize('i', both),
    )
    expect(await then.code()).toBe('AMBIGUOUS_PERSONALIZE_CANDIDATES')
  })

  it('row 3 before an externalUserId that differs', async () => {
    const then = given([...two, register('i'), personalize('i', { externalUserId: 'c' })]).when(
      personalize('i', { externalUserId: 'a', phones: [phone] }, { forceDepersonalize: true }),
    )
    expect(await then.code()).toBe('AMBIGUOUS_PERSONALIZE_CANDIDATES')
  })
})

describe('promoted', () => {
  it('a LEAD becomes CUSTOMER unless keepAsLead', async () => {
    const then = given([register('i')]).when(
      personalize('i', { externalUserId: 'a' }, { keepAsLead: true }),
    )
    expect(await then.types()).toEqual(['IdentityLinked'])
    expect((await then.receipt()).user).toMatchObject({ type: 'LEAD', promotedAt: null })
  })

  it('a CUSTOMER stays one, keepAsLead or not', async () => {
    const then = given([createUser('a'), register('i')]).when(
      personalize('i', { externalUserId: 'a' }, { keepAsLead: true }),
    )
    expect((await then.receipt()).user?.type).toBe('CUSTOMER')
    expect(await then.types()).toEqual(['UsersMerged'])
  })

  it('a CUSTOMER that is one only by a merge gets its own ProfilePromoted here', async () => {
    const world = openWorld()
    await world.runAll([
      register('i'),
      personalize('i', { externalUserId: 'a' }, { keepAsLead: true }),
      createByPhone(phone),
      merge([{ externalUserId: 'a' }, { phone }], { survivor: { externalUserId: 'a' } }),
    ])
    const kept = given([], world).when(
      personalize('i', { externalUserId: 'a' }, { keepAsLead: true }),
    )
    expect(await kept.types()).toEqual([])
    const then = given([], world).when(personalize('i', { externalUserId: 'a' }))
    expect(await then.facts()).toEqual([['ProfilePromoted', { userId: userOf(1) }]])
    const undone = await world.run(unmerge({ externalUserId: 'a' }, userOf(3)))
    expect(undone.user?.type).toBe('CUSTOMER')
  })
})

describe('an externalUserId that differs from the one the target already has is PERSONALIZATION_IMPOSSIBLE, whatever matched', () => {
  it('in row 5', async () => {
    const then = given([
      createUser('a', { userIdentity: { externalUserId: 'a', phones: [phone] } }),
      register('i'),
    ]).when(personalize('i', { externalUserId: 'b', phones: [phone] }))
    expect(await then.code()).toBe('PERSONALIZATION_IMPOSSIBLE')
  })

  it('in row 6', async () => {
    const then = given([
      register('i'),
      personalize('i', { externalUserId: 'a', phones: [phone] }),
    ]).when(personalize('i', { externalUserId: 'b', phones: [phone] }))
    expect(await then.code()).toBe('PERSONALIZATION_IMPOSSIBLE')
  })

  it('in row 9', async () => {
    const then = given([
      createUser('a', { userIdentity: { externalUserId: 'a', phones: [phone] } }),
      register('i'),
      personalize('i', { externalUserId: 'c' }),
    ]).when(
      personalize('i', { externalUserId: 'b', phones: [phone] }, { forceDepersonalize: true }),
    )
    expect(await then.code()).toBe('PERSONALIZATION_IMPOSSIBLE')
  })

  it('but one that the target lacks is linked', async () => {
    const then = given([createByPhone(phone), register('i')]).when(
      personalize('i', { externalUserId: 'b', phones: [phone] }),
    )
    expect((await then.receipt()).user?.externalUserId).toBe('b')
  })
})

describe('userAttributes', () => {
  it('apply to the target user, by the patch rules', async () => {
    const then = given([
      createUser('a', { userAttributes: { firstName: 'Jo', lastName: 'Lee', tags: ['x'] } }),
      register('i'),
    ]).when(
      personalize(
        'i',
        { externalUserId: 'a' },
        { userAttributes: { lastName: null, tags: [], middleName: '', gender: 'Female' } },
      ),
    )
    expect((await then.receipt()).user).toMatchObject({
      firstName: 'Jo',
      lastName: null,
      tags: [],
      gender: 'Female',
    })
  })

  it('refuse identities inside them', async () => {
    for (const identity of [{ externalUserId: 'b' }, { phones: [phone] }, { emails: ['a@b.pl'] }]) {
      const then = given([register('i')]).when(
        personalize('i', { externalUserId: 'a' }, { userAttributes: identity }),
      )
      expect(await then.code()).toBe('REQUEST_FORMAT_INVALID')
      expect((await then.violations()).map(({ path }) => path)).toEqual([
        `/userAttributes/${Object.keys(identity)[0]}`,
      ])
    }
  })
})

describe('setAsPrimary', () => {
  it('marks this installation as by SetPrimary', async () => {
    const world = openWorld()
    await world.runAll([
      register('i'),
      personalize('i', { externalUserId: 'a' }, { setAsPrimary: true }),
      register('j'),
    ])
    const then = given([], world).when(
      personalize('j', { externalUserId: 'a' }, { setAsPrimary: true }),
    )
    expect((await then.facts()).slice(1)).toEqual([
      ['PrimaryCleared', { userId: userOf(1), pushRegistrationId: 'i' }],
      ['PrimaryAssigned', { userId: userOf(1), pushRegistrationId: 'j' }],
    ])
    expect(
      await given([], world)
        .when(personalize('j', { externalUserId: 'a' }, { setAsPrimary: true }))
        .types(),
    ).toEqual([])
  })
})

describe('anonymousData', () => {
  const story = [
    register('i'),
    saveUser(
      { pushRegistrationId: 'i' },
      { firstName: 'Ann', tags: ['t'], customAttributes: { c: 1 } },
    ),
    createLead('a', { userAttributes: { lastName: 'Lee' } }),
  ]

  it('"fill" is the default: an absorbed anonymous user brings its attributes and tags', async () => {
    const then = given(story).when(personalize('i', { externalUserId: 'a' }))
    expect((await then.receipt()).user).toMatchObject({
      firstName: 'Ann',
      lastName: 'Lee',
      tags: ['t'],
      customAttributes: { c: 1 },
    })
  })

  it('"leave": an absorbed anonymous user brings no attributes and tags', async () => {
    const world = openWorld({ anonymousData: 'leave' })
    const then = given(story, world).when(personalize('i', { externalUserId: 'a' }))
    expect((await then.receipt()).user).toMatchObject({
      firstName: null,
      lastName: 'Lee',
      tags: [],
      customAttributes: {},
    })
    await world.rows()
    const { user } = await world.run(unmerge({ externalUserId: 'a' }, userOf(1)))
    expect(user).toMatchObject({ firstName: null, lastName: 'Lee', tags: [] })
    expect(await world.user({ pushRegistrationId: 'i' })).toMatchObject({
      firstName: 'Ann',
      tags: ['t'],
    })
  })

  it('"leave" holds in MergeUsers too', async () => {
    const world = openWorld({ anonymousData: 'leave' })
    const then = given(story, world).when(
      merge([{ externalUserId: 'a' }, { pushRegistrationId: 'i' }], {
        survivor: { externalUserId: 'a' },
      }),
    )
    expect((await then.receipt()).user?.firstName ?? null).toBe(null)
  })
})

describe('all of one Personalize is one append', () => {
  it('all of it or nothing: a limit at its end undoes its beginning', async () => {
    const tags = Array.from({ length: 1000 }, (_, i) => `t${i}`)
    const then = given([
      createUser('a', { userAttributes: { tags } }),
      register('i'),
      saveUser({ pushRegistrationId: 'i' }, { tags: ['one more'] }),
    ]).when(personalize('i', { externalUserId: 'a' }))
    expect(await then.code()).toBe('LIMIT_EXCEEDED')
  })
})
