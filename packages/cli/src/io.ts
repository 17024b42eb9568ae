// What a subcommand is given: where to read, where to write, and how to end.

import type { Readable } from 'node:stream'
import type { ExitStatus } from './exit.js'
import type { Output } from './output.js'

export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly output: Output
  /** Sets the exit status of the run. */
  readonly end: (status: ExitStatus) => void
}
