// The limit of a rebuild: every event read, its boxes opened and all of it parsed, on one core.

import Sqlite from 'better-sqlite3'
import { open, openRawKeys } from './raw-keys.js'

const pageEvents = 1000

/** Gives how many events and boxes there were. */
export const readLog = (file: string): { readonly events: number; readonly boxes: number } => {
  const db = new Sqlite(file, { readonly: true })
  const keys = openRawKeys(db, file)
  const events = db
    .prepare<[number], [number, string, string, string]>(
      `SELECT position, id, type, payload FROM events WHERE position > ?
       ORDER BY position LIMIT ${pageEvents}`,
    )
    .raw()
  const boxesOf = db
    .prepare<[number, number], [number, string, Buffer]>(
      'SELECT position, owner, sealed FROM boxes WHERE position > ? AND position <= ? ORDER BY position',
    )
    .raw()
  const read = { events: 0, boxes: 0 }
  for (let after = 0; ; ) {
    const page = events.all(after)
    const last = page.at(-1)
    if (last === undefined) break
    const boxes = boxesOf.all(after, last[0])
    let at = 0
    for (const [position, id, type, payload] of page) {
      JSON.parse(payload)
      read.events += 1
      for (let box = boxes[at]; box !== undefined && box[0] === position; box = boxes[at]) {
        const [, owner, sealed] = box
        JSON.parse(
          open(keys.keyOf(owner), sealed, `box ${id} ${type} ${owner}`).toString('utf8', 32),
        )
        read.boxes += 1
        at += 1
      }
    }
    after = last[0]
  }
  db.close()
  return read
}
