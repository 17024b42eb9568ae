// The table of domain.md section 5, a test named after each row, with the exact events.

import { describe, expect, it } from 'vitest'
import { createLead, createUser, personalize, register, setPrimary } from '../support/commands.js'
import { given, idOf, openWorld, userOf } from '../support/world.js'

const A = userOf(1)
const B = userOf(2)
/** The user of the second command where that defines an attribute first. */
const B1 = idOf(2, 1)
const phone = '48600700800'

describe('Personalize', () => {
  it('row 1: a request without an identity is USER_IDENTITY_INVALID, whatever else holds', async () => {
    for (const identity of [
      {},
      { externalUserId: null },
      { externalUserId: 'NULL' },
      { externalUserId: '', phones: [null, ''], emails: [] },
      { phones: null, emails: null },
    ])
      expect(
        await given([register('i')])
          .when(personalize('i', identity))
          .code(),
      ).toBe('USER_IDENTITY_INVALID')
    const none = { type: 'Personalize', pushRegistrationId: 'nowhere', forceDepersonalize: true }
    expect(await given().when(none).code()).toBe('USER_IDENTITY_INVALID')
    expect(
      await given()
        .when({ ...none, userIdentity: null })
        .code(),
    ).toBe('USER_IDENTITY_INVALID')
  })

  it('row 2: a malformed phone is PHONE_INVALID, naming each value', async () => {
    const then = given([register('i')]).when(
      personalize('i', {
        externalUserId: 'u',
        phones: ['000', phone, '+48 1'],
        emails: ['a@b.pl'],
      }),
    )
    expect(await then.code()).toBe('PHONE_INVALID')
    expect((await then.violations()).map(({ path, value }) => [path, value])).toEqual([
      ['/userIdentity/phones/0', '000'],
      ['/userIdentity/phones/2', '+48 1'],
    ])
  })

  it('row 2: a malformed email is EMAIL_INVALID, naming each value', async () => {
    const then = given([register('i')]).when(
      personalize('i', { externalUserId: 'u', emails: ['a', 'b@c', 'd@e.pl'] }),
    )
    expect(await then.code()).toBe('EMAIL_INVALID')
    expect((await then.violations()).map(({ path, value }) => [path, value])).toEqual([
      ['/userIdentity/emails/0', 'a'],
      ['/userIdentity/emails/1', 'b@c'],
    ])
  })

  it('row 3: two or more candidates are AMBIGUOUS_PERSONALIZE_CANDIDATES, naming which identity belongs to which, and nothing is detached, force or not', async () => {
    const third = { externalUserId: 'a', phones: [phone] }
    for (const forceDepersonalize of [false, true]) {
      const refusal = await given([
        createUser('a'),
        createUser('b', { userIdentity: { phones: [phone] } }),
        register('i'),
        personalize('i', { externalUserId: 'c' }),
      ])
        .when(personalize('i', third, { forceDepersonalize }))
        .refusal()
      expect(refusal.error.code).toBe('AMBIGUOUS_PERSONALIZE_CANDIDATES')
      expect(refusal.error.details).toEqual({
        candidates: [
          { userId: A, identities: [{ kind: 'externalUserId', value: 'a' }] },
          { userId: B, identities: [{ kind: 'phone', value: phone }] },
        ],
      })
    }
  })

  it('row 3: the installation’s own user is a candidate like any other', async () => {
    const then = given([
      createUser('a'),
      register('i'),
      personalize('i', { phones: [phone] }),
    ]).when(personalize('i', { externalUserId: 'a', phones: [phone] }))
    expect(await then.code()).toBe('AMBIGUOUS_PERSONALIZE_CANDIDATES')
  })

  it('row 4: anonymous, no candidate: the identities are linked to U0; promoted', async () => {
    const identity = {
      externalUserId: 'a',
      phones: ['+48 600 700 800'],
      emails: ['Jo@Example.com'],
    }
    for (const forceDepersonalize of [false, true]) {
      const then = given([register('i')]).when(personalize('i', identity, { forceDepersonalize }))
      expect(await then.facts()).toEqual([
        ['IdentityLinked', { userId: A, kind: 'externalUserId', value: 'a' }],
        ['IdentityLinked', { userId: A, kind: 'phone', value: phone }],
        ['IdentityLinked', { userId: A, kind: 'email', value: 'Jo@Example.com' }],
        ['ProfilePromoted', { userId: A }],
      ])
      const { user } = await then.receipt()
      expect(user).toMatchObject({ id: A, type: 'CUSTOMER', externalUserId: 'a', phones: [phone] })
      expect(user?.promotedAt).toBe('2026-11-24T10:00:02.000Z')
    }
  })

  it('row 5: anonymous, one candidate: U0 is absorbed by C1 where this installation is its only one', async () => {
    const then = given([createLead('a'), register('i', { customAttributes: { seat: 'x' } })]).when(
      personalize('i', { externalUserId: 'a', phones: [phone] }),
    )
    expect(await then.facts()).toEqual([
      [
        'UsersMerged',
        {
          survivorId: A,
          absorbedId: B1,
          policy: 'survivor-first',
          overrides: {},
          dataLeft: false,
          fields: [],
          tags: { chosen: [], rejected: [] },
          identities: { moved: [], released: [] },
          installations: [
            { pushRegistrationId: 'i', fields: ['customAttributes.seat'], ownerId: B1 },
          ],
          matched: [2],
          userType: 'LEAD',
          createdAt: '2026-11-24T10:00:01.000Z',
          promotedAt: null,
          carried: [{ 'customAttributes.seat': 'x' }],
        },
      ],
      ['IdentityLinked', { userId: A, kind: 'phone', value: phone }],
      ['ProfilePromoted', { userId: A }],
    ])
    const { user, absorbed } = await then.receipt()
    expect(user).toMatchObject({ id: A, externalUserId: 'a', phones: [phone], type: 'CUSTOMER' })
    expect(user?.installations.map((one) => one.pushRegistrationId)).toEqual(['i'])
    expect(absorbed).toEqual([B1])
  })

  /** Two installations of one anonymous user: both were a user's that lost its only identity. */
  const shared = [
    register('i'),
    personalize('i', { externalUserId: 'x' }, { keepAsLead: true }),
    register('j'),
    personalize('j', { externalUserId: 'x' }, { keepAsLead: true }),
    { type: 'SaveUser', target: { externalUserId: 'x' }, user: { externalUserId: null } } as const,
    createUser('c'),
  ]
  const C = userOf(6)

  it('row 5: otherwise this installation alone moves', async () => {
    const then = given(shared).when(personalize('i', { externalUserId: 'c' }))
    expect(await then.facts()).toEqual([
      [
        'InstallationAttached',
        {
          pushRegistrationId: 'i',
          userId: C,
          fromUserId: A,
          isPrimaryDevice: false,
          identities: [9],
          fields: [],
          values: {},
        },
      ],
    ])
    expect((await then.receipt()).absorbed).toBeUndefined()
  })

  it('row 5: an installation that moves keeps a primary mark if C1 has none', async () => {
    const then = given([...shared, setPrimary('i')]).when(personalize('i', { externalUserId: 'c' }))
    expect(await then.types()).toEqual(['PrimaryCleared', 'InstallationAttached'])
    expect((await then.receipt()).installation?.isPrimaryDevice).toBe(true)
  })

  it('row 5: an installation that moves loses its primary mark if C1 has one', async () => {
    const then = given([
      ...shared,
      setPrimary('i'),
      register('k'),
      personalize('k', { externalUserId: 'c' }, { setAsPrimary: true }),
    ]).when(personalize('i', { externalUserId: 'c' }))
    expect(await then.types()).toEqual(['PrimaryCleared', 'InstallationAttached'])
    const { user } = await then.receipt()
    expect(user?.installations.map((one) => [one.pushRegistrationId, one.isPrimaryDevice])).toEqual(
      [
        ['k', true],
        ['i', false],
      ],
    )
  })

  it('row 6: personalized, U0 itself: attributes applied, further identities linked; promoted', async () => {
    const then = given([
      register('i'),
      personalize('i', { externalUserId: 'a' }, { keepAsLead: true }),
    ]).when(
      personalize(
        'i',
        { externalUserId: 'a', phones: [phone] },
        { userAttributes: { firstName: 'Jo' } },
      ),
    )
    expect(await then.facts()).toEqual([
      ['IdentityLinked', { userId: A, kind: 'phone', value: phone }],
      ['ProfilePromoted', { userId: A }],
      ['UserAttributesChanged', { userId: A, fields: ['firstName'], values: { firstName: 'Jo' } }],
    ])
  })

  it('row 6: nothing new: no event', async () => {
    const again = personalize('i', { emails: ['a@b.pl'] }, { userAttributes: { firstName: 'Jo' } })
    for (const forceDepersonalize of [false, true]) {
      const then = given([register('i'), again]).when({
        ...again,
        userIdentity: { emails: ['A@B.PL'] },
        forceDepersonalize,
      })
      expect(await then.events()).toEqual([])
      expect((await then.receipt()).position).toBe(5)
    }
  })

  it('row 7: personalized, another’s identity, no force: PERSONALIZATION_IMPOSSIBLE', async () => {
    const then = given([
      createUser('a'),
      register('i'),
      personalize('i', { externalUserId: 'b' }),
    ]).when(personalize('i', { externalUserId: 'a' }))
    expect((await then.refusal()).error).toMatchObject({
      code: 'PERSONALIZATION_IMPOSSIBLE',
      details: { userId: B, candidate: A },
    })
  })

  it('row 8: personalized, nobody’s identity, no force: PERSONALIZATION_IMPOSSIBLE', async () => {
    const then = given([register('i'), personalize('i', { externalUserId: 'b' })]).when(
      personalize('i', { phones: [phone] }),
    )
    expect(await then.code()).toBe('PERSONALIZATION_IMPOSSIBLE')
  })

  it('row 7: the engine option personalizeUnknownIdentity "extend" changes nothing of it', async () => {
    const world = openWorld({ personalizeUnknownIdentity: 'extend' })
    const then = given(
      [createUser('a'), register('i'), personalize('i', { phones: [phone] })],
      world,
    ).when(personalize('i', { externalUserId: 'a' }))
    expect(await then.code()).toBe('PERSONALIZATION_IMPOSSIBLE')
  })

  it('row 8: with the engine option personalizeUnknownIdentity "extend" as row 6', async () => {
    const world = openWorld({ personalizeUnknownIdentity: 'extend' })
    const then = given([register('i'), personalize('i', { externalUserId: 'b' })], world).when(
      personalize('i', { phones: [phone] }, { userAttributes: { firstName: 'Jo' } }),
    )
    expect(await then.facts()).toEqual([
      ['IdentityLinked', { userId: A, kind: 'phone', value: phone }],
      ['UserAttributesChanged', { userId: A, fields: ['firstName'], values: { firstName: 'Jo' } }],
    ])
    const other = given([], world).when(
      personalize('i', { externalUserId: 'c', emails: ['q@r.pl'] }),
    )
    expect(await other.code()).toBe('PERSONALIZATION_IMPOSSIBLE')
  })

  it('row 9: force, another’s identity: detached and cleared as in section 6, and attached to C1 directly', async () => {
    const then = given([
      createUser('a'),
      register('i', { customAttributes: { seat: 'x' }, device: { deviceName: 'Jo’s' } }),
      personalize('i', { externalUserId: 'b' }, { setAsPrimary: true }),
    ]).when(personalize('i', { externalUserId: 'a' }, { forceDepersonalize: true }))
    expect(await then.facts()).toEqual([
      ['PrimaryCleared', { userId: B1, pushRegistrationId: 'i' }],
      ['InstallationDetached', { pushRegistrationId: 'i', userId: B1 }],
      [
        'InstallationAttached',
        {
          pushRegistrationId: 'i',
          userId: A,
          fromUserId: B1,
          isPrimaryDevice: false,
          identities: [2],
          fields: ['deviceName'],
          values: { deviceName: 'Jo’s' },
        },
      ],
    ])
    expect((await then.receipt()).user?.id).toBe(A)
  })

  it('row 9: force, no candidate: attached to a new LEAD on which row 4 applies', async () => {
    const then = given([register('i'), personalize('i', { externalUserId: 'b' })]).when(
      personalize('i', { externalUserId: 'n' }, { forceDepersonalize: true }),
    )
    const N = userOf(3)
    expect(await then.facts()).toEqual([
      ['UserCreated', { userId: N, userType: 'LEAD' }],
      ['InstallationDetached', { pushRegistrationId: 'i', userId: A }],
      [
        'InstallationAttached',
        {
          pushRegistrationId: 'i',
          userId: N,
          fromUserId: A,
          isPrimaryDevice: false,
          identities: [],
          fields: [],
          values: {},
        },
      ],
      ['IdentityLinked', { userId: N, kind: 'externalUserId', value: 'n' }],
      ['ProfilePromoted', { userId: N }],
    ])
  })

  it('row 10: no such installation: NO_REGISTRATION', async () => {
    const then = given([createUser('a')]).when(personalize('i', { externalUserId: 'a' }))
    expect(await then.code()).toBe('NO_REGISTRATION')
  })
})
