// Three writers on one file, killed with SIGKILL at random moments. Each that comes back opens the
// file, is asked for the whole log and for a rebuild, gives what it had under way again, and some of
// what was acknowledged before, and goes on.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Acknowledged, Line } from '../calls.js'
import { type Entry, faultsOf, type Journal, openJournal } from '../journal.js'
import type { Random } from '../random.js'
import { startWorker, type Worker } from '../remote.js'
import type { Scenario, Trial } from '../scenario.js'
import { type Given, openWorkload, type Workload } from '../workload.js'

const writers = 3
/** Kills on one file: then it is thrown away, so that reading all of it stays quick. */
const killsOfFile = 60
/** Commands under way at once in one writer, and how many it does before it rests. */
const [inFlight, burstCommands] = [4, 24]
/** A writer that has come back is killed after some answers, and a little later at a random moment. */
const [answersMax, laterMax_ms] = [12, 6]
/** The longest life before: some kills fall into opening, checking and retrying. */
const birthMax_ms = 250
const retriedAgain = 4

interface Shared {
  readonly trial: Trial
  readonly file: string
  readonly journal: Journal
  /** Kills that are still to be made on this file. */
  left: number
  counts: { kills: number; checks: number; retries: number; early: number }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A commit that another process does not let through, or a file it is just making, is no answer. */
const isPassing = (kind: string): boolean => kind === 'busy'

const give = async (shared: Shared, worker: Worker, { workload }: Writer, given: Given) => {
  const { trial, journal } = shared
  const reply = await worker.call('execute', given.command)
  if (reply._tag === 'Answered') {
    const receipt = reply.value as Acknowledged
    const mayDiffer = given.about.some(workload.mayBeErased)
    const fault = journal.note(given.command.commandId, receipt, mayDiffer)
    if (fault !== null) trial.broken(fault, { given, receipt, first: entryOf(journal, given) })
  } else if (reply._tag === 'Threw') trial.broken('nothing is thrown', { given, reply })
  else if (reply._tag === 'Refused' && !isRefusal(reply.kind))
    trial.broken('no command fails by a kill elsewhere', { given, reply })
  return reply
}

const entryOf = (journal: Journal, given: Given): Entry | undefined =>
  journal.entries().find(({ commandId }) => commandId === given.command.commandId)

/** Refusals of the domain are in capitals, failures of the machine are not. */
const isRefusal = (kind: string): boolean => kind === kind.toUpperCase()

interface Writer {
  readonly workload: Workload
  readonly random: Random
  /** Given and neither acknowledged nor refused: they go again, in their order. */
  open: ReadonlyArray<Given>
  done: ReadonlyArray<Given>
}

const check = async (shared: Shared, worker: Worker): Promise<boolean> => {
  const { trial, journal } = shared
  const before = journal.entries()
  const log = await worker.call('log', null)
  if (log._tag === 'Died') return false
  if (log._tag !== 'Answered') {
    trial.broken('the log reads after a kill', log)
    return false
  }
  for (const { promise, evidence } of faultsOf(log.value as ReadonlyArray<Line>, before))
    trial.broken(promise, { file: shared.file, evidence })
  const rebuilt = await worker.call('rebuild', null)
  if (rebuilt._tag === 'Died') return false
  const differences =
    rebuilt._tag === 'Answered'
      ? (rebuilt.value as { differences: ReadonlyArray<unknown> }).differences
      : [rebuilt]
  const isBusy = rebuilt._tag === 'Refused' && isPassing(rebuilt.kind)
  if (differences.length > 0 && !isBusy)
    trial.broken('a rebuild reports no differences', { file: shared.file, differences })
  shared.counts.checks += 1
  return true
}

/** One life of a writer, from its start to its kill. */
const live = async (shared: Shared, writer: Writer): Promise<void> => {
  const { trial, counts } = shared
  const { random } = writer
  const worker = startWorker(trial.worker)
  let isReady = false
  const early = random.next() < 0.3
  const kill = (): void => {
    counts.kills += 1
    shared.left -= 1
    if (!isReady) counts.early += 1
    worker.kill()
  }
  const timer = early ? setTimeout(kill, random.next() * birthMax_ms) : null
  const opened = await worker.call('open', { file: shared.file })
  if (opened._tag === 'Threw' || opened._tag === 'Refused') {
    trial.broken('a file opens after a kill', { file: shared.file, opened, early })
    worker.kill()
  } else if (opened._tag === 'Answered' && (await check(shared, worker))) {
    const again = random.shuffled(writer.done.slice(-40)).slice(0, retriedAgain)
    counts.retries += again.length + writer.open.length
    for (const given of again) await give(shared, worker, writer, given)
    isReady = true
    const answersToKill = random.below(answersMax)
    await work(shared, worker, writer, (answers) => {
      if (timer === null && answers === answersToKill) setTimeout(kill, random.next() * laterMax_ms)
    })
  }
  await worker.ended
  if (timer !== null) clearTimeout(timer)
}

/** Gives what is open again, then new commands, several at once, until it dies. */
const work = async (
  shared: Shared,
  worker: Worker,
  writer: Writer,
  answered: (answers: number) => void,
): Promise<void> => {
  let isAlive = true
  let given = 0
  let answers = 0
  answered(answers)
  const settle = (one: Given): void => {
    writer.open = writer.open.filter((other) => other !== one)
    writer.done = [...writer.done, one]
  }
  const send = async (one: Given): Promise<void> => {
    const reply = await give(shared, worker, writer, one)
    if (reply._tag === 'Died') {
      isAlive = false
      return
    }
    settle(one)
    answered(++answers)
  }
  await Promise.all(writer.open.map(send))
  const lane = async (): Promise<void> => {
    while (isAlive) {
      if (given++ >= burstCommands) return
      const one = writer.workload.next()
      writer.open = [...writer.open, one]
      await send(one)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
}

const onOneFile = async (trial: Trial, kills: number, number: number, counts: Shared['counts']) => {
  const file = join(trial.folder, `kill-${number}.db`)
  const shared: Shared = { trial, file, journal: openJournal(), left: kills, counts }
  await Promise.all(
    Array.from({ length: writers }, async (_, i) => {
      const writer: Writer = {
        workload: openWorkload(i, `w${i}`, trial.random),
        random: trial.random,
        open: [],
        done: [],
      }
      await wait(i * 3)
      while (shared.left > 0 && !trial.isBroken()) await live(shared, writer)
    }),
  )
  const last = startWorker(trial.worker)
  const opened = await last.call('open', { file })
  if (opened._tag === 'Answered') await check(shared, last)
  else trial.broken('a file opens after a kill', { file, opened })
  await last.end()
  if (!trial.isBroken())
    for (const end of ['', '-wal', '-shm', '-keys', '-master'])
      rmSync(`${file}${end}`, { force: true })
  return shared.journal.entries().length
}

export const kill: Scenario = {
  name: 'kill',
  promise: 'three writers killed at random lose nothing and repeat nothing',
  run: async (trial) => {
    const kills = trial.runs(400, 10_000)
    const counts = { kills: 0, checks: 0, retries: 0, early: 0 }
    let commands = 0
    for (let number = 0; counts.kills < kills && !trial.isBroken(); number += 1)
      commands += await onOneFile(
        trial,
        Math.min(killsOfFile, kills - counts.kills),
        number,
        counts,
      )
    return {
      runs: counts.kills,
      figures: `${commands} acknowledged, ${counts.checks} whole checks, ${counts.retries} retries, ${counts.early} kills while opening or checking`,
    }
  },
}
