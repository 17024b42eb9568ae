// Sums over rows: two sets of rows are the same where their sums are, in whatever order they are read.
// Each row counts by a hash under a key of one verification, so that nobody can edit rows around it.

import { hash } from 'node:crypto'

const sumBytes = 32

/** Sums by the names of what they are over. */
export type SumsByName = ReadonlyMap<string, Uint8Array>

export interface Sums {
  /** Counts a row in, and one that is in out again: the sum is over what was counted an odd time. */
  readonly count: (of: string, key: string, text: string) => void
  readonly byName: SumsByName
}

export const openSums = (secret: string): Sums => {
  const byName = new Map<string, Uint8Array>()
  const sumOf = (name: string): Uint8Array => {
    const sum = byName.get(name) ?? new Uint8Array(sumBytes)
    byName.set(name, sum)
    return sum
  }
  return {
    count: (of, key, text) => {
      const sum = sumOf(of)
      // As a text of bytes: a buffer each time would cost more than the hash.
      const digest = hash('sha256', `${secret} ${of} ${key.length} ${key}${text}`, 'binary')
      for (let i = 0; i < sumBytes; i += 1) sum[i] = (sum[i] ?? 0) ^ digest.charCodeAt(i)
    },
    byName,
  }
}

const nothing = new Uint8Array(sumBytes)

/** The names whose sums differ; what was never counted is over no row. */
export const differing = (a: SumsByName, b: SumsByName): ReadonlyArray<string> =>
  [...new Set([...a.keys(), ...b.keys()])].filter(
    (name) => Buffer.compare(a.get(name) ?? nothing, b.get(name) ?? nothing) !== 0,
  )
