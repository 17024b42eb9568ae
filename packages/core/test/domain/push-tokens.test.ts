// A push token stands on one active installation per application and push service (domain.md section 4).

import { describe, expect, it } from 'vitest'
import {
  depersonalize,
  expire,
  personalize,
  register,
  saveInstallation,
} from '../support/commands.js'
import { type Given, given, idOf, openWorld, userOf } from '../support/world.js'

const claim = (id: string, device: object, applicationId = 'shop'): Given =>
  register(id, { applicationId, device })
const token = { pushServiceType: 'FCM', pushServiceToken: 't' }
const A = userOf(1)

describe('a later claim of a push token', () => {
  it('expires the earlier one in the same append, so that a reinstalled app does not show the last person’s messages', async () => {
    const world = openWorld()
    const then = given([claim('i', token)], world).when(claim('j', token))
    expect((await then.facts()).slice(0, 2)).toEqual([
      ['InstallationExpired', { pushRegistrationId: 'i', userId: A, reason: 'token-taken' }],
      ['UserCreated', { userId: idOf(2, 1), userType: 'LEAD' }],
    ])
    expect((await then.receipt()).installation?.device.pushServiceToken).toBe('t')
    expect((await world.refused(depersonalize('i'))).error.code).toBe('NO_REGISTRATION')
    await world.rows()
  })

  it('by SaveInstallation too, clearing a primary mark before', async () => {
    const then = given([
      claim('i', token),
      personalize('i', { externalUserId: 'a' }, { setAsPrimary: true }),
      register('j'),
    ]).when(saveInstallation('j', { device: token }))
    expect(await then.types()).toEqual([
      'PrimaryCleared',
      'InstallationExpired',
      'InstallationUpdated',
    ])
  })

  it('by registering a known installation again too', async () => {
    const then = given([claim('i', token), register('j')]).when(claim('j', token))
    expect(await then.types()).toEqual(['InstallationExpired', 'InstallationUpdated'])
  })

  it('in two steps: the token first, its push service later', async () => {
    const story = [claim('i', token), claim('j', { pushServiceToken: 't' })]
    const then = given(story).when(saveInstallation('j', { device: { pushServiceType: 'FCM' } }))
    expect(await then.types()).toEqual(['InstallationExpired', 'InstallationUpdated'])
  })

  it('within one user too', async () => {
    const world = openWorld()
    const then = given(
      [
        claim('i', token),
        personalize('i', { externalUserId: 'a' }),
        register('j'),
        personalize('j', { externalUserId: 'a' }),
      ],
      world,
    ).when(saveInstallation('j', { device: token }))
    expect((await then.receipt()).user?.installations).toHaveLength(1)
    await world.rows()
  })

  it('without a push service counts as one of none', async () => {
    const bare = { pushServiceToken: 't' }
    expect(
      await given([claim('i', bare)])
        .when(claim('j', bare))
        .types(),
    ).toContain('InstallationExpired')
    expect(
      await given([claim('i', token)])
        .when(claim('j', bare))
        .types(),
    ).not.toContain('InstallationExpired')
  })
})

describe('no claim', () => {
  it('is made for another application or another push service', async () => {
    for (const other of [
      claim('j', token, 'other'),
      claim('j', { ...token, pushServiceType: 'APNS' }),
    ])
      expect(
        await given([claim('i', token)])
          .when(other)
          .types(),
      ).toEqual(['UserCreated', 'InstallationRegistered'])
  })

  it('is made by the holder itself', async () => {
    const then = given([claim('i', token)]).when(
      saveInstallation('i', { device: { ...token, os: 'Linux' } }),
    )
    expect(await then.types()).toEqual(['InstallationUpdated'])
  })

  it('is answered by one that lost, cleared or changed its token', async () => {
    for (const gone of [
      expire('i'),
      saveInstallation('i', { device: null }),
      saveInstallation('i', { device: { pushServiceToken: null } }),
      saveInstallation('i', { device: { pushServiceToken: 'other' } }),
      saveInstallation('i', { device: { pushServiceType: 'APNS' } }),
    ]) {
      const world = openWorld()
      const then = given([claim('i', token), gone], world).when(claim('j', token))
      expect(await then.types()).toEqual(['UserCreated', 'InstallationRegistered'])
      await world.rows()
    }
  })
})

describe('a token that moves with its installation', () => {
  it('is claimed from its present user', async () => {
    const world = openWorld()
    const then = given(
      [claim('i', token), personalize('i', { externalUserId: 'a' }), depersonalize('i')],
      world,
    ).when(claim('j', token))
    expect((await then.facts())[0]).toEqual([
      'InstallationExpired',
      { pushRegistrationId: 'i', userId: userOf(3), reason: 'token-taken' },
    ])
    await world.rows()
  })
})
