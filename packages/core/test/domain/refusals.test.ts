// Every refusal code (domain.md section 11), and the order in which a command is checked.

import { describe, expect, it } from 'vitest'
import { refusalCodes } from '../../src/index.js'
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
  phoneNos,
  register,
  saveUser,
  setPrimary,
  unmerge,
} from '../support/commands.js'
import { type Given, given, openWorld, successOf, userOf, violationsOf } from '../support/world.js'

const [A, B] = [userOf(1), userOf(2)]
const bad = { phone: '000', email: 'x' }

/** For each code a story and a command that is refused with it. */
const refused: Readonly<Record<string, readonly [ReadonlyArray<Given>, unknown]>> = {
  NO_REGISTRATION: [[], depersonalize('nowhere')],
  USER_NOT_FOUND: [[], saveUser({ externalUserId: 'nobody' }, {})],
  USER_IDENTITY_INVALID: [[register('i')], personalize('i', {})],
  EMAIL_INVALID: [[register('i')], personalize('i', { emails: [bad.email] })],
  PHONE_INVALID: [[register('i')], personalize('i', { phones: [bad.phone] })],
  REQUEST_FORMAT_INVALID: [[], { type: 'Personalise' }],
  LIMIT_EXCEEDED: [[register('i')], personalize('i', { phones: phoneNos(101) })],
  USER_MERGE_INTERRUPTED: [[createUser('a')], createUser('a')],
  PERSONALIZATION_IMPOSSIBLE: [
    [register('i'), personalize('i', { externalUserId: 'a' })],
    personalize('i', { externalUserId: 'b' }),
  ],
  AMBIGUOUS_PERSONALIZE_CANDIDATES: [
    [createUser('a'), createByPhone(phoneNo(1)), register('i')],
    personalize('i', { externalUserId: 'a', phones: [phoneNo(1)] }),
  ],
  INSTALLATION_NOT_OWNED: [
    [register('i'), register('j')],
    setPrimary('i', true, { requestedBy: 'j' }),
  ],
  MERGE_CONFLICT: [[createUser('a'), createUser('b')], merge([{ userId: A }, { userId: B }])],
  UNMERGE_IMPOSSIBLE: [[createUser('a'), createUser('b')], unmerge({ userId: A }, B)],
  USER_ERASED: [[createUser('a'), erase({ userId: A })], saveUser({ userId: A }, {})],
  ATTRIBUTE_CONFLICT: [[define('x', 'string')], define('x', 'number')],
  COMMAND_ID_REUSED: [
    [{ ...createUser('a'), commandId: 'c' }],
    { ...createUser('b'), commandId: 'c' },
  ],
  STALE_PREVIEW: [[], null],
}

describe('a refusal', () => {
  for (const code of refusalCodes.filter((one) => one !== 'STALE_PREVIEW'))
    it(`${code}: is a value with a code, a message and details; it records nothing`, async () => {
      const [story, command] = refused[code] ?? [[], null]
      const refusal = await given(story).when(command).refusal()
      expect(refusal).toEqual({
        ok: false,
        ...(code === 'COMMAND_ID_REUSED' ? { commandId: 'c' } : {}),
        error: { code, message: expect.stringMatching(/^[^A-Z].{9}/), details: expect.any(Object) },
      })
    })

  it('STALE_PREVIEW: is a value with a code, a message and details; it records nothing', async () => {
    const world = openWorld()
    const preview = await successOf(world.engine.preview(createUser('a')))
    await world.run(createUser('a'))
    const plan = 'plan' in preview ? preview.plan : null
    expect(await given([], world).when(plan).refusal()).toMatchObject({
      ok: false,
      error: { code: 'STALE_PREVIEW', message: expect.any(String) },
    })
  })

  it('names the commandId of the command', async () => {
    for (const command of [
      { ...depersonalize('nowhere'), commandId: 'c' },
      { type: 'Nonsense', commandId: 'c' },
      { ...personalize('i', {}), commandId: 'c' },
    ])
      expect((await given().when(command).refusal()).commandId).toBe('c')
    expect(
      (await given().when({ type: 'Nonsense', commandId: 'not a token' }).refusal()).commandId,
    ).toBeUndefined()
  })
})

describe('where several values of one command are wrong', () => {
  const codeOf = async (user: object, target: object = { externalUserId: 'a' }) => {
    const refusal = await given([createUser('a')])
      .when({ type: 'SaveUser', target, user })
      .refusal()
    return [refusal.error.code, violationsOf(refusal).length]
  }

  it('details list every one with its path, and the code is REQUEST_FORMAT_INVALID if any is of another kind than phone and email', async () => {
    expect(await codeOf({ phones: [bad.phone], emails: [bad.email], gender: 'x' })).toEqual([
      'REQUEST_FORMAT_INVALID',
      3,
    ])
    expect(await codeOf({ emails: [bad.email], nope: 1 }, { phone: bad.phone })).toEqual([
      'REQUEST_FORMAT_INVALID',
      3,
    ])
  })

  it('else PHONE_INVALID before EMAIL_INVALID', async () => {
    expect(await codeOf({ emails: [bad.email], phones: [bad.phone] })).toEqual(['PHONE_INVALID', 2])
    expect(await codeOf({ emails: [bad.email] }, { phone: bad.phone })).toEqual([
      'PHONE_INVALID',
      2,
    ])
    expect(await codeOf({ emails: [bad.email, 'y'] })).toEqual(['EMAIL_INVALID', 2])
  })

  it('a value that is too long is REQUEST_FORMAT_INVALID; too many values are LIMIT_EXCEEDED', async () => {
    expect(await codeOf({ firstName: 'x'.repeat(256) })).toEqual(['REQUEST_FORMAT_INVALID', 1])
    expect(await codeOf({ phones: phoneNos(101) })).toEqual(['LIMIT_EXCEEDED', 1])
  })

  it('paths are JSON Pointers', async () => {
    const then = given([createUser('a')]).when(
      saveUser({ externalUserId: 'a' }, { customAttributes: { 'a/b~c': {} }, '': 1 }),
    )
    expect((await then.violations()).map(({ path }) => path)).toEqual([
      '/user/customAttributes/a~1b~0c',
      '/user/',
    ])
  })

  it('of a merge, survivor, overrides and policy are reported together', async () => {
    const then = given([
      createUser('a'),
      createByPhone(phoneNo(1)),
      createByPhone(phoneNo(2)),
    ]).when(
      merge([{ userId: A }, { userId: B }], {
        survivor: { userId: userOf(3) },
        overrides: { firstName: userOf(3) },
        policy: 'magic',
      }),
    )
    expect((await then.violations()).map(({ path }) => path)).toEqual([
      '/survivor',
      '/overrides/firstName',
      '/policy',
    ])
  })

  it('a missing userIdentity is an empty one', async () => {
    const none = { type: 'Personalize', pushRegistrationId: 'i' }
    expect(
      await given([register('i')])
        .when(none)
        .code(),
    ).toBe('USER_IDENTITY_INVALID')
  })
})

describe('the order of checks: the command alone, its command id, what it refers to, attribute types and limits, the rule itself', () => {
  const reused = { ...createUser('a'), commandId: 'c' }

  it('the command alone before its command id', async () => {
    expect(
      await given([reused])
        .when({ ...createUser('b', { nope: 1 }), commandId: 'c' })
        .code(),
    ).toBe('REQUEST_FORMAT_INVALID')
    const none = { type: 'CreateUser', commandId: 'c' }
    expect(await given([reused]).when(none).code()).toBe('USER_IDENTITY_INVALID')
  })

  it('its command id before what it refers to', async () => {
    const then = given([reused]).when({
      ...saveUser({ externalUserId: 'nobody' }, {}),
      commandId: 'c',
    })
    expect(await then.code()).toBe('COMMAND_ID_REUSED')
  })

  it('what it refers to before attribute types', async () => {
    const story = [
      createUser('a'),
      saveUser({ externalUserId: 'a' }, { customAttributes: { n: 1 } }),
    ]
    const wrong = { customAttributes: { n: 'x' } }
    expect(
      await given(story)
        .when(saveUser({ externalUserId: 'nobody' }, wrong))
        .code(),
    ).toBe('USER_NOT_FOUND')
    const login = personalize('nowhere', { externalUserId: 'a' }, { userAttributes: wrong })
    expect(await given(story).when(login).code()).toBe('NO_REGISTRATION')
  })

  it('attribute types before the rule itself', async () => {
    const wrong = { customAttributes: { n: 'x' } }
    const story = [
      createUser('a', { userAttributes: { customAttributes: { n: 1 } } }),
      createByPhone(phoneNo(1)),
      register('i'),
      personalize('i', { externalUserId: 'c' }),
    ]
    const commands = [
      saveUser({ phone: phoneNo(1) }, { externalUserId: 'a', ...wrong }),
      createUser('a', { userAttributes: wrong }),
      personalize('i', { externalUserId: 'a' }, { userAttributes: wrong }),
      personalize('i', { externalUserId: 'a', phones: [phoneNo(1)] }, { userAttributes: wrong }),
    ]
    for (const command of commands)
      expect(await given(story).when(command).code()).toBe('REQUEST_FORMAT_INVALID')
  })

  it('an expired installation is unknown to every command that names one', async () => {
    const commands: ReadonlyArray<Given> = [
      register('i'),
      { type: 'SaveInstallation', pushRegistrationId: 'i' },
      setPrimary('i'),
      setPrimary('j', true, { requestedBy: 'i' }),
      personalize('i', { externalUserId: 'b' }),
      depersonalize('i'),
      { type: 'DepersonalizeInstallation', pushRegistrationId: 'i', targetPushRegistrationId: 'j' },
      { type: 'DepersonalizeInstallation', pushRegistrationId: 'j', targetPushRegistrationId: 'i' },
      saveUser({ pushRegistrationId: 'i' }, {}),
      merge([{ pushRegistrationId: 'j' }, { pushRegistrationId: 'i' }]),
      unmerge({ pushRegistrationId: 'i' }, A),
      erase({ pushRegistrationId: 'i' }),
    ]
    for (const command of commands)
      expect([
        command,
        await given([register('i'), register('j'), expire('i')])
          .when(command)
          .code(),
      ]).toEqual([command, 'NO_REGISTRATION'])
  })
})
