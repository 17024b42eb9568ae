// Keys given to new users: each slot once, whichever process gives it and whatever was undone, and what
// a process made is what stands in the file.

import { existsSync } from 'node:fs'
import type { UserId } from '@selfsame/core'
import { randomIds } from '@selfsame/store-sqlite'
import { describe, expect, it } from 'vitest'
import { openBounded } from '../src/bounded.js'
import { openKeyFile, openOrMakeKeyFile } from '../src/key-file.js'
import { accept, inFile, newFile, openOver, openStore, right } from './support/files.js'

const register = (name: string) => ({
  type: 'RegisterInstallation',
  pushRegistrationId: name,
  applicationId: 'shop',
  device: { deviceName: `Phone of ${name}` },
})

const slotsIn = (file: string): ReadonlyArray<unknown> =>
  inFile(file, (db) => db.prepare('SELECT slot FROM user_keys ORDER BY slot').pluck().all())

describe('a slot', () => {
  it('is given once, by processes that take turns, and nobody loses a value', async () => {
    const file = newFile()
    const [one, other] = [await openStore(file), await openStore(file)]
    const engines = [openOver(one, randomIds), openOver(other, randomIds)]
    const names = Array.from({ length: 9 }, (_, n) => `d${n}`)
    for (const [n, name] of names.entries()) {
      const engine = engines[n % 4 === 3 ? 1 : 0]
      if (engine !== undefined) await accept(engine, register(name))
    }
    await one.close()()
    await other.close()()
    expect(slotsIn(file)).toEqual(names.map((_, n) => n))
    const again = await openStore(file)
    for (const name of names)
      expect(right(await openOver(again).fetchInstallation(name)()).device).toMatchObject({
        deviceName: `Phone of ${name}`,
      })
    await again.close()()
  })

  it('that a transaction gave is free again where the transaction was undone', async () => {
    const file = newFile()
    const store = await openStore(file)
    const engine = openOver(store, randomIds)
    await accept(engine, register('d0'))
    inFile(file, (db) =>
      db.exec(`CREATE TRIGGER no_more BEFORE INSERT ON commands WHEN new.id = 'no'
               BEGIN SELECT RAISE(ABORT, 'no more'); END`),
    )
    const failed = await engine.execute({ ...register('d1'), commandId: 'no' })()
    expect(failed).toMatchObject({ left: { kind: 'unexpected' } })
    await accept(engine, register('d1'))
    await accept(engine, register('d2'))
    await store.close()()
    expect(slotsIn(file)).toEqual([0, 1, 2])
    const again = await openStore(file)
    expect(right(await openOver(again).fetchInstallation('d2')()).device.deviceName).toBe(
      'Phone of d2',
    )
    await again.close()()
  })
})

describe('a key file', () => {
  const master = { version: 1, key: Buffer.alloc(32, 7) }
  const masterOf = (version: number) => (version === 1 ? master : undefined)

  it('gives what it made once, and it is what stands in its slot', () => {
    const path = `${newFile()}-keys`
    const keys = openOrMakeKeyFile(path)
    expect(keys.isThere(0)).toBe(false)
    keys.extend(master)
    expect([keys.isThere(0), keys.isThere(255), keys.isThere(256)]).toEqual([true, true, false])
    expect([keys.isThere(-1), keys.isThere(Number.NaN)]).toEqual([false, false])
    for (const slot of [0, 1, 255]) {
      const made = keys.takeMade(slot)
      expect(made).toEqual(keys.key(slot, masterOf))
      expect(made).toHaveLength(32)
      expect(keys.takeMade(slot)).toBeUndefined()
    }
    expect(keys.takeMade(256)).toBeUndefined()
    keys.extend(master)
    expect(keys.takeMade(2)).toBeUndefined()
    expect(keys.takeMade(256)).toEqual(keys.key(256, masterOf))
    keys.close()
  })

  it('sees slots that another process made since', () => {
    const path = `${newFile()}-keys`
    const [keys, other] = [openOrMakeKeyFile(path), openKeyFile(path)]
    expect(existsSync(path)).toBe(true)
    other.extend(master)
    expect(keys.isThere(3)).toBe(true)
    expect(keys.takeMade(3)).toBeUndefined()
    expect(keys.key(3, masterOf)).toEqual(other.takeMade(3))
    keys.close()
    other.close()
  })
})

describe('a bounded map', () => {
  it('keeps the last that were set or found, and never more than it may', () => {
    const map = openBounded<UserId, number>(6)
    const id = (n: number) => `u${n}` as UserId
    for (let n = 0; n < 100; n += 1) {
      map.set(id(n), n)
      expect(map.get(id(0))).toBe(0)
    }
    const found = Array.from({ length: 100 }, (_, n) => n).filter((n) => map.get(id(n)) === n)
    expect(found).toEqual([0, 95, 96, 97, 98, 99])
    for (const n of found) map.set(id(n), n + 1)
    expect(found.map((n) => map.get(id(n)))).toEqual(found.map((n) => n + 1))
    // All are in use: the hand goes round once, and one of them has to go.
    map.set(id(100), 100)
    expect([...found, 100].filter((n) => map.get(id(n)) !== undefined)).toHaveLength(6)
    map.delete(id(0))
    expect(map.get(id(0))).toBeUndefined()
    map.set(id(0), 0)
    map.set(id(101), 101)
    const held = Array.from({ length: 102 }, (_, n) => map.get(id(n))).filter(
      (n) => n !== undefined,
    )
    expect(held.length).toBeLessThanOrEqual(6)
    expect(held).toContain(101)
    map.clear()
    expect(map.get(id(101))).toBeUndefined()
    map.set(id(1), 1)
    expect(map.get(id(1))).toBe(1)
  })
})
