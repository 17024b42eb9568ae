// Answers that an engine keeps over a file: dropped by whoever writes to it, here or in another process.

import type { Engine } from '@selfsame/core'
import { randomIds } from '@selfsame/store-sqlite'
import { describe, expect, it } from 'vitest'
import { accept, inFile, newFile, openOver, openStore, right } from './support/files.js'

const phone = '+48600700800'
const ann = {
  type: 'CreateUser',
  userIdentity: { phones: [phone] },
  userAttributes: { firstName: 'Ann' },
}
const rename = (engine: Engine, firstName: string) =>
  accept(engine, { type: 'SaveUser', target: { phone }, user: { firstName } })
const user = async (engine: Engine) => right(await engine.fetchUser({ phone })())

const openBoth = async () => {
  const file = newFile()
  const stores = [await openStore(file), await openStore(file)] as const
  const [one, other] = [openOver(stores[0], randomIds), openOver(stores[1], randomIds)]
  await accept(one, ann)
  const close = async () => {
    for (const store of stores) await store.close()()
  }
  return { file, stores, one, other, close }
}

describe('an answer that is kept over a file', () => {
  it('is the very same until this process or another one writes anything', async () => {
    const { one, other, close } = await openBoth()
    const first = await user(one)
    expect(await user(one)).toBe(first)
    await rename(other, 'Bea')
    expect((await user(one)).firstName).toBe('Bea')
    expect(await user(one)).toBe(await user(one))
    await rename(one, 'Cleo')
    expect((await user(one)).firstName).toBe('Cleo')
    expect((await user(other)).firstName).toBe('Cleo')
    await close()
  })

  it('is given by nobody once an erasure is acknowledged', async () => {
    const { one, other, close } = await openBoth()
    const [{ id }] = [await user(one), await user(other)]
    for (const engine of [one, other]) right(await engine.fetchUser({ userId: id })())
    await accept(other, { type: 'EraseUser', target: { userId: id }, reason: 'asked' })
    for (const engine of [one, other]) {
      expect(await engine.fetchUser({ phone })()).toMatchObject({
        left: { error: { code: 'USER_NOT_FOUND' } },
      })
      expect(await engine.fetchUser({ userId: id })()).toMatchObject({
        left: { error: { code: 'USER_ERASED' } },
      })
    }
    await close()
  })

  it('is that of before where a write was undone, and none once the store is closed', async () => {
    const { file, one, close } = await openBoth()
    await user(one)
    inFile(file, (db) =>
      db.exec(`CREATE TRIGGER no_more BEFORE INSERT ON commands
               BEGIN SELECT RAISE(ABORT, 'no more'); END`),
    )
    const failed = await one.execute({
      type: 'SaveUser',
      commandId: 'c-1',
      target: { phone },
      user: { firstName: 'Lost' },
    })()
    expect(failed).toMatchObject({ left: { kind: 'unexpected' } })
    expect((await user(one)).firstName).toBe('Ann')
    await close()
    expect(await one.fetchUser({ phone })()).toMatchObject({ left: { kind: 'closed' } })
  })

  it('is found again after a rebuild, which puts other rows in place', async () => {
    const { file, one, stores, close } = await openBoth()
    const { id } = await user(one)
    inFile(file, (db) =>
      db
        .prepare('UPDATE users SET owner = NULL, row = ? WHERE id = ?')
        .run(Buffer.from(`{"id":"${id}","status":"erased"}`), id),
    )
    expect(await one.fetchUser({ userId: id })()).toMatchObject({ _tag: 'Left' })
    right(await stores[0].rebuild()())
    expect((await user(one)).firstName).toBe('Ann')
    await close()
  })

  it('has a version that only a write makes another one', async () => {
    const { stores, one, other, close } = await openBoth()
    const [store] = stores
    const before = store.version?.()
    await user(one)
    right(await store.read([], {})())
    expect(store.version?.()).toBe(before)
    await rename(other, 'Bea')
    const between = store.version?.()
    expect(between).not.toBe(before)
    await rename(one, 'Cleo')
    expect(store.version?.()).not.toBe(between)
    await close()
    expect(store.version?.()).toBeUndefined()
  })
})
