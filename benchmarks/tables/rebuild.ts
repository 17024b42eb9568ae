// A rebuild of all projections, against reading, opening and parsing the same rows on one core.

import { join } from 'node:path'
import { inFlightMany } from '../contestants/contestant.js'
import { inTurns } from '../measure.js'
import type { Kind } from '../shop.js'
import type { Site, Table } from '../site.js'

/** The raw program fills a file faster, and a test shows that its rows are ours. */
export const fillByRaw = async (
  site: Site,
  users: number,
  kinds: ReadonlyArray<Kind>,
): Promise<string> => {
  const file = join(site.place(`users-${users}`), 'people.db')
  const worker = site.start('fill')
  await worker.call('make', { file })
  await worker.call('open', { who: { name: 'raw' }, file })
  for (const kind of kinds)
    await worker.call('run', {
      kind,
      from: 0,
      to: users,
      turn: 0,
      inFlight: inFlightMany,
      seed: site.seed,
    })
  await worker.call('close')
  await worker.end()
  return file
}

export const rebuildTable: Table = {
  name: 'rebuild',
  title: 'Rebuild of all projections',
  text:
    'Five events a user. The rebuild makes new tables beside the live ones, compares them row by row ' +
    'and swaps them; the limit reads each event, opens its boxes and parses both, and writes nothing. ' +
    'Each round is a process of its own, whose peak of memory is measured in all.',
  rows: async (site) => {
    const users = site.sizes.rebuildUsers
    const file = await fillByRaw(site, users, ['RegisterInstallation', 'Personalize', 'SaveUser'])
    const peaks: number[] = []
    let events = 0
    const rates = await inTurns(site.sizes.rounds, [
      {
        name: 'ours',
        round: async (turn) => {
          const worker = site.start('ours')
          await worker.call('open', { who: { name: 'ours' }, file })
          const done = await worker.call('rebuild')
          await worker.call('close')
          await worker.end()
          if (turn > 0) peaks.push(done.peak_mib)
          events = done.events
          return done.rate
        },
      },
      {
        name: 'read, open and parse',
        round: async () => {
          const worker = site.start('raw')
          const done = await worker.call('read', { file })
          await worker.end()
          if (done.events !== events) throw new Error(`${done.events} events of ${events}`)
          return done.rate
        },
      },
    ])
    const size = `${events.toLocaleString('en-US')} events, ${users.toLocaleString('en-US')} users`
    return [
      {
        what: size,
        unit: 'a second',
        measured: rates,
        goals: [{ of: 'ours', over: 'read, open and parse', at: 'least', bound: 0.4 }],
      },
      {
        what: 'memory at its peak',
        unit: 'MiB',
        measured: [{ name: 'ours', rounds: peaks }],
        goals: [{ of: 'ours', over: null, at: 'most', bound: 300 }],
      },
    ]
  },
}
