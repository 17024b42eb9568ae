// fetchUser by identity: people whom the process has not seen before, and a few again and again.

import type { Who } from '../jobs/shop-jobs.js'
import { inTurns, type Row } from '../measure.js'
import type { Table } from '../site.js'
import { fillByRaw } from './rebuild.js'

/** People whom a process looks up before it is timed, so that its code is compiled. */
const warm = 500
const keptPeople = 100

export const fetchTable: Table = {
  name: 'fetch',
  title: 'fetchUser by identity',
  text:
    'Look-ups a second by phone; a user has one installation, which comes with it. Cold: each person ' +
    'is asked for once, in a process that has not seen them. Kept: a hundred people again and again. ' +
    'The raw look-up reads, opens and parses the same two sealed rows, and keeps opened keys as we do.',
  rows: async (site) => {
    const rows: Row[] = []
    const { sizes, seed } = site
    for (const users of sizes.fetchUsers) {
      const file = await fillByRaw(site, users, ['RegisterInstallation', 'Personalize'])
      const times = Math.ceil(sizes.fetches / keptPeople)
      const kept: Record<string, number[]> = { ours: [], raw: [] }
      const contender = (who: Who) => ({
        name: who.name,
        round: async () => {
          const worker = site.start(who.name)
          await worker.call('open', { who, file })
          await worker.call('fetch', { from: 0, to: warm, people: warm, times: 4, seed })
          const range = { from: warm, to: users, seed }
          const cold = await worker.call('fetch', { ...range, people: sizes.fetches, times: 1 })
          const again = await worker.call('fetch', { ...range, people: keptPeople, times })
          kept[who.name]?.push(again)
          await worker.call('close')
          await worker.end()
          return cold
        },
      })
      const cold = await inTurns(sizes.rounds, [
        contender({ name: 'ours' }),
        contender({ name: 'raw' }),
      ])
      const size = `${users.toLocaleString('en-US')} users`
      rows.push(
        {
          what: `cold, ${size}`,
          unit: 'a second',
          measured: cold,
          goals: [{ of: 'ours', over: 'raw', at: 'least', bound: 0.6 }],
        },
        {
          what: `kept, ${size}`,
          unit: 'a second',
          measured: Object.entries(kept).map(([name, all]) => ({
            name,
            rounds: all.slice(1),
          })),
          goals: [{ of: 'ours', over: null, at: 'least', bound: 200_000 }],
        },
      )
    }
    return rows
  },
}
