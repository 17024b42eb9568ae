// Nothing personal stands in a file in the clear; without its keys a file does not open; a destroyed
// key ends a person's values in every copy of the log.

import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import type { KeyRing } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { addMasterKey, masterKeyFile, openSqliteStore } from '../src/index.js'
import {
  accept,
  expectFailure,
  inFile,
  left,
  newFile,
  openOver,
  openStore,
  right,
} from './support/files.js'

const canary = 'kanarienvogel'
const story = [
  {
    type: 'RegisterInstallation',
    pushRegistrationId: 'i1',
    applicationId: 'shop',
    device: { deviceName: `${canary}-device`, pushServiceToken: `${canary}-token` },
    customAttributes: { note: `${canary}-note` },
  },
  {
    type: 'Personalize',
    pushRegistrationId: 'i1',
    userIdentity: {
      externalUserId: `${canary}-id`,
      emails: [`${canary}@example.com`],
      phones: ['+48600700800'],
    },
    userAttributes: { firstName: `${canary}-name`, tags: [`${canary}-tag`] },
  },
]
const erase = { type: 'EraseUser', target: { phone: '+48600700800' }, reason: 'asked' }

const withStory = async (): Promise<string> => {
  const file = newFile()
  const store = await openStore(file)
  const engine = openOver(store)
  for (const command of story) await accept(engine, command)
  await store.close()()
  return file
}

const everyByte = (file: string): string =>
  ['', '-wal', '-shm', '-keys', '-master']
    .map((suffix) => `${file}${suffix}`)
    .filter(existsSync)
    .map((path) => readFileSync(path, 'latin1'))
    .join('')

describe('sealed values', () => {
  it('stand in no byte of the files in the clear, while a store is open and after', async () => {
    const file = newFile()
    const store = await openStore(file)
    const engine = openOver(store)
    for (const command of story) await accept(engine, command)
    expect(everyByte(file)).not.toContain(canary)
    expect(everyByte(file)).not.toContain('48600700800')
    await store.close()()
    expect(everyByte(file)).not.toContain(canary)
    const again = await openStore(file)
    const user = right(await openOver(again).fetchUser({ email: `${canary}@example.com` })())
    expect(user.firstName).toBe(`${canary}-name`)
    await again.close()()
  })

  it('read erased in a copy of the log made before the erasure, once the key is destroyed', async () => {
    const file = await withStory()
    const copy = `${file}.copy`
    copyFileSync(file, copy)
    const store = await openStore(file)
    await accept(openOver(store), erase)
    await store.close()()
    const restored = right(
      await openSqliteStore({
        file: copy,
        keyFile: `${file}-keys`,
        keyRing: masterKeyFile(`${file}-master`),
      })(),
    )
    const events = JSON.stringify(right(await openOver(restored).readLog([])()))
    expect(events).not.toContain(canary)
    expect(events).toContain('erased')
    await restored.close()()
  })

  it('are destroyed at the next opening where a crash came between the commit and the key file', async () => {
    const file = await withStory()
    const keysBefore = readFileSync(`${file}-keys`)
    const store = await openStore(file)
    await accept(openOver(store), erase)
    await store.close()()
    const keysAfter = readFileSync(`${file}-keys`)
    expect(keysAfter.equals(keysBefore)).toBe(false)
    // The crash: the row says doomed, the key is still there.
    writeFileSync(`${file}-keys`, keysBefore)
    inFile(file, (db) => db.exec("UPDATE user_keys SET state = 'doomed' WHERE state = 'erased'"))
    await (await openStore(file)).close()()
    expect(readFileSync(`${file}-keys`).equals(keysAfter)).toBe(true)
    inFile(file, (db) => {
      expect(
        db.prepare("SELECT count(*) FROM user_keys WHERE state = 'doomed'").pluck().get(),
      ).toBe(0)
    })
  })

  it('are destroyed when the erasure is given again after its key could not be', async () => {
    const file = await withStory()
    const keysBefore = readFileSync(`${file}-keys`)
    const store = await openStore(file)
    const command = { ...erase, commandId: 'erase-1' }
    const first = await accept(openOver(store), command)
    const keysAfter = readFileSync(`${file}-keys`)
    writeFileSync(`${file}-keys`, keysBefore)
    inFile(file, (db) => db.exec("UPDATE user_keys SET state = 'doomed' WHERE state = 'erased'"))
    expect(await accept(openOver(store), command)).toEqual(first)
    expect(readFileSync(`${file}-keys`).equals(keysAfter)).toBe(true)
    await store.close()()
  })

  it('end under durability normal too, which the store keeps afterwards', async () => {
    const file = await withStory()
    const store = right(await openSqliteStore({ file, durability: 'normal' })())
    await accept(openOver(store), erase)
    expect(readFileSync(`${file}-keys`).length).toBeGreaterThan(0)
    inFile(file, (db) =>
      expect(db.prepare('SELECT state FROM user_keys').pluck().all()).toContain('erased'),
    )
    await store.close()()
  })
})

describe('opening without the right keys fails, and changes nothing', () => {
  const refuses = async (file: string): Promise<void> => {
    const before = readFileSync(file)
    expectFailure(await openSqliteStore({ file })(), 'key')
    expect(readFileSync(file).equals(before)).toBe(true)
  }

  it('a missing master key', async () => {
    const file = await withStory()
    rmSync(`${file}-master`)
    await refuses(file)
    expect(existsSync(`${file}-master`)).toBe(false)
  })

  it('another master key', async () => {
    const file = await withStory()
    const other = await withStory()
    copyFileSync(`${other}-master`, `${file}-master`)
    await refuses(file)
  })

  it('a master key that others may read', async () => {
    const file = await withStory()
    chmodSync(`${file}-master`, 0o644)
    await refuses(file)
  })

  it('a missing key file', async () => {
    const file = await withStory()
    renameSync(`${file}-keys`, `${file}-elsewhere`)
    await refuses(file)
    expect(existsSync(`${file}-keys`)).toBe(false)
  })

  it('the key file of another log', async () => {
    const file = await withStory()
    const other = await withStory()
    copyFileSync(`${other}-keys`, `${file}-keys`)
    await refuses(file)
  })

  it('a key ring that has none, for a new file: nothing is made', async () => {
    const file = newFile()
    const keyRing = masterKeyFile(`${file}-nowhere`)
    expectFailure(await openSqliteStore({ file, keyRing })(), 'key')
    expect(existsSync(file)).toBe(false)
    writeFileSync(`${file}-empty`, 'no key')
    expectFailure(await addMasterKey(`${file}-empty`)(), 'key')
  })

  it('of two master keys added as one version the first in the file has it', async () => {
    const file = await withStory()
    const master = `${file}-master`
    const first = randomBytes(32)
    appendFileSync(master, `\n2 ${first.toString('base64')}\n`)
    appendFileSync(master, `\n2 ${randomBytes(32).toString('base64')}\n`)
    const ring = masterKeyFile(master)
    expect(right(await ring.current())).toEqual({ version: 2, key: first })
    expect(right(await ring.version(2)())).toEqual({ version: 2, key: first })
    right(await addMasterKey(master)())
    expect(right(await ring.current()).version).toBe(3)
  })

  it('master keys added at once get a version each', async () => {
    const file = await withStory()
    const added = await Promise.all([1, 2, 3, 4].map(() => addMasterKey(`${file}-master`)()))
    for (const one of added) right(one)
    expect(right(await masterKeyFile(`${file}-master`).current()).version).toBe(5)
  })

  it('a line of the master key file that a crash tore spoils none that is added after it', async () => {
    const file = await withStory()
    appendFileSync(`${file}-master`, '\n2 c2hvcnQ')
    right(await addMasterKey(`${file}-master`)())
    const store = right(await openSqliteStore({ file })())
    expect(right(await store.rotate()())).toMatchObject({ masterVersion: 2 })
    await store.close()()
    await (await openStore(file)).close()()
  })

  it('a key ring is asked again where a rotation ended since it was first asked', async () => {
    const file = await withStory()
    right(await addMasterKey(`${file}-master`)())
    const ring = masterKeyFile(`${file}-master`)
    let asked = 0
    const rotatedMeanwhile: KeyRing = {
      ...ring,
      current: async () => {
        asked += 1
        if (asked > 1) return ring.current()
        const first = await ring.version(1)()
        const store = right(await openSqliteStore({ file })())
        right(await store.rotate()())
        right(await store.close()())
        return first
      },
    }
    const store = right(await openSqliteStore({ file, keyRing: rotatedMeanwhile })())
    expect(asked).toBe(2)
    await store.close()()
  })

  it('a new master key beside the old one is no harm', async () => {
    const file = await withStory()
    const before = readFileSync(`${file}-master`, 'utf8')
    right(await addMasterKey(`${file}-master`)())
    expect(readFileSync(`${file}-master`, 'utf8').startsWith(before)).toBe(true)
    expect(statSync(`${file}-master`).mode & 0o777).toBe(0o600)
    const store = await openStore(file)
    const engine = openOver(store, () => '01990000-0000-7000-8000-000000000000')
    await accept(engine, { type: 'CreateUser', userIdentity: { phones: ['+48600700801'] } })
    expect(E.isRight(await engine.fetchUser({ phone: '+48600700800' })())).toBe(true)
    await store.close()()
  })
})

describe('an altered file is never read silently', () => {
  it.each([
    ["UPDATE events SET type = 'ProfilePromoted' WHERE position = 1"],
    ["UPDATE events SET recorded_at = '2020-01-01T00:00:00.000Z' WHERE position = 2"],
    ['UPDATE boxes SET sealed = zeroblob(120) WHERE position = 3'],
    ['UPDATE boxes SET commitment = zeroblob(32) WHERE position = 3'],
    ["UPDATE boxes SET owner = 'nobody' WHERE position = 3"],
    ["UPDATE events SET payload = 'no json' WHERE position = 2"],
  ])('%s', async (sql) => {
    const file = await withStory()
    inFile(file, (db) => db.exec(sql))
    const store = await openStore(file)
    expectFailure(await store.read([], {})(), 'corrupt')
    await store.close()()
  })

  it.each([[2], [1]])('an event at position %s that is gone', async (position) => {
    const file = await withStory()
    inFile(file, (db) => {
      db.pragma('foreign_keys = OFF')
      db.exec(`DELETE FROM events WHERE position = ${position}`)
    })
    const store = await openStore(file)
    for (const range of [{}, { backwards: true }, { after: position - 1, upTo: position }])
      expectFailure(await store.read([], range)(), 'corrupt')
    right(await store.read([], { after: position })())
    right(await store.read([], { after: 7_000 })())
    await store.close()()
  })

  it('a row of the projections, which a rebuild makes again', async () => {
    const file = await withStory()
    inFile(file, (db) => db.exec('UPDATE users SET row = zeroblob(200) WHERE owner IS NOT NULL'))
    const store = await openStore(file)
    const ask = () => openOver(store).fetchUser({ phone: '+48600700800' })()
    const asked = await ask()
    expectFailure(asked, 'corrupt')
    expect(left(asked)).toMatchObject({ advice: expect.stringContaining('rebuild') })
    right(await store.rebuild()())
    right(await ask())
    await store.close()()
  })
})
