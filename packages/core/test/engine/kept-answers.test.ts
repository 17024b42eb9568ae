// Answers of fetchUser that an engine keeps: never other than what the store would say now, the same
// for everybody and nobody's to change.

import { describe, expect, it } from 'vitest'
import { askedIn, openKeptAnswers } from '../../src/engine/kept-answers.js'
import { type Engine, openEngine, type Store, type UserView } from '../../src/index.js'
import { E } from '../../src/prelude.js'
import { createByPhone, phoneNo, register, saveUser } from '../support/commands.js'
import { openWorld, refusalOf, seedOf, successOf, type World } from '../support/world.js'

const phone = `+${phoneNo(1).replace(/^\+/, '')}`

const withAnn = async (): Promise<World> => {
  const world = openWorld()
  await world.run(createByPhone(phone, { userAttributes: { firstName: 'Ann', tags: ['a'] } }))
  return world
}

const appended = async (engine: Engine): Promise<void> => {
  const fact = { type: 'shop.Sold', tags: [], payload: {} }
  expect(E.isRight(await engine.append([fact])())).toBe(true)
}

describe('an answer that is kept', () => {
  it('is the very same as long as nothing is written, and frozen through and through', async () => {
    const world = await withAnn()
    const first = await world.user({ phone })
    expect(await world.user({ phone })).toBe(first)
    for (const part of [first, ...Object.values(first)]) expect(Object.isFrozen(part)).toBe(true)
    expect(await world.user({ userId: first.id })).toEqual(first)
  })

  it.each<[string, (world: World, ann: UserView) => Promise<unknown>]>([
    ['a command about the user', (world) => world.run(saveUser({ phone }, { firstName: 'Bea' }))],
    ['a command about somebody else', (world) => world.run(register('d9'))],
    ["an embedder's own fact", ({ engine }) => appended(engine)],
    ['a rebuild', ({ engine }) => successOf(engine.rebuild())],
    [
      'another engine over the same store',
      ({ store }) =>
        successOf(
          openEngine({ store, idSource: () => seedOf(77) }).execute(
            saveUser({ phone }, { lastName: 'Lee' }),
          ),
        ),
    ],
  ])('is dropped by %s', async (_by, write) => {
    const world = await withAnn()
    const before = await world.user({ phone })
    await write(world, before)
    const after = await world.user({ phone })
    expect(after).not.toBe(before)
    expect(await world.user({ userId: before.id })).toEqual(after)
  })

  it('is gone with an erasure, and with the end of the store', async () => {
    const world = await withAnn()
    const { id } = await world.user({ phone })
    await world.user({ userId: id })
    await world.run({ type: 'EraseUser', target: { phone }, reason: 'asked' })
    expect((await refusalOf(world.engine.fetchUser({ phone }))).error.code).toBe('USER_NOT_FOUND')
    expect((await refusalOf(world.engine.fetchUser({ userId: id }))).error.code).toBe('USER_ERASED')
    const other = await withAnn()
    await other.user({ phone })
    await successOf(other.engine.close())
    expect(await other.engine.fetchUser({ phone })()).toMatchObject({ left: { kind: 'closed' } })
  })

  it('is none of a state that was read before somebody wrote', async () => {
    const world = await withAnn()
    let meanwhile: (() => Promise<unknown>) | undefined
    const store: Store = {
      ...world.store,
      load: (roots, next) => async () => {
        const loaded = await world.store.load(roots, next)()
        const write = meanwhile
        meanwhile = undefined
        await write?.()
        return loaded
      },
    }
    const engine = openEngine({ store, idSource: () => seedOf(78) })
    meanwhile = async () => {
      await world.run(saveUser({ phone }, { firstName: 'Bea' }))
      // Somebody else's question sees the new version before the first one is answered.
      await engine.fetchUser({ phone: phoneNo(9) })()
    }
    expect((await successOf(engine.fetchUser({ phone }))).firstName).toBe('Ann')
    expect((await successOf(engine.fetchUser({ phone }))).firstName).toBe('Bea')
  })

  it('is none where the store cannot tell whether anything was written', async () => {
    const world = await withAnn()
    const { version: _none, ...store } = world.store
    for (const silent of [store, { ...store, version: () => undefined }]) {
      const engine = openEngine({ store: silent, idSource: () => seedOf(79) })
      const first = await successOf(engine.fetchUser({ phone }))
      expect(await successOf(engine.fetchUser({ phone }))).not.toBe(first)
    }
  })
})

describe('what is asked', () => {
  it('is refused as ever, whatever was answered before', async () => {
    const world = await withAnn()
    await world.user({ phone })
    class Reference {
      readonly phone = phone
    }
    const wrong = [new Reference(), { phone, email: 'ann@example.com' }, { [`phone:${phone}`]: '' }]
    for (const input of [...wrong, { phon: phone }, [phone], phone, null, undefined])
      expect((await refusalOf(world.engine.fetchUser(input))).error.code).toBe(
        'REQUEST_FORMAT_INVALID',
      )
  })

  it('is read once: what reads otherwise each time is answered for what it was first', async () => {
    const world = await withAnn()
    await world.run(createByPhone(phoneNo(2), { userAttributes: { firstName: 'Bea' } }))
    let reads = 0
    const fickle = {
      get phone() {
        reads += 1
        return reads === 1 ? phoneNo(2) : phone
      },
    }
    expect((await world.user(fickle)).firstName).toBe('Bea')
    expect((await world.user({ phone: phoneNo(2) })).firstName).toBe('Bea')
    expect((await world.user({ phone })).firstName).toBe('Ann')
  })

  it('is kept by only where it is one name and a text that is not long', () => {
    const names = new Set(['phone'])
    expect(askedIn({ phone: 'x' }, names)).toEqual({ text: 'phone:x', input: { phone: 'x' } })
    const thrown = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no')
        },
      },
    )
    for (const other of [{ email: 'x' }, { phone: 7 }, { phone: 'x'.repeat(513) }, {}, thrown])
      expect(askedIn(other, names)).toBeUndefined()
  })
})

it('so many answers are kept, and no more', async () => {
  const answers = openKeptAnswers<string>({ version: () => 1 }, 2)
  const asked = (text: string) => answers.get(text) ?? answers.find(text, async () => E.right(text))
  await asked('a')
  await asked('b')
  expect([answers.get('a'), answers.get('b')]).toEqual([E.right('a'), E.right('b')])
  await asked('c')
  expect([answers.get('a'), answers.get('b'), answers.get('c')]).toEqual([
    undefined,
    undefined,
    E.right('c'),
  ])
  answers.drop()
  expect(answers.get('c')).toBeUndefined()
})
