// Power loss: a run is recorded with everything it writes and syncs; then the disk is stopped at a
// random moment, unsynced writes fare by chance, and what is left is opened. The same with durability
// `normal` must lose something, or this test could not see.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Acknowledged, Answer, Line } from '../calls.js'
import { type Act, type Manner, manners, openDisk, readTrace } from '../disk.js'
import { acknowledgedPromise, type Entry, faultsOf } from '../journal.js'
import { answered, startWorker, type Worker } from '../remote.js'
import { counted, type Scenario, type Trial } from '../scenario.js'
import { hasStrace, recording } from '../strace.js'
import { canaryOf, type Given, openWorkload } from '../workload.js'

/** Enough for the WAL to be checkpointed and begun again. */
const commandsOfRun = 420
const inFlight = 6

interface Recording {
  readonly acts: ReadonlyArray<Act>
  /** The acknowledged commands by the number of the call that was answered. */
  readonly given: ReadonlyMap<number, string>
  /** Whom each command erases. */
  readonly erases: ReadonlyMap<string, ReadonlyArray<number>>
  /** The log as it stood at the end, whose beginning every log after a power loss must be. */
  readonly lines: ReadonlyArray<Line>
  /** Commands about people who are never erased: their events read the same for ever. */
  readonly lasting: ReadonlySet<string>
}

/** Records one run: opening a new file, commands, closing. */
const record = async (trial: Trial, name: string, durability: string): Promise<Recording> => {
  const folder = join(trial.folder, name)
  mkdirSync(folder)
  const trace = join(trial.folder, `${name}.trace`)
  const file = join(folder, 'people.db')
  const worker = startWorker(trial.worker, recording(trace))
  let calls = 0
  const call = (what: string, given: unknown) => {
    calls += 1
    return { n: calls, reply: worker.call(what, given) }
  }
  answered(await call('open', { file, durability }).reply)
  const workload = openWorkload(0, name, trial.random)
  const given = new Map<number, string>()
  const erases = new Map<string, ReadonlyArray<number>>()
  const about = new Map<string, ReadonlyArray<number>>()
  let left = commandsOfRun
  const give = async (one: Given): Promise<void> => {
    const { commandId } = one.command
    erases.set(commandId, one.erases)
    about.set(commandId, one.about)
    const { n, reply } = call('execute', one.command)
    given.set(n, commandId)
    await reply
  }
  // The first three of a workload are made; of this one nobody is erased, whatever else happens.
  const lastingPeople = openWorkload(9, `${name}-lasting`, trial.random)
  for (let i = 0; i < 3; i += 1) await give(lastingPeople.next())
  const lane = async (): Promise<void> => {
    while (left-- > 0) await give(workload.next())
  }
  await Promise.all(Array.from({ length: inFlight }, lane))
  const lines = answered<ReadonlyArray<Line>>(await call('log', null).reply)
  answered(await call('close', null).reply)
  await worker.end()
  const acts = readTrace(trace, folder)
  rmSync(trace)
  const lasting = new Set(
    [...about].flatMap(([id, people]) => (people.some(workload.mayBeErased) ? [] : [id])),
  )
  return { acts, given, erases, lines, lasting }
}

interface Moment {
  readonly at: number
  readonly manner: Manner
}

/**
 * Moments in order, so that one pass over the acts meets them all. A quarter fall into the beginning,
 * where files and keys are made.
 */
const momentsOf = (trial: Trial, acts: ReadonlyArray<Act>, count: number): ReadonlyArray<Moment> =>
  Array.from({ length: count }, () => ({
    at: 1 + trial.random.below(trial.random.next() < 0.25 ? acts.length / 20 : acts.length),
    manner: trial.random.pick(manners),
  })).sort((a, b) => a.at - b.at)

/** What was told before a moment, as entries of the journal. */
const acknowledgedBy = (text: string, given: ReadonlyMap<number, string>): ReadonlyArray<Entry> =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const { n, value }: Answer = JSON.parse(line)
      const commandId = given.get(n)
      return commandId === undefined || value === undefined
        ? []
        : [{ commandId, ...(value as Acknowledged) }]
    })

/** What is reported of an acknowledged command that is lost. */
interface Loss {
  readonly evidence: { readonly acknowledged: Entry }
}

interface Found {
  readonly lines: ReadonlyArray<Line>
  readonly differences: ReadonlyArray<unknown>
  readonly shown: ReadonlyArray<string>
}

const faultsAfter = (
  { lines: whole, lasting, erases }: Recording,
  acknowledged: ReadonlyArray<Entry>,
  { lines, differences, shown }: Found,
) => {
  const faults = [...faultsOf(lines, acknowledged)]
  const other = lines.findIndex(([, id, , commandId, digest], i) => {
    const [, trueId, , , trueDigest] = whole[i] ?? []
    const isLasting = commandId !== null && lasting.has(commandId)
    return id !== trueId || (isLasting && digest !== trueDigest)
  })
  if (other >= 0)
    faults.push({
      promise: 'the log is the beginning of what was written',
      evidence: [lines[other], whole[other]],
    })
  if (differences.length > 0)
    faults.push({ promise: 'a rebuild reports no differences', evidence: differences })
  const inLog = new Set(lines.map(([, , , commandId]) => commandId))
  const gone = [...erases].flatMap(([id, people]) => (inLog.has(id) ? people.map(canaryOf) : []))
  const seen = shown.filter((canary) => gone.includes(canary))
  if (seen.length > 0) faults.push({ promise: 'nobody who is erased is shown', evidence: seen })
  return faults
}

const lossesOf = async (
  trial: Trial,
  recording: Recording,
  states: number,
  report: (promise: string, evidence: unknown) => void,
): Promise<number> => {
  const disk = openDisk()
  const workers = [0, 1].map(() => startWorker(trial.worker))
  const canaries = [...recording.erases.values()].flat().map(canaryOf)
  let told = ''
  let done = 0
  let losses = 0
  const examine = async (
    worker: Worker,
    number: number,
    moment: Moment,
    text: string,
    files: ReadonlyMap<string, Buffer>,
  ) => {
    // A folder for each: nothing of one state can reach another.
    const folder = join(trial.memory, `state-${number}`)
    mkdirSync(folder)
    for (const [path, bytes] of files)
      writeFileSync(join(folder, basename(path)), bytes, { mode: 0o600 })
    const acknowledged = acknowledgedBy(text, recording.given)
    const found = await worker.call('examine', {
      file: join(folder, 'people.db'),
      needles: canaries,
    })
    rmSync(folder, { recursive: true, force: true })
    const faults =
      found._tag === 'Answered'
        ? faultsAfter(recording, acknowledged, found.value as Found)
        : [{ promise: 'the file opens after a power loss', evidence: found }]
    if (faults.length > 0) losses += 1
    for (const { promise, evidence } of faults)
      report(promise, { ...moment, acknowledged: acknowledged.length, evidence })
  }
  const busy: Array<Promise<void>> = workers.map(() => Promise.resolve())
  for (const [number, moment] of momentsOf(trial, recording.acts, states).entries()) {
    if (trial.isBroken()) break
    for (; done < moment.at; done += 1) {
      const act = recording.acts[done]
      if (act === undefined) break
      disk.apply(act)
      if (act.kind === 'tell') told += act.text
    }
    const files = disk.afterPowerLoss(moment.manner, trial.random)
    const text = told
    const lane = await Promise.race(busy.map((one, i) => one.then(() => i)))
    const worker = workers[lane]
    if (worker !== undefined) busy[lane] = examine(worker, number, moment, text, files)
  }
  await Promise.all(busy)
  await Promise.all(workers.map((worker) => worker.end()))
  return losses
}

const isOfErasure = ({ erases }: Recording, found: unknown): boolean =>
  (erases.get((found as Loss).evidence.acknowledged.commandId) ?? []).length > 0

export const powerLoss: Scenario = {
  name: 'power-loss',
  promise:
    'a power loss takes nothing that was acknowledged; with durability `normal` it does, but no erasure',
  run: async (trial) => {
    if (!hasStrace()) return { runs: 0, figures: '', skipped: 'strace cannot trace here' }
    const states = trial.runs(300, 10_000)
    const full = await record(trial, 'full', 'full')
    const lost = await lossesOf(trial, full, states, trial.broken)
    const normal = await record(trial, 'normal', 'normal')
    const promises: string[] = []
    const statesOfNormal = Math.ceil(states / 5)
    const lostByNormal = await lossesOf(trial, normal, statesOfNormal, (promise, evidence) => {
      promises.push(promise)
      // It may lose commands that were acknowledged, but no erasure, and the file stays whole.
      if (promise !== acknowledgedPromise || isOfErasure(normal, evidence))
        trial.broken(`with durability \`normal\` too, ${promise}`, evidence)
    })
    if (lostByNormal === 0 && !trial.isBroken())
      trial.broken('with durability `normal` something is lost, which shows that this test sees', {
        states: statesOfNormal,
      })
    const syncs = full.acts.filter(({ kind }) => kind === 'sync').length
    return {
      runs: states,
      figures: `${full.acts.length} acts, ${syncs} of them syncs; full: ${lost} lost; normal: ${lostByNormal} of ${statesOfNormal} lost (${counted(promises)})`,
    }
  },
}
