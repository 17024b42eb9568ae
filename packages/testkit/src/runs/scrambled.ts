// A store in memory that keeps the keys of every record, and the rows of every table, in reverse. What
// is recorded may not depend on an order that no store promises: invariant 12 compares with this one.

import { type Directory, memoryStore } from '@selfsame/core'
import type { OpenStore } from './play.js'

/** Opens a store in memory whose decisions see everything in another order. */
export const openScrambled: OpenStore = async (clock) => {
  const store = memoryStore({ clock })
  return {
    ...store,
    transact: (items) =>
      store.transact(
        items.map((item) => ({
          ...item,
          decide: (slice, at) => item.decide(scrambled(slice), at),
        })),
      ),
  }
}

const scrambled = (directory: Directory): Directory => ({
  ...directory,
  users: rows(directory.users),
  installations: rows(directory.installations),
  identities: rows(directory.identities),
  definitions: rows(directory.definitions),
  tokens: rows(directory.tokens),
})

const rows = <K, V>(table: ReadonlyMap<K, V>): ReadonlyMap<K, V> =>
  new Map([...table].reverse().map(([key, row]) => [key, reversed(row)]))

/** The same value, the keys of each object in reverse; the order of lists is their own. */
const reversed = <A>(value: A): A => {
  if (typeof value !== 'object' || value === null) return value
  const copy: unknown = Array.isArray(value)
    ? value.map(reversed)
    : Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, part]) => [key, reversed(part)]),
      )
  return copy as A
}
