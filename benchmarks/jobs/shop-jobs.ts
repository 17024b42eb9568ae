// What a worker does for a contestant: opens it over a file, gives it commands, and tells the rate.

import { readFileSync } from 'node:fs'
import type { Contestant } from '../contestants/contestant.js'
import { type EmmettWay, openEmmett } from '../contestants/emmett.js'
import { type Ours, openOurs } from '../contestants/ours.js'
import { openRaw, type Raw } from '../contestants/raw.js'
import { readLog } from '../contestants/raw-read.js'
import { type Kind, shuffled } from '../shop.js'
import { timed } from './timed.js'

export type Who =
  | { readonly name: 'ours' }
  | { readonly name: 'raw' }
  | { readonly name: 'emmett'; readonly way: EmmettWay; readonly peers: string }

let contestant: Contestant | undefined
let ours: Ours | undefined
let raw: Raw | undefined

/** Makes a file with tables and keys, and nobody in it. */
export const make = async ({ file }: { readonly file: string }): Promise<void> => {
  await (await openOurs(file)).close()
}

export const open = async ({ who, file }: { readonly who: Who; readonly file: string }) => {
  if (who.name === 'ours') contestant = ours = await openOurs(file)
  if (who.name === 'raw') contestant = raw = openRaw(file)
  if (who.name === 'emmett') contestant = await openEmmett(file, who.way, who.peers)
}

export const close = async (): Promise<void> => {
  await contestant?.close()
  contestant = ours = raw = undefined
}

const opened = <A>(one: A | undefined): A => {
  if (one === undefined) throw new Error('nothing is open')
  return one
}

export interface Run {
  readonly kind: Kind
  readonly from: number
  readonly to: number
  /** How many of them; all where it is absent. */
  readonly count?: number
  readonly turn: number
  readonly inFlight: number
  readonly seed: number
}

export interface Ran {
  readonly rate: number
  /** Microseconds of processor time a command. */
  readonly processor_us: number
}

/** Gives commands; people come in an order that the seed decides. */
export const run = async (given: Run): Promise<Ran> => {
  const { kind, from, to, count = to - from, turn, inFlight, seed } = given
  const people =
    kind === 'RegisterInstallation'
      ? Array.from({ length: count }, (_, i) => from + i)
      : shuffled(from, to, seed + turn).slice(0, count)
  const { seconds, processor_seconds } = await timed(kind, () =>
    opened(contestant).run(kind, people, turn, inFlight),
  )
  return {
    rate: people.length / seconds,
    processor_us: (processor_seconds * 1e6) / people.length,
  }
}

export interface Fetch {
  readonly from: number
  readonly to: number
  /** So many different people of them, each so many times. */
  readonly people: number
  readonly times: number
  readonly seed: number
}

/** Look-ups a second, by phone. */
export const fetch = async ({ from, to, people, times, seed }: Fetch): Promise<number> => {
  const some = shuffled(from, to, seed).slice(0, people)
  const { seconds } = await timed(times === 1 ? 'cold' : 'kept', async () => {
    for (let time = 0; time < times; time += 1) {
      if (ours !== undefined) for (const n of some) await ours.fetch(n)
      else for (const n of some) opened(raw).fetch(n)
    }
  })
  return (some.length * times) / seconds
}

/** The most memory that this process ever had, in MiB. */
const peak_mib = (): number =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024

/** Events a second, and the peak of memory. */
export const rebuild = async () => {
  let events = 0
  const { seconds } = await timed('rebuild', async () => {
    const report = await opened(ours).store.rebuild()()
    if (report._tag === 'Left') throw new Error(report.left.message)
    if (report.right.differences.length > 0) throw new Error('the rebuild found differences')
    events = report.right.events
  })
  return { rate: events / seconds, peak_mib: peak_mib(), events }
}

export const read = async ({ file }: { readonly file: string }) => {
  let events = 0
  const { seconds } = await timed('read', () => {
    events = readLog(file).events
  })
  return { rate: events / seconds, peak_mib: peak_mib(), events }
}

/** Commands that a process gets done in some seconds while others write too. */
export const writeFor = async ({
  from,
  seconds,
}: {
  readonly from: number
  readonly seconds: number
}): Promise<number> => {
  const end = Date.now() + seconds * 1000
  let done = 0
  for (let at = from; Date.now() < end; at += 64) {
    const people = Array.from({ length: 64 }, (_, i) => at + i)
    await opened(contestant).run('RegisterInstallation', people, 0, 64)
    done += people.length
  }
  return done / seconds
}
