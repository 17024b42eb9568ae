// The store port over plain maps, where the engine does not show it.

import { describe, expect, it } from 'vitest'
import { emptyDirectory, leadsTo, memoryStore, openEngine, type WorkItem } from '../../src/index.js'
import { E } from '../../src/prelude.js'
import { pushRegistrationId } from '../../src/values/token.js'
import { createUser, personalize, register, saveUser } from '../support/commands.js'
import { openWorld, seedOf, successOf, userOf } from '../support/world.js'

const open = () => memoryStore({ clock: () => Date.parse('2026-11-24T10:00:00Z') })

const idle: WorkItem = {
  commandId: null,
  contentDigest: '',
  roots: [],
  next: () => [],
  decide: (slice) =>
    E.right({ events: [], directory: slice, subject: { userId: null, installationId: null } }),
}

describe('a memory store', () => {
  it('begins empty', async () => {
    const store = open()
    expect(await successOf(store.read([], {}))).toEqual({ head: 0, events: [] })
    expect(await successOf(store.load([], () => []))).toEqual({
      head: 0,
      now: '2026-11-24T10:00:00.000Z',
      directory: emptyDirectory,
    })
    expect(await successOf(store.users(null, 10))).toMatchObject({ next: null })
  })

  it('keeps the content itself as its digest, unless it is given one', () => {
    expect(open().digest('x')).toBe('x')
    expect(memoryStore({ clock: () => 0, digest: (text) => `${text}!` }).digest('x')).toBe('x!')
  })

  it('decides each item alone: a decision that throws is a failure of that item', async () => {
    const broken: WorkItem = {
      ...idle,
      decide: () => {
        throw new Error('a bug')
      },
    }
    const outcomes = await open().transact([idle, broken, idle])()
    expect(outcomes.map(({ _tag }) => _tag)).toEqual(['Right', 'Left', 'Right'])
    expect(outcomes[1]).toMatchObject({
      left: { kind: 'unexpected', message: expect.stringContaining('a bug') },
    })
  })

  it('refuses everything once it is closed', async () => {
    const store = open()
    await successOf(store.close())
    const failures = [
      await store.read([], {})(),
      await store.load([], () => [])(),
      await store.users(null, 1)(),
      await store.rebuild()(),
      ...(await store.transact([idle])()),
    ]
    for (const one of failures)
      expect(one).toMatchObject({ _tag: 'Left', left: { kind: 'closed' } })
    const engine = openEngine({ store, idSource: () => seedOf(1) })
    expect(await engine.execute(createUser('a'))()).toMatchObject({
      left: { _tag: 'Failure', kind: 'closed' },
    })
  })

  it('cannot be changed through what it shows: its rows and the values of its events are frozen', async () => {
    const world = openWorld()
    await world.run(register('d'))
    const receipt = await world.run(
      personalize('d', { phones: ['+48600700800'] }, { userAttributes: { firstName: 'Ann' } }),
    )
    const changed = receipt.events.find(({ type }) => type === 'UserAttributesChanged')
    const values = Object(changed?.payload).values
    expect(() => Object.assign(values, { firstName: 'Bea' })).toThrow(TypeError)
    const parts = async () => {
      const roots = [{ kind: 'installation', id: pushRegistrationId('d') } as const]
      const { users, installations } = (await successOf(world.store.load(roots, leadsTo))).directory
      const rows = [...users.values(), ...installations.values()]
      expect(rows).toHaveLength(2)
      return rows.flatMap((row) => [row, ...Object.values(row)])
    }
    for (const part of await parts()) expect(Object.isFrozen(part)).toBe(true)
    await successOf(world.engine.rebuild())
    for (const part of await parts()) expect(Object.isFrozen(part)).toBe(true)
  })

  it('reads a range, forwards and backwards, filtered', async () => {
    const world = openWorld()
    await world.runAll([register('i'), personalize('i', { externalUserId: 'a' }), createUser('b')])
    const positions = async (query: Parameters<typeof world.store.read>[0], range: object) =>
      (await successOf(world.store.read(query, range))).events.map(({ position }) => position)
    expect(await positions([], { after: 1, upTo: 4 })).toEqual([2, 3, 4])
    expect(await positions([], { limit: 2 })).toEqual([1, 2])
    expect(await positions([], { limit: 2, backwards: true })).toEqual([6, 5])
    expect(await positions([{ types: ['IdentityLinked'] }], {})).toEqual([3, 6])
    expect(await positions([{ tags: [`user:${userOf(1)}`] }], {})).toEqual([1, 2, 3, 4])
    expect(await positions([{ tags: ['identity:externalUserId:b'] }], {})).toEqual([6])
  })

  it('pages living users in the order of their ids, with their installations', async () => {
    const world = openWorld()
    await world.runAll([register('i'), createUser('b'), createUser('c')])
    const first = await successOf(world.store.users(null, 2))
    expect([...first.directory.users.keys()]).toEqual([userOf(1), userOf(2)])
    expect([...first.directory.installations.keys()]).toEqual(['i'])
    const second = await successOf(world.store.users(first.next, 2))
    expect([...second.directory.users.keys()]).toEqual([userOf(3)])
    expect(second.next).toBe(null)
  })

  it('a rebuild tells counts and progress, and finds nothing to put right', async () => {
    const world = openWorld()
    await world.runAll([
      register('i'),
      personalize('i', { externalUserId: 'a' }),
      saveUser({ externalUserId: 'a' }, { firstName: 'Ann' }),
    ])
    const told: Array<readonly [number, number]> = []
    const report = await successOf(world.engine.rebuild((done, of) => told.push([done, of])))
    expect(report).toEqual({
      events: 5,
      users: 1,
      installations: 1,
      identities: 1,
      isSwapped: true,
      differing: 0,
      differences: [],
    })
    expect(told.at(-1)).toEqual([5, 5])
  })
})
