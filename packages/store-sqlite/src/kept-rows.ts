// Rows of users and installations that this process has opened or written, so that who comes again is
// neither read nor unsealed nor parsed. They say what the file says: whoever uses them must drop them
// before a transaction that may see another file than the one they were read from or written to.

import { frozen } from '@selfsame/core'
import { openBounded } from './bounded.js'

/** How many users, and how many installations, a process keeps. */
const keptMax = 10_000

/** Rows of one table by id. */
export interface Kept<Id, Row> {
  readonly get: (id: Id) => Row | undefined
  /** Keeps a row as it is written. */
  readonly put: (id: Id, row: Row) => void
  /** Keeps a row as it is read, from its text. */
  readonly open: (id: Id, text: string) => Row
  readonly clear: () => void
}

export const openKept = <Id, Row extends object>(most = keptMax): Kept<Id, Row> => {
  const rows = openBounded<Id, Row>(most)
  return {
    // A row that is kept is nobody's to change. Frozen when it is asked for: most of what is written is not soon asked for again.
    get: (id) => frozen(rows.get(id)),
    put: rows.set,
    open: (id, text) => {
      const row: Row = frozen(JSON.parse(text))
      rows.set(id, row)
      return row
    },
    clear: rows.clear,
  }
}
