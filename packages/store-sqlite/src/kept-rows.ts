// Rows of users and installations that this process has opened, so that who comes again is neither read
// nor unsealed nor parsed. They are what the file says, by the text of the row: whoever uses them must
// drop them before a transaction that may see another file than the one they were read from.

import { openBounded } from './bounded.js'

/** How many users, and how many installations, a process keeps. */
const keptMax = 10_000

/** Rows of one table by id. */
export interface Kept<Id, Row> {
  readonly get: (id: Id) => Row | undefined
  /** Keeps the text of a row as it is written; gives the row where it is wanted now. */
  readonly put: (id: Id, text: string) => void
  readonly open: (id: Id, text: string) => Row
  readonly clear: () => void
}

/** A row that is kept is nobody's to change; immer takes what is frozen as it is. */
const frozen = <A>(value: A): A => {
  if (typeof value !== 'object' || value === null) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

export const openKept = <Id, Row>(most = keptMax): Kept<Id, Row> => {
  const rows = openBounded<Id, { readonly text: string } | { readonly row: Row }>(most)
  const open = (id: Id, text: string): Row => {
    const row: Row = frozen(JSON.parse(text))
    rows.set(id, { row })
    return row
  }
  return {
    get: (id) => {
      const kept = rows.get(id)
      if (kept === undefined) return undefined
      return 'row' in kept ? kept.row : open(id, kept.text)
    },
    put: (id, text) => rows.set(id, { text }),
    open,
    clear: rows.clear,
  }
}
