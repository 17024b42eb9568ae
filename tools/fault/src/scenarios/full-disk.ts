// A small disk that fills up: the failure says so, nothing acknowledged is lost, and it goes on once
// there is room, without being opened again.

import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Acknowledged, Line } from '../calls.js'
import { faultsOf, openJournal } from '../journal.js'
import { type Reply, startWorker, type Worker } from '../remote.js'
import { counted, type Scenario, type Trial } from '../scenario.js'
import { type Given, openWorkload } from '../workload.js'

const diskBytes = 3 * 1024 * 1024
const commandsMax = 400
const roundsOfDisk = 5

const run = (program: string, ...given: ReadonlyArray<string>): void => {
  execFileSync(program, given, { stdio: 'pipe' })
}

const mount = (folder: string): string | null => {
  try {
    mkdirSync(folder)
    run('mount', '-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', folder)
    return null
  } catch (error) {
    return `no tmpfs can be mounted here: ${error instanceof Error ? error.message : error}`
  }
}

const freeBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

const makeRoom = (folder: string): void => rmSync(join(folder, 'ballast'), { force: true })

/** Leaves so much room, or what there is. A ballast of before counts as room: it is taken away. */
const fill = (folder: string, left: number): void => {
  makeRoom(folder)
  const size = freeBytes(folder) - left
  if (size > 0) writeFileSync(join(folder, 'ballast'), Buffer.alloc(size))
}

const onOneDisk = async (trial: Trial, number: number, kinds: string[]): Promise<void> => {
  const { random, broken } = trial
  const folder = join(trial.folder, `disk-${number}`)
  const refused = mount(folder)
  if (refused !== null) throw new Error(refused)
  const worker = startWorker(trial.worker)
  try {
    const file = join(folder, 'people.db')
    const workload = openWorkload(0, `d${number}`, random)
    const journal = openJournal()
    // Sometimes the file is made on a disk that is nearly full: then it may not open, but later it does.
    if (random.next() < 0.4) fill(folder, random.below(160) * 1024)
    await opening(trial, worker, folder, file, kinds)
    let again: Given | null = null
    for (let round = 0; round < roundsOfDisk && !trial.isBroken(); round += 1) {
      fill(folder, random.below(300) * 1024)
      let failed: Reply | null = null
      for (let i = 0; i < commandsMax && failed === null; i += 1) {
        const given: Given = again ?? workload.next()
        again = null
        const reply = await worker.call('execute', given.command)
        if (reply._tag === 'Answered')
          journal.note(given.command.commandId, reply.value as Acknowledged, true)
        else if (reply._tag !== 'Refused' || reply.kind !== reply.kind.toUpperCase()) {
          failed = reply
          again = given
        }
      }
      kinds.push(failed?._tag === 'Refused' ? failed.kind : (failed?._tag ?? 'never full'))
      if (failed !== null && (failed._tag !== 'Refused' || failed.kind !== 'full'))
        broken('a full disk is told as `full`', { failed, given: again })
      const read = await worker.call('log', null)
      if (read._tag !== 'Answered') broken('a full disk can be read', read)
      makeRoom(folder)
      if (again === null) continue
      const reply = await worker.call('execute', again.command)
      if (
        reply._tag !== 'Answered' &&
        !(reply._tag === 'Refused' && reply.kind === reply.kind.toUpperCase())
      )
        broken('it goes on once there is room', { reply, again, free: freeBytes(folder) })
      else if (reply._tag === 'Answered')
        journal.note(again.command.commandId, reply.value as Acknowledged, true)
      again = null
    }
    await check(trial, worker, journal.entries())
    await worker.call('close', null)
    await worker.call('open', { file })
    await check(trial, worker, journal.entries())
  } finally {
    await worker.end()
    run('umount', '-l', folder)
  }
}

const opening = async (
  trial: Trial,
  worker: Worker,
  folder: string,
  file: string,
  kinds: string[],
) => {
  const opened = await worker.call('open', { file })
  if (opened._tag === 'Answered') return
  kinds.push(opened._tag === 'Refused' ? `opening ${opened.kind}` : opened._tag)
  if (opened._tag !== 'Refused' || opened.kind !== 'full')
    trial.broken('a full disk is told as `full` when a file is made', opened)
  makeRoom(folder)
  const again = await worker.call('open', { file })
  if (again._tag !== 'Answered') trial.broken('a file that could not be made is made later', again)
}

const check = async (trial: Trial, worker: Worker, entries: Parameters<typeof faultsOf>[1]) => {
  const log = await worker.call('log', null)
  if (log._tag !== 'Answered') return trial.broken('the log reads after a full disk', log)
  for (const { promise, evidence } of faultsOf(log.value as ReadonlyArray<Line>, entries))
    trial.broken(promise, evidence)
  const rebuilt = await worker.call('rebuild', null)
  if (rebuilt._tag !== 'Answered') {
    // A rebuild needs room beside the live tables: it may be refused, and says why.
    if (rebuilt._tag !== 'Refused' || rebuilt.kind !== 'full')
      trial.broken('a rebuild after a full disk', rebuilt)
    return
  }
  const { differences } = rebuilt.value as { differences: ReadonlyArray<unknown> }
  if (differences.length > 0) trial.broken('a rebuild reports no differences', differences)
}

export const fullDisk: Scenario = {
  name: 'full-disk',
  promise: 'a full disk is told as such, loses nothing, and is forgiven',
  run: async (trial) => {
    const probe = join(trial.folder, 'probe')
    const refused = mount(probe)
    if (refused !== null) return { runs: 0, figures: '', skipped: refused }
    run('umount', probe)
    const disks = trial.runs(6, 100)
    const kinds: string[] = []
    for (let number = 0; number < disks && !trial.isBroken(); number += 1)
      await onOneDisk(trial, number, kinds)
    return { runs: disks * roundsOfDisk, figures: `on ${disks} disks of 3 MiB: ${counted(kinds)}` }
  },
}
