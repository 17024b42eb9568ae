// SaveUser, CreateUser and user references (domain.md section 4).

import { describe, expect, it } from 'vitest'
import {
  createByPhone,
  createLead,
  createUser,
  erase,
  expire,
  merge,
  personalize,
  register,
  saveUser,
} from '../support/commands.js'
import { given, openWorld, userOf } from '../support/world.js'

const A = userOf(1)
const phone = '48600700800'
const everything = {
  firstName: 'Jo',
  lastName: 'Lee',
  middleName: 'M',
  gender: 'Female',
  birthday: '1990-02-28',
  tags: ['b', 'a'],
  customAttributes: {
    city: 'Kraków',
    born: '2020-01-01',
    seen: '2026-11-24T12:00:00.9+02:00',
    n: 1.5,
    ok: false,
  },
}

describe('SaveUser', () => {
  it('patches it', async () => {
    const then = given([createUser('a')]).when(saveUser({ externalUserId: 'a' }, everything))
    expect((await then.types()).filter((type) => type !== 'AttributeDefined')).toEqual([
      'UserAttributesChanged',
    ])
    expect((await then.receipt()).user).toMatchObject({
      ...everything,
      tags: ['a', 'b'],
      customAttributes: { ...everything.customAttributes, seen: '2026-11-24T10:00:00Z' },
    })
  })

  it('phones, emails and tags are replaced as a whole, one event per identity', async () => {
    const then = given([
      createUser('a', {
        userIdentity: { externalUserId: 'a', phones: [phone, '48600700801'], emails: ['a@b.pl'] },
      }),
    ]).when(
      saveUser(
        { phone },
        { externalUserId: 'b', phones: ['48600700801', '48600700802'], emails: null },
      ),
    )
    expect(await then.facts()).toEqual([
      ['IdentityReleased', { userId: A, kind: 'externalUserId', linked: 2 }],
      ['IdentityReleased', { userId: A, kind: 'phone', linked: 3 }],
      ['IdentityReleased', { userId: A, kind: 'email', linked: 5 }],
      ['IdentityLinked', { userId: A, kind: 'externalUserId', value: 'b' }],
      ['IdentityLinked', { userId: A, kind: 'phone', value: '48600700802' }],
    ])
    expect((await then.receipt()).user).toMatchObject({
      externalUserId: 'b',
      phones: ['48600700801', '48600700802'],
      emails: [],
    })
  })

  it('an identity that another user owns is USER_MERGE_INTERRUPTED, and nothing of the patch is applied', async () => {
    const then = given([createUser('a'), createByPhone(phone)]).when(
      saveUser({ externalUserId: 'a' }, { firstName: 'Jo', emails: ['a@b.pl'], phones: [phone] }),
    )
    expect((await then.refusal()).error).toMatchObject({
      code: 'USER_MERGE_INTERRUPTED',
      details: { owners: [{ userId: userOf(2), identities: [{ kind: 'phone', value: phone }] }] },
    })
  })

  it('never promotes', async () => {
    const then = given([register('i')]).when(
      saveUser({ pushRegistrationId: 'i' }, { externalUserId: 'a', firstName: 'Jo' }),
    )
    expect(await then.types()).toEqual(['IdentityLinked', 'UserAttributesChanged'])
    expect((await then.receipt()).user?.type).toBe('LEAD')
  })

  it('a fetched user saved back changes nothing', async () => {
    const world = openWorld()
    await world.runAll([
      createUser('a', {
        userIdentity: {
          externalUserId: 'a',
          phones: ['+48 600-700-800'],
          emails: ['Jo@Example.COM'],
        },
        userAttributes: everything,
      }),
      register('i', { customAttributes: { seat: 'x' } }),
      personalize('i', { externalUserId: 'a' }, { setAsPrimary: true }),
    ])
    const user = await world.user({ externalUserId: 'a' })
    expect((await world.run(saveUser({ userId: user.id }, { ...user }))).events).toEqual([])
  })

  it('a user never written to, saved back, changes nothing', async () => {
    const world = openWorld()
    await world.run(register('i'))
    const user = await world.user({ pushRegistrationId: 'i' })
    expect((await world.run(saveUser({ userId: user.id }, { ...user }))).events).toEqual([])
  })

  it('the fields of section 2 that a patch may not set are allowed and ignored, any other key is refused', async () => {
    const ignored = {
      id: 'x',
      type: 'CUSTOMER',
      installations: [1],
      status: {},
      createdAt: 1,
      promotedAt: false,
      userId: null,
    }
    expect(
      await given([createLead('a')])
        .when(saveUser({ externalUserId: 'a' }, ignored))
        .events(),
    ).toEqual([])
    const then = given([createUser('a')]).when(
      saveUser({ externalUserId: 'a' }, { fristName: 'Jo' }),
    )
    expect(await then.code()).toBe('REQUEST_FORMAT_INVALID')
    expect((await then.violations())[0]).toMatchObject({
      path: '/user/fristName',
      message: 'unknown key, did you mean "firstName"?',
    })
  })
})

describe('CreateUser', () => {
  it('a user without installation, CUSTOMER by default, one IdentityLinked per identity', async () => {
    const then = given().when({
      type: 'CreateUser',
      userIdentity: { externalUserId: 'a', phones: [phone], emails: ['A@b.pl', 'a@B.pl'] },
      userAttributes: { firstName: 'Jo' },
    })
    expect(await then.facts()).toEqual([
      ['UserCreated', { userId: A, userType: 'CUSTOMER' }],
      ['IdentityLinked', { userId: A, kind: 'externalUserId', value: 'a' }],
      ['IdentityLinked', { userId: A, kind: 'phone', value: phone }],
      ['IdentityLinked', { userId: A, kind: 'email', value: 'A@b.pl' }],
      ['UserAttributesChanged', { userId: A, fields: ['firstName'], values: { firstName: 'Jo' } }],
    ])
    expect((await then.receipt()).user).toMatchObject({
      type: 'CUSTOMER',
      createdAt: '2026-11-24T10:00:01.000Z',
      promotedAt: '2026-11-24T10:00:01.000Z',
      installations: [],
    })
  })

  it('a LEAD where userType says so', async () => {
    expect((await given().when(createLead('a')).receipt()).user).toMatchObject({
      type: 'LEAD',
      promotedAt: null,
    })
  })

  it('no identity: USER_IDENTITY_INVALID', async () => {
    expect(await given().when({ type: 'CreateUser' }).code()).toBe('USER_IDENTITY_INVALID')
    expect(
      await given()
        .when({ type: 'CreateUser', userIdentity: { phones: [''] } })
        .code(),
    ).toBe('USER_IDENTITY_INVALID')
  })

  it('an owned one: USER_MERGE_INTERRUPTED', async () => {
    const then = given([createUser('a')]).when(
      createUser('a', { userIdentity: { externalUserId: 'a', phones: [phone] } }),
    )
    expect(await then.code()).toBe('USER_MERGE_INTERRUPTED')
  })
})

describe('a user reference', () => {
  const story = [
    register('i'),
    personalize('i', { externalUserId: 'a', phones: [phone], emails: ['a@b.pl'] }),
  ]

  it('is an object with exactly one of userId, externalUserId, phone, email, pushRegistrationId', async () => {
    const world = openWorld()
    await world.runAll(story)
    for (const reference of [
      { userId: A },
      { externalUserId: 'a' },
      { phone: '+48 600 700 800' },
      { email: 'A@B.PL' },
      { pushRegistrationId: 'i' },
    ])
      expect((await world.run(saveUser(reference, {}))).user?.id).toBe(A)
    for (const reference of [{}, { userId: A, externalUserId: 'a' }, { id: A }, null, 'a', []]) {
      const refusal = await world.refused({ type: 'SaveUser', target: reference, user: {} })
      expect(refusal.error.code).toBe('REQUEST_FORMAT_INVALID')
    }
  })

  it('no such user: USER_NOT_FOUND', async () => {
    for (const reference of [
      { userId: 'x' },
      { externalUserId: 'x' },
      { phone },
      { email: 'x@y.pl' },
    ])
      expect(await given().when(saveUser(reference, {})).code()).toBe('USER_NOT_FOUND')
  })

  it('an unknown or expired installation: NO_REGISTRATION', async () => {
    const save = saveUser({ pushRegistrationId: 'i' }, {})
    expect(await given().when(save).code()).toBe('NO_REGISTRATION')
    expect(
      await given([register('i'), expire('i')])
        .when(save)
        .code(),
    ).toBe('NO_REGISTRATION')
  })

  it('an erased one: USER_ERASED', async () => {
    const then = given([...story, erase({ externalUserId: 'a' })]).when(saveUser({ userId: A }, {}))
    expect(await then.code()).toBe('USER_ERASED')
  })

  it('an id of an absorbed user means its survivor, through chains too', async () => {
    const world = openWorld()
    await world.runAll([
      createByPhone('48600700801'),
      createByPhone('48600700802'),
      createByPhone('48600700803'),
      merge([{ userId: userOf(2) }, { userId: userOf(3) }], { survivor: { userId: userOf(2) } }),
      merge([{ userId: userOf(1) }, { userId: userOf(2) }], { survivor: { userId: userOf(1) } }),
    ])
    const { user } = await world.run(saveUser({ userId: userOf(3) }, { firstName: 'Jo' }))
    expect(user).toMatchObject({ id: A, firstName: 'Jo' })
  })
})
