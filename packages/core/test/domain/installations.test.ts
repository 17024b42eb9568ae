// The commands about installations (domain.md section 4).

import { describe, expect, it } from 'vitest'
import {
  createUser,
  expire,
  personalize,
  register,
  saveInstallation,
  setPrimary,
} from '../support/commands.js'
import { given, idOf, openWorld, successOf, userOf } from '../support/world.js'

const A = userOf(1)

describe('RegisterInstallation', () => {
  it('makes a new installation with a new, empty LEAD', async () => {
    const then = given().when(
      register('i', {
        isPushRegistrationEnabled: false,
        device: {
          os: 'Linux',
          deviceName: 'Jo’s',
          deviceSecure: false,
          language: null,
          appVersion: '',
        },
      }),
    )
    expect(await then.facts()).toEqual([
      ['UserCreated', { userId: A, userType: 'LEAD' }],
      [
        'InstallationRegistered',
        {
          pushRegistrationId: 'i',
          userId: A,
          applicationId: 'shop',
          isPushRegistrationEnabled: false,
          device: { os: 'Linux', deviceSecure: false },
          fields: ['deviceName'],
          values: { deviceName: 'Jo’s' },
        },
      ],
    ])
    const { user, installation } = await then.receipt()
    expect(user).toMatchObject({ id: A, type: 'LEAD', externalUserId: null, phones: [], tags: [] })
    expect(installation).toMatchObject({
      isPrimaryDevice: false,
      isPushRegistrationEnabled: false,
      notificationsEnabled: true,
      applicationUserId: null,
      status: 'active',
    })
  })

  it('generates a pushRegistrationId (UUID v7) where the caller gives none', async () => {
    for (const none of [undefined, null, '']) {
      const then = given().when({ ...register('i'), pushRegistrationId: none })
      const { installation, user } = await then.receipt()
      expect(installation?.pushRegistrationId).toBe(idOf(1, 0))
      expect(user?.installations).toEqual([installation])
    }
  })

  it('updates a known id as SaveInstallation would', async () => {
    const then = given([
      register('i', {
        customAttributes: { a: 'x', b: 'y' },
        device: { os: 'Linux', osVersion: '1' },
      }),
    ]).when(
      register('i', {
        isPushRegistrationEnabled: false,
        customAttributes: { a: null, c: 1 },
        device: { osVersion: '2' },
      }),
    )
    expect(await then.types()).toEqual(['AttributeDefined', 'InstallationUpdated'])
    expect((await then.receipt()).installation).toMatchObject({
      isPushRegistrationEnabled: false,
      customAttributes: { b: 'y', c: 1 },
      device: { os: 'Linux', osVersion: '2' },
    })
  })

  it('records nothing where nothing is new', async () => {
    const same = register('i', {
      device: { os: 'Linux', deviceName: 'J' },
      customAttributes: { a: 1 },
    })
    expect(await given([same]).when(same).events()).toEqual([])
    expect(await given([same]).when(register('i')).events()).toEqual([])
  })

  it('refuses another applicationId as REQUEST_FORMAT_INVALID', async () => {
    const then = given([register('i')]).when(register('i', { applicationId: 'other' }))
    expect(await then.code()).toBe('REQUEST_FORMAT_INVALID')
    expect((await then.violations()).map(({ path }) => path)).toEqual(['/applicationId'])
  })

  it('tells another applicationId together with attributes that do not fit', async () => {
    const then = given([register('i', { customAttributes: { n: 1 } })]).when(
      register('i', { applicationId: 'other', customAttributes: { n: 'x' } }),
    )
    expect((await then.violations()).map(({ path }) => path)).toEqual([
      '/applicationId',
      '/customAttributes/n',
    ])
  })

  it('refuses an expired id as NO_REGISTRATION', async () => {
    expect(
      await given([register('i'), expire('i')])
        .when(register('i'))
        .code(),
    ).toBe('NO_REGISTRATION')
  })
})

describe('SaveInstallation', () => {
  const full = register('i', {
    customAttributes: { a: 'x', b: 2 },
    device: { os: 'Linux', deviceName: 'J', deviceSecure: true, pushServiceToken: 't' },
  })

  it('patches it: an omitted key keeps, null removes', async () => {
    const then = given([full]).when(
      saveInstallation('i', { applicationUserId: 'au', device: { deviceName: null, os: '' } }),
    )
    expect(await then.facts()).toEqual([
      [
        'InstallationUpdated',
        {
          pushRegistrationId: 'i',
          userId: idOf(1, 2),
          device: { os: null },
          fields: ['applicationUserId', 'deviceName'],
          values: { applicationUserId: 'au', deviceName: null },
        },
      ],
    ])
    expect((await then.receipt()).installation).toMatchObject({
      applicationUserId: 'au',
      customAttributes: { a: 'x', b: 2 },
      device: { os: null, deviceName: null, deviceSecure: true, pushServiceToken: 't' },
    })
  })

  it('null on a boolean restores its default', async () => {
    const world = openWorld()
    await world.runAll([
      register('i'),
      saveInstallation('i', {
        isPushRegistrationEnabled: false,
        notificationsEnabled: false,
        isPrimaryDevice: true,
      }),
    ])
    const { installation } = await world.run(
      saveInstallation('i', {
        isPushRegistrationEnabled: null,
        notificationsEnabled: null,
        isPrimaryDevice: null,
      }),
    )
    expect(installation).toMatchObject({
      isPushRegistrationEnabled: true,
      notificationsEnabled: true,
      isPrimaryDevice: false,
    })
  })

  it('customAttributes and device are merged per key; customAttributes null clears them, {} changes nothing', async () => {
    expect(
      await given([full])
        .when(saveInstallation('i', { customAttributes: {} }))
        .types(),
    ).toEqual([])
    expect(
      await given([full])
        .when(saveInstallation('i', { device: {} }))
        .types(),
    ).toEqual([])
    const { installation } = await given([full])
      .when(saveInstallation('i', { customAttributes: null }))
      .receipt()
    expect(installation?.customAttributes).toEqual({})
  })

  it('isPrimaryDevice follows SetPrimary', async () => {
    const then = given([
      register('i'),
      personalize('i', { externalUserId: 'a' }, { setAsPrimary: true }),
      register('j'),
      personalize('j', { externalUserId: 'a' }),
    ]).when(saveInstallation('j', { isPrimaryDevice: true }))
    expect(await then.types()).toEqual(['PrimaryCleared', 'PrimaryAssigned'])
  })

  it('a fetched installation saved back changes nothing', async () => {
    const world = openWorld()
    await world.runAll([
      full,
      setPrimary('i'),
      saveInstallation('i', { notificationsEnabled: false }),
    ])
    const fetched = await successOf(world.engine.fetchInstallation('i'))
    expect((await world.run({ type: 'SaveInstallation', ...fetched })).events).toEqual([])
  })

  it('refuses an unknown or expired installation as NO_REGISTRATION', async () => {
    const save = saveInstallation('i', { notificationsEnabled: false })
    expect(await given().when(save).code()).toBe('NO_REGISTRATION')
    expect(
      await given([register('i'), expire('i')])
        .when(save)
        .code(),
    ).toBe('NO_REGISTRATION')
  })
})

describe('SetPrimary', () => {
  const two = [
    register('i'),
    personalize('i', { externalUserId: 'a' }),
    register('j'),
    personalize('j', { externalUserId: 'a' }),
  ]

  it('marks, and unmarks', async () => {
    const marked = given(two).when(setPrimary('i'))
    expect(await marked.facts()).toEqual([
      ['PrimaryAssigned', { userId: A, pushRegistrationId: 'i' }],
    ])
    const unmarked = given([...two, setPrimary('i')]).when(setPrimary('i', false))
    expect(await unmarked.facts()).toEqual([
      ['PrimaryCleared', { userId: A, pushRegistrationId: 'i' }],
    ])
  })

  it('marking one unmarks the other in the same append: at most one primary per user', async () => {
    const then = given([...two, setPrimary('i')]).when(setPrimary('j', true, { requestedBy: 'i' }))
    expect(await then.facts()).toEqual([
      ['PrimaryCleared', { userId: A, pushRegistrationId: 'i' }],
      ['PrimaryAssigned', { userId: A, pushRegistrationId: 'j' }],
    ])
    expect((await then.receipt()).user?.installations.map((one) => one.isPrimaryDevice)).toEqual([
      false,
      true,
    ])
  })

  it('records nothing where the mark is so already', async () => {
    expect(
      await given([...two, setPrimary('i')])
        .when(setPrimary('i'))
        .types(),
    ).toEqual([])
    expect(
      await given([...two, setPrimary('i')])
        .when(setPrimary('j', false))
        .types(),
    ).toEqual([])
  })

  it('requestedBy of another user is INSTALLATION_NOT_OWNED', async () => {
    const then = given([...two, register('k')]).when(setPrimary('i', true, { requestedBy: 'k' }))
    expect((await then.refusal()).error).toMatchObject({
      code: 'INSTALLATION_NOT_OWNED',
      details: { pushRegistrationId: 'i', requestedBy: 'k' },
    })
  })

  it('an unknown requestedBy is NO_REGISTRATION', async () => {
    expect(
      await given(two)
        .when(setPrimary('i', true, { requestedBy: 'z' }))
        .code(),
    ).toBe('NO_REGISTRATION')
  })
})

describe('ExpireInstallation', () => {
  const owned = [
    register('i', { customAttributes: { a: 1 }, device: { os: 'Linux', pushServiceToken: 't' } }),
    personalize('i', { externalUserId: 'a' }, { setAsPrimary: true }),
    saveInstallation('i', { applicationUserId: 'au' }),
  ]

  it('it leaves its user, its personal values are cleared, it no longer counts', async () => {
    const world = openWorld()
    const then = given(owned, world).when(expire('i', 'token-died'))
    const userId = idOf(1, 1)
    expect(await then.facts()).toEqual([
      ['PrimaryCleared', { userId, pushRegistrationId: 'i' }],
      ['InstallationExpired', { pushRegistrationId: 'i', userId, reason: 'token-died' }],
    ])
    const { user, installation } = await then.receipt()
    expect(user).toBeUndefined()
    expect(installation).toMatchObject({
      status: 'expired',
      userId: null,
      applicationUserId: null,
      isPrimaryDevice: false,
      customAttributes: {},
      device: { os: 'Linux', pushServiceToken: null, deviceName: null },
    })
    expect((await world.user({ externalUserId: 'a' })).installations).toEqual([])
  })

  it('again: no event', async () => {
    expect(
      await given([...owned, expire('i')])
        .when(expire('i'))
        .events(),
    ).toEqual([])
  })

  it('an unknown one is NO_REGISTRATION', async () => {
    expect(
      await given([createUser('a')])
        .when(expire('i'))
        .code(),
    ).toBe('NO_REGISTRATION')
  })
})
