// What a command id promises (domain.md section 4, invariant 8).

import { describe, expect, it } from 'vitest'
import {
  createByPhone,
  createUser,
  define,
  depersonalize,
  erase,
  expire,
  merge,
  personalize,
  phoneNo,
  register,
  saveInstallation,
  saveUser,
  setPrimary,
  unmerge,
} from '../support/commands.js'
import { type Given, given, openWorld, userOf } from '../support/world.js'

const once = (command: Given, commandId = 'once'): Given => ({ ...command, commandId })

/** A story with every command; `absorbed` is the user that its eighth command made. */
const storyWith = (absorbed: string): ReadonlyArray<Given> => [
  register('i', {
    device: { pushServiceToken: 't', deviceName: 'D' },
    customAttributes: { a: 'x' },
  }),
  saveUser({ pushRegistrationId: 'i' }, { firstName: 'Ann', tags: ['x'] }),
  personalize(
    'i',
    { externalUserId: 'a' },
    { setAsPrimary: true, userAttributes: { lastName: 'Lee' } },
  ),
  register('j'),
  personalize('j', { externalUserId: 'a' }),
  saveInstallation('j', { applicationUserId: 'au', customAttributes: { a: 'y' } }),
  setPrimary('j'),
  createByPhone(phoneNo(1), { userAttributes: { middleName: 'M', customAttributes: { n: 1 } } }),
  merge([{ externalUserId: 'a' }, { phone: phoneNo(1) }]),
  saveUser({ externalUserId: 'a' }, { middleName: 'N', phones: [phoneNo(1), phoneNo(2)] }),
  unmerge({ externalUserId: 'a' }, absorbed),
  define('orders', 'list', { fields: { sku: 'string' } }),
  saveUser({ externalUserId: 'a' }, { customAttributes: { orders: [{ sku: 'x' }] } }),
  {
    type: 'DepersonalizeInstallation',
    pushRegistrationId: 'i',
    targetPushRegistrationId: 'j',
  },
  depersonalize('j'),
  register('k', { device: { pushServiceToken: 't' } }),
  expire('k'),
  expire('k'),
  erase({ phone: phoneNo(1) }),
  register('m'),
]

describe('a command with a commandId that succeeded', () => {
  it('given again it returns the same receipt and is not decided again', async () => {
    const world = openWorld()
    for (const [n, command] of storyWith(userOf(15)).entries()) {
      const first = await world.run(once(command, `c${n}`))
      const rows = await world.rows()
      const again = await world.run(once(command, `c${n}`))
      expect(again).toEqual(first)
      expect(await world.rows()).toEqual(rows)
      expect((await world.log()).length).toBe(first.position)
    }
  })

  it('whatever has happened since', async () => {
    const world = openWorld()
    const first = []
    const story = storyWith(userOf(8))
    const until = story.findIndex(({ type }) => type === 'EraseUser')
    for (const [n, command] of story.slice(0, until).entries())
      first.push(await world.run(once(command, `c${n}`)))
    for (const [n, command] of story.slice(0, until).entries())
      expect(await world.run(once(command, `c${n}`))).toEqual(first[n])
  })

  it('even one that recorded nothing is remembered for ever', async () => {
    const world = openWorld()
    await world.run(createUser('a'))
    const save = once(saveUser({ externalUserId: 'a' }, {}))
    const first = await world.run(save)
    expect(first).toMatchObject({ commandId: 'once', position: 2, events: [] })
    await world.run(saveUser({ externalUserId: 'a' }, { firstName: 'Ann' }))
    expect(await world.run(save)).toEqual(first)
    expect(first.user?.firstName).toBe(null)
  })

  it('shows the user as of its position, one that an erasure made as well', async () => {
    const world = openWorld()
    await world.runAll([
      register('i'),
      personalize('i', { externalUserId: 'a' }),
      erase({ externalUserId: 'a' }),
    ])
    const save = once(saveUser({ pushRegistrationId: 'i' }, { firstName: 'New' }))
    const first = await world.run(save)
    expect(first.user).toMatchObject({
      firstName: 'New',
      installations: [{ pushRegistrationId: 'i' }],
    })
    expect(await world.run(save)).toEqual(first)
  })

  it('after an erasure that person’s values in it read erased', async () => {
    const world = openWorld()
    await world.runAll([
      once(createUser('a', { userAttributes: { firstName: 'Ann' } })),
      erase({ externalUserId: 'a' }),
    ])
    const again = await world.run(once(createUser('a', { userAttributes: { firstName: 'Ann' } })))
    expect(again.user).toMatchObject({ externalUserId: 'erased:2', firstName: 'erased' })
  })

  it('twice in one batch is done once', async () => {
    const world = openWorld()
    const results = await world.engine.executeAll([once(createUser('a')), once(createUser('a'))])()
    expect(results[1]).toEqual(results[0])
    expect(await world.log()).toHaveLength(2)
  })
})

describe('the same id with other content', () => {
  const other = async (first: Given, second: Given): Promise<string> =>
    given([once(first)])
      .when(once(second))
      .code()

  it('is COMMAND_ID_REUSED', async () => {
    expect(await other(createUser('a'), createUser('b'))).toBe('COMMAND_ID_REUSED')
    expect(await other(register('i'), register('i', { isPushRegistrationEnabled: false }))).toBe(
      'COMMAND_ID_REUSED',
    )
    expect(await other(define('x', 'string'), define('x', 'number'))).toBe('COMMAND_ID_REUSED')
  })

  it('is the parsed command without commandId, actor, correlationId, causationId, occurredAt', async () => {
    const carried = {
      actor: 'me',
      correlationId: 'c',
      causationId: 'd',
      occurredAt: '2020-01-01T00:00:00Z',
    }
    const world = openWorld()
    const first = await world.run({ ...once(createUser('a')), ...carried })
    expect(await world.run(once(createUser('a')))).toEqual(first)
    expect(await world.run({ ...once(createUser('a')), ...carried, actor: 'you' })).toEqual(first)
  })

  it('another spelling of the same values is the same content', async () => {
    const spelt = (phone: string, name: string): Given =>
      once(createByPhone(phone, { userAttributes: { firstName: name } }))
    const world = openWorld()
    const first = await world.run(spelt('48600700800', '\u00e9'))
    expect(await world.run(spelt('+48 600-700-800', 'e\u0301'))).toEqual(first)
  })

  it('another order of keys is the same content', async () => {
    const world = openWorld()
    const attributes = { customAttributes: { a: 1, b: 2 }, firstName: 'Jo' }
    const first = await world.run(once(createUser('a', { userAttributes: attributes })))
    const turned = { firstName: 'Jo', customAttributes: { b: 2, a: 1 } }
    const { type, ...rest } = once(createUser('a', { userAttributes: turned }))
    expect(await world.run({ ...rest, type })).toEqual(first)
  })

  it('is compared by a keyed digest of the store', async () => {
    const seen: string[] = []
    const world = openWorld({}, (text) => {
      seen.push(text)
      return `${text.length}`
    })
    await world.run(once(createUser('a')))
    expect(seen).toEqual([
      '{"type":"CreateUser","userAttributes":null,"userIdentity":{"externalUserId":"a"},"userType":"CUSTOMER"}',
    ])
  })
})

describe('the same content is the same', () => {
  const first = {
    type: 'CreateUser',
    commandId: 'c',
    userIdentity: { externalUserId: 'a', phones: ['+48600700800', '+48600700801'] },
    userAttributes: { tags: ['x', 'y'] },
  }

  it.each([
    ['with a default written out', { ...first, userType: 'CUSTOMER' }],
    ['with null for a default', { ...first, userType: null }],
    [
      'with a set in another order',
      {
        ...first,
        userIdentity: { externalUserId: 'a', phones: ['+48 600 700 801', '48600700800'] },
        userAttributes: { tags: ['y', 'x'] },
      },
    ],
  ])('%s', async (_, again) => {
    const world = openWorld()
    const receipt = await world.run(first)
    expect(JSON.stringify(await world.run(again))).toBe(JSON.stringify(receipt))
  })

  it('of a login: force, keepAsLead and setAsPrimary are false unless said', async () => {
    const world = openWorld()
    await world.run({
      type: 'RegisterInstallation',
      pushRegistrationId: 'i',
      applicationId: 'shop',
    })
    const login = {
      type: 'Personalize',
      commandId: 'c',
      pushRegistrationId: 'i',
      userIdentity: { externalUserId: 'a' },
    }
    const receipt = await world.run(login)
    const spelt = { ...login, forceDepersonalize: false, keepAsLead: false, setAsPrimary: null }
    expect(JSON.stringify(await world.run(spelt))).toBe(JSON.stringify(receipt))
  })
})

describe('a refused command', () => {
  it('is not remembered', async () => {
    const world = openWorld()
    const refusal = await world.refused(once(saveUser({ externalUserId: 'a' }, {})))
    expect(refusal).toMatchObject({
      ok: false,
      commandId: 'once',
      error: { code: 'USER_NOT_FOUND' },
    })
    await world.run(createUser('a'))
    expect((await world.run(once(saveUser({ externalUserId: 'a' }, {})))).ok).toBe(true)
    const other = openWorld()
    await other.refused(once(saveUser({ externalUserId: 'a' }, {})))
    expect((await other.run(once(createUser('a')))).ok).toBe(true)
  })
})
