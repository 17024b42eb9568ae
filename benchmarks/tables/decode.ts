// Decoding and refusing a bad command, with every violation of it found.

import { inTurns } from '../measure.js'
import type { Table } from '../site.js'

export const decodeTable: Table = {
  name: 'decode',
  title: 'Decode and refuse',
  text: 'Bad commands a second, through `execute`: two wrong values, both found and named.',
  rows: async (site) => {
    const worker = site.start('decode')
    const measured = await inTurns(site.sizes.rounds, [
      { name: 'ours', round: () => worker.call('decodeRate', { count: site.sizes.decodes }) },
    ])
    return [
      {
        what: 'a bad Personalize',
        unit: 'a second',
        measured,
        goals: [{ of: 'ours', over: null, at: 'least', bound: 100_000 }],
      },
    ]
  },
}
