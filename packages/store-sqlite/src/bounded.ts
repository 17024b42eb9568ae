// A map of bounded size: what was set or found since it was last passed over stays, and of the rest the
// oldest goes. A map whose first entry is deleted each time walks over all that were deleted before: at
// 20,000 entries that is more work than opening a row. So the keys stand in a ring that a hand goes round.

export interface Bounded<Key, Value> {
  readonly get: (key: Key) => Value | undefined
  readonly set: (key: Key, value: Value) => void
  readonly delete: (key: Key) => void
  readonly clear: () => void
}

interface Entry<Value> {
  value: Value
  readonly at: number
  isUsed: boolean
}

/** Holds at most `most` entries. */
export const openBounded = <Key, Value>(most: number): Bounded<Key, Value> => {
  const entries = new Map<Key, Entry<Value>>()
  const ring: Key[] = []
  let hand = 0

  /** A place in the ring that is free, if need be because whoever stands there goes. */
  const place = (): number => {
    if (ring.length < most) return ring.length
    for (;;) {
      const at = hand
      hand = (hand + 1) % most
      const key = ring[at]
      const entry = key === undefined ? undefined : entries.get(key)
      // Deleted, and perhaps set again elsewhere.
      if (key === undefined || entry === undefined || entry.at !== at) return at
      if (!entry.isUsed) {
        entries.delete(key)
        return at
      }
      entry.isUsed = false
    }
  }

  return {
    get: (key) => {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      entry.isUsed = true
      return entry.value
    },
    set: (key, value) => {
      const entry = entries.get(key)
      if (entry !== undefined) {
        entry.value = value
        entry.isUsed = true
        return
      }
      const at = place()
      ring[at] = key
      entries.set(key, { value, at, isUsed: false })
    },
    delete: (key) => {
      entries.delete(key)
    },
    clear: () => {
      entries.clear()
      ring.length = 0
      hand = 0
    },
  }
}
