// Folding opened events in memory, beside plain mutation of a Map (what any fold does at least) and one
// `produce` an event over the whole directory (what a fold must not do).

import {
  type Directory,
  emptyDirectory,
  evolve,
  fold,
  memoryStore,
  openEngine,
  type Recorded,
} from '@selfsame/core'
import { randomIds } from '@selfsame/store-sqlite'
import { inFlightMany } from '../contestants/contestant.js'
import { commandOf, kinds } from '../shop.js'
import { timed } from './timed.js'

/** How many events the naive fold is given: all of them would take the better part of an hour. */
const naiveEvents = 50

let log: ReadonlyArray<Recorded> = []
let whole: Directory = emptyDirectory

/** Makes the log of so many people: six events each. */
export const foldOpen = async ({ users }: { readonly users: number }): Promise<number> => {
  const store = memoryStore({ clock: Date.now })
  const engine = openEngine({ store, idSource: randomIds })
  for (let from = 0; from < users; from += inFlightMany) {
    const group = Array.from({ length: Math.min(inFlightMany, users - from) }, (_, i) => from + i)
    for (const kind of kinds) {
      const results = await engine.executeAll(group.map((n) => commandOf(kind, n, 0)))()
      for (const result of results)
        if (result._tag === 'Left') throw new Error(JSON.stringify(result.left))
    }
  }
  const page = await store.read([], { limit: Number.MAX_SAFE_INTEGER })()
  if (page._tag === 'Left') throw new Error(page.left.message)
  log = page.right.events
  whole = fold(emptyDirectory, log)
  if (whole.users.size !== users) throw new Error(`${whole.users.size} users of ${users}`)
  return log.length
}

const mutate = (): void => {
  const rows = new Map<string, Record<string, unknown>>()
  for (const { type, payload, position } of log) {
    const id = 'userId' in payload ? payload.userId : type
    const row = rows.get(id) ?? {}
    Object.assign(row, payload)
    row.position = position
    rows.set(id, row)
  }
}

/** Events a second of one way to fold. */
export const foldRate = async ({ way }: { readonly way: string }): Promise<number> => {
  const last = log.slice(-naiveEvents)
  const ways: Readonly<Record<string, readonly [number, () => unknown]>> = {
    fold: [log.length, () => fold(emptyDirectory, log)],
    'plain mutation': [log.length, mutate],
    'evolve one by one': [last.length, () => last.reduce(evolve, whole)],
  }
  const [events, work] = ways[way] ?? []
  if (events === undefined || work === undefined) throw new Error(`there is no way ${way}`)
  const { seconds } = await timed(way.replaceAll(' ', '-'), work)
  return events / seconds
}
