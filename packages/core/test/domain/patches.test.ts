// Patches, everywhere (domain.md section 3).

import { describe, expect, it } from 'vitest'
import { createUser, register, saveInstallation, saveUser } from '../support/commands.js'
import { type Given, given } from '../support/world.js'

const full = {
  firstName: 'Jo',
  lastName: 'Lee',
  middleName: 'M',
  gender: 'Male',
  birthday: '1990-01-01',
  tags: ['x', 'y'],
  customAttributes: { a: 'x', b: 2 },
}
const made = [
  createUser('a', {
    userIdentity: { externalUserId: 'a', phones: ['48600700800'], emails: ['a@b.pl', 'c@d.pl'] },
    userAttributes: full,
  }),
]
const save = (user: object): Given => saveUser({ externalUserId: 'a' }, { ...user })
const after = async (patch: object) => (await given(made).when(save(patch)).receipt()).user
const eventsOf = (patch: object) => given(made).when(save(patch)).events()

describe('patches', () => {
  it('an omitted key keeps', async () => {
    expect(await after({ firstName: 'Ann' })).toMatchObject({ ...full, firstName: 'Ann' })
  })

  it('a key that is undefined is omitted', async () => {
    expect(await eventsOf({ firstName: undefined, tags: undefined })).toEqual([])
  })

  it('null removes', async () => {
    const none = { firstName: null, lastName: null, middleName: null, gender: null, birthday: null }
    expect(
      await after({ ...none, tags: null, phones: null, emails: null, externalUserId: null }),
    ).toMatchObject({
      ...none,
      tags: [],
      phones: [],
      emails: [],
      externalUserId: null,
    })
  })

  it('an empty string is null, except as a custom attribute value, where it is a value', async () => {
    expect(
      await after({
        firstName: '',
        gender: '',
        birthday: '',
        externalUserId: '',
        customAttributes: { a: '' },
      }),
    ).toMatchObject({
      firstName: null,
      gender: null,
      birthday: null,
      externalUserId: null,
      customAttributes: { a: '', b: 2 },
    })
  })

  it('phones, emails and tags are replaced as a whole; an empty set removes all', async () => {
    expect(await after({ tags: ['z'], emails: ['c@d.pl'] })).toMatchObject({
      tags: ['z'],
      emails: ['c@d.pl'],
    })
    expect(await after({ tags: [], emails: [], phones: [] })).toMatchObject({
      tags: [],
      emails: [],
      phones: [],
    })
  })

  it('null, empty strings and duplicates inside a set are dropped', async () => {
    expect(
      await after({
        tags: ['x', null, '', 'y', 'x'],
        phones: ['+48 600 700 800', '', '48600700800', null],
        emails: ['C@D.pl', 'a@b.pl', null, 'A@B.PL'],
      }),
    ).toMatchObject({ tags: ['x', 'y'], phones: ['48600700800'], emails: ['a@b.pl', 'c@d.pl'] })
    expect(
      await eventsOf({ tags: ['x', null, '', 'y', 'x'], emails: ['C@D.pl', 'A@B.PL', ''] }),
    ).toEqual([])
  })

  it('customAttributes and device are merged per key', async () => {
    expect((await after({ customAttributes: { a: null, c: true } }))?.customAttributes).toEqual({
      b: 2,
      c: true,
    })
  })

  it('customAttributes: null clears them, {} changes nothing', async () => {
    expect((await after({ customAttributes: null }))?.customAttributes).toEqual({})
    expect(await eventsOf({ customAttributes: {} })).toEqual([])
  })

  it('a patch that changes nothing records nothing and succeeds: setting an equal value is no write', async () => {
    expect(await eventsOf({})).toEqual([])
    expect(await eventsOf({ ...full, tags: ['y', 'x'] })).toEqual([])
    expect(await eventsOf({ middleName: 'M', phones: ['48600700800'] })).toEqual([])
  })

  it('removing what is not there is no write', async () => {
    const bare = [createUser('a')]
    const nothing = { firstName: null, tags: [], phones: null, customAttributes: { a: null } }
    expect(await given(bare).when(save(nothing)).events()).toEqual([])
    expect(
      await given(bare)
        .when(save({ customAttributes: null }))
        .events(),
    ).toEqual([])
    const device = saveInstallation('i', {
      device: null,
      applicationUserId: null,
      customAttributes: null,
    })
    expect(
      await given([register('i')])
        .when(device)
        .events(),
    ).toEqual([])
  })

  it('only what changes is recorded, the names openly and in order', async () => {
    const then = given(made).when(
      save({
        ...full,
        lastName: null,
        firstName: 'Jo',
        tags: ['z', 'x', 'a'],
        customAttributes: { b: 3, a: 'x' },
      }),
    )
    expect((await then.facts()).map(([, payload]) => payload)).toMatchObject([
      {
        fields: ['customAttributes.b', 'lastName', 'tags'],
        values: {
          lastName: null,
          tags: { added: ['a', 'z'], removed: ['y'] },
          'customAttributes.b': 3,
        },
      },
    ])
  })
})
