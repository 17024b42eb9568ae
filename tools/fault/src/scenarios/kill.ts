// Three writers on one file, killed with SIGKILL at random moments. Each that comes back opens the
// file, is asked for the whole log and for a rebuild, gives what it had under way again, and some of
// what was acknowledged before, and goes on. One of them adds master keys and rotates beside that.

import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { openJournal } from '../journal.js'
import type { Scenario, Trial } from '../scenario.js'
import { openSpares, type Spares } from '../spares.js'
import { type Given, openWorkload } from '../workload.js'
import {
  beginLife,
  type Counts,
  check,
  endLife,
  give,
  type Life,
  rotate,
  type Shared,
  type Writer,
} from '../writer-life.js'

const writers = 3
/** Files at work at once: while one waits for a lock or a sync, the other has the processor. */
const filesAtOnce = 2
/** Kills on one file: then it is thrown away, so that reading all of it stays quick. */
const killsOfFile = 40
/** Commands under way at once in one writer, and how many it does before it rests. */
const [inFlight, burstCommands] = [4, 24]
/** A writer that has come back is killed after some answers, and a little later at a random moment. */
const [answersMax, laterMax_ms] = [12, 6]
/** The longest life before: some kills fall into opening, checking and retrying. */
const birthMax_ms = 150
const retriedAgain = 4
/** How often the writer that may rotates in one life, and is then killed while it does. */
const [rotationShare, aimedShare, aimedMax_ms] = [0.8, 0.7, 20]
const endings = ['', '-wal', '-shm', '-keys', '-master']

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** One life of a writer, from its start to its kill. */
const live = async (shared: Shared, writer: Writer, spares: Spares): Promise<void> => {
  const { trial, counts, file } = shared
  const { random } = writer
  const life = beginLife(shared, writer, spares.take())
  const { worker } = life
  // Until it answers at all, Node is starting, and nothing of ours is there to be killed.
  await worker.call('ready', null)
  const timer =
    random.next() < 0.3 ? setTimeout(() => endLife(life), random.next() * birthMax_ms) : null
  const opened = await worker.call('open', { file })
  if (opened._tag === 'Threw' || opened._tag === 'Refused') {
    trial.broken('a file opens after a kill', { file, opened })
    worker.kill()
  } else if (opened._tag === 'Answered') {
    if (await check(life)) {
      const again = random.shuffled(writer.done.slice(-40)).slice(0, retriedAgain)
      counts.retries += again.length + writer.open.length
      for (const given of again) await give(life, given)
      life.isReady = true
      const answersToKill = random.below(answersMax)
      await work(life, (answers) => {
        if (timer === null && answers === answersToKill)
          setTimeout(() => endLife(life), random.next() * laterMax_ms)
      })
    } else worker.kill()
  }
  await worker.ended
  if (timer !== null) clearTimeout(timer)
}

/** Gives what is open again, then new commands, several at once, until it dies. */
const work = async (life: Life, answered: (answers: number) => void): Promise<void> => {
  const { writer } = life
  const { random } = writer
  let isAlive = true
  let given = 0
  let answers = 0
  answered(answers)
  const settle = (one: Given): void => {
    writer.open = writer.open.filter((other) => other !== one)
    writer.done = [...writer.done, one]
  }
  const send = async (one: Given): Promise<void> => {
    const reply = await give(life, one)
    if (reply._tag === 'Died') {
      isAlive = false
      return
    }
    settle(one)
    answered(++answers)
  }
  if (writer.rotates && random.next() < rotationShare)
    void rotate(life, () => {
      if (random.next() < aimedShare) setTimeout(() => endLife(life), random.next() * aimedMax_ms)
    })
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

/** A kill leaves memory and disk alike; half of the files are where a sync takes its time. */
const onOneFile = async (
  trial: Trial,
  kills: number,
  number: number,
  counts: Counts,
  spares: Spares,
) => {
  const file = join(number % 2 === 0 ? trial.folder : trial.memory, `kill-${number}.db`)
  const shared: Shared = { trial, file, journal: openJournal(), left: kills, counts }
  const writerOf = (i: number): Writer => ({
    workload: openWorkload(i, `w${i}`, trial.random),
    random: trial.random,
    rotates: i === 0,
    open: [],
    done: [],
  })
  await Promise.all(
    Array.from({ length: writers }, async (_, i) => {
      const writer = writerOf(i)
      await wait(i * 3)
      while (shared.left > 0 && !trial.isBroken()) await live(shared, writer, spares)
    }),
  )
  if (!trial.isBroken()) await lastLook(shared, writerOf(writers), spares)
  for (const end of endings.filter((one) => existsSync(`${file}${one}`))) {
    if (trial.isBroken()) cpSync(`${file}${end}`, join(trial.folder, `${basename(file)}${end}`))
    else rmSync(`${file}${end}`)
  }
  return shared.journal.entries().length
}

/** A rotation that comes to its end leaves nothing that an older master key is needed for. */
const lastLook = async (shared: Shared, nobody: Writer, spares: Spares): Promise<void> => {
  const { trial, file } = shared
  const life = beginLife(shared, nobody, spares.take())
  const must = async (name: string, given: unknown): Promise<void> => {
    const reply = await life.worker.call(name, given)
    if (reply._tag !== 'Answered') trial.broken('a file opens after a kill', { file, name, reply })
  }
  await must('open', { file })
  await check(life)
  await must('addMaster', { file: `${file}-master` })
  await must('rotate', null)
  await must('close', null)
  const masters = readFileSync(`${file}-master`, 'utf8').trimEnd().split('\n')
  writeFileSync(`${file}-master`, `${masters.at(-1)}\n`)
  await must('open', { file })
  await check(life)
  await must('close', null)
  await life.worker.end()
}

export const kill: Scenario = {
  name: 'kill',
  promise: 'three writers killed at random, in erasures and rotations too, lose and repeat nothing',
  run: async (trial) => {
    const kills = trial.runs(400, 10_000)
    const counts: Counts = {
      kills: 0,
      checks: 0,
      retries: 0,
      early: 0,
      inRotation: 0,
      inErasure: 0,
      rotations: 0,
      reopened: 0,
    }
    const sizes = Array.from({ length: Math.ceil(kills / killsOfFile) }, (_, i) =>
      Math.min(killsOfFile, kills - i * killsOfFile),
    )
    const spares = openSpares(trial.worker)
    const files = sizes.entries()
    let commands = 0
    const lane = async (): Promise<void> => {
      for (const [number, size] of files) {
        if (trial.isBroken()) return
        const acknowledged = await onOneFile(trial, size, number, counts, spares)
        commands += acknowledged
      }
    }
    await Promise.all(Array.from({ length: filesAtOnce }, lane))
    await spares.end()
    return {
      runs: counts.kills,
      figures: [
        `${commands} acknowledged, ${counts.checks} whole checks, ${counts.retries} retries`,
        `kills: ${counts.early} while opening or checking, ${counts.inErasure} in an erasure, ${counts.inRotation} in a rotation`,
        `${counts.rotations} rotations ended, files opened again after one ${counts.reopened} times`,
      ].join('; '),
    }
  },
}
