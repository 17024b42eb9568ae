// The log level: an embedder's own facts among Selfsame's, under a dynamic consistency boundary.

import { memoryStore, openEngine, type Store } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { accept, countingIds, left, newFile, openOver, openStore, right } from './support/files.js'

const order = (id: number, tags: ReadonlyArray<string> = [`order:${id}`]) => ({
  type: 'shop.OrderPlaced',
  tags,
  payload: { id, __proto__x: { deep: [1, null, 'a'] } },
})
const register = {
  type: 'RegisterInstallation',
  pushRegistrationId: 'i1',
  applicationId: 'shop',
}

const stores: ReadonlyArray<readonly [string, () => Promise<Store>]> = [
  ['memory', async () => memoryStore({ clock: () => 1_800_000_000_000 })],
  ['SQLite', () => openStore(newFile())],
]

describe.each(stores)('an embedder’s own facts in %s', (_, open) => {
  it('stand in one order with Selfsame’s events, which do not see them', async () => {
    const store = await open()
    const engine = openOver(store)
    await accept(engine, register)
    const appended = right(await engine.append([order(1), order(2)])())
    expect(appended.position).toBe(4)
    await accept(engine, { ...register, pushRegistrationId: 'i2' })
    const all = right(await engine.readAll([])())
    expect(all.head).toBe(6)
    expect(all.events.map(({ position, type }) => `${position} ${type}`)).toEqual([
      '1 UserCreated',
      '2 InstallationRegistered',
      '3 shop.OrderPlaced',
      '4 shop.OrderPlaced',
      '5 UserCreated',
      '6 InstallationRegistered',
    ])
    expect(all.events[2]).toEqual(appended.events[0])
    expect(right(await engine.readLog([])()).events).toHaveLength(4)
    expect(right(await engine.readLog([], { limit: 3 })()).events).toHaveLength(3)
    expect(right(await engine.rebuild()()).differences).toEqual([])
    await engine.close()()
  })

  it('are found by types and tags: all tags of an item, any item, nothing for an unknown one', async () => {
    const engine = openOver(await open())
    right(await engine.append([order(1, ['a', 'b']), order(2, ['a']), order(3, [])])())
    const ids = async (query: unknown[], range = {}) =>
      right(await engine.readAll(query as never, range)()).events.map(({ position }) => position)
    expect(await ids([{ tags: ['a', 'b'] }])).toEqual([1])
    expect(await ids([{ tags: ['b'] }, { tags: ['a'] }])).toEqual([1, 2])
    expect(await ids([{ types: ['shop.OrderPlaced'], tags: ['a'] }], { backwards: true })).toEqual([
      2, 1,
    ])
    expect(await ids([{ types: ['shop.Other'] }])).toEqual([])
    expect(await ids([{ types: ['shop.OrderPlaced'] }], { after: 1, limit: 1 })).toEqual([2])
    expect(await ids([{}])).toEqual([1, 2, 3])
    await engine.close()()
  })

  it('are refused where a matching event stands after the position, and only then', async () => {
    const engine = openOver(await open())
    const once = (tag: string, after?: number) => ({
      failIfEventsMatch: [{ tags: [tag] }],
      ...(after === undefined ? {} : { after }),
    })
    right(await engine.append([order(1)], once('order:1'))())
    expect(left(await engine.append([order(1)], once('order:1'))())).toEqual({
      _tag: 'Conflict',
      position: 1,
    })
    const { head } = right(await engine.readAll([{ tags: ['order:1'] }])())
    right(await engine.append([order(1)], once('order:1', head))())
    expect(left(await engine.append([order(9)], { failIfEventsMatch: [] })())).toMatchObject({
      _tag: 'Conflict',
    })
    expect(right(await engine.readAll([])()).head).toBe(2)
    await engine.close()()
  })

  it('may not be Selfsame’s, nor malformed: every wrong path is named', async () => {
    const engine = openOver(await open())
    const refused = left(
      await engine.append(
        [
          { type: 'UserCreated', tags: ['identity:phone:1'], payload: [] },
          { type: 'shop.X', tags: Array.from({ length: 101 }, String), payload: {}, extra: 1 },
        ],
        { failIfEventsMatch: [{ tag: 'a' }], after: -1 },
      )(),
    )
    expect(refused).toMatchObject({ ok: false, error: { code: 'REQUEST_FORMAT_INVALID' } })
    const paths = JSON.stringify(refused).match(/"path":"[^"]*"/g) ?? []
    expect(paths.map((path) => path.slice(8, -1)).sort()).toEqual([
      '/condition/after',
      '/condition/failIfEventsMatch/0/tag',
      '/events/0/payload',
      '/events/0/tags/0',
      '/events/0/type',
      '/events/1/extra',
      '/events/1/tags',
    ])
    expect(E.isLeft(await engine.append('nonsense')())).toBe(true)
    expect(E.isLeft(await engine.append([])())).toBe(true)
    expect(right(await engine.readAll([])()).head).toBe(0)
    await engine.close()()
  })
})

it('of two processes that decide by the same head, one gets the conflict', async () => {
  const file = newFile()
  const stores = [await openStore(file), await openStore(file)]
  const engines = stores.map((store, i) => {
    const ids = countingIds()
    return openEngine({ store, idSource: () => ids().replace('0198000', `0198${i}00`) })
  })
  for (let round = 0; round < 25; round += 1) {
    const results = await Promise.all(
      engines.map(async (engine) => {
        const tags = [`seat:${round}`]
        const { head } = right(await engine.readAll([{ tags }])())
        const condition = { failIfEventsMatch: [{ tags }], after: head }
        return engine.append([{ type: 'shop.SeatTaken', tags, payload: {} }], condition)()
      }),
    )
    expect(results.filter(E.isRight)).toHaveLength(1)
  }
  for (const store of stores) await store.close()()
})
