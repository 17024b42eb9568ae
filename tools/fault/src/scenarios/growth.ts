// Growth: a single command on a log that is a hundred times as long, beside a raw program that writes
// rows of the same shape in the same run.

import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { answered, startWorker } from '../remote.js'
import { quantile, type Scenario, type Trial } from '../scenario.js'
import { eventsOfPerson } from '../shop.js'

const timesOurs = 1.2
const fillMax_ms = 3_600_000
/** Figures of a short run are too few to judge by. */
const countOf = (trial: Trial): number => (trial.isLong ? 4000 : 500)

interface Times {
  readonly p50: number
  readonly p99: number
}

const timesOf = (times: ReadonlyArray<number>): Times => ({
  p50: quantile(times, 0.5),
  p99: quantile(times, 0.99),
})

const text = ({ p50, p99 }: Times): string => `p50 ${p50.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms`

/** What nobody counts: a fresh process is slow until its code is compiled. */
const warmUp = 400

/**
 * Ours and the raw program in turns, so that whatever else the machine does meets both; each in a process
 * of its own that made none of the log, so that its length is all that differs from one size to the other.
 */
const measure = async (trial: Trial, file: string, rawFile: string, people: number) => {
  const [worker, raw] = [startWorker(trial.worker), startWorker(trial.worker)]
  answered(await worker.call('open', { file }))
  const timesOfTurn = async (turn: number, count: number) => {
    const events = people * eventsOfPerson
    return {
      ours: answered<number[]>(await worker.call('shopTimes', { users: people, count, turn })),
      theirs: answered<number[]>(
        await raw.call('rawTimes', { file: rawFile, events, count, turn }),
      ),
    }
  }
  const turns = 20
  await timesOfTurn(turns, warmUp)
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < turns; turn += 1) {
    const times = await timesOfTurn(turn, Math.ceil(countOf(trial) / turns))
    ours.push(...times.ours)
    theirs.push(...times.theirs)
  }
  answered(await worker.call('close', null))
  await Promise.all([worker.end(), raw.end()])
  return { ours: timesOf(ours), theirs: timesOf(theirs) }
}

export const growth: Scenario = {
  name: 'growth',
  promise: 'a command slows down with the log no more than 1.2 times what the raw program does',
  run: async (trial) => {
    const [small, large] = trial.isLong ? [10_000, 1_000_000] : [2_000, 20_000]
    const people = (events: number): number => Math.floor(events / eventsOfPerson)
    const [file, rawFile] = [join(trial.folder, 'ours.db'), join(trial.folder, 'raw.db')]
    const fill = async (from: number, to: number): Promise<void> => {
      const [worker, raw] = [startWorker(trial.worker), startWorker(trial.worker)]
      answered(await worker.call('open', { file }))
      answered(await worker.call('shopFill', { from, to }, fillMax_ms))
      answered(await raw.call('rawFill', { file: rawFile, from, to }, fillMax_ms))
      answered(await worker.call('close', null))
      await Promise.all([worker.end(), raw.end()])
      // What filling left for the disk to write would be waited for by the commands that are measured.
      execFileSync('sync')
    }
    await fill(0, people(small))
    const before = await measure(trial, file, rawFile, people(small))
    await fill(people(small), people(large))
    const after = await measure(trial, file, rawFile, people(large))
    for (const end of ['', '-wal', '-shm']) rmSync(`${rawFile}${end}`, { force: true })
    const grown = (which: 'p50' | 'p99') => ({
      ours: after.ours[which] / before.ours[which],
      raw: after.theirs[which] / before.theirs[which],
    })
    const [p50, p99] = [grown('p50'), grown('p99')]
    const figures = `ours ${text(before.ours)} at ${small}, ${text(after.ours)} at ${large}; raw ${text(before.theirs)} and ${text(after.theirs)}; grown p50 ${p50.ours.toFixed(2)} (raw ${p50.raw.toFixed(2)}), p99 ${p99.ours.toFixed(2)} (raw ${p99.raw.toFixed(2)})`
    if (trial.isLong)
      for (const [name, one] of Object.entries({ p50, p99 }))
        if (one.ours > timesOurs * one.raw)
          trial.broken(
            `the ${name} grows no more than ${timesOurs} times the raw program's`,
            figures,
          )
    return { runs: 2 * countOf(trial), figures }
  },
}
