// One flipped byte at a random place of a file: what is read is what was written, or a failure says
// that it is not; the process lives on.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Line } from '../calls.js'
import { answered, startWorker, type Worker } from '../remote.js'
import { counted, type Scenario, type Trial } from '../scenario.js'
import { openWorkload } from '../workload.js'

const commandsOfLog = 150

interface Whole {
  readonly bytes: Buffer
  readonly keys: Buffer
  readonly master: Buffer
  readonly lines: ReadonlyArray<Line>
}

const makeWhole = async (trial: Trial): Promise<Whole> => {
  const file = join(trial.folder, 'whole.db')
  const worker = startWorker(trial.worker)
  answered(await worker.call('open', { file }))
  const workload = openWorkload(0, 'w', trial.random)
  for (let i = 0; i < commandsOfLog; i += 1) await worker.call('execute', workload.next().command)
  const lines = answered<ReadonlyArray<Line>>(await worker.call('log', null))
  answered(await worker.call('close', null))
  await worker.end()
  const [bytes, keys, master] = ['', '-keys', '-master'].map((end) => readFileSync(`${file}${end}`))
  if (bytes === undefined || keys === undefined || master === undefined) throw new Error('no files')
  return { bytes, keys, master, lines }
}

interface Flip {
  readonly part: 'log' | 'keys'
  readonly at: number
  readonly by: number
}

const inspect = async (trial: Trial, whole: Whole, worker: Worker, lane: number, flip: Flip) => {
  const folder = join(trial.memory, `flip-${lane}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const file = join(folder, 'people.db')
  const flipped = (bytes: Buffer, part: Flip['part']): Buffer => {
    if (part !== flip.part) return bytes
    const copy = Buffer.from(bytes)
    copy.writeUInt8(bytes.readUInt8(flip.at) ^ flip.by, flip.at)
    return copy
  }
  writeFileSync(file, flipped(whole.bytes, 'log'))
  writeFileSync(`${file}-keys`, flipped(whole.keys, 'keys'), { mode: 0o600 })
  writeFileSync(`${file}-master`, whole.master, { mode: 0o600 })
  const reply = await worker.call('inspect', { file, mode: 'existing' })
  if (reply._tag === 'Died') {
    trial.broken('a flipped byte does not end the process', { flip, stderr: worker.stderr() })
    return 'died'
  }
  if (reply._tag === 'Threw') {
    trial.broken('nothing is thrown', { flip, reply })
    return 'threw'
  }
  if (reply._tag === 'Refused') {
    if (reply.kind === 'unexpected')
      trial.broken('a flipped byte is told as what it is', { flip, reply })
    return `refused as ${reply.kind}`
  }
  const { lines, findings } = reply.value as {
    readonly lines: ReadonlyArray<Line>
    readonly findings: ReadonlyArray<string>
  }
  const wrong = lines.find((line) => line.join() !== whole.lines[line[0] - 1]?.join())
  if (wrong !== undefined)
    trial.broken('an altered event is never given silently', {
      flip,
      wrong,
      true: whole.lines[wrong[0] - 1],
    })
  if (lines.length !== whole.lines.length) {
    trial.broken('no event is missing silently', {
      flip,
      found: lines.length,
      of: whole.lines.length,
      findings,
    })
    return 'missing'
  }
  const [first] = findings
  return first === undefined ? 'nothing of ours' : `found by check: ${first}`
}

export const corruption: Scenario = {
  name: 'corruption',
  promise: 'a flipped byte never alters what is read, and never ends the process',
  run: async (trial) => {
    const flips = trial.runs(300, 10_000)
    const whole = await makeWhole(trial)
    // One in ten in the key file, the others in the log.
    const waiting = Array.from({ length: flips }, (_, i): Flip => {
      const part = i % 10 === 9 ? 'keys' : 'log'
      const size = part === 'keys' ? whole.keys.length : whole.bytes.length
      return { part, at: trial.random.below(size), by: 1 + trial.random.below(255) }
    })
    const outcomes: string[] = []
    const lane = async (number: number): Promise<void> => {
      let worker = startWorker(trial.worker)
      for (
        let flip = waiting.pop();
        flip !== undefined && !trial.isBroken();
        flip = waiting.pop()
      ) {
        const outcome = await inspect(trial, whole, worker, number, flip)
        outcomes.push(outcome)
        if (outcome === 'died') worker = startWorker(trial.worker)
      }
      await worker.end()
    }
    await Promise.all([0, 1].map(lane))
    return {
      runs: outcomes.length,
      figures: `${whole.bytes.length} bytes, ${whole.lines.length} events: ${counted(outcomes)}`,
    }
  },
}
