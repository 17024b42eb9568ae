// How the tests of values read: `parsed` gives the value of a codec, `violations` what is wrong.

import { E, type t } from '../../src/prelude.js'
import { toViolations, type Violations } from '../../src/values/violation.js'

export const parsed = <A>(codec: t.Decoder<unknown, A>, input: unknown): A => {
  const result = codec.decode(input)
  if (E.isRight(result)) return result.right
  throw new Error(`refused: ${JSON.stringify(toViolations(result.left))}`)
}

export const violations = (codec: t.Decoder<unknown, unknown>, input: unknown): Violations => {
  const result = codec.decode(input)
  if (E.isLeft(result)) return toViolations(result.left)
  throw new Error(`accepted as ${JSON.stringify(result.right)}`)
}

/** The paths of the violations; an empty list where the input is fine. */
export const paths = (
  codec: t.Decoder<unknown, unknown>,
  input: unknown,
): ReadonlyArray<string> => {
  const result = codec.decode(input)
  return E.isLeft(result) ? toViolations(result.left).map(({ path }) => path) : []
}

export const accepts = (codec: t.Decoder<unknown, unknown>, input: unknown): boolean =>
  E.isRight(codec.decode(input))
