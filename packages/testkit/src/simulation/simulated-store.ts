// The stores that a simulation runs on: a disk that outlives its processes, and a way to open it.

import {
  type Clock,
  type Journal,
  type JournalLine,
  journaledStore,
  type Store,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { newDisk, type OpenDisk, type Survives } from './disk.js'
import { openDiskStore, type Step, sha256 } from './disk-store.js'

/**
 * What a simulation needs of a store: `newDisk` makes an empty disk. A process opens it, and calls
 * `step` between any two steps of what it does, saying what comes next; where `step` throws, the
 * process dies there. `crash` is called at that moment: what was not durable is gone, and what the
 * dead process may still do reaches the disk no more. `texts` is everything on the disk, in which no
 * value of an erased user may stand; a store that seals them gives nothing.
 *
 * Everything must depend on the clock and the commands alone: no time of its own, nothing random.
 *
 * @since 0.1.0
 * @category Simulation
 */
export interface SimulatedStore {
  readonly name: string
  readonly newDisk: () => {
    readonly open: (clock: Clock, step: (next: string) => void) => Promise<Store>
    readonly crash: () => void
    readonly texts: () => ReadonlyArray<string>
  }
}

/**
 * The testkit's own store on a simulated disk: log and projections as rows, one commit for all that
 * arrives together. `survives` makes a disk that lies. Its `step` may return a promise, which the store
 * awaits: so a schedule decides who goes next.
 *
 * @since 0.1.0
 * @category Simulation
 */
export const diskStore = (survives?: Survives): SimulatedStore => ({
  name: 'disk',
  newDisk: () => {
    const disk = newDisk(survives)
    return {
      ...disk,
      open: async (clock, step: Step) => {
        await step('the opening')
        return openDiskStore(disk.open(), clock, step)
      },
    }
  },
})

/**
 * The journaled store of core on a simulated disk.
 *
 * @since 0.1.0
 * @category Simulation
 */
export const journalStore = (survives?: Survives): SimulatedStore => ({
  name: 'journal',
  newDisk: () => {
    const disk = newDisk(survives)
    return {
      ...disk,
      open: async (clock, step) => {
        step('the opening')
        const journal = journalOn(disk.open(), step)
        const opened = journaledStore({ clock, digest: sha256, journal })
        if (E.isLeft(opened)) throw new Error(opened.left.message)
        return opened.right
      },
    }
  },
})

const lineKey = (n: number): string => String(n).padStart(9, '0')

const journalOn = (disk: OpenDisk, step: (next: string) => void): Journal => ({
  lines: () =>
    disk.keys('lines').map((key): JournalLine => JSON.parse(disk.read('lines', key) ?? '')),
  add: (line) => {
    step('a line of the journal')
    const transaction = disk.begin()
    transaction.write('lines', lineKey(disk.keys('lines').length), JSON.stringify(line))
    transaction.commit()
    step('the answer after a line')
  },
  replace: (lines) => {
    step('the journal without an erased user')
    const transaction = disk.begin()
    lines.forEach((line, i) => {
      transaction.write('lines', lineKey(i), JSON.stringify(line))
    })
    step('the journal without an erased user is put in its place')
    transaction.commit()
    step('the answer after an erasure')
  },
})
