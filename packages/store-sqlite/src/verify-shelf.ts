// Rows by key that do not fit into memory: those used last are at hand, the others stand in a table of
// a temporary file. A row stands in one of both.

import type { Database } from 'better-sqlite3'

export interface Shelf<Row> {
  /** Takes a row to the hand. It may be changed in place, and put back. */
  readonly get: (key: string) => Row | undefined
  /** Looks at a row where it stands. */
  readonly peek: (key: string) => Row | undefined
  readonly put: (key: string, row: Row) => void
  readonly remove: (key: string) => void
  readonly size: () => number
  readonly atHand: ReadonlyMap<string, Row>
  /** The keys of rows that are put away, as they are kept there. */
  readonly away: () => Iterable<string | Buffer>
  /** Puts away what is too much; nobody may hold a row meanwhile. */
  readonly tidy: () => void
}

/** How a row is put away, and under which key. */
export interface Putting<Row> {
  readonly table: string
  readonly max: number
  readonly keyOf: (key: string) => string | Buffer
  readonly seal: (row: Row) => string | Buffer
  readonly open: (sealed: string | Buffer) => Row
}

export const openShelf = <Row>(
  db: Database,
  { table, max, keyOf, seal, open }: Putting<Row>,
): Shelf<Row> => {
  type Bound = string | Buffer
  db.exec(`CREATE TABLE ${table} (key BLOB PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID`)
  const select = db.prepare<[Bound], Bound>(`SELECT row FROM ${table} WHERE key = ?`).pluck()
  const insert = db.prepare<[Bound, Bound]>(`INSERT INTO ${table} (key, row) VALUES (?, ?)`)
  const erase = db.prepare<[Bound]>(`DELETE FROM ${table} WHERE key = ?`)
  const atHand = new Map<string, Row>()
  const keys = db.prepare<[], Bound>(`SELECT key FROM ${table}`).pluck()
  let away = 0

  /** Takes a row back to the hand. */
  const fetch = (key: string): Row | undefined => {
    if (away === 0) return undefined
    const sealed = select.get(keyOf(key))
    if (sealed === undefined) return undefined
    erase.run(keyOf(key))
    away -= 1
    const row = open(sealed)
    atHand.set(key, row)
    return row
  }
  const get = (key: string): Row | undefined => atHand.get(key) ?? fetch(key)

  return {
    get,
    peek: (key) => {
      const row = atHand.get(key)
      if (row !== undefined || away === 0) return row
      const sealed = select.get(keyOf(key))
      return sealed === undefined ? undefined : open(sealed)
    },
    put: (key, row) => {
      if (!atHand.has(key)) fetch(key)
      // At the end of the map: what was used last is put away last.
      atHand.delete(key)
      atHand.set(key, row)
    },
    remove: (key) => {
      if (!atHand.has(key)) fetch(key)
      atHand.delete(key)
    },
    size: () => atHand.size + away,
    atHand,
    away: () => keys.iterate(),
    tidy: () => {
      for (const [key, row] of atHand) {
        if (atHand.size <= max) return
        insert.run(keyOf(key), seal(row))
        atHand.delete(key)
        away += 1
      }
    },
  }
}
