// The directory as rows of text, one a user, installation, identity, token and definition: what two
// stores, or a projection and its replay, are compared by.

import { canonicalJson, jsonOf } from '../values/json.js'
import type { Directory } from './directory.js'

/**
 * Table and key to canonical JSON.
 * @since 0.1.0
 * @category Directory
 */
export type Rows = ReadonlyMap<string, ReadonlyMap<string, string>>

const texts = <K extends string, V>(map: ReadonlyMap<K, V>): ReadonlyMap<string, string> =>
  new Map([...map].map(([key, value]) => [key, canonicalJson(jsonOf(value))]))

/**
 * All rows of a directory.
 * @since 0.1.0
 * @category Directory
 */
export const rowsOf = (directory: Directory): Rows =>
  new Map([
    ['users', texts(directory.users)],
    ['installations', texts(directory.installations)],
    ['identities', texts(directory.identities)],
    ['tokens', texts(directory.tokens)],
    ['definitions', texts(directory.definitions)],
    ['absorbed', texts(new Map([...directory.absorbed].filter(([, ids]) => ids.length > 0)))],
  ])

/**
 * The rows that differ, at most `limit` of them.
 * @since 0.1.0
 * @category Directory
 */
export const differencesBetween = (stored: Rows, rebuilt: Rows, limit = 1000) => {
  const found: Array<{
    readonly table: string
    readonly key: string
    readonly stored: string | null
    readonly rebuilt: string | null
  }> = []
  for (const table of new Set([...stored.keys(), ...rebuilt.keys()])) {
    const [ours, theirs] = [stored.get(table), rebuilt.get(table)]
    for (const key of new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])])) {
      const [a, b] = [ours?.get(key) ?? null, theirs?.get(key) ?? null]
      if (a !== b && found.length < limit) found.push({ table, key, stored: a, rebuilt: b })
    }
  }
  return found
}
