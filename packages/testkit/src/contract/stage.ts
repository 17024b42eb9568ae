// What a check of the contract works on: a fresh store, its clock, and the hooks of whoever wrote it.

import {
  type Clock,
  type Engine,
  type LogEvent,
  openEngine,
  type Query,
  type Range,
  type Recorded,
  type Seed,
  type Store,
} from '@selfsame/core'
import { countingIds, turnedClock } from '../ports.js'
import { answer } from './broken.js'

/**
 * An implementation of the `Store` port, as the contract needs it.
 *
 * `open` opens a new, empty store on the clock given. The other hooks are for stores that can do it;
 * without one, its checks are left out. `openInSteps` opens a new store that calls `step` before, after
 * and between the steps of what it writes (write, sync, rename ...): the contract looks at what a crash
 * would leave there, and lets a step throw, as a full disk does. `reopen` opens what a store that was
 * closed has left. `openSecond` opens a second one over the same log while the
 * first is open. `crash` copies at once, without waiting for anything, what a killed process would
 * leave at this moment, and gives a function that opens the copy; it may be called inside `decide`.
 * Files that the hooks make are for their owner to take away.
 *
 * @since 0.1.0
 * @category Contract
 */
export interface StoreContract {
  readonly name: string
  readonly open: (clock: Clock) => Promise<Store>
  readonly openInSteps?: (clock: Clock, step: () => void) => Promise<Store>
  readonly reopen?: (store: Store, clock: Clock) => Promise<Store>
  readonly openSecond?: (store: Store, clock: Clock) => Promise<Store>
  readonly crash?: (store: Store) => (clock: Clock) => Promise<Store>
}

/** A hook that a check cannot do without. */
export type Hook = 'reopen' | 'openSecond' | 'crash' | 'openInSteps'

/** One promise of the port and how it is checked. */
export interface PortPromise {
  readonly promise: string
  readonly needs?: ReadonlyArray<Hook>
  readonly check: (stage: Stage) => Promise<void>
}

/** A check's own world. */
export interface Stage {
  readonly store: Store
  readonly clock: Clock
  readonly turn: (byMs: number) => void
  readonly newSeed: () => Seed
  readonly engine: (over?: Store) => Engine
  /** What every step of what is written does from now on. */
  readonly onStep: (run: () => void) => void
  /** The same store, closed and opened again. */
  readonly reopened: () => Promise<Store>
  readonly second: () => Promise<Store>
  readonly crash: () => () => Promise<Store>
  /** A new store beside the one of this check, with steps of its own. */
  readonly another: (step?: () => void) => Promise<Store>
  /** A store, closed whatever it answers, and opened again. */
  readonly reopenedOf: (one: Store) => Promise<Store>
}

const missing = (hook: Hook): never => {
  throw new Error(`this check needs the hook ${hook}`)
}

/** Opens a stage, and closes every store of it after the check. */
export const onStage = async (
  contract: StoreContract,
  check: (stage: Stage) => Promise<void>,
): Promise<void> => {
  const { clock, turn } = turnedClock()
  const newSeed = countingIds()
  let step = (): void => {}
  const opened: Store[] = []
  const keep = async (opening: Promise<Store>): Promise<Store> => {
    const store = await opening
    opened.push(store)
    return store
  }
  const { open, openInSteps = open, reopen, openSecond, crash } = contract
  const store = await keep(openInSteps(clock, () => step()))
  const reopenedOf = async (one: Store): Promise<Store> => {
    await one.close()()
    return reopen === undefined ? missing('reopen') : keep(reopen(one, clock))
  }
  try {
    await check({
      store,
      clock,
      turn,
      newSeed,
      engine: (over = store) => openEngine({ store: over, idSource: newSeed }),
      onStep: (run) => {
        step = run
      },
      reopened: () => reopenedOf(store),
      reopenedOf,
      second: async () =>
        openSecond === undefined ? missing('openSecond') : keep(openSecond(store, clock)),
      crash: () => {
        const copied = crash === undefined ? missing('crash') : crash(store)
        return () => keep(copied(clock))
      },
      another: (own = () => {}) => keep(openInSteps(clock, own)),
    })
  } finally {
    step = () => {}
    for (const one of opened) await one.close()()
  }
}

/** Selfsame's events. */
export const readAll = async (
  store: Store,
  query: Query = [],
  range: Range = {},
): Promise<ReadonlyArray<Recorded>> =>
  answer(
    `read(${JSON.stringify(query)}, ${JSON.stringify(range)})`,
    await store.read(query, range)(),
  ).events

/** Events of any kind. */
export const readLog = async (
  store: Store,
  query: Query = [],
  range: Range = {},
): Promise<ReadonlyArray<LogEvent>> =>
  answer(
    `log.read(${JSON.stringify(query)}, ${JSON.stringify(range)})`,
    await store.log.read(query, range)(),
  ).events
