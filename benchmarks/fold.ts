// Folding 100,000 events over 20,000 users, beside two figures from the same run: plain mutation of a
// Map (the limit), and one `produce` an event over the whole directory (what a fold must not do).

import {
  emptyDirectory,
  evolve,
  fold,
  memoryStore,
  openEngine,
  type Recorded,
} from '@selfsame/core'
import { randomIds } from '@selfsame/store-sqlite'
import { measure, type Row } from './measure.js'
import { executeIn, shopCommands } from './shop.js'

const users = 20_000
const events = 100_000
/** How many events the naive fold is given: all of them would take the better part of an hour. */
const naiveEvents = 100

const makeLog = async (): Promise<ReadonlyArray<Recorded>> => {
  const store = memoryStore({ clock: Date.now })
  const engine = openEngine({ store, idSource: randomIds })
  await executeIn(engine, shopCommands(users, 20_000), 256)
  const page = await store.read([], { limit: events })()
  if (page._tag === 'Left') throw new Error(page.left.message)
  if (page.right.events.length < events) throw new Error(`only ${page.right.events.length} events`)
  return page.right.events
}

/** The least that any fold does: finds the entity of an event in a Map and sets a field of it. */
const mutate = (log: ReadonlyArray<Recorded>): void => {
  const rows = new Map<string, Record<string, unknown>>()
  for (const { type, payload, position } of log) {
    const id = 'userId' in payload ? payload.userId : type
    const row = rows.get(id) ?? {}
    Object.assign(row, payload)
    row.position = position
    rows.set(id, row)
  }
}

export const foldRows = async (): Promise<ReadonlyArray<Row>> => {
  const log = await makeLog()
  const whole = fold(emptyDirectory, log)
  const last = log.slice(-naiveEvents)
  const what = `${events.toLocaleString('en-US')} events over ${users.toLocaleString('en-US')} users`
  return [
    await measure(`fold: ${what}`, events, () => fold(emptyDirectory, log), {
      note: `${whole.users.size} users`,
    }),
    await measure('limit: the same by plain mutation', events, () => mutate(log)),
    await measure(
      'never: evolve, one event at a time, over the whole directory',
      naiveEvents,
      () => last.reduce(evolve, whole),
      { rounds: 3, note: `${naiveEvents} events only` },
    ),
  ]
}
