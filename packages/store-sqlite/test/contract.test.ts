// The store in SQLite under the contract that every store must pass, files copied as a killed process
// would leave them, two openings of one file; and compared with the store in memory.

import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, memoryStore, type Store } from '@selfsame/core'
import { differential, type StoreContract, storeContract } from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, it, test } from 'vitest'
import { openSqliteStore } from '../src/index.js'

const folder = mkdtempSync(join(process.env.SELFSAME_TMP ?? tmpdir(), 'selfsame-contract-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const files = new Map<Store, string>()

const openFile = async (file: string, clock: Clock): Promise<Store> => {
  const opened = await openSqliteStore({ file, clock })()
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  files.set(opened.right, file)
  return opened.right
}

const newFile = (): string => join(mkdtempSync(join(folder, 'store-')), 'people.db')

const fileOf = (store: Store): string => {
  const file = files.get(store)
  if (file === undefined) throw new Error('this store was opened by somebody else')
  return file
}

/** The file, its write-ahead log and its keys: all that a process which is killed leaves behind. */
const parts = ['', '-wal', '-keys', '-master']

const sqlite: StoreContract = {
  name: 'SQLite',
  open: (clock) => openFile(newFile(), clock),
  reopen: (store, clock) => openFile(fileOf(store), clock),
  openSecond: (store, clock) => openFile(fileOf(store), clock),
  crash: (store) => {
    const [file, copy] = [fileOf(store), newFile()]
    for (const part of parts) if (existsSync(file + part)) copyFileSync(file + part, copy + part)
    return (clock) => openFile(copy, clock)
  },
}

describe('the contract of a store', () => {
  for (const { name, check } of storeContract(sqlite)) test(name, check)
})

const isLong = process.env.SELFSAME_LONG !== undefined
const given = Number(process.env.SELFSAME_SEED)
// The short run is the same each time; the long one looks elsewhere each time.
const seed = Number.isInteger(given) && given !== 0 ? given : isLong ? Date.now() % 2 ** 31 : 1
const commands = isLong ? 20_000 : 250

it('answers as the store in memory does, whatever it is given', {
  timeout: 14_400_000,
}, async () => {
  const found = await differential({
    left: async (clock) => memoryStore({ clock }),
    right: sqlite.open,
    seed,
    commands,
  })
  console.info(`memory and SQLite, ${JSON.stringify(found)}`)
  expect(found.commands).toBeGreaterThanOrEqual(commands)
})
