// Rows of users and installations that this process has opened or written, so that who comes again is
// neither read nor unsealed nor parsed. They say what the file says: whoever uses them must drop them
// before a transaction that may see another file than the one they were read from or written to.

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

/** A row that is kept is nobody's to change. What is frozen is not walked again. */
const frozen = <A>(value: A): A => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

export const openKept = <Id, Row extends object>(most = keptMax): Kept<Id, Row> => {
  const rows = openBounded<Id, Row>(most)
  return {
    // Frozen when it is asked for: most of what is written is not soon asked for again.
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
