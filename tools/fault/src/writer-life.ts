// One life of a writer, from opening the file to its kill: calls, opening again where another process
// has rotated the keys, and what was under way when the kill fell.

import type { Acknowledged, Line } from './calls.js'
import { type Entry, faultsOf, type Journal } from './journal.js'
import type { Random } from './random.js'
import type { Reply, Worker } from './remote.js'
import type { Trial } from './scenario.js'
import type { Given, Workload } from './workload.js'

/** What all writers of one file have in common. */
export interface Shared {
  readonly trial: Trial
  readonly file: string
  readonly journal: Journal
  /** Kills that are still to be made on this file. */
  left: number
  readonly counts: Counts
}

export interface Counts {
  kills: number
  checks: number
  retries: number
  /** Kills while opening, checking or retrying. */
  early: number
  /** Kills while the writer had a rotation, or an erasure, given and not answered. */
  inRotation: number
  inErasure: number
  rotations: number
  /** How often a file was opened again because another process had rotated its keys. */
  reopened: number
}

export interface Writer {
  readonly workload: Workload
  readonly random: Random
  /** Whether it adds master keys and rotates, now and then: one of the writers does. */
  readonly rotates: boolean
  /** Given and neither acknowledged nor refused: they go again, in their order. */
  open: ReadonlyArray<Given>
  done: ReadonlyArray<Given>
}

export interface Life {
  readonly shared: Shared
  readonly writer: Writer
  readonly worker: Worker
  readonly pending: Set<Promise<unknown>>
  /** Opening, at first or again: no call goes out before it is over. */
  opening: Promise<unknown>
  isReady: boolean
  isKilled: boolean
  rotations: number
  erasures: number
}

export const beginLife = (shared: Shared, writer: Writer, worker: Worker): Life => ({
  shared,
  writer,
  worker,
  pending: new Set(),
  opening: Promise.resolve(),
  isReady: false,
  isKilled: false,
  rotations: 0,
  erasures: 0,
})

/** Kills the writer, and notes what it was at. */
export const endLife = (life: Life): void => {
  if (life.isKilled) return
  const { counts } = life.shared
  life.isKilled = true
  counts.kills += 1
  life.shared.left -= 1
  if (!life.isReady) counts.early += 1
  if (life.rotations > 0) counts.inRotation += 1
  if (life.erasures > 0) counts.inErasure += 1
  life.worker.kill()
}

/** Rotations are seconds apart at most: a call that fails so often in a row would do so for ever. */
const opensMax = 4

/** Another process has rotated the keys since this one opened the file. */
const isRotated = (reply: Reply): boolean =>
  reply._tag === 'Refused' && reply.kind === 'key' && reply.message.endsWith('open the file again')

/** Calls; where keys were rotated meanwhile, opens the file again and calls once more. */
export const ask = async (life: Life, name: string, given: unknown): Promise<Reply> => {
  for (let tries = 1; ; tries += 1) {
    await life.opening
    const { opening } = life
    const answer = life.worker.call(name, given)
    life.pending.add(answer)
    const reply = await answer
    life.pending.delete(answer)
    if (!isRotated(reply) || tries === opensMax) return reply
    if (life.opening === opening) life.opening = openAgain(life)
  }
}

const openAgain = async (life: Life): Promise<void> => {
  const { shared, worker } = life
  await Promise.all(life.pending)
  shared.counts.reopened += 1
  for (const [name, given] of [
    ['close', null],
    ['open', { file: shared.file }],
  ] as const) {
    const reply = await worker.call(name, given)
    if (reply._tag === 'Died') return
    if (reply._tag === 'Answered') continue
    shared.trial.broken('a file opens again after a rotation', { file: shared.file, name, reply })
    return
  }
}

/** Gives a command and notes the answer. */
export const give = async (life: Life, given: Given): Promise<Reply> => {
  const { shared, writer } = life
  const { trial, journal } = shared
  if (given.erases.length > 0) life.erasures += 1
  const reply = await ask(life, 'execute', given.command)
  if (given.erases.length > 0) life.erasures -= 1
  if (reply._tag === 'Answered') {
    const receipt = reply.value as Acknowledged
    const mayDiffer = given.about.some(writer.workload.mayBeErased)
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

/** Rotates, to a new master key or to the one that a rotation before was stopped at. */
export const rotate = async (life: Life, begun: () => void): Promise<void> => {
  const { trial, file, counts } = life.shared
  const steps = [['addMaster', { file: `${file}-master` }] as const, ['rotate', null] as const]
  for (const [name, given] of life.writer.random.next() < 0.6 ? steps : steps.slice(1)) {
    if (name === 'rotate') {
      life.rotations += 1
      begun()
    }
    const reply = await ask(life, name, given)
    if (reply._tag === 'Died') return
    if (reply._tag !== 'Answered') trial.broken('keys rotate beside writers', { name, reply })
  }
  life.rotations -= 1
  counts.rotations += 1
}

/** A commit that another process does not let through, or a file it is just making, is no answer. */
const isPassing = (kind: string): boolean => kind === 'busy'

/** Holds the whole log against what was acknowledged, and rebuilds; whether it lived to the end. */
export const check = async (life: Life): Promise<boolean> => {
  const { trial, journal, file, counts } = life.shared
  const before = journal.entries()
  const log = await ask(life, 'log', null)
  if (log._tag === 'Died') return false
  if (log._tag !== 'Answered') {
    trial.broken('the log reads after a kill', log)
    return false
  }
  for (const { promise, evidence } of faultsOf(log.value as ReadonlyArray<Line>, before))
    trial.broken(promise, { file, evidence })
  const rebuilt = await ask(life, 'rebuild', null)
  if (rebuilt._tag === 'Died') return false
  const differences =
    rebuilt._tag === 'Answered'
      ? (rebuilt.value as { differences: ReadonlyArray<unknown> }).differences
      : [rebuilt]
  const isBusy = rebuilt._tag === 'Refused' && isPassing(rebuilt.kind)
  if (differences.length > 0 && !isBusy)
    trial.broken('a rebuild reports no differences', { file, differences })
  counts.checks += 1
  return true
}
