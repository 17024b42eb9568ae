// The error of a scenario that does not hold: what was expected, what came, the first difference, and
// the state. Test runners show `expected` and `actual` side by side, as they do for node:assert.

import type { Json } from '@selfsame/core'
import { resultText } from '../runs/transcript.js'
import { stateLines } from './state.js'
import type { Outcome } from './story.js'

/**
 * What a scenario throws that does not hold; it has the form of Node's own `AssertionError`.
 *
 * @since 0.1.0
 * @category Scenarios
 */
export interface ScenarioMismatch extends Error {
  readonly name: 'AssertionError'
  readonly code: 'ERR_ASSERTION'
  readonly expected: Json
  readonly actual: Json
}

/** What is compared: texts for a person, values for a test runner. */
export interface Mismatch {
  readonly expected: Json
  readonly actual: Json
  readonly expectedLines: ReadonlyArray<string>
  readonly cameLines: ReadonlyArray<string>
  readonly difference: string
}

const indented = (lines: ReadonlyArray<string>): string =>
  lines.map((line) => `    ${line}`).join('\n')

/** Builds the error. */
export const mismatch = (outcome: Outcome, found: Mismatch): ScenarioMismatch => {
  const { steps, command, state } = outcome
  const message = [
    found.difference,
    `  given ${steps === 0 ? 'nothing' : `${steps} step${steps === 1 ? '' : 's'}`}, when`,
    indented([JSON.stringify(command)]),
    '  expected',
    indented(found.expectedLines),
    '  came',
    indented(found.cameLines),
    '  state',
    indented(stateLines(state)),
  ].join('\n')
  return Object.assign(new Error(message), {
    name: 'AssertionError' as const,
    code: 'ERR_ASSERTION' as const,
    operator: 'deepStrictEqual',
    generatedMessage: false,
    expected: found.expected,
    actual: found.actual,
  })
}

/** Events as numbered lines. */
export const eventLines = (
  events: ReadonlyArray<{ readonly type: string; readonly payload?: Json | undefined }>,
): ReadonlyArray<string> =>
  events.length === 0
    ? ['no event']
    : events.map(
        ({ type, payload }, i) =>
          `${i + 1}. ${type}${payload === undefined ? '' : ` ${JSON.stringify(payload)}`}`,
      )

/** What came of the command: its events, or why there are none. */
export const cameLines = ({ result, recorded }: Outcome): ReadonlyArray<string> =>
  result._tag === 'Receipt' ? eventLines(recorded) : [resultText(result)]
