// How a check of the contract fails: an error that names the promise, what was done, what was
// expected and what came.

import type { Json } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'

/**
 * The error of a check that fails. Its message holds the rest in four lines.
 *
 * @since 0.1.0
 * @category Contract
 */
export interface BrokenPromise extends Error {
  readonly promise: string
  readonly done: string
  readonly expected: string
  readonly came: string
}

const textMax = 600

/** JSON as a person reads it in a message, cut where it is long. */
export const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return text.length > textMax ? `${text.slice(0, textMax)}…` : text
}

/** What a check throws: the promise is added by whoever runs it. */
interface Difference extends Error {
  readonly done: string
  readonly expected: string
  readonly came: string
}

const difference = (done: string, expected: string, came: string): Difference =>
  Object.assign(new Error(`${done}: expected ${expected}, came ${came}`), { done, expected, came })

const isDifference = (error: unknown): error is Difference =>
  error instanceof Error && 'done' in error && 'expected' in error && 'came' in error

export const plain = (value: unknown): Json =>
  value === undefined ? null : JSON.parse(JSON.stringify(value))

const isObject = (json: Json): json is Readonly<Record<string, Json>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

const at = (json: Json, key: string): Json | undefined => {
  if (Array.isArray(json)) return json[Number(key)]
  return isObject(json) && Object.hasOwn(json, key) ? json[key] : undefined
}

/** The first place where two values differ; undefined where they are equal. */
export const firstDifference = (
  expected: Json | undefined,
  came: Json | undefined,
  path = '',
): { readonly path: string; readonly expected: string; readonly came: string } | undefined => {
  if (expected === came) return undefined
  const [a, b] = [expected ?? null, came ?? null]
  const bothLists = Array.isArray(a) && Array.isArray(b)
  if (!bothLists && !(isObject(a) && isObject(b)))
    return { path, expected: shown(expected ?? 'nothing'), came: shown(came ?? 'nothing') }
  for (const key of new Set([...Object.keys(Object(a)), ...Object.keys(Object(b))])) {
    const found = firstDifference(at(a, key), at(b, key), `${path}/${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

/** Goes on where two values are equal as JSON. */
export const same = (done: string, came: unknown, expected: unknown): void => {
  const found = firstDifference(plain(expected), plain(came))
  if (found === undefined) return
  const where = found.path === '' ? '' : ` (at ${found.path})`
  throw difference(`${done}${where}`, found.expected, found.came)
}

/** Goes on where something holds. */
export const holds = (done: string, doesHold: boolean, expected: string, came: unknown): void => {
  if (!doesHold) throw difference(done, expected, shown(came))
}

/** What was answered, where it is not a failure. */
export const answer = <A>(done: string, came: E.Either<unknown, A>): A => {
  if (E.isLeft(came)) throw difference(done, 'an answer', shown(came.left))
  return came.right
}

/** The failure that was answered; an answer is not expected. */
export const refusal = <L>(done: string, expected: string, came: E.Either<L, unknown>): L => {
  if (E.isRight(came)) throw difference(done, expected, shown(came.right))
  return came.left
}

/** Goes on where what came is a failure, of this kind where one is named. */
export const isFailure = (done: string, came: E.Either<unknown, unknown>, kind?: string): void => {
  const expected = kind === undefined ? 'a Failure' : `the Failure ${kind}`
  const left = refusal(done, expected, came)
  const isOne = typeof left === 'object' && left !== null && '_tag' in left
  holds(done, isOne && left._tag === 'Failure', expected, left)
  if (kind !== undefined) holds(done, isOne && 'kind' in left && left.kind === kind, expected, left)
}

/** Runs a check; what it throws becomes an error that names the promise. */
export const keeping = async (
  store: string,
  promise: string,
  check: () => Promise<void>,
): Promise<void> => {
  try {
    await check()
  } catch (error) {
    const found = isDifference(error)
      ? { done: error.done, expected: error.expected, came: error.came }
      : {
          done: 'a call of the store',
          expected: 'that it answers: no method may throw or reject',
          came: `thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        }
    const message =
      `${store} breaks the promise: ${promise}\n` +
      `  done: ${found.done}\n  expected: ${found.expected}\n  came: ${found.came}`
    throw Object.assign(new Error(message), { promise, ...found }) satisfies BrokenPromise
  }
}
