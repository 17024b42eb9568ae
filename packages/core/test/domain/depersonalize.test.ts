// Depersonalize and DepersonalizeInstallation (domain.md sections 4 and 6).

import { describe, expect, it } from 'vitest'
import {
  createUser,
  depersonalize,
  erase,
  expire,
  merge,
  personalize,
  register,
  saveInstallation,
  saveUser,
  setPrimary,
} from '../support/commands.js'
import { type Given, given, idOf, openWorld, userOf } from '../support/world.js'

const remote = (caller: string, target: string): Given => ({
  type: 'DepersonalizeInstallation',
  pushRegistrationId: caller,
  targetPushRegistrationId: target,
})

const device = {
  os: 'Linux',
  deviceName: 'J',
  pushServiceToken: 't',
  deviceTimezoneOffset: 'GMT+01:00',
}
const loggedIn = [
  register('i', { isPushRegistrationEnabled: false, customAttributes: { seat: 'x' }, device }),
  personalize(
    'i',
    { externalUserId: 'a' },
    { setAsPrimary: true, userAttributes: { firstName: 'Jo' } },
  ),
  saveInstallation('i', { applicationUserId: 'au', notificationsEnabled: false }),
  register('j'),
  personalize('j', { externalUserId: 'a' }),
]
const A = idOf(1, 1)

describe('Depersonalize', () => {
  it('the installation leaves its user, who keeps everything else, and gets a new empty LEAD', async () => {
    const world = openWorld()
    const then = given(loggedIn, world).when(depersonalize('i'))
    const N = userOf(6)
    expect(await then.facts()).toEqual([
      ['UserCreated', { userId: N, userType: 'LEAD' }],
      ['PrimaryCleared', { userId: A, pushRegistrationId: 'i' }],
      ['InstallationDetached', { pushRegistrationId: 'i', userId: A }],
      [
        'InstallationAttached',
        {
          pushRegistrationId: 'i',
          userId: N,
          fromUserId: A,
          isPrimaryDevice: false,
          identities: [],
          fields: ['deviceName', 'pushServiceToken'],
          values: { deviceName: 'J', pushServiceToken: 't' },
        },
      ],
    ])
    expect((await then.receipt()).user).toMatchObject({ id: N, type: 'LEAD', firstName: null })
    expect(await world.user({ externalUserId: 'a' })).toMatchObject({
      id: A,
      type: 'CUSTOMER',
      firstName: 'Jo',
      installations: [{ pushRegistrationId: 'j' }],
    })
  })

  it('its primary mark, custom attributes and applicationUserId are cleared; its id, push setting and device data stay', async () => {
    const then = given(loggedIn).when(depersonalize('i'))
    expect((await then.receipt()).installation).toMatchObject({
      pushRegistrationId: 'i',
      isPrimaryDevice: false,
      customAttributes: {},
      applicationUserId: null,
      isPushRegistrationEnabled: false,
      notificationsEnabled: false,
      device,
      status: 'active',
    })
  })

  it('no other installation becomes primary', async () => {
    const world = openWorld()
    await world.runAll([...loggedIn, depersonalize('i')])
    const { installations } = await world.user({ externalUserId: 'a' })
    expect(installations.map((one) => one.isPrimaryDevice)).toEqual([false])
  })

  it('no event where it is fresh already', async () => {
    const fresh = register('i', { device, isPushRegistrationEnabled: false })
    expect(await given([fresh]).when(depersonalize('i')).events()).toEqual([])
    expect(
      await given([...loggedIn, depersonalize('i')])
        .when(depersonalize('i'))
        .events(),
    ).toEqual([])
  })

  it('but an anonymous user with data, another installation, or something to clear is not fresh', async () => {
    const stories: ReadonlyArray<ReadonlyArray<Given>> = [
      [saveUser({ pushRegistrationId: 'i' }, { firstName: 'Jo' })],
      [saveUser({ pushRegistrationId: 'i' }, { tags: ['t'] })],
      [setPrimary('i')],
      [saveInstallation('i', { applicationUserId: 'au' })],
      [saveInstallation('i', { customAttributes: { a: 1 } })],
      [register('j'), merge([{ pushRegistrationId: 'i' }, { pushRegistrationId: 'j' }])],
      [personalize('i', { externalUserId: 'a' }, { keepAsLead: true })],
    ]
    for (const story of stories) {
      const types = await given([register('i'), ...story])
        .when(depersonalize('i'))
        .types()
      expect(types).toContain('InstallationDetached')
    }
  })

  it('an unknown or expired installation is NO_REGISTRATION', async () => {
    expect(await given().when(depersonalize('i')).code()).toBe('NO_REGISTRATION')
    expect(
      await given([register('i'), expire('i')])
        .when(depersonalize('i'))
        .code(),
    ).toBe('NO_REGISTRATION')
  })
})

describe('DepersonalizeInstallation', () => {
  it('the same for another installation of the caller’s user (remote logout)', async () => {
    const world = openWorld()
    const then = given(loggedIn, world).when(remote('j', 'i'))
    expect(await then.types()).toEqual([
      'UserCreated',
      'PrimaryCleared',
      'InstallationDetached',
      'InstallationAttached',
    ])
    expect((await then.receipt()).installation?.pushRegistrationId).toBe('i')
    expect((await then.receipt()).user?.id).toBe(userOf(6))
  })

  it('another user’s: INSTALLATION_NOT_OWNED', async () => {
    const then = given([...loggedIn, register('k')]).when(remote('k', 'i'))
    expect(await then.code()).toBe('INSTALLATION_NOT_OWNED')
  })

  it('the caller’s own: as Depersonalize', async () => {
    const own = await given(loggedIn).when(remote('i', 'i')).events()
    expect(own).toEqual(await given(loggedIn).when(depersonalize('i')).events())
  })

  it('an unknown or expired installation, as caller or target, is NO_REGISTRATION', async () => {
    expect(await given(loggedIn).when(remote('i', 'z')).code()).toBe('NO_REGISTRATION')
    expect(await given(loggedIn).when(remote('z', 'i')).code()).toBe('NO_REGISTRATION')
    expect(
      await given([...loggedIn, expire('j')])
        .when(remote('i', 'j'))
        .code(),
    ).toBe('NO_REGISTRATION')
  })
})

describe('an erased user’s installation', () => {
  it('is fresh', async () => {
    const then = given([createUser('b'), ...loggedIn, erase({ externalUserId: 'a' })]).when(
      depersonalize('i'),
    )
    expect(await then.events()).toEqual([])
  })
})
