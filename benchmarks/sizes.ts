// How much is measured: in full, in a quarter of an hour (all but the largest logs), in less than two
// minutes, or so little that a test can run all of it.

export interface Sizes {
  readonly rounds: number
  /** People that are there before the first command is timed. */
  readonly base: number
  /** Commands of a round, one at a time and many in flight; of emmett-sqlite fewer. */
  readonly one: number
  readonly many: number
  readonly peer: number
  readonly writersFor_seconds: number
  readonly rebuildUsers: number
  readonly foldUsers: number
  readonly fetchUsers: ReadonlyArray<number>
  readonly fetches: number
  readonly decodes: number
  readonly isGrowthLong: boolean
}

export const sizes: Readonly<Record<'full' | 'medium' | 'short' | 'tiny', Sizes>> = {
  full: {
    rounds: 5,
    base: 20_000,
    one: 1000,
    many: 10_240,
    peer: 400,
    writersFor_seconds: 4,
    rebuildUsers: 200_000,
    foldUsers: 100_000,
    fetchUsers: [10_000, 1_000_000],
    fetches: 9_000,
    decodes: 50_000,
    isGrowthLong: true,
  },
  medium: {
    rounds: 3,
    base: 20_000,
    one: 1000,
    many: 10_240,
    peer: 400,
    writersFor_seconds: 4,
    rebuildUsers: 20_000,
    foldUsers: 100_000,
    fetchUsers: [10_000, 100_000],
    fetches: 9_000,
    decodes: 50_000,
    isGrowthLong: false,
  },
  short: {
    rounds: 2,
    base: 1000,
    one: 200,
    many: 1024,
    peer: 20,
    writersFor_seconds: 1,
    rebuildUsers: 2_000,
    foldUsers: 2_000,
    fetchUsers: [2_000],
    fetches: 1_000,
    decodes: 5_000,
    isGrowthLong: false,
  },
  tiny: {
    rounds: 1,
    base: 20,
    one: 5,
    many: 20,
    peer: 5,
    writersFor_seconds: 0.1,
    rebuildUsers: 20,
    foldUsers: 60,
    fetchUsers: [1_100],
    fetches: 20,
    decodes: 20,
    isGrowthLong: false,
  },
}
