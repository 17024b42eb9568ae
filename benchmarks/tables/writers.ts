// Four processes that write to one file, against one of them that has it to itself.

import { join } from 'node:path'
import { inTurns } from '../measure.js'
import type { Table } from '../site.js'

const writers = 4
/** Each process has people of its own in each turn. */
const peopleOfWriter = 1_000_000

export const writersTable: Table = {
  name: 'writers',
  title: 'Four writer processes',
  text: 'RegisterInstallation a second, 64 in flight in each process; all write to the same file.',
  rows: async (site) => {
    const file = join(site.place('files'), 'people.db')
    const workers = Array.from({ length: writers }, (_, i) => site.start(`writer-${i}`))
    for (const [i, worker] of workers.entries()) {
      if (i === 0) await worker.call('make', { file })
      await worker.call('open', { who: { name: 'ours' }, file })
    }
    const seconds = site.sizes.writersFor_seconds
    let part = 0
    const together = async (some: typeof workers): Promise<number> => {
      const rates = await Promise.all(
        some.map((worker) => worker.call('writeFor', { from: peopleOfWriter * part++, seconds })),
      )
      return rates.reduce((sum, rate) => sum + rate, 0)
    }
    const measured = await inTurns(site.sizes.rounds, [
      { name: 'four together', round: () => together(workers) },
      { name: 'one alone', round: () => together(workers.slice(0, 1)) },
    ])
    return [
      {
        what: 'RegisterInstallation',
        unit: 'a second',
        measured,
        goals: [{ of: 'four together', over: 'one alone', at: 'least', bound: 0.9 }],
      },
    ]
  },
}
