// A fault at every system call: the n-th write, sync, truncation, link or removal fails, or is the
// last thing the program does, for every n. Afterwards the file opens, and everything is as before or
// as after, never between.

import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Acknowledged, Line } from '../calls.js'
import { type Case, dealt, numbers } from '../cases.js'
import { faultsOf as faultsOfLog, openJournal } from '../journal.js'
import { phoneOf } from '../load.js'
import { oneMoreSchema } from '../mutants.js'
import {
  before,
  erased,
  fresh,
  type Operation,
  operations,
  parts,
  pathsOf,
  type Step,
} from '../operations.js'
import { answered, type Reply, startWorker, type Worker } from '../remote.js'
import { counted, type Scenario, type Trial } from '../scenario.js'
import {
  callsIn,
  changing,
  faultsOf,
  hasStrace,
  injecting,
  isSync,
  listing,
  wasInjected,
} from '../strace.js'
import { canaryOf } from '../workload.js'

/** The programs, and one of each that meets no fault; a migration is run by a program that knows more. */
interface Bench {
  readonly programOf: (operation: Operation) => string
  readonly plainOf: (operation: Operation) => Worker
  readonly end: () => Promise<void>
}

const openBench = (trial: Trial, next: string): Bench => {
  const [plain, later] = [trial.worker, next].map((program) => startWorker(program))
  if (plain === undefined || later === undefined) throw new Error('two programs are two workers')
  return {
    programOf: ({ on }) => (on === 'oldest' ? next : trial.worker),
    plainOf: ({ on }) => (on === 'oldest' ? later : plain),
    end: async () => {
      await Promise.all([plain.end(), later.end()])
    },
  }
}

/** What an operation must not lose, and the schemas that a file may have after a fault in it. */
interface Known {
  readonly events: number
  /** Positions of an embedder's own events, which the log that is read here does not show. */
  readonly others: ReadonlyArray<number>
  readonly schemas: ReadonlyArray<string>
}

/** Copies what a fault left and reads its schema there, so that the file itself is opened by the store. */
const schemaOf = async (worker: Worker, file: string): Promise<string> => {
  const copy = `${file}-look`
  for (const end of ['', '-wal'])
    if (existsSync(`${file}${end}`)) copyFileSync(`${file}${end}`, `${copy}${end}`)
  const schema = await worker.call('schema', { file: copy })
  for (const end of ['', '-wal', '-shm']) rmSync(`${copy}${end}`, { force: true })
  return schema._tag === 'Answered' ? String(schema.value) : `unreadable: ${JSON.stringify(schema)}`
}

const knownOf = async (trial: Trial, base: string, bench: Bench): Promise<Map<string, Known>> => {
  const known = new Map<string, Known>()
  for (const operation of operations) {
    const folder = join(trial.folder, `known-${operation.name}`)
    const file = fresh(folder, base, operation)
    const worker = bench.plainOf(operation)
    const isNew = operation.on === 'nothing'
    const first = isNew ? [] : [await schemaOf(worker, file)]
    answered(await worker.call('open', { file }))
    const lines = answered<ReadonlyArray<Line>>(await worker.call('log', null))
    const { head } = answered<{ head: number }>(await worker.call('head', null))
    answered(await worker.call('close', null))
    const shown = new Set(lines.map(([position]) => position))
    const others = Array.from({ length: head }, (_, i) => i + 1).filter((one) => !shown.has(one))
    const schemas = [...first, await schemaOf(worker, file)]
    if (operation.on === 'oldest' && schemas[0] === schemas[1])
      throw new Error('the migration changes nothing: it could not be seen half done')
    known.set(operation.name, { events: lines.length, others, schemas })
    rmSync(folder, { recursive: true })
  }
  return known
}

/** A rotation needs a newer master key: it is added before, without faults. */
const prepare = async (worker: Worker, operation: Operation, file: string): Promise<void> => {
  if (operation.name === 'rotate')
    answered(await worker.call('addMaster', { file: `${file}-master` }))
}

interface Told {
  readonly step: Step
  readonly reply: Reply
}

/** Opens, does the steps one after another, and closes; tells every answer. */
const perform = async (worker: Worker, file: string, { steps }: Operation) => {
  const opened = await worker.call('open', { file })
  const told: Told[] = []
  if (opened._tag === 'Answered')
    for (const step of steps) told.push({ step, reply: await worker.call(step.call, step.given) })
  const closed = opened._tag === 'Answered' ? await worker.call('close', null) : null
  const ended = await worker.end()
  return { opened, told, closed, ended }
}

/** Every case there is: each operation is run once for each kind of call, and its calls counted. */
const allCases = async (trial: Trial, base: string, bench: Bench): Promise<ReadonlyArray<Case>> => {
  const cases: Case[] = []
  for (const operation of operations)
    for (const kinds of [changing.filter((call) => call !== 'write'), ['write'] as const]) {
      const folder = join(trial.folder, `count-${operation.name}-${kinds.length}`)
      const file = fresh(folder, base, operation)
      await prepare(bench.plainOf(operation), operation, file)
      const trace = `${folder}.trace`
      const words = listing(kinds, trace, pathsOf(file))
      await perform(startWorker(bench.programOf(operation), words), file, operation)
      for (const call of kinds)
        for (const n of numbers(callsIn(trace, call)))
          for (const fault of faultsOf(call)) cases.push({ operation, call, n, fault })
    }
  return dealt(trial.random, cases)
}

const nameOf = ({ operation, call, n, fault }: Case): string =>
  `${operation.name}: ${call} number ${n}: ${fault}`

const attempt = async (
  trial: Trial,
  base: string,
  bench: Bench,
  known: ReadonlyMap<string, Known>,
  folder: string,
  one: Case,
) => {
  const { operation, call, n, fault } = one
  const plain = bench.plainOf(operation)
  const file = fresh(folder, base, operation)
  await prepare(plain, operation, file)
  const trace = `${folder}.trace`
  const worker = startWorker(
    bench.programOf(operation),
    injecting(call, fault, n, trace, pathsOf(file)),
  )
  const { opened, told, closed, ended } = await perform(worker, file, operation)
  const evidence = (more: unknown) => ({ case: nameOf(one), opened, told, closed, ended, more })
  const broken = (promise: string, more: unknown = null) => trial.broken(promise, evidence(more))

  const replies = [opened, ...told.map(({ reply }) => reply), ...(closed === null ? [] : [closed])]
  for (const reply of replies) if (reply._tag === 'Threw') broken('nothing is thrown')
  if (fault !== 'SIGKILL' && ended !== '0')
    broken('a fault does not end the process', worker.stderr())
  const failures = replies.flatMap((reply) => (reply._tag === 'Refused' ? [reply] : []))
  for (const { kind } of failures)
    if (kind === 'unexpected') broken('a fault of the disk is told as one: full or io')
  if (isSync(call) && fault === 'EIO' && wasInjected(trace, fault)) {
    const first = told.findIndex(({ reply }) => reply._tag === 'Refused')
    const late = told.slice(first + 1).find(({ reply }) => reply._tag === 'Answered')
    if (first >= 0 && late !== undefined)
      broken('after a sync that failed the store answers nothing until it is opened again')
  }
  const due = known.get(operation.name)
  if (due === undefined) throw new Error(`nothing is known of ${operation.name}`)
  if (operation.on === 'oldest') {
    const schema = await schemaOf(plain, file)
    if (!due.schemas.includes(schema))
      broken('a file is wholly of the older schema version or wholly of the newer', schema)
  }
  await afterwards(plain, file, operation, told, due, broken)
  rmSync(folder, { recursive: true })
  rmSync(trace)
  return failures.map(({ kind }) => kind)
}

/** Opens the file again, without faults: what was acknowledged is there, and the rest can be done. */
const afterwards = async (
  plain: Worker,
  file: string,
  { steps, on }: Operation,
  told: ReadonlyArray<Told>,
  { events, others }: Known,
  broken: (promise: string, more?: unknown) => void,
): Promise<void> => {
  const opened = await plain.call('open', { file })
  if (opened._tag !== 'Answered') return broken('the file opens again', opened)
  const journal = openJournal()
  for (const { step, reply } of told)
    if (step.call === 'execute' && reply._tag === 'Answered')
      journal.note(idOf(step), reply.value as Acknowledged, false)
  const check = async (when: string): Promise<void> => {
    const log = await plain.call('log', null)
    if (log._tag !== 'Answered') return broken(`the log reads ${when}`, log)
    const lines = log.value as ReadonlyArray<Line>
    if (lines.length < events)
      broken(`nothing that stood there is missing ${when}`, { found: lines.length, events })
    for (const { promise, evidence } of faultsOfLog(lines, journal.entries(), others))
      broken(promise, { when, evidence })
    const rebuilt = await plain.call('rebuild', null)
    if (rebuilt._tag !== 'Answered') return broken(`a rebuild runs ${when}`, rebuilt)
    const { differences } = rebuilt.value as { differences: ReadonlyArray<unknown> }
    if (differences.length > 0) broken(`a rebuild reports no differences ${when}`, differences)
    const gone = lines.some(([, , , commandId]) => commandId === `erase-${erased}`)
    const shown = await plain.call('contains', [canaryOf(erased), phoneOf(erased)])
    if (gone && shown._tag === 'Answered' && (shown.value as ReadonlyArray<string>).length > 0)
      broken(`nobody who is erased is shown ${when}`, shown)
  }
  if (on !== 'nothing' || told.length > 0) await check('after the fault')
  // Everything is given again: what is recorded gives its receipt, the rest is done now.
  for (const step of steps) {
    const reply = await plain.call(step.call, step.given)
    // A merge that failed cannot be done once its people are erased.
    const isRefusal = reply._tag === 'Refused' && reply.kind === reply.kind.toUpperCase()
    if (isRefusal && !journal.has(idOf(step))) continue
    if (reply._tag !== 'Answered') broken('what failed can be done after opening again', reply)
    else if (step.call === 'execute') {
      const mayDiffer = steps.some(({ given }) => isErasure(given))
      const fault = journal.note(idOf(step), reply.value as Acknowledged, mayDiffer)
      if (fault !== null) broken(fault, reply)
    }
  }
  await check('when all is done')
  const closed = await plain.call('close', null)
  if (closed._tag !== 'Answered') broken('the file closes', closed)
}

const idOf = ({ given }: Step): string => (given as { readonly commandId: string }).commandId
const isErasure = (given: unknown): boolean =>
  (given as { readonly type?: string } | null)?.type === 'EraseUser'

export const syscalls: Scenario = {
  name: 'syscalls',
  promise: 'a fault at any write or sync loses nothing and leaves nothing half done',
  run: async (trial) => {
    if (!hasStrace()) return { runs: 0, figures: '', skipped: 'strace cannot trace here' }
    const base = join(trial.folder, 'base.db')
    const plain = startWorker(trial.worker)
    answered(await plain.call('open', { file: base }))
    for (const { given } of before) answered(await plain.call('execute', given))
    answered(await plain.call('close', null))
    await plain.end()
    const next = await trial.variant('next-schema', oneMoreSchema)
    const first = openBench(trial, next)
    const known = await knownOf(trial, base, first)
    const cases = await allCases(trial, base, first)
    await first.end()
    const chosen = cases.slice(0, trial.runs(120, cases.length))
    const kinds: string[] = []
    const waiting = [...chosen]
    const lane = async (): Promise<void> => {
      const bench = openBench(trial, next)
      for (let one = waiting.pop(); one !== undefined && !trial.isBroken(); one = waiting.pop()) {
        // A folder for each: nothing of one case can reach another.
        const folder = join(trial.folder, `case-${waiting.length}`)
        kinds.push(...(await attempt(trial, base, bench, known, folder, one)))
      }
      await bench.end()
    }
    await Promise.all([0, 1, 2].map(lane))
    if (existsSync(base)) for (const end of parts) rmSync(`${base}${end}`, { force: true })
    return {
      runs: chosen.length - waiting.length,
      figures: `of ${cases.length} cases (${counted(cases.map(({ operation }) => operation.name))}); failures: ${counted(kinds)}`,
    }
  },
}
