// Every invariant of a store or an engine that is in use: nothing is found in what is whole, and what
// is broken is named.

import {
  type Engine,
  type Json,
  memoryStore,
  openEngine,
  type Recorded,
  type Store,
} from '@selfsame/core'
import {
  checkAccount,
  countingIds,
  type Promised,
  replayLines,
  sequences,
  steppingClock,
  tellStory,
} from '@selfsame/testkit'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { beginning, eraseAnn, merge } from './story.js'

const register = { type: 'RegisterInstallation', pushRegistrationId: 'c', applicationId: 'shop' }

/** A store in use: a merge, an erasure, a command id, and facts of the embedder's own between them. */
const inUse = async (): Promise<{ readonly store: Store; readonly engine: Engine }> => {
  const store = memoryStore({ clock: steppingClock() })
  const engine = openEngine({ store, idSource: countingIds() })
  const placed = { type: 'shop.OrderPlaced', tags: ['order:1'], payload: { total: 3 } }
  for (const command of [...beginning, { ...register, commandId: 'cmd-1' }, merge]) {
    const done = await engine.execute(command)()
    if (E.isLeft(done)) throw new Error(JSON.stringify(done.left))
    await engine.append([placed, placed])()
  }
  await engine.execute(eraseAnn)()
  for (const phone of ['48600700810', '48600700811'])
    await engine.createUser({ userIdentity: { phones: [phone] } })()
  await engine.append([placed])()
  return { store, engine }
}

/** The lines of a story carry ids of the story's own engine. */
const otherSeed = '01a00000-0000-7000-8000-00000000abcd'

const named = async (account: Parameters<typeof checkAccount>[0]) => [
  ...new Set((await checkAccount(account)).map(({ invariant }): Promised => invariant)),
]

it('finds nothing in a store or an engine that is whole', async () => {
  const { store, engine } = await inUse()
  expect(await checkAccount(store)).toEqual([])
  expect(await checkAccount(engine)).toEqual([])
})

const ann = { phone: '48600700800' }
const bob = { phone: '48600700801' }

it.each<readonly [string, ReadonlyArray<Json>]>([
  ['the one that stayed', [eraseAnn]],
  ['the one that came back', [{ type: 'EraseUser', target: bob, reason: 'asked' }]],
])(
  'finds nothing where a merge was undone and one of the two erased since: %s',
  async (_, ends) => {
    const store = memoryStore({ clock: steppingClock() })
    const engine = openEngine({ store, idSource: countingIds() })
    const [, registered] = await engine.executeAll(beginning)()
    if (registered === undefined || E.isLeft(registered)) throw new Error('b is not registered')
    const unmerge = {
      type: 'UnmergeUsers',
      survivor: ann,
      absorbed: registered.right.user?.id ?? '',
    }
    const retag = { type: 'SaveUser', target: ann, user: { tags: ['old'], firstName: null } }
    const rename = {
      type: 'SaveInstallation',
      pushRegistrationId: 'b',
      applicationUserId: null,
      customAttributes: { plan: null },
    }
    const done = await engine.executeAll([rename, merge, retag, rename, unmerge, ...ends])()
    expect(done.filter(E.isLeft)).toEqual([])
    expect(await checkAccount(store)).toEqual([])
    expect(await checkAccount(engine)).toEqual([])
  },
)

it('finds nothing in any random story', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      const store = memoryStore({ clock: steppingClock() })
      const engine = openEngine({ ...sequence.rules, store, idSource: countingIds(otherSeed) })
      const { steps } = await tellStory(sequence)
      await engine.executeAll(replayLines(steps))()
      expect(await checkAccount(store)).toEqual([])
      expect(await checkAccount(engine)).toEqual([])
    }),
    { seed: 5, numRuns: 40 },
  )
})

/** The events of a store as somebody has changed them. */
const rewritten = (store: Store, rewrite: (event: Recorded) => Recorded | null): Store => ({
  ...store,
  log: {
    ...store.log,
    read: (query, range) => async () => {
      const page = await store.log.read(query, range)()
      if (E.isLeft(page)) return page
      const events = page.right.events.flatMap((event) => {
        if (event.type.includes('.')) return [event]
        const one = rewrite(event as Recorded)
        return one === null ? [] : [one]
      })
      return E.right({ ...page.right, events })
    },
  },
})

describe('in a store', () => {
  it.each<readonly [string, Promised, (event: Recorded) => Recorded | null]>([
    [
      'an identity is linked to two users',
      1,
      (event) =>
        event.type === 'IdentityLinked' && event.payload.value === '48600700811'
          ? { ...event, payload: { ...event.payload, value: '48600700810' } }
          : event,
    ],
    [
      'a promotion is told twice',
      5,
      (event) =>
        event.type === 'PrimaryAssigned'
          ? { ...event, type: 'ProfilePromoted', payload: { userId: event.payload.userId } }
          : event,
    ],
    ['an event is gone', 'log', (event) => (event.type === 'ProfilePromoted' ? null : event)],
    [
      'an erased value can be read',
      11,
      (event) =>
        event.type === 'IdentityLinked'
          ? { ...event, payload: { ...event.payload, value: '48600700800' } }
          : event,
    ],
    [
      'an event belongs to another command',
      8,
      (event) =>
        event.type === 'UsersMerged'
          ? { ...event, commandId: 'cmd-1' as Recorded['commandId'] }
          : event,
    ],
  ])('%s: %s', async (_, invariant, rewrite) => {
    const { store } = await inUse()
    expect(await named(rewritten(store, rewrite))).toContain(invariant)
  })

  it('an event is wrong that stands between two looks at the whole', async () => {
    const { store } = await inUse()
    expect(await checkAccount(store, { looksMax: 2 })).toEqual([])
    const altered = rewritten(store, (event) =>
      event.type === 'ProfilePromoted'
        ? { ...event, payload: { userId: 'nobody' as never } }
        : event,
    )
    expect((await checkAccount(altered, { looksMax: 2 })).length).toBeGreaterThan(0)
  })

  it('a row is not what the log gives', async () => {
    const { store } = await inUse()
    const without: Store = {
      ...store,
      load: (roots, next) =>
        store.load(
          roots.filter((key) => key.kind !== 'installation' || key.id !== 'c'),
          next,
        ),
    }
    expect(await named(without)).toEqual([6])
  })

  it('a command id is forgotten, or remembered with other events', async () => {
    const { store } = await inUse()
    const forgetful: Store = { ...store, remembered: () => async () => E.right(null) }
    expect(await checkAccount(forgetful)).toEqual([
      {
        invariant: 8,
        message: 'the command cmd-1 recorded 2 events and is not remembered',
        position: expect.any(Number),
      },
    ])
    const miscounting: Store = {
      ...store,
      remembered: (id) => async () => {
        const known = await store.remembered(id)()
        return E.isRight(known) && known.right !== null
          ? E.right({ ...known.right, count: 1 })
          : known
      },
    }
    expect(await named(miscounting)).toEqual([8])
  })

  it('a log that cannot be read is told as such', async () => {
    const { store } = await inUse()
    await store.close()()
    expect(await named(store)).toEqual(['log'])
  })
})

describe('of an engine', () => {
  it('an answer is not what the log gives', async () => {
    const { engine } = await inUse()
    const outdated: Engine = {
      ...engine,
      fetchInstallation: (id) => async () => {
        const shown = await engine.fetchInstallation(id)()
        return E.isRight(shown) ? E.right({ ...shown.right, notificationsEnabled: false }) : shown
      },
    }
    const found = await checkAccount(outdated)
    expect(found.map(({ invariant }) => invariant)).toEqual([6, 6, 6])
    expect(found[0]?.message).toContain('installation a is shown as ')
  })

  it('an event still shows somebody who was erased', async () => {
    const { engine } = await inUse()
    const leaking: Engine = {
      ...engine,
      readAll: (query, range) => async () => {
        const page = await engine.readAll(query, range)()
        return E.isRight(page)
          ? E.right({
              ...page.right,
              events: page.right.events.map((event) =>
                event.type === 'UserAttributesChanged' && 'userId' in event.payload
                  ? { ...event, payload: { ...event.payload, values: { firstName: 'Ann' } } }
                  : event,
              ) as typeof page.right.events,
            })
          : page
      },
    }
    expect(await named(leaking)).toContain(11)
  })
})
