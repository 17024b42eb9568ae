// The store of this example passes the contract; with a fault planted in it, it fails with a message
// that names the promise it broke.

import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, type Journal, type JournalLine, memoryStore, type Store } from '@selfsame/core'
import {
  type BrokenPromise,
  differential,
  type StoreContract,
  storeContract,
} from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, it, test } from 'vitest'
import { fileNames, openLines, openOwnStore } from '../own-store.js'

const root = mkdtempSync(join(tmpdir(), 'selfsame-own-store-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const newFolder = (): string => mkdtempSync(join(root, 'store-'))

/** The store over a log that something may be done to. */
const contractOf = (
  name: string,
  alter: (journal: Journal) => Journal = (journal) => journal,
): StoreContract => {
  const folders = new Map<Store, string>()
  const open = (folder: string, clock: Clock, step?: () => void): Store => {
    const opened = openOwnStore(folder, clock, alter(openLines(folder, step)))
    if (E.isLeft(opened)) throw new Error(opened.left.message)
    folders.set(opened.right, folder)
    return opened.right
  }
  const folderOf = (store: Store): string => folders.get(store) ?? newFolder()
  return {
    name,
    open: async (clock) => open(newFolder(), clock),
    openInSteps: async (clock, step) => open(newFolder(), clock, step),
    reopen: async (store, clock) => open(folderOf(store), clock),
    crash: (store) => {
      const [from, to] = [folderOf(store), newFolder()]
      for (const file of Object.values(fileNames))
        if (existsSync(join(from, file))) copyFileSync(join(from, file), join(to, file))
      return async (clock) => open(to, clock)
    },
  }
}

describe('a store of one’s own', () => {
  for (const { name, check } of storeContract(contractOf('own-store'))) test(name, check)

  it('answers as the store in memory does', async () => {
    const left = async (clock: Clock) => memoryStore({ clock })
    const found = await differential({
      left,
      right: contractOf('own-store').open,
      seed: 1,
      commands: 100,
    })
    expect(found.commands).toBeGreaterThanOrEqual(100)
  })

  it('drops a line that a crash cut, and goes on before it', () => {
    const folder = newFolder()
    const file = join(folder, fileNames.log)
    const line = { events: [], remembered: null }
    openLines(folder).add(line)
    writeFileSync(file, '{"events":[{"position":1,"na', { flag: 'a' })
    const lines = openLines(folder)
    lines.add(line)
    expect(lines.lines()).toEqual([line, line])
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3)
  })
})

/** What the check of one promise throws. */
const thrownBy = (contract: StoreContract, promise: string): Promise<BrokenPromise | undefined> => {
  const [one] = storeContract(contract).filter((check) => check.promise === promise)
  if (one === undefined) throw new Error(`the contract has no promise: ${promise}`)
  return one.check().then(
    () => undefined,
    (error) => error,
  )
}

const plain = contractOf('a store')

interface Fault {
  readonly fault: string
  readonly breaks: string
  readonly contract: StoreContract
}

const faults: ReadonlyArray<Fault> = [
  {
    fault: 'forgets the condition of an append',
    breaks: 'an append is refused where a matching event stands after the position',
    contract: {
      name: 'a store',
      open: async (clock) => {
        const store = await plain.open(clock)
        return {
          ...store,
          log: { ...store.log, append: (facts, seed) => store.log.append(facts, seed) },
        }
      },
    },
  },
  {
    fault: 'loses command ids when it is opened again',
    breaks: 'a command id is remembered after the store was closed and opened again',
    contract: contractOf('a store', (lines) => ({
      ...lines,
      lines: () => lines.lines().map((line) => ({ ...line, remembered: null })),
    })),
  },
  {
    fault: 'answers before it writes',
    breaks:
      'after a crash at any moment, what was answered is there, and of a command all or nothing',
    contract: contractOf('a store', (lines) => {
      const waiting: JournalLine[] = []
      return {
        ...lines,
        add: (line) => {
          for (const one of waiting.splice(0)) lines.add(one)
          waiting.push(line)
        },
      }
    }),
  },
  {
    fault: 'keeps the values of somebody erased on the disk',
    breaks: 'what was erased stays erased after opening again',
    contract: contractOf('a store', (lines) => ({
      ...lines,
      replace: (all) => lines.add(all.at(-1) ?? { events: [], remembered: null }),
    })),
  },
  {
    fault: 'writes a command event by event',
    breaks:
      'where a step fails, a command is recorded whole or not at all, and what was answered stands',
    contract: contractOf('a store', (lines) => ({
      ...lines,
      add: ({ events, remembered }) => {
        for (const event of events) lines.add({ events: [event], remembered: null })
        lines.add({ events: [], remembered })
      },
    })),
  },
]

describe('a store with a fault', () => {
  test.each(faults)('that $fault breaks: $breaks', async ({ breaks, contract }) => {
    const { message = 'nothing' } = (await thrownBy(contract, breaks)) ?? {}
    expect(message).toContain(`a store breaks the promise: ${breaks}\n`)
    expect(message).toMatch(/\n {2}done: .+\n {2}expected: .+\n {2}came: /)
  })
})
