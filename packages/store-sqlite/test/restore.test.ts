// A backup is no file to work on, and a restored file has its name only once everything is in it.

import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { masterKeyFile, openSqliteStore, restore, type SqliteStore } from '../src/index.js'
import {
  accept,
  count,
  expectFailure,
  inFile,
  left,
  newFile,
  openOver,
  right,
} from './support/files.js'

const ann = { type: 'CreateUser', userIdentity: { externalUserId: 'ann' } }

const withBackup = async (): Promise<{ file: string; store: SqliteStore }> => {
  const file = newFile()
  const store = right(await openSqliteStore({ file })())
  await accept(openOver(store), ann)
  right(await store.backup(`${file}.backup`)())
  return { file, store }
}

const from = (file: string) => ({
  backup: `${file}.backup`,
  keyBackup: `${file}-keys`,
  keyRing: masterKeyFile(`${file}-master`),
})

const namesIn = (file: string): ReadonlyArray<string> => readdirSync(dirname(file))

describe('a backup', () => {
  it('is not opened, where nobody would be found, and stays as it is', async () => {
    const { file, store } = await withBackup()
    await store.close()()
    const before = readFileSync(`${file}.backup`)
    const names = namesIn(file)
    for (const keys of [
      {},
      { keyFile: `${file}-keys`, keyRing: masterKeyFile(`${file}-master`) },
    ]) {
      const opened = await openSqliteStore({ file: `${file}.backup`, ...keys })()
      expectFailure(opened, 'incompatible')
      expect(left(opened).message).toContain('is a backup')
    }
    // As an operator does who never heard of restore.
    copyFileSync(`${file}.backup`, file)
    expectFailure(await openSqliteStore({ file, mode: 'existing' })(), 'incompatible')
    expect(readFileSync(`${file}.backup`).equals(before)).toBe(true)
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(namesIn(file)).toEqual(names)
  })

  it('that two make at once under one name is whole, and of one of them', async () => {
    const { file, store } = await withBackup()
    const to = `${file}.twice`
    const two = await Promise.all([store.backup(to)(), store.backup(to)()])
    expect(two.filter(E.isRight)).toHaveLength(1)
    for (const one of two) if (E.isLeft(one)) expect(one.left.message).toBe(`${to} exists`)
    right(await store.backupKeys(`${to}-keys`)())
    await store.close()()
    expect(namesIn(file).filter((name) => name.endsWith('.part'))).toEqual([])
    const restored = newFile()
    right(await restore({ ...from(file), backup: to, file: restored })())
  })
})

it('a backup of a log in which an event was altered is not made', async () => {
  const { file, store } = await withBackup()
  inFile(file, (db) => db.exec("UPDATE events SET actor = 'mallory' WHERE position = 2"))
  const made = await store.backup(`${file}.altered`)()
  expectFailure(made, 'corrupt')
  expect(left(made).message).toContain('the event at position 2 was altered')
  await store.close()()
  expect(namesIn(file).filter((name) => name.includes('altered'))).toEqual([])
})

describe('a restore', () => {
  it('gives the file its name once everything is in it', async () => {
    const { file, store } = await withBackup()
    await store.close()()
    const restored = newFile()
    const named: boolean[] = []
    const progress = (): void => {
      named.push(existsSync(restored))
    }
    right(await restore({ ...from(file), file: restored, progress })())
    expect(named.length).toBeGreaterThan(0)
    expect(named).not.toContain(true)
    const name = basename(restored)
    expect(namesIn(restored)).toEqual([name, `${name}-keys`])
    const keyRing = masterKeyFile(`${file}-master`)
    const again = right(await openSqliteStore({ file: restored, keyRing })())
    expect(E.isRight(await openOver(again).fetchUser({ externalUserId: 'ann' })())).toBe(true)
    await again.close()()
  })

  it('leaves no tag, digest or box of somebody whose key is gone', async () => {
    const { file, store } = await withBackup()
    const erase = { type: 'EraseUser', target: { externalUserId: 'ann' }, reason: 'asked' }
    await accept(
      openOver(store, () => '01990000-0000-7000-8000-000000000000'),
      erase,
    )
    await store.close()()
    const restored = newFile()
    right(await restore({ ...from(file), file: restored })())
    for (const left of [
      "tags WHERE tag LIKE 'identity:%'",
      'boxes WHERE sealed IS NOT NULL',
      'identities',
    ])
      expect(count(restored, left), left).toBe(0)
  })

  it('leaves nothing where it ends in its midst', async () => {
    const { file, store } = await withBackup()
    await store.close()()
    const restored = newFile()
    const progress = (): never => {
      throw new Error('the operator gave up')
    }
    expectFailure(await restore({ ...from(file), file: restored, progress })(), 'unexpected')
    expect(namesIn(restored)).toEqual([])
  })

  it('does not name a file of which a part is in its write-ahead log', async () => {
    const { file, store } = await withBackup()
    await store.close()()
    const restored = newFile()
    const others: Sqlite.Database[] = []
    const progress = (): void => {
      const part = namesIn(restored).find((name) => name.endsWith('.part'))
      const other = new Sqlite(join(dirname(restored), String(part)))
      other.prepare('SELECT count(*) FROM events').get()
      others.push(other)
    }
    const refused = await restore({ ...from(file), file: restored, progress })()
    for (const other of others) other.close()
    expectFailure(refused, 'io')
    expect(left(refused).message).toContain('could not be brought into it')
    expect(existsSync(restored)).toBe(false)
  })

  it('refuses a file in use in place of a backup: what its write-ahead log holds would be lost', async () => {
    const { file, store } = await withBackup()
    const refused = await restore({ ...from(file), backup: file, file: newFile() })()
    expectFailure(refused, 'io')
    expect(left(refused).message).toBe(`${file} is in use, or was not closed`)
    await store.close()()
  })
})
