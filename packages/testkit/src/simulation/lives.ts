// The lives of a store: it is opened, dies between two steps, and is opened again.

import type { Clock, Store } from '@selfsame/core'
import type { Chance } from './random.js'
import type { SimulatedStore } from './simulated-store.js'
import { count, type Tally } from './tally.js'

/** A store that lives, dies and is opened again. */
export interface Lives {
  readonly store: () => Store
  /** Everything on its disk. */
  readonly texts: () => ReadonlyArray<string>
  /** Does something with a store that dies after so many steps, null never; undefined where it died. */
  readonly during: <A>(steps: number | null, run: () => Promise<A>) => Promise<A | undefined>
  /** Dies while it does nothing. */
  readonly die: () => void
  readonly reopen: () => Promise<void>
  /** How many steps there were. */
  readonly steps: () => number
}

/** Thrown where a store dies. */
const death: unique symbol = Symbol('the store died here')

/** Opens a new store; now and then it dies in the opening, too. */
export const openLives = async (
  simulated: SimulatedStore,
  clock: Clock,
  chance: Chance,
  tally: Tally,
): Promise<Lives> => {
  const disk = simulated.newDisk()
  let left: number | null = null
  let isDead = false
  let called = 0

  const dieBefore = (next: string): void => {
    isDead = true
    count(tally.crashes, next)
    disk.crash()
  }

  const step = (next: string): void => {
    if (isDead) throw death
    called += 1
    if (left === null) return
    left -= 1
    if (left > 0) return
    dieBefore(next)
    throw death
  }

  const during: Lives['during'] = async (steps, run) => {
    left = steps
    try {
      const done = await run()
      return isDead ? undefined : done
    } catch (error) {
      // Whatever a dead store throws is told to nobody.
      if (!isDead) throw error
      return undefined
    } finally {
      left = null
    }
  }

  const open = async (): Promise<Store> => {
    for (;;) {
      isDead = false
      const opened = await during(chance.happens(5) ? 1 : null, () => disk.open(clock, step))
      if (opened !== undefined) return opened
      tally.restarts += 1
    }
  }

  let store = await open()
  return {
    store: () => store,
    texts: disk.texts,
    during,
    die: () => dieBefore('nothing: nobody waited'),
    reopen: async () => {
      tally.restarts += 1
      store = await open()
    },
    steps: () => called,
  }
}
