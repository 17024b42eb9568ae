// A store whose every call is a step of a schedule: others may go first before it is done, and before
// its answer arrives.

import type { Clock, Store } from '@selfsame/core'

/** Waits until the schedule lets this step happen. */
export type Turn = (next: string) => Promise<void>

/**
 * Opens a new, empty store on the clock given. A store that works in asynchronous steps awaits `turn`
 * between any two of them, so that a schedule decides who goes next.
 *
 * @since 0.1.0
 * @category Schedules
 */
export type OpenScheduled = (clock: Clock, turn: Turn) => Promise<Store>

/** A store that awaits its turn before and after each call. */
export const takingTurns = (store: Store, turn: Turn): Store => {
  const inTurn =
    <Args extends ReadonlyArray<unknown>, A>(
      name: string,
      call: (...args: Args) => () => Promise<A>,
    ) =>
    (...args: Args) =>
    async (): Promise<A> => {
      await turn(name)
      const answer = await call(...args)()
      await turn(`the answer of ${name}`)
      return answer
    }
  return {
    ...store,
    transact: inTurn('transact', store.transact),
    load: inTurn('load', store.load),
    remembered: inTurn('remembered', store.remembered),
    read: inTurn('read', store.read),
  }
}
