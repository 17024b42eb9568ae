// EraseUser (domain.md section 9), as far as it is state: the sealing is the stores'.

import { describe, expect, it } from 'vitest'
import {
  createByPhone,
  createUser,
  erase,
  merge,
  mergeInto,
  personalize,
  phoneNo,
  register,
  saveInstallation,
  saveUser,
  unmerge,
} from '../support/commands.js'
import { type Given, given, idOf, openWorld, successOf, userOf } from '../support/world.js'

const [A, B, C] = [userOf(1), userOf(2), userOf(3)]
const chain = [
  createByPhone(phoneNo(1)),
  createByPhone(phoneNo(2)),
  createByPhone(phoneNo(3)),
  mergeInto(B, C),
  mergeInto(A, B),
]
const device = { os: 'Linux', deviceName: 'J', pushServiceToken: 't', pushServiceType: 'FCM' }
const owned = [
  createUser('a'),
  register('i', { device, isPushRegistrationEnabled: false }),
  personalize('i', { externalUserId: 'a' }, { setAsPrimary: true }),
  saveInstallation('i', { applicationUserId: 'au', customAttributes: { seat: 'x' } }),
]

describe('EraseUser', () => {
  it('ends a person', async () => {
    const world = openWorld()
    const then = given([createUser('a', { userAttributes: { firstName: 'Ann' } })], world).when(
      erase({ externalUserId: 'a' }, 'gdpr'),
    )
    expect(await then.facts()).toEqual([
      [
        'UserErased',
        { userId: A, absorbed: [], identities: [2], installations: [], reason: 'gdpr' },
      ],
    ])
    const receipt = await then.receipt()
    expect([receipt.user, receipt.installation, receipt.absorbed]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect((await world.refused(saveUser({ userId: A }, {}))).error.code).toBe('USER_ERASED')
    await world.rows()
  })

  it('of every kind of reference', async () => {
    const story = [
      register('i'),
      personalize('i', { externalUserId: 'a', phones: [phoneNo(1)], emails: ['a@b.pl'] }),
    ]
    for (const reference of [
      { userId: A },
      { externalUserId: 'a' },
      { phone: phoneNo(1) },
      { email: 'a@b.pl' },
      { pushRegistrationId: 'i' },
    ])
      expect(await given(story).when(erase(reference)).types()).toEqual([
        'UserCreated',
        'UserErased',
      ])
  })

  it('and everyone absorbed in them, directly or through a chain; preview and receipt list them', async () => {
    const world = openWorld()
    await world.runAll(chain)
    const preview = await successOf(world.engine.preview(erase({ userId: C })))
    expect(preview).toMatchObject({ outcome: 'planned', plan: { receipt: { absorbed: [B, C] } } })
    const { absorbed } = await world.run(erase({ userId: C }))
    expect(absorbed).toEqual([B, C])
    for (const userId of [A, B, C])
      expect((await world.refused(saveUser({ userId }, {}))).error.code).toBe('USER_ERASED')
    await world.rows()
  })

  it('but not one that was unmerged before', async () => {
    const world = openWorld()
    await world.runAll([...chain, unmerge({ userId: A }, B), erase({ userId: A })])
    expect((await world.user({ userId: C })).phones).toEqual([phoneNo(2), phoneNo(3)])
    await world.rows()
  })

  it('moves installations to new anonymous LEADs with their personal values cleared, the push token too', async () => {
    const world = openWorld()
    const then = given(owned, world).when(erase({ externalUserId: 'a' }))
    const N = idOf(5, 0)
    expect(await then.facts()).toEqual([
      ['UserCreated', { userId: N, userType: 'LEAD' }],
      [
        'UserErased',
        {
          userId: A,
          absorbed: [userOf(2)],
          identities: [2],
          installations: [{ pushRegistrationId: 'i', userId: N }],
          reason: 'gdpr',
        },
      ],
    ])
    expect(await successOf(world.engine.fetchInstallation('i'))).toMatchObject({
      userId: N,
      applicationUserId: null,
      isPrimaryDevice: false,
      isPushRegistrationEnabled: false,
      customAttributes: {},
      device: { os: 'Linux', pushServiceType: 'FCM', deviceName: null, pushServiceToken: null },
      status: 'active',
    })
    expect(await world.user({ pushRegistrationId: 'i' })).toMatchObject({
      id: N,
      type: 'LEAD',
      phones: [],
    })
    await world.rows()
  })

  it('frees the push token: the next claim of it expires nobody', async () => {
    const then = given([...owned, erase({ externalUserId: 'a' })]).when(register('j', { device }))
    expect(await then.types()).toEqual(['UserCreated', 'InstallationRegistered'])
  })

  it('frees identities again', async () => {
    const world = openWorld()
    await world.runAll([...chain, erase({ userId: A })])
    for (const n of [1, 2, 3])
      expect((await world.run(createByPhone(phoneNo(n)))).user?.type).toBe('CUSTOMER')
    await world.rows()
  })

  it('an erased one again is USER_ERASED, an unknown one USER_NOT_FOUND', async () => {
    expect(
      await given([createUser('a'), erase({ userId: A })])
        .when(erase({ userId: A }))
        .code(),
    ).toBe('USER_ERASED')
    expect(
      await given()
        .when(erase({ userId: A }))
        .code(),
    ).toBe('USER_NOT_FOUND')
  })

  it('its reason is a token, for it stands unsealed for ever', async () => {
    const then = given([createUser('a')]).when(erase({ userId: A }, 'asked by Jo'))
    expect(await then.code()).toBe('REQUEST_FORMAT_INVALID')
    expect((await then.violations()).map(({ path }) => path)).toEqual(['/reason'])
  })
})

describe('read back, every value of an erased person', () => {
  const secrets = {
    externalUserId: 'S-ext',
    phones: ['48600700800'],
    emails: ['s.mail@example.com'],
  }
  const attributes = {
    firstName: 'S-first',
    birthday: '1990-02-28',
    tags: ['S-tag'],
    customAttributes: { city: 'S-city', kids: 2, vip: true },
  }
  const story: ReadonlyArray<Given> = [
    register('i', {
      device: { deviceName: 'S-device', pushServiceToken: 'S-token' },
      commandId: 'c1',
    }),
    personalize('i', secrets, { userAttributes: attributes, setAsPrimary: true, commandId: 'c2' }),
    saveInstallation('i', {
      applicationUserId: 'S-app',
      customAttributes: { seat: 'S-seat' },
      commandId: 'c3',
    }),
    createByPhone('48600700801', { commandId: 'c4', userAttributes: { lastName: 'S-last' } }),
    merge([{ externalUserId: 'S-ext' }, { phone: '48600700801' }], { commandId: 'c5' }),
  ]
  const isSecret = (text: string): boolean => /S-|48600700|s\.mail|1990-02/.test(text)

  it('is "erased", an identity "erased:<position>", in the log', async () => {
    const world = openWorld()
    await world.runAll([...story, erase({ externalUserId: 'S-ext' })])
    const log = await world.log()
    expect(isSecret(JSON.stringify(log))).toBe(false)
    expect(JSON.stringify(log)).not.toContain('\\u0000')
    const linked = log.filter(({ type }) => type === 'IdentityLinked')
    expect(linked.map(({ payload }) => 'value' in payload && payload.value)).toEqual(
      linked.map(({ position }) => `erased:${position}`),
    )
    expect(log.find(({ type }) => type === 'InstallationRegistered')?.payload).toMatchObject({
      fields: ['deviceName', 'pushServiceToken'],
      values: { deviceName: 'erased', pushServiceToken: 'erased' },
    })
    expect(log.find(({ type }) => type === 'UserAttributesChanged')?.payload).toMatchObject({
      values: {
        firstName: 'erased',
        birthday: 'erased',
        tags: 'erased',
        'customAttributes.kids': 'erased',
      },
    })
    expect(log.find(({ type }) => type === 'UsersMerged')?.payload).toMatchObject({ carried: [] })
  })

  it('and in receipts that were given before', async () => {
    const world = openWorld()
    await world.runAll([...story, erase({ externalUserId: 'S-ext' })])
    const receipts = []
    for (const command of story) receipts.push(await world.run(command))
    expect(isSecret(JSON.stringify(receipts))).toBe(false)
    expect(receipts[2]).toMatchObject({
      user: {
        externalUserId: 'erased:3',
        phones: ['erased:4'],
        emails: ['erased:5'],
        firstName: 'erased',
        birthday: 'erased',
        tags: ['erased'],
        customAttributes: { city: 'erased', kids: 'erased', vip: 'erased' },
      },
      installation: {
        applicationUserId: 'erased',
        isPrimaryDevice: true,
        customAttributes: { seat: 'erased' },
        device: { deviceName: 'erased', pushServiceToken: 'erased' },
      },
    })
    expect(receipts[4]).toMatchObject({ user: { lastName: 'erased' }, absorbed: expect.any(Array) })
  })

  it('and nothing of it is left in the rows, which a rebuild finds again', async () => {
    const world = openWorld()
    await world.runAll([...story, erase({ externalUserId: 'S-ext' })])
    expect(isSecret(JSON.stringify([...(await world.rows())].map(([, rows]) => [...rows])))).toBe(
      false,
    )
  })

  it('while those who are not erased keep theirs, whatever they shared', async () => {
    const world = openWorld()
    await world.runAll([
      ...story,
      register('j', { device: { deviceName: 'kept' } }),
      personalize('j', { phones: ['48600700801'] }),
      personalize(
        'j',
        { externalUserId: 'other' },
        { forceDepersonalize: true, userAttributes: { firstName: 'Kim' } },
      ),
      erase({ externalUserId: 'S-ext' }),
    ])
    expect(await world.user({ externalUserId: 'other' })).toMatchObject({
      firstName: 'Kim',
      installations: [{ device: { deviceName: 'kept' } }],
    })
    await world.rows()
  })
})
