// Commands a second, durable and sealed, one at a time and with 256 in flight, beside the raw program
// and emmett-sqlite.

import { join } from 'node:path'
import { inFlightMany } from '../contestants/contestant.js'
import { emmettWays } from '../contestants/emmett.js'
import type { Who } from '../jobs/shop-jobs.js'
import {
  type Contender,
  type Goal,
  inTurns,
  type Measured,
  type Row,
  spreadOf,
} from '../measure.js'
import { type Kind, kinds } from '../shop.js'
import type { Site, Table } from '../site.js'
import type { Worker } from '../worker.js'

interface Mode {
  readonly name: string
  readonly title: string
  readonly inFlight: number
  readonly count: (site: Site) => number
  readonly ofRaw: number
  readonly ofPeer: number
}

const modes: ReadonlyArray<Mode> = [
  {
    name: 'one',
    title: 'One command at a time',
    inFlight: 1,
    count: ({ sizes }) => sizes.one,
    ofRaw: 0.6,
    ofPeer: 2.5,
  },
  {
    name: 'many',
    title: `${inFlightMany} commands in flight`,
    inFlight: inFlightMany,
    count: ({ sizes }) => sizes.many,
    ofRaw: 0.5,
    ofPeer: 10,
  },
]

interface Opened {
  readonly name: string
  readonly worker: Worker
  readonly count: number
  readonly isPeer: boolean
}

const openAll = async (site: Site, mode: Mode): Promise<ReadonlyArray<Opened>> => {
  const { peers, sizes } = site
  const own: ReadonlyArray<Who> = [{ name: 'ours' }, { name: 'raw' }]
  const ways = emmettWays.filter((way) =>
    mode.inFlight > 1 ? way !== 'as shipped' : way !== 'shared, no queue',
  )
  const others: ReadonlyArray<Who> =
    peers === null ? [] : ways.map((way) => ({ name: 'emmett', way, peers }))
  const opened: Opened[] = []
  for (const who of [...own, ...others]) {
    const isPeer = who.name === 'emmett'
    const name = isPeer ? `emmett-sqlite ${who.way}` : who.name
    const worker = site.start(name.replaceAll(/\W+/g, '-'))
    const file = join(site.place(name.replaceAll(/\W+/g, '-')), 'people.db')
    if (!isPeer) await worker.call('make', { file })
    await worker.call('open', { who, file })
    if (!isPeer)
      for (const kind of ['RegisterInstallation', 'Personalize'] as const)
        await worker.call('run', {
          kind,
          from: 0,
          to: sizes.base,
          turn: 0,
          inFlight: inFlightMany,
          seed: site.seed,
        })
    opened.push({ name, worker, count: isPeer ? sizes.peer : mode.count(site), isPeer })
  }
  return opened
}

/** One kind in one turn: a contestant registers new people, and then goes on with them. */
const contender = (
  site: Site,
  mode: Mode,
  kind: Kind,
  { name, worker, count, isPeer }: Opened,
  spent: Map<string, number[]>,
): Contender => ({
  name: `${kind}/${name}`,
  round: async (turn) => {
    const first = site.sizes.base + turn * count
    // Anybody's profile may be saved; to register or to mark as primary is done once.
    const from = kind === 'SaveUser' && !isPeer ? 0 : first
    const { rate, processor_us } = await worker.call('run', {
      kind,
      from,
      to: first + count,
      count,
      turn: turn + 1,
      inFlight: mode.inFlight,
      seed: site.seed,
    })
    if (isPeer && kind !== 'SaveUser') return null
    const key = `${kind}/${name}`
    if (turn > 0) spent.set(key, [...(spent.get(key) ?? []), processor_us])
    return rate
  },
})

const measuredOf = (kind: Kind, all: ReadonlyArray<Measured>): ReadonlyArray<Measured> =>
  all.flatMap(({ name, rounds }) =>
    name.startsWith(`${kind}/`) ? [{ name: name.slice(kind.length + 1), rounds }] : [],
  )

/** Not on the disk when it answers: no peer at equal durability. */
const answersEarly = 'emmett-sqlite shared, no queue'

const goalsOf = (mode: Mode, measured: ReadonlyArray<Measured>): ReadonlyArray<Goal> => {
  const best = measured
    .filter(({ name }) => name.startsWith('emmett') && name !== answersEarly)
    .sort((a, b) => spreadOf(b.rounds).median - spreadOf(a.rounds).median)[0]
  const overRaw: Goal = { of: 'ours', over: 'raw', at: 'least', bound: mode.ofRaw }
  return best === undefined
    ? [overRaw]
    : [overRaw, { of: 'ours', over: best.name, at: 'least', bound: mode.ofPeer }]
}

const text =
  'Commands a second; each is answered once it is on the disk (`synchronous=FULL`, for everybody). ' +
  'The raw program writes the same rows by hand, over better-sqlite3 alone. Processor time is that of ' +
  'one command, over all threads of the process: it shows our cost where the disk is what is waited for.'

const textOfPeers =
  ' emmett-sqlite loads a stream of ten events, folds it and appends one event under the version that ' +
  'it saw; it seals nothing and keeps no index by tags.'

const textOfMany =
  ' As shipped, on a connection for each call, nearly all of its commands throw SQLITE_BUSY when they ' +
  'meet, and trying again makes it worse, so it stands in the other table only. On a connection that ' +
  'its calls share it counts nested transactions instead of keeping them apart, so a fair user ' +
  'lets commands wait in a line. Without the line (`no queue`) it answers a command while the ' +
  'transaction that it shares with others is not committed, and one that fails takes others back ' +
  'with it: that figure is shown, but it is not of equal durability, and no goal is held against it.'

export const commandTables: ReadonlyArray<Table> = modes.map((mode) => ({
  name: mode.name,
  title: mode.title,
  text: text + textOfPeers + (mode.inFlight > 1 ? textOfMany : ''),
  rows: async (site) => {
    const opened = await openAll(site, mode)
    const spent = new Map<string, number[]>()
    // A turn is a life: the kinds follow one another, each in turn by every contestant.
    const rates = await inTurns(
      site.sizes.rounds,
      kinds.flatMap((kind) => opened.map((one) => contender(site, mode, kind, one, spent))),
    )
    const times = [...spent].map(([name, rounds]) => ({ name, rounds }))
    return [
      ...kinds.map((kind): Row => {
        const measured = measuredOf(kind, rates)
        return { what: kind, unit: 'a second', measured, goals: goalsOf(mode, measured) }
      }),
      ...kinds.map(
        (kind): Row => ({
          what: `${kind}, processor time`,
          unit: 'µs',
          measured: measuredOf(kind, times),
          goals: [],
        }),
      ),
    ]
  },
}))
