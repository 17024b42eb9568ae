// Ways to plant a bug in a store: its decisions rewritten, its answers falsified.

import {
  type Decision,
  type Directory,
  fold,
  type Moment,
  type Recorded,
  type Store,
  type WorkItem,
} from '@selfsame/core'
import type { OpenStore } from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { openMemory } from './memory.js'

/** A store in memory that something is done to. */
export const altered =
  (alter: (store: Store) => Partial<Store>): OpenStore =>
  async (clock) => {
    const store = await openMemory(clock)
    return { ...store, ...alter(store) }
  }

/** A store whose work items are rewritten before they are transacted. */
export const withItems = (rewrite: (item: WorkItem) => WorkItem): OpenStore =>
  altered((store) => ({ transact: (items) => store.transact(items.map(rewrite)) }))

/** A store whose accepted decisions are rewritten. */
export const withDecisions = (
  rewrite: (decision: Decision, slice: Directory, at: Moment) => Decision,
): OpenStore =>
  withItems((item) => ({
    ...item,
    decide: (slice, at) => {
      const decided = item.decide(slice, at)
      return E.isLeft(decided) ? decided : E.right(rewrite(decided.right, slice, at))
    },
  }))

/**
 * A store that records other events than were decided; positions follow, and the directory is what
 * the events make of it, so that only the laws can tell.
 */
export const withEvents = (
  rewrite: (events: ReadonlyArray<Recorded>, slice: Directory) => ReadonlyArray<Recorded>,
): OpenStore =>
  withDecisions((decision, slice, { head }) => {
    const events = rewrite(decision.events, slice).map((event, i) => ({
      ...event,
      position: head + i + 1,
    }))
    return { ...decision, events, directory: fold(slice, events) }
  })

/** A store that leaves some events out. */
export const without = (
  isLost: (event: Recorded, i: number, all: ReadonlyArray<Recorded>) => boolean,
) => withEvents((events) => events.filter((event, i) => !isLost(event, i, events)))

/** A store that falsifies single events. */
export const withEach = (falsify: (event: Recorded, slice: Directory) => Recorded): OpenStore =>
  withEvents((events, slice) => events.map((event) => falsify(event, slice)))
