// A map of bounded size, in two generations: what is set or found is young, and when the young are half
// of all that may be kept, the old ones go. A single map whose first entry is deleted each time walks
// over all that were deleted before: at 20,000 entries that is more work than opening a row.

export interface Bounded<Key, Value> {
  readonly get: (key: Key) => Value | undefined
  readonly set: (key: Key, value: Value) => void
  readonly delete: (key: Key) => void
  readonly clear: () => void
}

/** Holds at least half of `most` entries, the last that were set or found, and never more than `most`. */
export const openBounded = <Key, Value>(most: number): Bounded<Key, Value> => {
  const youngMax = Math.max(1, Math.floor(most / 2))
  let young = new Map<Key, Value>()
  let old = new Map<Key, Value>()
  const set = (key: Key, value: Value): void => {
    if (young.size >= youngMax && !young.has(key)) {
      old = young
      young = new Map()
    }
    young.set(key, value)
  }
  return {
    get: (key) => {
      const value = young.get(key)
      if (value !== undefined) return value
      const found = old.get(key)
      if (found !== undefined) set(key, found)
      return found
    },
    set,
    delete: (key) => {
      young.delete(key)
      old.delete(key)
    },
    clear: () => {
      young.clear()
      old.clear()
    },
  }
}
