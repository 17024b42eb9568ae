// What a run writes for programs to read: `benchmarks/results.json`.

import type { Machine } from './machine.js'
import type { Result } from './site.js'
import type { Sizes } from './sizes.js'

export interface Results {
  readonly date: string
  readonly form: string
  readonly seed: number
  /** The load of the machine before and after, our own work included in the second. */
  readonly load: { readonly before: number; readonly after: number }
  readonly machine: Machine
  readonly sizes: Sizes
  readonly peers: ReadonlyArray<string>
  readonly tables: ReadonlyArray<Result>
}
