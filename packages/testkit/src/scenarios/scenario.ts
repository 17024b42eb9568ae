// Given, when, then: a domain test that reads as a sentence, played on a real engine. It needs no test
// runner: what does not hold is thrown, and every runner shows it.

import type { Json, RefusalCode } from '@selfsame/core'
import { expectEvents, expectRefusal, expectState } from './expectations.js'
import type { ExpectedFact, GivenFact } from './facts.js'
import type { ExpectedState } from './state.js'
import { type GivenCommand, type Outcome, playScenario, type ScenarioOptions } from './story.js'

/**
 * An expectation that is being checked: await it, or ask for the state besides.
 *
 * @since 0.1.0
 * @category Scenarios
 */
export interface Expectation extends Promise<void> {
  /** The state that the command leaves must have what is named. */
  readonly leaves: (state: ExpectedState) => Promise<void>
}

/**
 * A command that was given: say what should come of it. Ids that the engine makes read `user-1`,
 * `installation-1` and so on, in the order in which they are made.
 *
 * @since 0.1.0
 * @category Scenarios
 */
export interface When {
  /** These events must be recorded, in this order and no other; none given: nothing is recorded. */
  readonly then: (...events: ReadonlyArray<ExpectedFact>) => Expectation
  /** The command must be refused with this code, its details having what is named. */
  readonly refuses: (code: RefusalCode, details?: Readonly<Record<string, Json>>) => Expectation
  /** The state that the command leaves must have what is named, whatever became of the command. */
  readonly leaves: (state: ExpectedState) => Promise<void>
}

/**
 * What has happened before: facts and commands, in any mixture. A fact that breaks an invariant and a
 * command that is refused are errors of the test, and thrown as such.
 *
 * @since 0.1.0
 * @category Scenarios
 */
export type Given = (...steps: ReadonlyArray<GivenFact | GivenCommand>) => {
  readonly when: (command: GivenCommand) => When
}

/**
 * `given` under other options than the default ones: another store, the choices of an embedder.
 *
 * @example
 * const { given } = scenarios({ personalizeUnknownIdentity: 'extend' })
 *
 * @since 0.1.0
 * @category Scenarios
 */
export const scenarios = (options: ScenarioOptions = {}): { readonly given: Given } => ({
  given: (...steps) => ({
    when: (command) => {
      let played: Promise<Outcome> | undefined
      const outcome = (): Promise<Outcome> => {
        played ??= playScenario(options, steps, command)
        return played
      }
      const leaves = async (state: ExpectedState): Promise<void> =>
        expectState(await outcome(), state)
      const expectation = (check: Promise<void>): Expectation =>
        Object.assign(check, { leaves: (state: ExpectedState) => check.then(() => leaves(state)) })
      return {
        // biome-ignore lint/suspicious/noThenProperty: given, when, then; awaited as it is, it throws.
        then: (...events) =>
          expectation(
            isAwaited(events)
              ? forgotten(events)
              : outcome().then((one) => expectEvents(one, events)),
          ),
        refuses: (code, details = {}) =>
          expectation(outcome().then((one) => expectRefusal(one, code, details))),
        leaves,
      }
    },
  }),
})

/**
 * Begins a scenario on an engine with default options, over a store in memory.
 *
 * @example
 * await given({ type: 'UserCreated', payload: { userId: 'ann' } })
 *   .when({ type: 'SaveUser', target: { userId: 'ann' }, user: { firstName: 'Ann' } })
 *   .then({ type: 'UserAttributesChanged', payload: { values: { firstName: 'Ann' } } })
 *   .leaves({ users: { ann: { firstName: 'Ann', type: 'LEAD' } } })
 *
 * @since 0.1.0
 * @category Scenarios
 */
export const given: Given = scenarios().given

/** `await` calls `then` with two functions: somebody waits for a scenario that expects nothing. */
const isAwaited = (events: ReadonlyArray<unknown>): boolean => typeof events[0] === 'function'

const forgotten = async (callbacks: ReadonlyArray<unknown>): Promise<void> => {
  const [, reject] = callbacks
  const error = new Error('a scenario expects nothing: end it with then, refuses or leaves')
  if (typeof reject !== 'function') throw error
  reject(error)
}
