// Races: eight processes claim one phone number at once; one erases a person whom another has just
// read; four write as fast as they can and share.

import { join } from 'node:path'
import { phoneOf, type Share } from '../load.js'
import { answered, startWorker, type Worker } from '../remote.js'
import { counted, quantile, type Scenario, type Trial } from '../scenario.js'
import { canaryOf } from '../workload.js'

const claimants = 8
const lost = 'USER_MERGE_INTERRUPTED'
/** Rounds that go out at once: the processes run through them side by side. */
const roundsAtOnce = 5
const writers = 4
/** The promise; a short run, on a machine that does other things too, is judged more kindly. */
const promised = { delay_ms: 50, share: 2 }
const kindly = { delay_ms: 250, share: 5 }

const openAll = async (
  trial: Trial,
  file: string,
  count: number,
): Promise<ReadonlyArray<Worker>> => {
  const workers = Array.from({ length: count }, () => startWorker(trial.worker))
  // The first makes the file together with the others: that is a race too.
  await Promise.all(
    workers.map(async (worker) => {
      const opened = await worker.call('open', { file })
      if (opened._tag !== 'Answered')
        trial.broken('a new file opens in many processes at once', opened)
    }),
  )
  return workers
}

const endAll = async (workers: ReadonlyArray<Worker>): Promise<void> => {
  await Promise.all(workers.map((worker) => worker.end()))
}

const claim = async (trial: Trial, rounds: number): Promise<ReadonlyArray<string>> => {
  const workers = await openAll(trial, join(trial.folder, 'claims.db'), claimants)
  const wins = workers.map(() => 0)
  const outcomes: string[] = []
  for (let first = 0; first < rounds && !trial.isBroken(); first += roundsAtOnce) {
    const numbers = Array.from(
      { length: Math.min(roundsAtOnce, rounds - first) },
      (_, i) => first + i,
    )
    const answers = await Promise.all(
      workers.map(async (worker) =>
        answered<ReadonlyArray<string>>(await worker.call('claimAll', { rounds: numbers })),
      ),
    )
    for (const [i, round] of numbers.entries()) {
      const told = answers.map((one) => one[i] ?? 'nothing')
      const won = told.filter((one) => one === 'won').length
      const other = told.filter((one) => one !== 'won' && one !== lost)
      if (won !== 1 || other.length > 0)
        trial.broken('exactly one of eight wins, the others are refused', { round, told })
      const winner = told.indexOf('won')
      wins[winner] = (wins[winner] ?? 0) + 1
      outcomes.push(...told)
    }
  }
  await endAll(workers)
  return [counted(outcomes), `wins by process ${wins.join(' ')}`]
}

const eraseAndRead = async (trial: Trial, rounds: number): Promise<void> => {
  const [eraser, reader] = await openAll(trial, join(trial.folder, 'erased.db'), 2)
  if (eraser === undefined || reader === undefined) return
  for (let person = 0; person < rounds && !trial.isBroken(); person += 1) {
    const target = { phone: phoneOf(person) }
    answered(
      await eraser.call('execute', {
        type: 'CreateUser',
        userIdentity: { phones: [target.phone] },
        userAttributes: { firstName: canaryOf(person) },
      }),
    )
    // The other process has the person in its memory, and goes on reading while the erasure runs.
    answered(await reader.call('fetchUser', target))
    const reads = Array.from({ length: 3 }, () => reader.call('fetchUser', target))
    answered(await eraser.call('execute', { type: 'EraseUser', target, reason: 'asked' }))
    const after = await reader.call('fetchUser', target)
    const shown = answered<ReadonlyArray<string>>(await reader.call('contains', [canaryOf(person)]))
    if (after._tag !== 'Refused' || after.kind !== 'USER_NOT_FOUND' || shown.length > 0)
      trial.broken('erased in one process, never shown again by another', { person, after, shown })
    await Promise.all(reads)
  }
  await endAll([eraser, reader])
}

const share = async (trial: Trial, seconds: number): Promise<string> => {
  const workers = await openAll(trial, join(trial.folder, 'shares.db'), writers)
  const shares = await Promise.all(
    workers.map(async (worker, i) =>
      answered<Share>(await worker.call('writeFor', { name: `w${i}`, seconds })),
    ),
  )
  await endAll(workers)
  const commands = shares.map((one) => one.commands)
  const delay = Math.max(...shares.map(({ delayP99_ms }) => delayP99_ms))
  const failures = shares.flatMap((one) => one.failures)
  if (failures.length > 0) trial.broken('no writer fails beside three others', counted(failures))
  const ratio = Math.max(...commands) / Math.min(...commands)
  const most = trial.isLong ? promised : kindly
  if (delay > most.delay_ms) trial.broken(`event loop delay p99 below ${most.delay_ms} ms`, shares)
  if (ratio > most.share) trial.broken(`shares within a factor of ${most.share}`, shares)
  const max = quantile(
    shares.map(({ delayMax_ms: one }) => one),
    1,
  )
  return `four writers: ${commands.join(', ')} commands in ${seconds} s, ratio ${ratio.toFixed(2)}, loop delay p99 ${delay.toFixed(1)} ms, longest ${max.toFixed(0)} ms`
}

export const races: Scenario = {
  name: 'races',
  promise: 'one of eight wins a phone number; the erased stay so everywhere; writers share',
  run: async (trial) => {
    const rounds = trial.runs(300, 10_000)
    const claimed = await claim(trial, rounds)
    await eraseAndRead(trial, Math.min(500, Math.ceil(rounds / 4)))
    const shared = await share(trial, trial.isLong ? 20 : 6)
    return { runs: rounds, figures: [...claimed, shared].join('; ') }
  },
}
