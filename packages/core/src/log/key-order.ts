// One order of keys for what is written and for what is read back, so that a receipt given again is
// the same text.

import { isList, isRecord, setOwn, sortedKeys } from '../values/json.js'

/**
 * The same fact, the keys of every object in its payload in the order of canonical JSON.
 * @since 0.1.0
 * @category Log
 */
export const inKeyOrder = <Fact extends object>(fact: Fact): Fact => {
  const made: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(fact)) setOwn(made, key, ordered(value))
  return made as Fact
}

/** Always a copy: what a caller reads in a receipt is no part of a row. */
const ordered = (value: unknown): unknown => {
  if (isList(value)) return value.map(ordered)
  if (!isRecord(value)) return value
  const made: Record<string, unknown> = {}
  for (const key of sortedKeys(value)) setOwn(made, key, ordered(value[key]))
  return made
}
