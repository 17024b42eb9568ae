// A store whose disk is a list of texts: it can be opened again, copied as a crash would leave it, and
// opened by two at once, so that it stands under the whole contract; and any part of it can be broken.

import { createHmac } from 'node:crypto'
import {
  type Clock,
  type Journal,
  type JournalLine,
  journaledStore,
  type Store,
} from '@selfsame/core'
import type { StoreContract } from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'

interface Disk {
  readonly key: string
  lines: ReadonlyArray<string>
}

/** How a store came to be open. */
export type Opening = 'new' | 'again' | 'second'

/** A fault: what is done to a store, or to the journal under it, when it is opened. */
export interface Planted {
  readonly store?: (store: Store, clock: Clock, opening: Opening) => Store
  readonly journal?: (journal: Journal, opening: Opening) => Journal
  /** Whether a second store has the log as it was when it was opened, and goes on by itself. */
  readonly secondIsCopy?: boolean
}

let disks = 0
const newDisk = (): Disk => {
  disks += 1
  return { key: `the key of the disk ${disks}`, lines: [] }
}

const journalOn = (disk: Disk, step: () => void): Journal => ({
  lines: () => disk.lines.map((line): JournalLine => JSON.parse(line)),
  add: (line) => {
    step()
    disk.lines = [...disk.lines, JSON.stringify(line)]
    step()
  },
  replace: (lines) => {
    step()
    disk.lines = lines.map((line) => JSON.stringify(line))
    step()
  },
})

/** A second opening of the same store: each is closed by itself. */
const sharing = (store: Store, another: Store): Store => {
  let isOpen = true
  return {
    ...store,
    transact: (items) => (isOpen ? store.transact(items) : another.transact(items)),
    close: () => async () => {
      isOpen = false
      return another.close()()
    },
  }
}

/** The contract's view of a store on such a disk, with a fault in it. */
export const onDisk = (name: string, planted: Planted = {}): StoreContract => {
  const disksOf = new Map<Store, Disk>()
  const open = (disk: Disk, clock: Clock, opening: Opening, step = () => {}): Store => {
    const journal = journalOn(disk, step)
    const opened = journaledStore({
      clock,
      journal: planted.journal?.(journal, opening) ?? journal,
      digest: (text) => createHmac('sha256', disk.key).update(text).digest('hex'),
    })
    if (E.isLeft(opened)) throw new Error(opened.left.message)
    const store = planted.store?.(opened.right, clock, opening) ?? opened.right
    disksOf.set(store, disk)
    return store
  }
  const diskOf = (store: Store): Disk => disksOf.get(store) ?? newDisk()
  const copyOf = ({ key, lines }: Disk): Disk => ({ key, lines })
  return {
    name,
    open: async (clock) => open(newDisk(), clock, 'new'),
    openInSteps: async (clock, step) => open(newDisk(), clock, 'new', step),
    reopen: async (store, clock) => open(diskOf(store), clock, 'again'),
    openSecond: async (store, clock) => {
      const copy = open(copyOf(diskOf(store)), clock, 'second')
      return planted.secondIsCopy === true ? copy : sharing(store, copy)
    },
    crash: (store) => {
      const copy = copyOf(diskOf(store))
      return async (clock) => open(copy, clock, 'again')
    },
  }
}
