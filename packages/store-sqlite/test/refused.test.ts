// An opening that is refused says why and changes nothing: no file is made, migrated or switched.

import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { KeyRing } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  createMasterKeyFile,
  masterKeyFile,
  openSqliteStore,
  type SqliteOptions,
  type SqliteStore,
} from '../src/index.js'
import { count, expectFailure, left, newFile, openOver, right } from './support/files.js'

const open = async (file: string): Promise<SqliteStore> => right(await openSqliteStore({ file })())
const crowd = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    type: 'CreateUser',
    userIdentity: { externalUserId: `u${from + i}` },
  }))

/** Every file beside the database, with its bytes. */
const everything = (file: string): ReadonlyArray<readonly [string, string]> =>
  readdirSync(dirname(file)).map((name) => [
    name,
    readFileSync(join(dirname(file), name)).toString('base64'),
  ])

const refuses = async (options: SqliteOptions, kind: string, message: string): Promise<void> => {
  const before = everything(options.file)
  const refused = await openSqliteStore(options)()
  expectFailure(refused, kind)
  expect(left(refused).message).toContain(message)
  expect(everything(options.file)).toEqual(before)
}

describe('an opening that is refused changes nothing', () => {
  it('of a file of an older schema without its keys', async () => {
    const folder = dirname(newFile())
    cpSync(join(import.meta.dirname, 'files/v1'), folder, { recursive: true })
    const file = join(folder, 'people.db')
    right(await createMasterKeyFile(join(folder, 'other-master'))())
    const keyRing = masterKeyFile(join(folder, 'other-master'))
    await refuses({ file, keyRing }, 'key', 'is not the one that this file was written with')
  })

  it('with keys that are older than the log', async () => {
    const file = newFile()
    const store = await open(file)
    // Keys are made 256 at a time.
    await openOver(store).executeAll(crowd(0, 256))()
    right(await store.backupKeys(`${file}-older`)())
    await openOver(store, seedsOf('0199')).executeAll(crowd(256, 257))()
    await store.close()()
    const keyFile = `${file}-older`
    await refuses({ file, keyFile }, 'key', `${keyFile} is older than the log`)
  })

  it('with a key file that begins otherwise', async () => {
    const file = newFile()
    await (await open(file)).close()()
    const keys = readFileSync(`${file}-keys`)
    keys.writeUInt8(keys.readUInt8(1) ^ 169, 1)
    writeFileSync(`${file}-keys`, keys)
    await refuses({ file }, 'key', `${file}-keys is no key file of Selfsame`)
  })

  it('of a new log over the keys of one that was lost', async () => {
    const file = newFile()
    const store = await open(file)
    await openOver(store).executeAll(crowd(0, 1))()
    await store.close()()
    rmSync(file)
    const message = `${file}-keys holds the keys of another log`
    await refuses({ file }, 'key', message)
    // Not over an empty file either.
    writeFileSync(file, '')
    const refused = await openSqliteStore({ file })()
    expectFailure(refused, 'key')
    expect(left(refused).message).toContain(message)
    expect(count(file, 'sqlite_schema')).toBe(0)
  })

  it('of a new file with a master key that others may read', async () => {
    const file = newFile()
    right(await createMasterKeyFile(`${file}-master`)())
    chmodSync(`${file}-master`, 0o644)
    await refuses({ file }, 'key', 'others than its owner may use the master key')
  })

  it.each<readonly [string, KeyRing['current']]>([
    ['the key service is down', () => Promise.reject(new Error('the key service is down'))],
    ['no master key', async () => E.right({ version: 1, key: new Uint8Array(16) })],
  ])('by a key ring of an embedder: %s', async (message, current) => {
    const keyRing = { current, version: () => current }
    const file = newFile()
    await refuses({ file, keyRing }, 'key', message)
    expect(existsSync(file)).toBe(false)
    await (await open(file)).close()()
    await refuses({ file, keyRing }, 'key', message)
  })

  it('with a choice that is misspelt', async () => {
    // As a program without types gives it.
    const misspelt = (choice: object): SqliteOptions =>
      JSON.parse(JSON.stringify({ file: newFile(), ...choice }))
    await refuses(misspelt({ durability: 'ful' }), 'unexpected', 'ful')
    await refuses(misspelt({ mode: 'exists' }), 'unexpected', 'exists')
  })

  it('in a folder that is not there', async () => {
    const file = newFile()
    const nowhere = join(dirname(file), 'nowhere')
    const refused = await openSqliteStore({ file: join(nowhere, 'people.db') })()
    expectFailure(refused, 'io')
    expect(left(refused).message).toBe(`${nowhere} does not exist`)
  })
})

const seedsOf = (prefix: string) => {
  let n = 0
  return () => `${prefix}0000-0000-7000-8000-${(++n).toString(16).padStart(12, '0')}`
}
