// One flipped byte at a random place of a file: what is read is what was written, or a failure says
// that it is not; the process lives on. In a write-ahead log the damaged frame ends the log, as SQLite
// has it: all commits before it are read, and nothing else.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Line } from '../calls.js'
import { answered, type Reply, startWorker, type Worker } from '../remote.js'
import { counted, type Scenario, type Trial } from '../scenario.js'
import { commitsBefore, commitsIn } from '../wal.js'
import { openWorkload } from '../workload.js'

/** Commands before the file is closed, and those after, which a kill leaves in the write-ahead log. */
const [commandsOfLog, commandsOfWal] = [150, 40]

/** The files of a store: closed, or killed with its write-ahead log beside it. */
interface Files {
  readonly bytes: Buffer
  readonly wal: Buffer | null
  readonly keys: Buffer
  readonly master: Buffer
}

interface Whole {
  readonly closed: Files
  readonly killed: Files
  readonly wal: Buffer
  /** The log as it read before it was closed, and before the kill. */
  readonly linesAtClose: ReadonlyArray<Line>
  readonly lines: ReadonlyArray<Line>
  /** How many lines there are once so many commits of the write-ahead log are read. */
  readonly linesByCommits: ReadonlyArray<number>
}

const filesOf = (file: string, hasWal: boolean): Files => ({
  bytes: readFileSync(file),
  wal: hasWal ? readFileSync(`${file}-wal`) : null,
  keys: readFileSync(`${file}-keys`),
  master: readFileSync(`${file}-master`),
})

const makeWhole = async (trial: Trial): Promise<Whole> => {
  const file = join(trial.folder, 'whole.db')
  const first = startWorker(trial.worker)
  const workload = openWorkload(0, 'w', trial.random)
  const write = async (worker: Worker, commands: number): Promise<ReadonlyArray<Line>> => {
    answered(await worker.call('open', { file }))
    for (let i = 0; i < commands; i += 1) await worker.call('execute', workload.next().command)
    return answered<ReadonlyArray<Line>>(await worker.call('log', null))
  }
  // Erasures that come later change how earlier events read: each state has a truth of its own.
  const linesAtClose = await write(first, commandsOfLog)
  answered(await first.call('close', null))
  await first.end()
  const closed = filesOf(file, false)
  const second = startWorker(trial.worker)
  const lines = await write(second, commandsOfWal)
  second.kill()
  await second.ended
  const killed = filesOf(file, true)
  const { wal } = killed
  if (wal === null) throw new Error('the kill left no write-ahead log')
  const reader = startWorker(trial.worker)
  const linesByCommits: number[] = []
  for (const end of commitsIn(wal)) {
    const cut = { ...killed, wal: wal.subarray(0, end) }
    const reply = await inspect(trial, reader, `cut-${end}`, cut)
    linesByCommits.push(answered<Inspected>(reply).lines.length)
  }
  await reader.end()
  if (linesByCommits.at(-1) !== lines.length)
    trial.broken('a write-ahead log that a kill left is read to its end', {
      linesByCommits,
      due: lines.length,
    })
  return { closed, killed, wal, linesAtClose, lines, linesByCommits }
}

interface Flip {
  readonly part: 'bytes' | 'keys' | 'wal'
  readonly at: number
  readonly by: number
}

interface Inspected {
  readonly lines: ReadonlyArray<Line>
  readonly findings: ReadonlyArray<string>
}

const layOut = (trial: Trial, name: string, { bytes, wal, keys, master }: Files): string => {
  const folder = join(trial.memory, name)
  mkdirSync(folder)
  const file = join(folder, 'people.db')
  writeFileSync(file, bytes)
  if (wal !== null) writeFileSync(`${file}-wal`, wal)
  writeFileSync(`${file}-keys`, keys, { mode: 0o600 })
  writeFileSync(`${file}-master`, master, { mode: 0o600 })
  return file
}

/** Each lies in a folder of its own: nothing of one can reach another. */
const inspect = async (
  trial: Trial,
  worker: Worker,
  name: string,
  files: Files,
): Promise<Reply> => {
  const file = layOut(trial, name, files)
  const reply = await worker.call('inspect', { file, mode: 'existing' })
  rmSync(dirname(file), { recursive: true })
  return reply
}

const flipped = (files: Files, { part, at, by }: Flip): Files => {
  const copy = Buffer.from(files[part] ?? [])
  copy.writeUInt8(copy.readUInt8(at) ^ by, at)
  return { ...files, [part]: copy }
}

const attempt = async (trial: Trial, whole: Whole, worker: Worker, number: number, flip: Flip) => {
  const files = flip.part === 'wal' ? whole.killed : whole.closed
  const reply = await inspect(trial, worker, `flip-${number}`, flipped(files, flip))
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
  return judge(trial, whole, flip, reply.value as Inspected)
}

const judge = (trial: Trial, whole: Whole, flip: Flip, { lines, findings }: Inspected): string => {
  const truth = flip.part === 'wal' ? whole.lines : whole.linesAtClose
  const wrong = lines.find((line) => line.join() !== truth[line[0] - 1]?.join())
  if (wrong !== undefined)
    trial.broken('an altered event is never given silently', {
      flip,
      wrong,
      true: truth[wrong[0] - 1],
    })
  const due =
    flip.part === 'wal' ? whole.linesByCommits[commitsBefore(whole.wal, flip.at)] : truth.length
  const isPrefix = lines.every(([position], i) => position === i + 1)
  if (lines.length !== due || !isPrefix) {
    const promise =
      flip.part === 'wal'
        ? 'a damaged frame takes what was written from it on, and nothing before'
        : 'no event is missing silently'
    trial.broken(promise, { flip, found: lines.length, due, of: truth.length, findings })
    return 'missing'
  }
  if (lines.length < truth.length) return 'tail lost'
  const [first] = findings
  return first === undefined ? 'nothing of ours' : `found by check: ${first}`
}

/** One in ten in the key file, one in five in the write-ahead log, the others in the log. */
const partOf = (i: number): Flip['part'] => (i % 10 === 9 ? 'keys' : i % 5 === 0 ? 'wal' : 'bytes')

export const corruption: Scenario = {
  name: 'corruption',
  promise: 'a flipped byte never alters what is read, and never ends the process',
  run: async (trial) => {
    const flips = trial.runs(300, 10_000)
    const whole = await makeWhole(trial)
    const sizes = {
      bytes: whole.closed.bytes.length,
      keys: whole.closed.keys.length,
      wal: whole.wal.length,
    }
    const waiting = Array.from({ length: flips }, (_, i): Flip => {
      const part = partOf(i)
      return { part, at: trial.random.below(sizes[part]), by: 1 + trial.random.below(255) }
    })
    const outcomes: Record<Flip['part'], string[]> = { bytes: [], keys: [], wal: [] }
    const lane = async (): Promise<void> => {
      let worker = startWorker(trial.worker)
      for (
        let flip = waiting.pop();
        flip !== undefined && !trial.isBroken();
        flip = waiting.pop()
      ) {
        const outcome = await attempt(trial, whole, worker, waiting.length, flip)
        outcomes[flip.part].push(outcome)
        if (outcome === 'died') worker = startWorker(trial.worker)
      }
      await worker.end()
    }
    await Promise.all([0, 1].map(lane))
    return {
      runs: flips - waiting.length,
      figures: [
        `log of ${sizes.bytes} bytes, ${whole.linesAtClose.length} events: ${counted(outcomes.bytes)}`,
        `keys: ${counted(outcomes.keys)}`,
        `WAL of ${sizes.wal} bytes, ${whole.lines.length - whole.linesAtClose.length} events in ${whole.linesByCommits.length - 1} commits: ${counted(outcomes.wal)}`,
      ].join('; '),
    }
  },
}
