// Given, when, then: what holds passes, what does not is told with everything a reader needs.

import {
  type ExpectedFact,
  type GivenFact,
  given,
  type ScenarioMismatch,
  scenarios,
} from '@selfsame/testkit'
import { describe, expect, it } from 'vitest'
import { openMemory } from '../memory.js'

const ann = [
  { type: 'UserCreated', payload: { userId: 'ann' } },
  {
    type: 'InstallationRegistered',
    payload: { pushRegistrationId: 'phone', userId: 'ann', applicationId: 'shop' },
  },
  {
    type: 'IdentityLinked',
    payload: { userId: 'ann', kind: 'phone', value: '48600700800' },
  },
] as const

const [created, registered] = ann

const login = (value: string, more = {}) =>
  ({
    type: 'Personalize',
    pushRegistrationId: 'phone',
    userIdentity: { emails: [value] },
    ...more,
  }) as const

const failure = async (check: Promise<void>): Promise<ScenarioMismatch> => {
  try {
    await check
  } catch (error) {
    if (error instanceof Error && error.name === 'AssertionError') return error as ScenarioMismatch
    throw error
  }
  throw new Error('it passes')
}

describe('then', () => {
  it('holds where the events are recorded, by the keys that are named', async () => {
    await given({
      type: 'RegisterInstallation',
      pushRegistrationId: 'phone',
      applicationId: 'shop',
    })
      .when(login('ann@example.com'))
      .then(
        { type: 'IdentityLinked', payload: { userId: 'user-1', value: 'ann@example.com' } },
        { type: 'ProfilePromoted' },
      )
  })

  it('tells what was expected, what came, and the state', async () => {
    const error = await failure(
      given(...ann)
        .when({
          type: 'SaveUser',
          target: { phone: '+48 600 700 800' },
          user: { firstName: 'Ann', tags: ['vip'] },
        })
        .then({ type: 'UserAttributesChanged', payload: { userId: 'ann', fields: ['firstName'] } }),
    )
    expect(error.message).toMatchInlineSnapshot(`
      "event 1, UserAttributesChanged, has fields ["firstName","tags"], not ["firstName"]
        given 3 steps, when
          {"type":"SaveUser","target":{"phone":"+48 600 700 800"},"user":{"firstName":"Ann","tags":["vip"]}}
        expected
          1. UserAttributesChanged {"userId":"ann","fields":["firstName"]}
        came
          1. UserAttributesChanged {"fields":["firstName","tags"],"userId":"ann","values":{"firstName":"Ann","tags":{"added":["vip"],"removed":[]}}}
        state
          user ann: {"type":"LEAD","phones":["48600700800"],"firstName":"Ann","tags":["vip"],"installations":["phone"],"createdAt":"2026-01-01T00:00:00.000Z"}
          installation phone: {"userId":"ann","applicationId":"shop","isPrimaryDevice":false,"isPushRegistrationEnabled":true,"notificationsEnabled":true}"
    `)
    expect(error.expected).toEqual([
      { type: 'UserAttributesChanged', payload: { userId: 'ann', fields: ['firstName'] } },
    ])
    expect(error.actual).toEqual([
      { type: 'UserAttributesChanged', payload: { userId: 'ann', fields: ['firstName', 'tags'] } },
    ])
    expect(error.code).toBe('ERR_ASSERTION')
  })

  it.each([
    ['another type', [{ type: 'UserCreated' }], 'event 1 is IdentityLinked, not UserCreated'],
    ['one event less', [{ type: 'IdentityLinked' }], 'event 2 was not expected: ProfilePromoted'],
    [
      'one event more',
      [{ type: 'IdentityLinked' }, { type: 'ProfilePromoted' }, { type: 'PrimaryAssigned' }],
      'event 3 is missing: PrimaryAssigned',
    ],
    ['no event', [], 'event 1 was not expected: IdentityLinked'],
    [
      'a payload that has no such key',
      [
        { type: 'IdentityLinked', payload: { kind: 'email', linked: 3 } },
        { type: 'ProfilePromoted' },
      ],
      'event 1, IdentityLinked, has linked missing, not 3',
    ],
  ] as const)('fails on %s', async (_, events, difference) => {
    const error = await failure(
      given(created, registered)
        .when(login('ann@example.com'))
        .then(...(events as ReadonlyArray<ExpectedFact>)),
    )
    expect(error.message.split('\n')[0]).toBe(difference)
  })

  it('given no event, holds where a command records nothing', async () => {
    await given(...ann)
      .when({ type: 'SaveInstallation', pushRegistrationId: 'phone' })
      .then()
  })

  it('fails where the command is refused, and says why', async () => {
    const error = await failure(
      given().when(login('ann@example.com')).then({ type: 'UserCreated' }),
    )
    expect(error.message).toMatchInlineSnapshot(`
      "one event is expected, and the command did not succeed
        given nothing, when
          {"type":"Personalize","pushRegistrationId":"phone","userIdentity":{"emails":["ann@example.com"]}}
        expected
          1. UserCreated
        came
          NO_REGISTRATION: there is no installation phone
        state
          nobody"
    `)
  })
})

describe('refuses', () => {
  it('holds where the command is refused with the code', async () => {
    await given(...ann)
      .when(login('bob@example.com', { userIdentity: {} }))
      .refuses('USER_IDENTITY_INVALID')
  })

  it('compares the details that are named', async () => {
    const two = given(...ann, {
      type: 'CreateUser',
      userIdentity: { emails: ['bob@example.com'] },
    }).when({
      type: 'SaveUser',
      target: { userId: 'ann' },
      user: { emails: ['bob@example.com'] },
    })
    await two.refuses('USER_MERGE_INTERRUPTED')
    const error = await failure(two.refuses('USER_MERGE_INTERRUPTED', { owners: 'nobody' }))
    expect(error.message).toMatchInlineSnapshot(`
      "USER_MERGE_INTERRUPTED has in its details owners [{"userId":"user-1","identities":[{"kind":"email","value":"bob@example.com"}]}], not "nobody"
        given 4 steps, when
          {"type":"SaveUser","target":{"userId":"ann"},"user":{"emails":["bob@example.com"]}}
        expected
          USER_MERGE_INTERRUPTED {"owners":"nobody"}
        came
          USER_MERGE_INTERRUPTED: another user owns an identity of this one: merge them, or leave it out
        state
          user ann: {"type":"LEAD","phones":["48600700800"],"installations":["phone"],"createdAt":"2026-01-01T00:00:00.000Z"}
          user user-1: {"type":"CUSTOMER","emails":["bob@example.com"],"createdAt":"2026-01-01T00:00:03.000Z","promotedAt":"2026-01-01T00:00:03.000Z"}
          installation phone: {"userId":"ann","applicationId":"shop","isPrimaryDevice":false,"isPushRegistrationEnabled":true,"notificationsEnabled":true}"
    `)
  })

  it('fails where another code or none comes', async () => {
    const accepted = await failure(
      given(created, registered).when(login('ann@example.com')).refuses('USER_NOT_FOUND'),
    )
    expect(accepted.message).toMatchInlineSnapshot(`
      "USER_NOT_FOUND is expected, and the command is not refused
        given 2 steps, when
          {"type":"Personalize","pushRegistrationId":"phone","userIdentity":{"emails":["ann@example.com"]}}
        expected
          USER_NOT_FOUND
        came
          1. IdentityLinked {"kind":"email","userId":"ann","value":"ann@example.com"}
          2. ProfilePromoted {"userId":"ann"}
        state
          user ann: {"type":"CUSTOMER","emails":["ann@example.com"],"installations":["phone"],"createdAt":"2026-01-01T00:00:00.000Z","promotedAt":"2026-01-01T00:00:02.000Z"}
          installation phone: {"userId":"ann","applicationId":"shop","isPrimaryDevice":false,"isPushRegistrationEnabled":true,"notificationsEnabled":true}"
    `)
    const other = await failure(given().when(login('ann@example.com')).refuses('USER_NOT_FOUND'))
    expect(other.message.split('\n')[0]).toBe(
      'USER_NOT_FOUND is expected, and the command is refused with NO_REGISTRATION',
    )
    expect([other.expected, other.actual]).toEqual([
      { code: 'USER_NOT_FOUND' },
      { code: 'NO_REGISTRATION' },
    ])
  })
})

describe('leaves', () => {
  const bob = [
    { type: 'UserCreated', payload: { userId: 'bob', userType: 'CUSTOMER' } },
    { type: 'IdentityLinked', payload: { userId: 'bob', kind: 'email', value: 'bob@example.com' } },
  ] as const
  const merged = given(...ann, ...bob).when({
    type: 'MergeUsers',
    users: [{ userId: 'ann' }, { userId: 'bob' }],
  })

  it('holds for users and installations, by the keys that are named', async () => {
    await merged.leaves({
      users: {
        bob: { phones: ['48600700800'], emails: ['bob@example.com'], installations: ['phone'] },
        ann: { id: 'bob' },
        carol: 'USER_NOT_FOUND',
      },
      installations: { phone: { userId: 'bob', isPrimaryDevice: false }, watch: 'NO_REGISTRATION' },
    })
  })

  it('goes on from then and refuses', async () => {
    await merged
      .then({ type: 'UsersMerged', payload: { survivorId: 'bob', absorbedId: 'ann' } })
      .leaves({ users: { bob: { type: 'CUSTOMER' } } })
    await given(...ann)
      .when({ type: 'Depersonalize', pushRegistrationId: 'watch' })
      .refuses('NO_REGISTRATION')
      .leaves({ users: { ann: { installations: ['phone'] } } })
    const error = await failure(merged.then().leaves({ users: { bob: { type: 'CUSTOMER' } } }))
    expect(error.message).toContain('event 1 was not expected: UsersMerged')
  })

  it('tells who is not as expected', async () => {
    const error = await failure(
      merged.leaves({ users: { bob: { type: 'CUSTOMER', phones: [] } }, installations: {} }),
    )
    expect(error.message).toMatchInlineSnapshot(`
      "user bob has phones ["48600700800"], not []
        given 5 steps, when
          {"type":"MergeUsers","users":[{"userId":"ann"},{"userId":"bob"}]}
        expected
          user bob: {"type":"CUSTOMER","phones":[]}
        came
          1. UsersMerged {"absorbedId":"ann","carried":[{}],"createdAt":"2026-01-01T00:00:00.000Z","dataLeft":false,"fields":[],"identities":{"moved":[3],"released":[]},"installations":[{"fields":[],"ownerId":"ann","pushRegistrationId":"phone"}],"matched":[],"overrides":{},"policy":"survivor-first","promotedAt":"2026-01-01T00:00:03.000Z","survivorId":"bob","tags":{"chosen":[],"rejected":[]},"userType":"CUSTOMER"}
        state
          user ann: absorbed in bob
          user bob: {"type":"CUSTOMER","phones":["48600700800"],"emails":["bob@example.com"],"installations":["phone"],"createdAt":"2026-01-01T00:00:00.000Z","promotedAt":"2026-01-01T00:00:03.000Z"}
          installation phone: {"userId":"bob","applicationId":"shop","isPrimaryDevice":false,"isPushRegistrationEnabled":true,"notificationsEnabled":true}"
    `)
    expect([error.expected, error.actual]).toEqual([
      { users: { bob: { type: 'CUSTOMER', phones: [] } }, installations: {} },
      { users: { bob: { type: 'CUSTOMER', phones: ['48600700800'] } }, installations: {} },
    ])
  })

  it('shows an erased user as what it is', async () => {
    const erased = given(...ann).when({
      type: 'EraseUser',
      target: { userId: 'ann' },
      reason: 'asked',
    })
    await erased.leaves({
      users: { ann: 'USER_ERASED', 'user-1': { phones: [], installations: ['phone'] } },
    })
    const error = await failure(erased.leaves({ users: { ann: 'USER_NOT_FOUND' } }))
    expect(error.message.split('\n')[0]).toBe('user ann is "USER_ERASED", not "USER_NOT_FOUND"')
  })
})

describe('what is given', () => {
  const when = { type: 'Depersonalize', pushRegistrationId: 'phone' } as const

  it.each([
    [
      'a fact that breaks an invariant',
      [
        ...ann,
        { type: 'PrimaryAssigned', payload: { userId: 'ann', pushRegistrationId: 'watch' } },
      ],
      'step 4, PrimaryAssigned ',
    ],
    [
      'a fact that lacks something',
      [{ type: 'UserCreated', payload: {} }],
      'step 1, UserCreated is wrong at /userId',
    ],
    [
      'a fact that has too much',
      [{ type: 'UserCreated', payload: { userId: 'ann', name: 'Ann' } }],
      'step 1, UserCreated has no name',
    ],
    [
      'a phone as nobody records it',
      [
        { type: 'UserCreated', payload: { userId: 'ann' } },
        { type: 'IdentityLinked', payload: { userId: 'ann', kind: 'phone', value: '+48 600' } },
      ],
      'step 2, a phone is recorded as digits, not as +48 600',
    ],
    ['a command that is refused', [when], 'step 1, NO_REGISTRATION: '],
  ])('%s is an error of the test', async (_, steps, message) => {
    const told = given(...(steps as ReadonlyArray<GivenFact>))
      .when(when)
      .then()
    await expect(told).rejects.toThrow(`what is given cannot have happened: ${message}`)
  })

  it('is named by the order in which the engine makes it, around the names of the test', async () => {
    await given(
      { type: 'UserCreated', payload: { userId: 'user-1' } },
      { type: 'RegisterInstallation', applicationId: 'shop' },
    )
      .when({
        type: 'SaveUser',
        target: { pushRegistrationId: 'installation-1' },
        user: { firstName: 'user-2' },
      })
      .then({ type: 'UserAttributesChanged', payload: { userId: 'user-2' } })
      .leaves({ users: { 'user-1': { firstName: null }, 'user-2': { firstName: 'user-2' } } })
  })

  it('is a second apart, from the time that is told', async () => {
    await scenarios({ startsAtMs: Date.UTC(2030, 0, 1) })
      .given(created, registered)
      .when(login('ann@example.com'))
      .leaves({
        users: {
          ann: {
            createdAt: '2030-01-01T00:00:00.000Z',
            promotedAt: '2030-01-01T00:00:02.000Z',
          },
        },
      })
  })
})

describe('scenarios', () => {
  it('play under the options of an embedder, on any store', async () => {
    const promoted = { type: 'ProfilePromoted', payload: { userId: 'ann' } } as const
    await given(...ann, promoted)
      .when(login('new@example.com'))
      .refuses('PERSONALIZATION_IMPOSSIBLE')
    await scenarios({ personalizeUnknownIdentity: 'extend', open: openMemory })
      .given(...ann, promoted)
      .when(login('new@example.com'))
      .then({ type: 'IdentityLinked', payload: { value: 'new@example.com' } })
  })

  it('that expect nothing are an error where they are awaited', async () => {
    // The compiler tells as much; without it, `await` calls `then` like this.
    const scenario: unknown = given(created, registered).when(login('ann@example.com'))
    await expect(Promise.resolve(scenario)).rejects.toThrow('a scenario expects nothing')
  })
})
