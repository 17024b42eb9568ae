// Random bytes for nonces and salts. One call for the generator of the system costs as much as sealing
// half a box, so many are asked for at once; what was given away is overwritten, so that no two ask for
// the same bytes and nobody finds in memory what a salt was. Ids and keys do not come from here.

import { randomFillSync } from 'node:crypto'

const poolBytes = 4096

export interface RandomPool {
  /** Writes fresh random bytes into a part of `target`. */
  readonly fill: (target: Uint8Array, from: number, count: number) => void
}

/** `refill` makes all bytes of the pool new. */
export const openRandomPool = (
  refill: (pool: Uint8Array) => void = randomFillSync,
  size = poolBytes,
): RandomPool => {
  const pool = new Uint8Array(size)
  let next = size
  return {
    fill: (target, from, count) => {
      if (count > size) throw new RangeError(`a pool of ${size} bytes cannot give ${count}`)
      if (next + count > size) {
        refill(pool)
        next = 0
      }
      target.set(pool.subarray(next, next + count), from)
      pool.fill(0, next, next + count)
      next += count
    },
  }
}
