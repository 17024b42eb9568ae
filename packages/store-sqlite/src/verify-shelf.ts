// Rows by key that do not fit into memory: those fetched last are at hand, the others stand in a table
// of a temporary file. A row stands in one of both, and is counted into a sum while it is put away.

import type { Database } from 'better-sqlite3'

type Bound = string | Buffer

export interface Shelf<Row> {
  /** Takes a row to the hand. It may be changed in place, and put back. */
  readonly get: (key: string) => Row | undefined
  /** Looks at a row where it stands. */
  readonly peek: (key: string) => Row | undefined
  readonly put: (key: string, row: Row) => void
  readonly remove: (key: string) => void
  readonly size: () => number
  readonly keys: () => Iterable<string>
  /** Puts away what is too much; nobody may hold a row meanwhile. */
  readonly tidy: () => void
  /** Counts what is at hand, so that the sum is over every row. Only at the end, and once. */
  readonly countRest: () => void
}

/** How a row is put away, under which key, and how it is counted. */
export interface Putting<Row> {
  readonly table: string
  readonly max: number
  readonly textOf: (row: Row) => string
  readonly rowOf: (text: string) => Row
  /** Seals what is put away together, in its order. */
  readonly seal: (texts: ReadonlyArray<string>) => ReadonlyArray<Bound>
  readonly open: (sealed: Bound) => string
  readonly count: (key: string, row: Row, text: string) => void
}

export const openShelf = <Row>(
  db: Database,
  { table, max, textOf, rowOf, seal, open, count }: Putting<Row>,
): Shelf<Row> => {
  // With row ids: what is put away is appended, and only its key finds its place.
  db.exec(`CREATE TABLE ${table} (key TEXT PRIMARY KEY, row BLOB NOT NULL)`)
  const select = db.prepare<[string], Bound>(`SELECT row FROM ${table} WHERE key = ?`).pluck()
  const insert = db.prepare<[string, Bound]>(`INSERT INTO ${table} (key, row) VALUES (?, ?)`)
  const erase = db.prepare<[string]>(`DELETE FROM ${table} WHERE key = ?`)
  const keysAway = db.prepare<[], string>(`SELECT key FROM ${table}`).pluck()
  const atHand = new Map<string, Row>()
  /** Keys that are not away, as was asked since rows were put away. */
  const notAway = new Set<string>()
  let away = 0

  /** Takes a row back to the hand. */
  const fetch = (key: string): Row | undefined => {
    if (away === 0 || notAway.has(key)) return undefined
    const sealed = select.get(key)
    notAway.add(key)
    if (sealed === undefined) return undefined
    erase.run(key)
    away -= 1
    const text = open(sealed)
    const row = rowOf(text)
    count(key, row, text)
    atHand.set(key, row)
    return row
  }

  return {
    get: (key) => atHand.get(key) ?? fetch(key),
    peek: (key) => {
      const row = atHand.get(key)
      if (row !== undefined || away === 0) return row
      const sealed = select.get(key)
      return sealed === undefined ? undefined : rowOf(open(sealed))
    },
    put: (key, row) => {
      if (!atHand.has(key)) fetch(key)
      atHand.set(key, row)
    },
    remove: (key) => {
      if (!atHand.has(key)) fetch(key)
      atHand.delete(key)
    },
    size: () => atHand.size + away,
    keys: function* () {
      yield* atHand.keys()
      yield* keysAway.iterate()
    },
    tidy: () => {
      notAway.clear()
      if (atHand.size <= max) return
      const keys: string[] = []
      const texts: string[] = []
      for (const [key, row] of atHand) {
        if (keys.length === atHand.size - max) break
        const text = textOf(row)
        count(key, row, text)
        keys.push(key)
        texts.push(text)
      }
      const sealed = seal(texts)
      for (const [i, key] of keys.entries()) {
        const bound = sealed[i]
        if (bound === undefined) throw new Error('fewer rows are sealed than are put away')
        insert.run(key, bound)
        atHand.delete(key)
      }
      away += keys.length
    },
    countRest: () => {
      for (const [key, row] of atHand) count(key, row, textOf(row))
    },
  }
}
