// What a run of the benchmark is given, what a table of it makes of that, and what comes out.

import type { Row } from './measure.js'
import type { Sizes } from './sizes.js'
import type { Worker } from './worker.js'

export interface Bench {
  readonly sizes: Sizes
  readonly seed: number
  /** Where emmett-sqlite is installed; null where it is left out. */
  readonly peers: string | null
  readonly worker: string
  readonly folder: string
  readonly profiles: string | null
}

/** What a table is run with. */
export interface Site extends Bench {
  /** A process that measures; the name tells its profile apart. */
  readonly start: (name: string) => Worker
  /** A new place for files. */
  readonly place: (name: string) => string
}

export interface Table {
  readonly name: string
  readonly title: string
  /** What a reader must know to read it. */
  readonly text: string
  readonly rows: (site: Site) => Promise<ReadonlyArray<Row>>
}

export interface Result {
  readonly name: string
  readonly title: string
  readonly text: string
  readonly rows: ReadonlyArray<Row>
}
