// Seeded chance: one number decides everything that a simulation does.

/** Draws from one seed; the same seed gives the same draws. */
export interface Chance {
  /** A whole number from 0 up to, but not, `limit`. */
  readonly below: (limit: number) => number
  /** Whether something happens that happens `percent` times in a hundred. */
  readonly happens: (percent: number) => boolean
}

/** Opens the draws of a seed (SplitMix32). */
export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit)
  return { below, happens: (percent) => below(10_000) < percent * 100 }
}
