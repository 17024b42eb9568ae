// What a second reading of domain.md found wrong, each at its smallest.

import { describe, expect, it } from 'vitest'
import { type MergePolicy, memoryStore, openEngine } from '../../src/index.js'
import {
  createUser,
  depersonalize,
  merge,
  personalize,
  register,
  saveUser,
  setPrimary,
  unmerge,
} from '../support/commands.js'
import { openWorld, refusalOf, seedOf, successOf, userOf } from '../support/world.js'

const a = { externalUserId: 'a' }
const [b, c] = [userOf(2), userOf(3)]

/** Three users, b and c absorbed in a, so that removals are remembered after one unmerge. */
const merged = async (attributes: object) => {
  const world = openWorld()
  await world.run(createUser('a', { userAttributes: attributes }))
  await world.run({
    type: 'CreateUser',
    userIdentity: { phones: ['48600700801'] },
    userAttributes: { tags: ['t3'] },
  })
  await world.run({ type: 'CreateUser', userIdentity: { phones: ['48600700802'] } })
  await world.run(merge([a, { userId: b }]))
  await world.run(merge([a, { userId: c }]))
  return world
}

describe('kept', () => {
  it('tells tags that were added by their name, and those that were removed as a removal', async () => {
    const world = await merged({ tags: ['t1', 't2'] })
    await world.run(saveUser(a, { tags: ['t1', 't9'] }))
    const first = await world.run(unmerge(a, b))
    const tags = (receipt: typeof first) => receipt.kept?.map(({ field, value }) => [field, value])
    expect(tags(first)).toEqual([
      ['tags', 't9'],
      ['tags', null],
    ])
    expect(first.user?.tags).toEqual(['t1', 't9'])
    expect(tags(await world.run(unmerge(a, c)))).toEqual([
      ['tags', 't9'],
      ['tags', null],
    ])
  })

  it('does not claim a primary mark whose installation goes back', async () => {
    const world = openWorld()
    await world.run(createUser('a'))
    await world.run(register('i'))
    await world.run(merge([a, { pushRegistrationId: 'i' }]))
    await world.run(setPrimary('i'))
    const receipt = await world.run(unmerge(a, userOf(2)))
    expect(receipt.kept).toEqual([])
    expect(receipt.user?.installations).toEqual([])
  })

  it('does not claim a primary mark whose installation went back with another user before', async () => {
    const world = openWorld()
    await world.run(createUser('a'))
    for (const id of ['i', 'j', 'k']) await world.run(register(id))
    for (const id of ['i', 'j', 'k']) await world.run(merge([a, { pushRegistrationId: id }]))
    await world.run(setPrimary('j'))
    await world.run(unmerge(a, userOf(3)))
    const receipt = await world.run(unmerge(a, userOf(2)))
    expect(receipt.kept).toEqual([])
  })

  it('does not claim one whose installation went back and came again', async () => {
    const world = openWorld()
    await world.run(createUser('a'))
    for (const id of ['i', 'j']) await world.run(register(id))
    for (const id of ['i', 'j']) await world.run(merge([a, { pushRegistrationId: id }]))
    await world.run(setPrimary('j'))
    await world.run(unmerge(a, userOf(3)))
    await world.run(merge([a, { userId: userOf(3) }]))
    const receipt = await world.run(unmerge(a, userOf(2)))
    expect(receipt.kept).toEqual([])
  })
})

describe('policies', () => {
  const absorbedFirst: MergePolicy = { name: 'absorbed-first', choose: () => 'absorbed' }
  const people = [
    createUser('a', { userAttributes: { firstName: 'Ann' } }),
    {
      type: 'CreateUser',
      userIdentity: { phones: ['48600700801'] },
      userAttributes: { firstName: 'Bea' },
    },
    {
      type: 'CreateUser',
      userIdentity: { phones: ['48600700802'] },
      userAttributes: { firstName: 'Cat' },
    },
  ]

  it('that settled a merge which stays must be known where another one is undone', async () => {
    let time = 1_800_000_000_000
    let seeds = 0
    const store = memoryStore({ clock: () => time++ })
    const idSource = () => seedOf(++seeds)
    const engine = openEngine({ store, idSource, policies: [absorbedFirst] })
    for (const command of people) await successOf(engine.execute(command))
    const policy = 'absorbed-first'
    await successOf(engine.execute(merge([a, { userId: b }], { policy })))
    await successOf(engine.execute(merge([a, { userId: c }], { policy })))
    const without = openEngine({ store, idSource })
    const refusal = await refusalOf(without.execute(unmerge(a, c)))
    expect(refusal.error).toMatchObject({ code: 'UNMERGE_IMPOSSIBLE', details: { policy } })
    const receipt = await successOf(engine.execute(unmerge(a, c)))
    expect(receipt.user?.firstName).toBe('Bea')
  })

  it('have a name of their own, a token', () => {
    const store = memoryStore({ clock: () => 0 })
    const open = (policies: ReadonlyArray<MergePolicy>, defaultPolicy = 'survivor-first') =>
      openEngine({ store, idSource: () => seedOf(1), policies, defaultPolicy })
    expect(() => open([{ ...absorbedFirst, name: 'my policy' }])).toThrow('my policy')
    expect(() => open([{ ...absorbedFirst, name: 'latest-wins' }])).toThrow('latest-wins')
    expect(() => open([], 'nope')).toThrow('nope')
  })

  it('that throw are a failure of execute and of preview, and record nothing', async () => {
    let seeds = 0
    const throwing: MergePolicy = {
      name: 'throwing',
      choose: () => {
        throw new Error('no idea')
      },
    }
    const store = memoryStore({ clock: () => 1_800_000_000_000 })
    const engine = openEngine({ store, idSource: () => seedOf(++seeds), policies: [throwing] })
    for (const command of people) await successOf(engine.execute(command))
    const { head } = await successOf(store.read([], {}))
    const command = merge([a, { userId: b }], { policy: 'throwing' })
    for (const task of [engine.execute(command), engine.preview(command)])
      expect(await task()).toMatchObject({
        _tag: 'Left',
        left: { kind: 'unexpected', message: 'no idea' },
      })
    expect((await successOf(store.read([], {}))).head).toBe(head)
  })

  it('an override beats everything, anonymousData "leave" too', async () => {
    const world = openWorld({ anonymousData: 'leave' })
    await world.run(createUser('a', { userAttributes: { firstName: 'Ann', lastName: 'A' } }))
    await world.run(register('i'))
    await world.run(saveUser({ pushRegistrationId: 'i' }, { firstName: 'Guest', lastName: 'G' }))
    const overrides = { firstName: userOf(2) }
    const both = await world.run(merge([a, { pushRegistrationId: 'i' }], { overrides }))
    expect([both.user?.firstName, both.user?.lastName]).toEqual(['Guest', 'A'])
    const undone = await world.run(unmerge(a, userOf(2)))
    expect([undone.user?.firstName, undone.user?.lastName]).toEqual(['Ann', 'A'])
  })
})

it('an override to an empty value holds after an unmerge, where both sides were empty too', async () => {
  const world = openWorld()
  await world.run(createUser('a', { userAttributes: { firstName: 'Ann' } }))
  await world.run({ type: 'CreateUser', userIdentity: { phones: ['48600700801'] } })
  await world.run({ type: 'CreateUser', userIdentity: { phones: ['48600700802'] } })
  await world.run(merge([a, { userId: b }], { overrides: { firstName: b } }))
  await world.run(merge([a, { userId: c }], { overrides: { firstName: c } }))
  expect((await world.run(unmerge(a, b))).user?.firstName).toBeNull()
  expect((await world.run(unmerge(a, c))).user?.firstName).toBe('Ann')
})

it('a segment compares times, whatever their offset', async () => {
  const world = openWorld()
  await world.run({
    type: 'DefineAttribute',
    scope: 'user',
    name: 'seen',
    attributeType: 'datetime',
  })
  await world.run(
    createUser('a', {
      userAttributes: { customAttributes: { seen: '2024-02-29T23:59:59+02:00' } },
    }),
  )
  const found = async (is: string, value: string): Promise<number> => {
    const query = { predicate: { customAttribute: 'seen', is, value } }
    return (await successOf(world.engine.segment(query))).users.length
  }
  expect(await found('=', '2024-02-29T22:59:59+01:00')).toBe(1)
  expect(await found('>', '2024-02-29T23:00:00+03:00')).toBe(1)
  expect(await found('<', '2024-02-29T23:00:00+03:00')).toBe(0)
  expect(await found('!=', '2024-02-29T21:59:59Z')).toBe(0)
})

it('UNMERGE_IMPOSSIBLE does not send to an outer merge that is not there', async () => {
  const world = await merged({})
  await world.run(createUser('d'))
  const { error } = await world.refused(unmerge({ externalUserId: 'd' }, b))
  expect(error).toMatchObject({
    code: 'UNMERGE_IMPOSSIBLE',
    message: 'this user is not absorbed in the survivor',
  })
})

it('a mark that an absorbed user brought is not given again to an installation that left since', async () => {
  const world = openWorld()
  await world.run(createUser('a'))
  for (const id of ['i', 'j']) {
    await world.run(register(id))
    await world.run(setPrimary(id))
    await world.run(merge([a, { pushRegistrationId: id }]))
  }
  await world.run(depersonalize('j'))
  await world.run(personalize('j', a))
  const { user } = await world.run(unmerge(a, b))
  expect(user?.installations).toMatchObject([{ pushRegistrationId: 'j', isPrimaryDevice: false }])
})

it('an externalUserId that a write released is not given back by a later unmerge', async () => {
  const world = openWorld()
  for (const name of ['one', 'two', 'three']) await world.run(createUser(name))
  const [one, two, three] = await Promise.all(
    ['one', 'two', 'three'].map(async (externalUserId) => {
      const found = await successOf(world.engine.fetchUser({ externalUserId }))
      return found.id
    }),
  )
  const into = (survivor: string, absorbed: string, stays: string) =>
    merge([{ userId: survivor }, { userId: absorbed }], {
      survivor: { userId: survivor },
      overrides: { externalUserId: stays },
    })
  await world.run(into(two ?? '', three ?? '', three ?? ''))
  await world.run(into(one ?? '', two ?? '', two ?? ''))
  // A write on the outer survivor takes the id of the innermost away.
  await world.run({ type: 'SaveUser', target: { userId: one }, user: { externalUserId: 'one' } })
  expect((await world.run(unmerge({ userId: one ?? '' }, two ?? ''))).user?.externalUserId).toBe(
    'one',
  )
  await world.run(into(two ?? '', one ?? '', one ?? ''))
  const { user } = await world.run(unmerge({ userId: two ?? '' }, one ?? ''))
  expect(user?.externalUserId).toBe('two')
})

it('an externalUserId that an unmerge gave to the survivor again is its own to release', async () => {
  const world = openWorld()
  await world.run(register('i'))
  for (const name of ['one', 'two']) await world.run(createUser(name))
  const [lead, one, two] = [userOf(1), userOf(2), userOf(3)]
  const survivor = { userId: lead }
  await world.run(merge([survivor, { userId: one }], { survivor }))
  await world.run(
    merge([survivor, { userId: two }], { survivor, overrides: { externalUserId: lead } }),
  )
  // The id of the first goes back, and that of the second, which the override had freed, is shown.
  expect((await world.run(unmerge(survivor, one))).user?.externalUserId).toBe('two')
  await world.run({ type: 'SaveUser', target: survivor, user: { externalUserId: 'three' } })
  await world.run(unmerge(survivor, two))
  expect((await successOf(world.engine.fetchUser({ userId: two }))).externalUserId).toBe(null)
  await world.rows()
})

it('a mark that an installation lost with an unmerge does not come back when the two are merged again', async () => {
  const world = openWorld()
  await world.run(createUser('a'))
  for (const id of ['i', 'j']) await world.run(register(id))
  await world.run(setPrimary('j'))
  await world.run(personalize('i', a, { setAsPrimary: true }))
  await world.run(personalize('j', a))
  const [one, other] = [userOf(2), userOf(3)]
  await world.run(unmerge(a, one))
  await world.run(merge([a, { userId: one }], { survivor: a }))
  const { user } = await world.run(unmerge(a, other))
  expect(user?.installations).toMatchObject([{ pushRegistrationId: 'i', isPrimaryDevice: false }])
  await world.rows()
})
