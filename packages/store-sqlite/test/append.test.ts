// What a commit holds: many commands in order, each alone; nothing of one that breaks.

import type { WorkItem } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { openSqliteStore } from '../src/index.js'
import {
  accept,
  count,
  expectFailure,
  inFile,
  newFile,
  openOver,
  openStore,
  right,
} from './support/files.js'

const register = (id: string) => ({
  type: 'RegisterInstallation',
  pushRegistrationId: id,
  applicationId: 'shop',
})
const create = (phone: string) => ({ type: 'CreateUser', userIdentity: { phones: [phone] } })

/** Work that records nothing. */
const itemThat = (does: () => void): WorkItem => ({
  commandId: null,
  contentDigest: '',
  roots: [],
  next: () => [],
  decide: (directory) => {
    does()
    return E.right({ events: [], directory, subject: { userId: null, installationId: null } })
  },
})

describe('a group of commands', () => {
  it('is decided in order, each seeing the ones before it', async () => {
    const store = await openStore(newFile())
    const engine = openOver(store)
    const results = await engine.executeAll([
      create('+48600700800'),
      create('+48600700800'),
      { type: 'nonsense' },
      { type: 'SaveUser', target: { phone: '+48600700800' }, user: { firstName: 'Ann' } },
    ])()
    expect(
      results.map((one) => (E.isRight(one) ? 'ok' : 'error' in one.left && one.left.error.code)),
    ).toEqual(['ok', 'USER_MERGE_INTERRUPTED', 'REQUEST_FORMAT_INVALID', 'ok'])
    await store.close()()
  })

  it('gives commands that arrive together positions without gaps, in the order they came', async () => {
    const store = await openStore(newFile())
    const engine = openOver(store)
    const receipts = await Promise.all(
      Array.from({ length: 600 }, (_, i) => accept(engine, register(`i${i}`))),
    )
    expect(receipts.map(({ position }) => position)).toEqual(
      Array.from({ length: 600 }, (_, i) => 2 * (i + 1)),
    )
    await store.close()()
  })

  it('lets the neighbours of a command through whose write breaks', async () => {
    const file = newFile()
    const store = await openStore(file)
    const engine = openOver(store)
    await accept(engine, register('i0'))
    inFile(file, (db) =>
      db.exec(`CREATE TRIGGER broken BEFORE INSERT ON installations WHEN new.id = 'i2'
        BEGIN SELECT RAISE(ABORT, 'no room for i2'); END`),
    )
    const results = await engine.executeAll(['i1', 'i2', 'i3'].map(register))()
    expect(results.map(E.isRight)).toEqual([true, false, true])
    expectFailure(results[1] ?? E.right(null), 'unexpected')
    expect(right(await store.read([], {})()).events.map(({ position }) => position)).toEqual([
      1, 2, 3, 4, 5, 6,
    ])
    await store.close()()
  })

  it('that one command breaks is decided again around it, not one by one', async () => {
    const store = await openStore(newFile())
    const decided: number[] = []
    const items = Array.from({ length: 256 }, (_, i) =>
      itemThat(() => {
        decided.push(i)
        if (i === 100 || i === 200) throw new Error('a policy is broken')
      }),
    )
    const outcomes = await store.transact(items)()
    expect(outcomes.flatMap((one, i) => (E.isLeft(one) ? [i] : []))).toEqual([100, 200])
    // 0 to 100, 0 to 99, 100, 101 to 200, 101 to 199, 200, 201 to 255.
    expect(decided).toHaveLength(101 + 100 + 1 + 100 + 99 + 1 + 55)
    await store.close()()
  })

  it('is followed by all that were held back before the store was closed, in order', async () => {
    const store = await openStore(newFile())
    const decided: number[] = []
    // More than may wait: the last ones are held back until others are answered.
    const waiting = Array.from({ length: 5000 }, (_, i) =>
      store.transact([itemThat(() => decided.push(i))])(),
    )
    const closing = store.close()()
    const [late] = await store.transact([itemThat(() => decided.push(-1))])()
    expectFailure(late ?? E.right(null), 'closed')
    right(await closing)
    expect((await Promise.all(waiting)).flat().every(E.isRight)).toBe(true)
    expect(decided).toEqual(Array.from({ length: 5000 }, (_, i) => i))
  })

  it('finishes what waits before it closes, and takes nothing after that', async () => {
    const file = newFile()
    const store = await openStore(file)
    const engine = openOver(store)
    const waiting = Array.from({ length: 20 }, (_, i) => engine.execute(register(`i${i}`))())
    const closing = engine.close()()
    const late = engine.execute(register('late'))()
    expect((await Promise.all(waiting)).every(E.isRight)).toBe(true)
    expectFailure(await late, 'closed')
    right(await closing)
    expect(count(file, 'events')).toBe(40)
  })

  it('records nothing and says busy where another process keeps the file', async () => {
    const file = newFile()
    const store = right(await openSqliteStore({ file })())
    const engine = openOver(store)
    await accept(engine, register('i1'))
    await inFileAsync(file, async () => {
      const checking = store.check()()
      expectFailure(await engine.execute(register('i2'))(), 'busy')
      // A file that could not be looked at is not one in which something was found.
      expectFailure(await checking, 'busy')
    })
    await accept(engine, register('i2'))
    await store.close()()
  })

  it('never lets two stores on one file give an identity to two users', async () => {
    const file = newFile()
    const stores = [await openStore(file), await openStore(file)]
    const engines = stores.map((store, i) => openOver(store, seedsFrom(`0198000${i}`)))
    for (let round = 0; round < 20; round += 1) {
      const phone = `+4860070${String(1000 + round)}`
      const results = await Promise.all(engines.map((engine) => engine.execute(create(phone))()))
      expect(results.filter(E.isRight)).toHaveLength(1)
    }
    for (const store of stores) await store.close()()
    expect(count(file, 'identities')).toBe(20)
  })
})

const seedsFrom = (prefix: string) => {
  let n = 0
  return () => `${prefix}-0000-7000-8000-${(++n).toString(16).padStart(12, '0')}`
}

/** Holds the write lock of a file while `work` runs. */
const inFileAsync = async (file: string, work: () => Promise<void>): Promise<void> => {
  const { default: Sqlite } = await import('better-sqlite3')
  const db = new Sqlite(file)
  db.exec('BEGIN IMMEDIATE')
  try {
    await work()
  } finally {
    db.exec('ROLLBACK')
    db.close()
  }
}
