// The queries of domain.md section 4: none of them records anything.

import { describe, expect, it } from 'vitest'
import type { Audience, Segment } from '../../src/index.js'
import {
  createByPhone,
  createLead,
  createUser,
  depersonalize,
  erase,
  expire,
  merge,
  personalize,
  phoneNo,
  register,
  saveInstallation,
  setPrimary,
} from '../support/commands.js'
import {
  openWorld,
  refusalOf,
  successOf,
  userOf,
  violationsOf,
  type World,
} from '../support/world.js'

const emptyDevice = {
  os: null,
  osVersion: null,
  deviceManufacturer: null,
  deviceModel: null,
  deviceName: null,
  deviceSecure: null,
  appVersion: null,
  sdkVersion: null,
  language: null,
  deviceTimezoneOffset: null,
  pushServiceType: null,
  pushServiceToken: null,
}

describe('fetchUser', () => {
  it('shows an absent single value as null, an empty set as [], installations whole', async () => {
    const world = openWorld()
    await world.run(register('i'))
    const installation = {
      pushRegistrationId: 'i',
      userId: userOf(1),
      applicationId: 'shop',
      applicationUserId: null,
      isPrimaryDevice: false,
      isPushRegistrationEnabled: true,
      notificationsEnabled: true,
      customAttributes: {},
      device: emptyDevice,
      status: 'active',
    }
    expect(await world.user({ pushRegistrationId: 'i' })).toEqual({
      id: userOf(1),
      type: 'LEAD',
      externalUserId: null,
      phones: [],
      emails: [],
      firstName: null,
      lastName: null,
      middleName: null,
      gender: null,
      birthday: null,
      tags: [],
      customAttributes: {},
      installations: [installation],
      createdAt: '2026-11-24T10:00:01.000Z',
      promotedAt: null,
      status: 'active',
    })
    expect(await successOf(world.engine.fetchInstallation('i'))).toEqual(installation)
  })

  it('by every kind of user reference', async () => {
    const world = openWorld()
    await world.runAll([
      register('i'),
      personalize('i', { externalUserId: 'a', phones: [phoneNo(1)], emails: ['A@b.pl'] }),
    ])
    for (const reference of [
      { userId: userOf(1) },
      { externalUserId: 'a' },
      { phone: `+${phoneNo(1)}` },
      { email: 'a@B.pl' },
      { pushRegistrationId: 'i' },
    ])
      expect((await world.user(reference)).id).toBe(userOf(1))
    for (const reference of [
      {},
      null,
      { externalUserId: 'a', phone: phoneNo(1) },
      { name: 'a' },
      [],
      1n,
    ])
      expect((await refusalOf(world.engine.fetchUser(reference))).error.code).toBe(
        'REQUEST_FORMAT_INVALID',
      )
  })

  it('no such user: USER_NOT_FOUND; an erased one: USER_ERASED; an expired installation: NO_REGISTRATION', async () => {
    const world = openWorld()
    await world.runAll([
      createUser('a'),
      erase({ externalUserId: 'a' }),
      register('i'),
      expire('i'),
    ])
    const codeOf = async (reference: object) =>
      (await refusalOf(world.engine.fetchUser(reference))).error.code
    expect(await codeOf({ externalUserId: 'a' })).toBe('USER_NOT_FOUND')
    expect(await codeOf({ userId: userOf(1) })).toBe('USER_ERASED')
    expect(await codeOf({ pushRegistrationId: 'i' })).toBe('NO_REGISTRATION')
  })
})

describe('fetchInstallation', () => {
  it('shows an expired one too: its status says so', async () => {
    const world = openWorld()
    await world.runAll([register('i'), expire('i')])
    expect(await successOf(world.engine.fetchInstallation('i'))).toMatchObject({
      status: 'expired',
      userId: null,
    })
  })

  it('an unknown one is NO_REGISTRATION, a malformed id REQUEST_FORMAT_INVALID', async () => {
    const { engine } = openWorld()
    expect((await refusalOf(engine.fetchInstallation('i'))).error.code).toBe('NO_REGISTRATION')
    for (const id of ['', 'x'.repeat(129), 5, null, undefined, {}])
      expect((await refusalOf(engine.fetchInstallation(id))).error.code).toBe(
        'REQUEST_FORMAT_INVALID',
      )
  })
})

const peopled = async (): Promise<World> => {
  const world = openWorld()
  await world.runAll([
    createUser('a', {
      userAttributes: {
        firstName: 'Ann',
        tags: ['x', 'y'],
        customAttributes: { n: 1, d: '2026-01-01' },
      },
    }),
    createLead('b', {
      userAttributes: { firstName: 'Bea', tags: ['x'], customAttributes: { n: 2, s: 'é' } },
    }),
    createUser('c', {
      userAttributes: { birthday: '1990-05-05', customAttributes: { n: 10, v: true } },
    }),
    createUser('gone', { userAttributes: { firstName: 'Ann', tags: ['x'] } }),
    erase({ externalUserId: 'gone' }),
    createByPhone(phoneNo(1), { userAttributes: { firstName: 'Ann', tags: ['x'] } }),
    merge([{ externalUserId: 'c' }, { phone: phoneNo(1) }]),
  ])
  return world
}

describe('segment: the users that match a predicate', () => {
  const found = async (predicate: unknown) => {
    const world = await peopled()
    const before = await world.log()
    const { users } = await successOf(world.engine.segment({ predicate }))
    expect(await world.log()).toEqual(before)
    return users.map(({ externalUserId }) => externalUserId)
  }

  const cases: ReadonlyArray<readonly [string, unknown, ReadonlyArray<string>]> = [
    ['type', { type: 'LEAD' }, ['b']],
    ['tags', { tag: 'y' }, ['a']],
    ['a standard attribute', { attribute: 'firstName', is: '=', value: 'Ann' }, ['a', 'c']],
    ['order of days', { attribute: 'birthday', is: '<', value: '1991-01-01' }, ['c']],
    ['numbers as numbers', { customAttribute: 'n', is: '>', value: 1 }, ['b', 'c']],
    ['<=', { customAttribute: 'n', is: '<=', value: 2 }, ['a', 'b']],
    ['>=', { customAttribute: 'n', is: '>=', value: 2 }, ['b', 'c']],
    ['<', { customAttribute: 'n', is: '<', value: 2 }, ['a']],
    ['booleans', { customAttribute: 'v', is: '=', value: true }, ['c']],
    ['dates', { customAttribute: 'd', is: '>=', value: '2026-01-01' }, ['a']],
    ['no equality across types', { customAttribute: 'n', is: '=', value: '1' }, []],
    ['no order across types', { customAttribute: 'n', is: '<', value: '5' }, []],
    [
      '!=, also where there is none',
      { customAttribute: 's', is: '!=', value: 'x' },
      ['a', 'b', 'c'],
    ],
    ['strings in any Unicode form', { customAttribute: 's', is: '=', value: 'e\u0301' }, ['b']],
    ['exists', { customAttribute: 's', exists: true }, ['b']],
    ['does not exist', { attribute: 'birthday', exists: false }, ['a', 'b']],
    ['and', { and: [{ tag: 'x' }, { type: 'CUSTOMER' }] }, ['a', 'c']],
    ['or', { or: [{ tag: 'y' }, { type: 'LEAD' }] }, ['a', 'b']],
    ['not', { not: { type: 'CUSTOMER' } }, ['b']],
    ['and of nothing', { and: [] }, ['a', 'b', 'c']],
    ['or of nothing', { or: [] }, []],
    ['__proto__ as a name', { customAttribute: '__proto__', exists: true }, []],
  ]
  for (const [name, predicate, expected] of cases)
    it(name, async () => {
      expect(await found(predicate)).toEqual(expected)
    })

  it('refuses what is no predicate, naming the path', async () => {
    const { engine } = openWorld()
    const refusal = await refusalOf(
      engine.segment({
        predicate: { and: [{ tag: 'x' }, { tag: 1 }, { or: [{ nope: 1 }] }] },
        limit: 0,
      }),
    )
    expect(violationsOf(refusal).map(({ path }) => path)).toEqual([
      '/predicate/and/1/tag',
      '/predicate/and/2/or/0',
      '/limit',
    ])
    expect((await refusalOf(engine.segment({}))).error.code).toBe('REQUEST_FORMAT_INVALID')
  })

  it('is paged', async () => {
    const world = openWorld()
    for (let n = 0; n < 25; n += 1)
      await world.run(createUser(`u${n}`, { userAttributes: { tags: n % 2 ? ['odd'] : [] } }))
    const all: Array<string | null> = []
    let pages = 0
    for (let after: string | null = null; ; pages += 1) {
      const page: Segment = await successOf(
        world.engine.segment({ predicate: { tag: 'odd' }, after, limit: 4 }),
      )
      expect(page.users.length).toBeLessThanOrEqual(4)
      all.push(...page.users.map(({ externalUserId }) => externalUserId))
      if (page.next === null) break
      after = page.next
    }
    expect(all).toEqual(Array.from({ length: 12 }, (_, i) => `u${2 * i + 1}`))
    expect(pages).toBeGreaterThan(1)
  })
})

describe('audience: which installations a message would reach', () => {
  const devices = async (): Promise<World> => {
    const world = openWorld()
    await world.runAll([
      createUser('a', { userAttributes: { tags: ['x'] } }),
      ...['a1', 'a2', 'a3', 'a4', 'b1', 'anon', 'gone'].map((id) =>
        register(id, { applicationId: id === 'a2' ? 'other' : 'shop' }),
      ),
      ...['a1', 'a2', 'a3', 'a4'].map((id) => personalize(id, { externalUserId: 'a' })),
      personalize('b1', { externalUserId: 'b' }),
      setPrimary('a1'),
      saveInstallation('a3', { notificationsEnabled: false }),
      saveInstallation('a4', { isPushRegistrationEnabled: false }),
      saveInstallation('b1', { customAttributes: { seat: 'x' } }),
      expire('gone'),
    ])
    return world
  }
  const reached = async (query: object): Promise<ReadonlyArray<string>> => {
    const { installations } = await successOf((await devices()).engine.audience(query))
    return installations.map(({ pushRegistrationId }) => pushRegistrationId).sort()
  }

  it('none given: everyone; only active ones with push and notifications enabled', async () => {
    expect(await reached({})).toEqual(['a1', 'a2', 'anon', 'b1'])
  })

  it('by user reference', async () => {
    expect(await reached({ users: [{ externalUserId: 'a' }] })).toEqual(['a1', 'a2'])
    expect(
      await reached({ users: [{ pushRegistrationId: 'a3' }, { externalUserId: 'b' }] }),
    ).toEqual(['a1', 'a2', 'b1'])
    expect(await reached({ users: [] })).toEqual([])
  })

  it('by segment', async () => {
    expect(await reached({ segment: { tag: 'x' } })).toEqual(['a1', 'a2'])
  })

  it('by installation custom attribute', async () => {
    expect(await reached({ installationAttribute: { name: 'seat', is: '=', value: 'x' } })).toEqual(
      ['b1'],
    )
  })

  it('by application', async () => {
    expect(await reached({ applicationId: 'other' })).toEqual(['a2'])
  })

  it('targetOnlyPrimaryDevices', async () => {
    expect(await reached({ targetOnlyPrimaryDevices: true })).toEqual(['a1'])
  })

  it('joined by and', async () => {
    expect(await reached({ users: [{ externalUserId: 'a' }], applicationId: 'shop' })).toEqual([
      'a1',
    ])
    expect(
      await reached({
        segment: { tag: 'x' },
        installationAttribute: { name: 'seat', is: '=', value: 'x' },
      }),
    ).toEqual([])
  })

  it('refuses an unknown user or key', async () => {
    const { engine } = await devices()
    expect(
      (await refusalOf(engine.audience({ users: [{ externalUserId: 'z' }] }))).error.code,
    ).toBe('USER_NOT_FOUND')
    expect((await refusalOf(engine.audience({ user: [] }))).error.code).toBe(
      'REQUEST_FORMAT_INVALID',
    )
  })

  it('is paged by users', async () => {
    const world = await devices()
    const pages: string[][] = []
    for (let after: string | null = null; ; ) {
      const page: Audience = await successOf(world.engine.audience({ after, limit: 1 }))
      pages.push(page.installations.map(({ pushRegistrationId }) => pushRegistrationId))
      if (page.next === null) break
      after = page.next
    }
    expect(pages.flat().sort()).toEqual(['a1', 'a2', 'anon', 'b1'])
    expect(pages[0]).toEqual(['a1', 'a2'])
  })

  it('reaches an installation that logged out: broadcasts still do', async () => {
    const world = await devices()
    await world.run(depersonalize('a1'))
    const { installations } = await successOf(world.engine.audience({}))
    expect(installations.map(({ pushRegistrationId }) => pushRegistrationId)).toContain('a1')
  })
})
