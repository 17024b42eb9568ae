// Folding opened events in memory.

import { inTurns } from '../measure.js'
import type { Table } from '../site.js'

const ways = ['fold', 'plain mutation', 'evolve one by one'] as const

export const foldTable: Table = {
  name: 'fold',
  title: 'Fold in memory',
  text:
    'Events a second over the whole directory, the events being opened. Plain mutation of a Map is what ' +
    'any fold does at least. `evolve one by one` is one `produce` an event over the whole directory: ' +
    'what a fold must never do, shown with few events.',
  rows: async (site) => {
    const worker = site.start('fold')
    const users = site.sizes.foldUsers
    const events = await worker.call('foldOpen', { users })
    const measured = await inTurns(
      site.sizes.rounds,
      ways.map((way) => ({ name: way, round: () => worker.call('foldRate', { way }) })),
    )
    return [
      {
        what: `${events.toLocaleString('en-US')} events over ${users.toLocaleString('en-US')} users`,
        unit: 'a second',
        measured,
        goals: [{ of: 'fold', over: null, at: 'least', bound: 150_000 }],
      },
    ]
  },
}
