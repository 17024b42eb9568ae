// A fault at every system call: the n-th write, sync, truncation, link or removal fails, or is the
// last thing the program does, for every n. Afterwards the file opens, and everything is as before or
// as after, never between.

import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Acknowledged, Line } from '../calls.js'
import { faultsOf as faultsOfLog, openJournal } from '../journal.js'
import { phoneOf } from '../load.js'
import { answered, type Reply, startWorker, type Worker } from '../remote.js'
import { counted, type Scenario, type Trial } from '../scenario.js'
import {
  type Changing,
  callsIn,
  changing,
  type Fault,
  faultsOf,
  hasStrace,
  injecting,
  isSync,
  listing,
  wasInjected,
} from '../strace.js'
import { canaryOf, emailOf } from '../workload.js'

interface Step {
  readonly call: string
  readonly given: unknown
}

interface Operation {
  readonly name: string
  readonly isOnNewFile: boolean
  readonly steps: ReadonlyArray<Step>
}

const execute = (command: Record<string, unknown>): Step => ({ call: 'execute', given: command })
const create = (person: number): Step =>
  execute({
    type: 'CreateUser',
    commandId: `create-${person}`,
    userIdentity: { phones: [phoneOf(person)], emails: [emailOf(person)] },
    userAttributes: { firstName: canaryOf(person) },
  })
const target = (person: number) => ({ phone: phoneOf(person) })
const erase = (person: number): Step =>
  execute({
    type: 'EraseUser',
    commandId: `erase-${person}`,
    target: target(person),
    reason: 'asked',
  })
const merge = (a: number, b: number): Step =>
  execute({
    type: 'MergeUsers',
    commandId: `merge-${a}-${b}`,
    users: [target(a), target(b)],
    survivor: target(a),
  })

/** What stands in the file before: eight people. One of them is erased in the erasure. */
const before = Array.from({ length: 8 }, (_, person) => create(person))
const erased = 3

const operations: ReadonlyArray<Operation> = [
  { name: 'create', isOnNewFile: true, steps: [create(50)] },
  { name: 'execute', isOnNewFile: false, steps: [create(60), create(61)] },
  { name: 'merge', isOnNewFile: false, steps: [merge(1, 2), merge(4, 5)] },
  { name: 'erase', isOnNewFile: false, steps: [merge(erased, 2), erase(erased), erase(6)] },
  { name: 'rebuild', isOnNewFile: false, steps: [{ call: 'rebuild', given: null }, create(70)] },
  { name: 'rotate', isOnNewFile: false, steps: [{ call: 'rotate', given: null }, create(80)] },
]

interface Case {
  readonly operation: Operation
  readonly call: Changing
  readonly n: number
  readonly fault: Fault
}

/** Up to so many calls of a kind each one is faulted. */
const evenMax = 100

const parts = ['', '-keys', '-master']
const place = (folder: string) => join(folder, 'people.db')
const pathsOf = (file: string) => ['', '-wal', '-keys', '-master'].map((end) => `${file}${end}`)

const fresh = (folder: string, base: string, { isOnNewFile }: Operation): string => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const file = place(folder)
  if (!isOnNewFile) for (const end of parts) copyFileSync(`${base}${end}`, `${file}${end}`)
  return file
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
const allCases = async (
  trial: Trial,
  base: string,
  plain: Worker,
): Promise<ReadonlyArray<Case>> => {
  const cases: Case[] = []
  for (const operation of operations)
    for (const kinds of [changing.filter((call) => call !== 'write'), ['write'] as const]) {
      const file = fresh(join(trial.folder, 'count'), base, operation)
      await prepare(plain, operation, file)
      const trace = join(trial.folder, 'count.trace')
      const before = listing(kinds, trace, pathsOf(file))
      await perform(startWorker(trial.worker, before), file, operation)
      for (const call of kinds)
        for (const n of numbers(callsIn(trace, call)))
          for (const fault of faultsOf(call)) cases.push({ operation, call, n, fault })
    }
  return dealt(trial, cases)
}

/** In turns from each operation, kind of call and fault, so that a few of them meet every kind. */
const dealt = (trial: Trial, cases: ReadonlyArray<Case>): ReadonlyArray<Case> => {
  const piles = new Map<string, Case[]>()
  for (const one of trial.random.shuffled(cases)) {
    const pile = `${one.operation.name} ${one.call} ${one.fault}`
    piles.set(pile, [...(piles.get(pile) ?? []), one])
  }
  const order = trial.random.shuffled([...piles.values()])
  const longest = Math.max(...order.map((pile) => pile.length))
  return Array.from({ length: longest }, (_, i) =>
    order.flatMap((pile) => pile.slice(i, i + 1)),
  ).flat()
}

/** Every call; of the hundreds by which a rotation writes slot after slot, those at the ends and some. */
const numbers = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => i + 1).filter(
    (n) => count <= evenMax || n <= evenMax / 4 || n > count - evenMax / 4 || n % 16 === 0,
  )

const nameOf = ({ operation, call, n, fault }: Case): string =>
  `${operation.name}: ${call} number ${n}: ${fault}`

const attempt = async (trial: Trial, base: string, plain: Worker, folder: string, one: Case) => {
  const { operation, call, n, fault } = one
  const file = fresh(folder, base, operation)
  await prepare(plain, operation, file)
  const trace = `${folder}.trace`
  const worker = startWorker(trial.worker, injecting(call, fault, n, trace, pathsOf(file)))
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
  await afterwards(plain, file, operation, told, broken)
  return failures.map(({ kind }) => kind)
}

/** Opens the file again, without faults: what was acknowledged is there, and the rest can be done. */
const afterwards = async (
  plain: Worker,
  file: string,
  { steps, isOnNewFile }: Operation,
  told: ReadonlyArray<Told>,
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
    for (const { promise, evidence } of faultsOfLog(lines, journal.entries()))
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
  if (!isOnNewFile || told.length > 0) await check('after the fault')
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
    const cases = await allCases(trial, base, plain)
    await plain.end()
    const chosen = cases.slice(0, trial.runs(120, cases.length))
    const kinds: string[] = []
    const waiting = [...chosen]
    const lane = async (number: number): Promise<void> => {
      const worker = startWorker(trial.worker)
      for (let one = waiting.pop(); one !== undefined && !trial.isBroken(); one = waiting.pop())
        kinds.push(
          ...(await attempt(trial, base, worker, join(trial.folder, `lane-${number}`), one)),
        )
      await worker.end()
    }
    await Promise.all([0, 1].map(lane))
    if (existsSync(base)) for (const end of parts) rmSync(`${base}${end}`, { force: true })
    return {
      runs: chosen.length - waiting.length,
      figures: `of ${cases.length} cases; failures: ${counted(kinds)}`,
    }
  },
}
