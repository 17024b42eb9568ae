// What a scenario can expect, compared by the keys that the expectation names.

import { canonicalJson, type Json, type RefusalCode } from '@selfsame/core'
import { isObject } from '../arbitraries/symbols.js'
import type { ExpectedFact } from './facts.js'
import { cameLines, eventLines, mismatch } from './mismatch.js'
import type { ExpectedState, State } from './state.js'
import type { Outcome } from './story.js'

const equal = (a: Json | undefined, b: Json | undefined): boolean =>
  a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b)

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null))

/** Of an object, the keys that another one names. */
const named = (actual: Json, expected: Json): Json =>
  isObject(actual) && isObject(expected)
    ? Object.fromEntries(
        Object.keys(expected).flatMap((key) =>
          Object.hasOwn(actual, key) ? [[key, actual[key] ?? null]] : [],
        ),
      )
    : actual

/** The first key of an object that is not as it should be, in words. */
const differenceIn = (actual: Json, expected: Json): string | undefined => {
  if (!isObject(actual) || !isObject(expected))
    return equal(actual, expected)
      ? undefined
      : `is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`
  const key = Object.keys(expected).find((one) => !equal(actual[one], expected[one]))
  if (key === undefined) return undefined
  const is = Object.hasOwn(actual, key) ? JSON.stringify(actual[key]) : 'missing'
  return `has ${key} ${is}, not ${JSON.stringify(expected[key])}`
}

/** These events, in this order and no other. */
export const expectEvents = (outcome: Outcome, events: ReadonlyArray<ExpectedFact>): void => {
  const { recorded, result } = outcome
  const expected = events.map(({ type, payload }) => ({
    type,
    ...(payload === undefined ? {} : { payload: plain(payload) }),
  }))
  const actual = recorded.map(({ type, payload }, i) => {
    const wanted = expected[i]
    if (wanted?.type !== type) return { type, payload }
    return {
      type,
      ...(wanted.payload === undefined ? {} : { payload: named(payload, wanted.payload) }),
    }
  })
  const difference =
    result._tag === 'Receipt'
      ? firstDifference(expected, recorded)
      : `${nounOf(events.length)} expected, and the command did not succeed`
  if (difference === undefined) return
  throw mismatch(outcome, {
    expected: plain(expected),
    actual: result._tag === 'Receipt' ? plain(actual) : plain(result),
    expectedLines: eventLines(expected),
    cameLines: cameLines(outcome),
    difference,
  })
}

type Told = ReadonlyArray<{ readonly type: string; readonly payload?: Json }>

const nounOf = (count: number): string =>
  count === 0 ? 'no event is' : count === 1 ? 'one event is' : `${count} events are`

const firstDifference = (expected: Told, recorded: Told): string | undefined => {
  for (const [i, { type, payload }] of expected.entries()) {
    const came = recorded[i]
    if (came === undefined) return `event ${i + 1} is missing: ${type}`
    if (came.type !== type) return `event ${i + 1} is ${came.type}, not ${type}`
    const differs = payload === undefined ? undefined : differenceIn(came.payload ?? null, payload)
    if (differs !== undefined) return `event ${i + 1}, ${type}, ${differs}`
  }
  const more = recorded[expected.length]
  return more === undefined
    ? undefined
    : `event ${expected.length + 1} was not expected: ${more.type}`
}

/** Refused with this code, and nothing recorded. */
export const expectRefusal = (
  outcome: Outcome,
  code: RefusalCode,
  details: Readonly<Record<string, Json>>,
): void => {
  const { result, recorded } = outcome
  const error = result._tag === 'Refusal' ? result.refusal.error : undefined
  const differs = error === undefined ? undefined : differenceIn(plain(error.details), details)
  if (error?.code === code && differs === undefined && recorded.length === 0) return
  const wantsDetails = Object.keys(details).length > 0
  throw mismatch(outcome, {
    expected: plain({ code, ...(wantsDetails ? { details } : {}) }),
    actual:
      error === undefined
        ? plain(recorded)
        : plain({
            code: error.code,
            ...(wantsDetails ? { details: named(plain(error.details), details) } : {}),
          }),
    expectedLines: [`${code}${wantsDetails ? ` ${JSON.stringify(details)}` : ''}`],
    cameLines: cameLines(outcome),
    difference:
      error === undefined
        ? `${code} is expected, and the command is not refused`
        : error.code !== code
          ? `${code} is expected, and the command is refused with ${error.code}`
          : differs === undefined
            ? `${code} left ${nounOf(recorded.length)} recorded`
            : `${code} ${differs.replace(/^has/, 'has in its details')}`,
  })
}

const missingAs = { users: 'USER_NOT_FOUND', installations: 'NO_REGISTRATION' } as const

/** A state that has what is named. */
export const expectState = (outcome: Outcome, state: ExpectedState): void => {
  const wanted = (['users', 'installations'] as const).flatMap((kind) =>
    Object.entries(state[kind] ?? {}).map(([name, expected]) => ({
      kind,
      name,
      expected: plain(expected),
      actual: shownAs(outcome.state, kind, name),
    })),
  )
  const found = wanted.find(({ actual, expected }) => differenceIn(actual, expected) !== undefined)
  if (found === undefined) return
  const { kind, name, actual, expected } = found
  const whose = `${kind === 'users' ? 'user' : 'installation'} ${name}`
  throw mismatch(outcome, {
    expected: plain(state),
    actual: stateNamed(outcome.state, state),
    expectedLines: wanted.map(
      (one) =>
        `${one.kind === 'users' ? 'user' : 'installation'} ${one.name}: ${JSON.stringify(one.expected)}`,
    ),
    cameLines: cameLines(outcome),
    difference: `${whose} ${differenceIn(actual, expected)}`,
  })
}

const shownAs = (state: State, kind: keyof State, name: string): Json =>
  (Object.hasOwn(state[kind], name) ? state[kind][name] : undefined) ?? missingAs[kind]

/** Of the state, what an expectation names. */
const stateNamed = (state: State, expected: ExpectedState): Json =>
  Object.fromEntries(
    (['users', 'installations'] as const).flatMap((kind) =>
      expected[kind] === undefined
        ? []
        : [
            [
              kind,
              Object.fromEntries(
                Object.entries(expected[kind]).map(([name, one]) => [
                  name,
                  named(shownAs(state, kind, name), plain(one)),
                ]),
              ),
            ],
          ],
    ),
  )
