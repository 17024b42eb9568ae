// Values as seen through commands (domain.md section 3): what is accepted, how it is stored, what is refused.

import { describe, expect, it } from 'vitest'
import { createUser, register, saveInstallation, saveUser } from '../support/commands.js'
import { type Given, given, openWorld, violationsOf } from '../support/world.js'

const made = [createUser('a'), register('i')]
const save = (user: object): Given => saveUser({ externalUserId: 'a' }, { ...user })
const stored = async (user: object) => (await given(made).when(save(user)).receipt()).user
const refusedWith = async (command: unknown) => {
  const refusal = await given(made).when(command).refusal()
  return [refusal.error.code, ...violationsOf(refusal).map(({ path }) => path)]
}
const long = (n: number): string => '😀'.repeat(n)

describe('externalUserId', () => {
  it('1 to 256 characters, compared exactly', async () => {
    expect((await stored({ externalUserId: long(256) }))?.externalUserId).toBe(long(256))
    expect(await refusedWith(save({ externalUserId: long(257) }))).toEqual([
      'REQUEST_FORMAT_INVALID',
      '/user/externalUserId',
    ])
    expect(
      await given([createUser('a')])
        .when(createUser('A'))
        .types(),
    ).toContain('UserCreated')
  })

  it('any casing of the word null means JSON null', async () => {
    for (const word of ['null', 'NULL', 'nUlL'])
      expect((await stored({ externalUserId: word }))?.externalUserId).toBe(null)
    expect(await refusedWith(saveUser({ externalUserId: 'Null' }, {}))).toEqual([
      'REQUEST_FORMAT_INVALID',
      '/target/externalUserId',
    ])
  })
})

describe('phone', () => {
  it('a leading + and the separators space - . ( ) are accepted and dropped; stored as digits', async () => {
    for (const phone of ['48600700800', '+48 600-700.800', '(48) 600 700 800'])
      expect((await stored({ phones: [phone] }))?.phones).toEqual(['48600700800'])
  })

  it('what is impossible for its country code is refused, and so is 000', async () => {
    for (const phone of [
      '000',
      '0048600700800',
      '4860070',
      '48600700800123',
      'phone',
      '+',
      '+48/600700800',
    ])
      expect(await refusedWith(save({ phones: ['48600700800', phone] }))).toEqual([
        'PHONE_INVALID',
        '/user/phones/1',
      ])
    expect(await refusedWith(save({ phones: [48600700800] }))).toEqual([
      'REQUEST_FORMAT_INVALID',
      '/user/phones/0',
    ])
  })
})

describe('email', () => {
  it('compared without case; the casing given first is kept for display', async () => {
    const world = openWorld()
    await world.runAll([...made, save({ emails: ['Jo@Example.com'] })])
    expect((await world.run(save({ emails: ['JO@EXAMPLE.COM'] }))).events).toEqual([])
    expect((await world.user({ email: 'jo@example.COM' })).emails).toEqual(['Jo@Example.com'])
  })

  it('RFC 5322 addr-spec with a dot in the domain', async () => {
    for (const email of ['jo', 'jo@localhost', 'Jo <jo@b.pl>', 'a b@c.pl', '@b.pl', 'a@b..pl'])
      expect(await refusedWith(save({ emails: [email] }))).toEqual([
        'EMAIL_INVALID',
        '/user/emails/0',
      ])
  })

  it('at most 255 characters', async () => {
    const address = (n: number) => `a@${'b'.repeat(n - 5)}.pl`
    expect((await stored({ emails: [address(255)] }))?.emails).toEqual([address(255)])
    expect(await refusedWith(save({ emails: [address(256)] }))).toEqual([
      'REQUEST_FORMAT_INVALID',
      '/user/emails/0',
    ])
  })
})

describe('names, gender, birthday, tags', () => {
  it('firstName, lastName: at most 255; middleName: at most 50', async () => {
    const most = { firstName: long(255), lastName: long(255), middleName: long(50) }
    expect(await stored(most)).toMatchObject(most)
    expect(
      await refusedWith(save({ firstName: long(256), lastName: long(256), middleName: long(51) })),
    ).toEqual(['REQUEST_FORMAT_INVALID', '/user/firstName', '/user/lastName', '/user/middleName'])
  })

  it('gender: Male or Female', async () => {
    for (const gender of ['Male', 'Female']) expect((await stored({ gender }))?.gender).toBe(gender)
    for (const gender of ['male', 'F', 0, true])
      expect(await refusedWith(save({ gender }))).toEqual([
        'REQUEST_FORMAT_INVALID',
        '/user/gender',
      ])
  })

  it('birthday: a real calendar day YYYY-MM-DD', async () => {
    expect((await stored({ birthday: '2024-02-29' }))?.birthday).toBe('2024-02-29')
    for (const birthday of [
      '2023-02-29',
      '1990-1-1',
      '01-01-1990',
      '1990-01-01T00:00:00Z',
      19900101,
    ])
      expect(await refusedWith(save({ birthday }))).toEqual([
        'REQUEST_FORMAT_INVALID',
        '/user/birthday',
      ])
  })

  it('birthday: not after the UTC day on which the command is decided', async () => {
    expect((await stored({ birthday: '2026-11-24' }))?.birthday).toBe('2026-11-24')
    expect(await refusedWith(save({ birthday: '2026-11-25' }))).toEqual([
      'REQUEST_FORMAT_INVALID',
      '/user/birthday',
    ])
    const world = openWorld()
    await world.runAll(made)
    world.clockAt(14 * 3600)
    expect((await world.run(save({ birthday: '2026-11-25' }))).user?.birthday).toBe('2026-11-25')
  })

  it('tags: a set; each 1 to 256 characters', async () => {
    expect((await stored({ tags: [long(256), 'b', 'a', 'b'] }))?.tags).toEqual([
      'a',
      'b',
      long(256),
    ])
    expect(await refusedWith(save({ tags: ['a', long(257), 1] }))).toEqual([
      'REQUEST_FORMAT_INVALID',
      '/user/tags/1',
      '/user/tags/2',
    ])
  })
})

describe('custom attribute values', () => {
  it('string (at most 4096), finite number, boolean', async () => {
    const customAttributes = { s: long(4096), n: -0.5, b: false }
    expect((await stored({ customAttributes }))?.customAttributes).toEqual(customAttributes)
    expect(
      await refusedWith(
        save({ customAttributes: { s: long(4097), n: Number.NaN, i: Number.POSITIVE_INFINITY } }),
      ),
    ).toEqual(['REQUEST_FORMAT_INVALID', '/user/customAttributes/n', '/user/customAttributes/i'])
    expect(await refusedWith(save({ customAttributes: { s: long(4097), o: {}, l: [] } }))).toEqual([
      'REQUEST_FORMAT_INVALID',
      '/user/customAttributes/s',
      '/user/customAttributes/o',
      '/user/customAttributes/l',
    ])
  })
})

describe('ids and other strings', () => {
  it('deviceTimezoneOffset: GMT+hh:mm or GMT-hh:mm', async () => {
    for (const offset of ['GMT+02:00', 'GMT-11:30'])
      expect(
        (
          await given(made)
            .when(saveInstallation('i', { device: { deviceTimezoneOffset: offset } }))
            .receipt()
        ).installation?.device.deviceTimezoneOffset,
      ).toBe(offset)
    for (const offset of ['GMT+2:00', 'UTC+02:00', 'GMT', 'GMT+24:00'])
      expect(
        await refusedWith(saveInstallation('i', { device: { deviceTimezoneOffset: offset } })),
      ).toEqual(['REQUEST_FORMAT_INVALID', '/device/deviceTimezoneOffset'])
  })

  it('pushRegistrationId: 1 to 128 characters', async () => {
    expect(
      (
        await given()
          .when(register(long(128)))
          .receipt()
      ).installation?.pushRegistrationId,
    ).toBe(long(128))
    expect(await refusedWith(register(long(129)))).toEqual([
      'REQUEST_FORMAT_INVALID',
      '/pushRegistrationId',
    ])
  })

  it('other strings: 1 to 256 characters; pushServiceToken to 4096', async () => {
    const device = { deviceName: long(256), os: long(256), pushServiceToken: long(4096) }
    expect(
      (
        await given(made)
          .when(saveInstallation('i', { device, applicationUserId: long(256) }))
          .receipt()
      ).installation,
    ).toMatchObject({ device, applicationUserId: long(256) })
    expect(
      await refusedWith(
        saveInstallation('i', {
          applicationUserId: long(257),
          device: { deviceName: long(257), os: long(257), pushServiceToken: long(4097) },
        }),
      ),
    ).toEqual([
      'REQUEST_FORMAT_INVALID',
      '/applicationUserId',
      '/device/os',
      '/device/deviceName',
      '/device/pushServiceToken',
    ])
    expect(await refusedWith(register('k', { applicationId: '' }))).toEqual([
      'REQUEST_FORMAT_INVALID',
      '/applicationId',
    ])
  })

  it('commandId, actor, correlationId, causationId, reason, userId are tokens: 1 to 128 of A-Z a-z 0-9 . _ : -', async () => {
    const keys = ['commandId', 'actor', 'correlationId', 'causationId']
    for (const bad of ['', 'a b', 'é', 'a/b', 'x'.repeat(129), 5])
      expect(
        await refusedWith({
          ...createUser('n'),
          ...Object.fromEntries(keys.map((key) => [key, bad])),
        }),
      ).toEqual(['REQUEST_FORMAT_INVALID', ...keys.map((key) => `/${key}`)])
    const good = 'Az09._:-'.repeat(16)
    const { events } = await given(made)
      .when({ ...createUser('n'), ...Object.fromEntries(keys.map((key) => [key, good])) })
      .receipt()
    expect(events[0]).toMatchObject(Object.fromEntries(keys.map((key) => [key, good])))
    expect(await refusedWith(saveUser({ userId: 'a b' }, {}))).toEqual([
      'REQUEST_FORMAT_INVALID',
      '/target/userId',
    ])
  })
})

describe('all strings', () => {
  it('lengths count Unicode code points', async () => {
    expect((await stored({ middleName: long(50) }))?.middleName).toHaveLength(100)
  })

  it('are stored in NFC', async () => {
    const user = await stored({
      firstName: 'e\u0301',
      tags: ['e\u0301', '\u00e9'],
      customAttributes: { 'e\u0301': 'e\u0301' },
    })
    expect(user).toMatchObject({
      firstName: '\u00e9',
      tags: ['\u00e9'],
      customAttributes: { '\u00e9': '\u00e9' },
    })
    expect(
      await given([createUser('e\u0301')])
        .when(saveUser({ externalUserId: '\u00e9' }, {}))
        .types(),
    ).toEqual([])
  })

  it('control characters and lone surrogates are refused', async () => {
    for (const bad of ['a\u0000', '\u001f', 'a\u007f', '\u0085', '\ud800', 'a\udc00b', '\n'])
      expect(
        await refusedWith(
          save({
            externalUserId: bad,
            firstName: bad,
            tags: [bad],
            customAttributes: { [`k${bad}`]: 'x', v: bad },
          }),
        ),
      ).toEqual([
        'REQUEST_FORMAT_INVALID',
        '/user/externalUserId',
        '/user/firstName',
        '/user/tags/0',
        `/user/customAttributes/k${bad}`,
        '/user/customAttributes/v',
      ])
  })
})

describe('all violations of one command are reported together, each with its path', () => {
  it('an unknown key is a violation: a misspelt forceDepersonalize must not mean false', async () => {
    const then = given(made).when({
      type: 'Personalize',
      pushRegistrationId: 'i',
      userIdentity: { externalUserId: 'a', phone: '1' },
      forceDepersonalise: true,
    })
    expect((await then.violations()).map(({ path, message }) => [path, message])).toEqual([
      ['/userIdentity/phone', 'unknown key, did you mean "phones"?'],
      ['/forceDepersonalise', 'unknown key, did you mean "forceDepersonalize"?'],
    ])
  })

  it('those of a birthday and of attribute types as well', async () => {
    const world = openWorld()
    await world.runAll([...made, save({ customAttributes: { n: 1 } })])
    const refusal = await world.refused(
      save({ birthday: '2030-01-01', customAttributes: { n: 'x', l: [{ a: 1 }] } }),
    )
    expect(violationsOf(refusal).map(({ path }) => path)).toEqual([
      '/user/birthday',
      '/user/customAttributes/n',
      '/user/customAttributes/l',
    ])
  })
})
