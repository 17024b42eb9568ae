// One order of keys for what is written and for what is read back, so that a receipt given again is
// the same text.

/**
 * The same fact, the keys of every object in its payload in the order of canonical JSON.
 * @since 0.1.0
 * @category Log
 */
export const inKeyOrder = <Fact extends object>(fact: Fact): Fact =>
  Object.fromEntries(Object.entries(fact).map(([key, value]) => [key, ordered(value)])) as Fact

const ordered = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(ordered)
  const keys = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(keys.map(([key, part]) => [key, ordered(part)]))
}
