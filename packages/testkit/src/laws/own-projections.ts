// The laws of a projection of an embedder's own: from any position it can go on where it stopped, it
// gives the same each time, and it leaves the state that it was given alone.

import type { Recorded } from '@selfsame/core'
import { type Violation, violation } from './violation.js'

/**
 * A projection: a state to begin with, and what an event makes of a state. The state is data (objects,
 * lists, maps, sets), as it is when it is stored between two events.
 *
 * @since 0.1.0
 * @category Laws
 */
export interface Projection<State, Event> {
  readonly empty: State
  readonly apply: (state: State, event: Event) => State
}

/** At most so many positions are tried, evenly spread. */
const cutsMax = 50

/**
 * Holds a projection to its laws over a log. `open` makes it anew each time: what it remembers beside
 * its state is lost then, as it is when its program is started again.
 *
 * @example
 * checkProjection(() => ({ empty: 0, apply: (count) => count + 1 }), events) // []
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkProjection = <State, Event = Recorded>(
  open: () => Projection<State, Event>,
  events: ReadonlyArray<Event>,
): ReadonlyArray<Violation> => {
  const found: Violation[] = []
  const report = (message: string, position: number): void => {
    if (found.length < cutsMax) found.push(violation('projection', message, position))
  }
  const step = Math.max(1, Math.ceil(events.length / cutsMax))
  const saved: Array<readonly [number, State]> = []
  const projection = open()
  let state = projection.empty
  for (const [i, event] of events.entries()) {
    if (i % step === 0) saved.push([i, structuredClone(state)])
    const given = textOf(state)
    const next = projection.apply(state, event)
    if (next !== state && textOf(state) !== given)
      report('the event changes the state that it was given', i + 1)
    state = next
  }
  const whole = textOf(state)
  for (const [after, start] of saved) {
    const { apply } = open()
    const rest = events.slice(after).reduce<State>(apply, start)
    if (textOf(rest) !== whole)
      report(
        after === 0
          ? `folded again the log gives ${textOf(rest)}, not ${whole}`
          : `continued from the state saved here the log gives ${textOf(rest)}, not ${whole}`,
        after,
      )
  }
  return found
}

/** A state as text: keys in order, maps and sets as what is in them. */
const textOf = (state: unknown): string =>
  JSON.stringify(state, (_, value: unknown) => {
    if (value instanceof Map) return { map: [...value].map(pairText).sort() }
    if (value instanceof Set) return { set: [...value].map(textOf).sort() }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  }) ?? 'undefined'

const pairText = ([key, value]: readonly [unknown, unknown]): string =>
  `${textOf(key)}: ${textOf(value)}`
