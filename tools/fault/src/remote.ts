// A worker as a scenario sees it: calls go out as lines, answers come back, and it may die at any
// moment, on our order or by itself.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Answer } from './calls.js'

/** What became of a call: an answer, or the worker's death before it gave one. */
export type Reply =
  | { readonly _tag: 'Answered'; readonly value: unknown }
  | { readonly _tag: 'Refused'; readonly kind: string; readonly message: string }
  | { readonly _tag: 'Threw'; readonly stack: string }
  | { readonly _tag: 'Died' }

export interface Worker {
  readonly pid: number | undefined
  readonly call: (name: string, given: unknown, max_ms?: number) => Promise<Reply>
  readonly kill: () => void
  /** Lets it end by itself, and tells how it ended: an exit code or a signal. */
  readonly end: () => Promise<string>
  /** How it ended, once it has. */
  readonly ended: Promise<string>
  readonly stderr: () => string
}

const stderrBytesMax = 10_000
/** A call that is not answered for so long has hung: the worker is killed, and the call reads `Died`. */
const answerMax_ms = 120_000

const alive = new Set<Worker>()

/** Kills whatever a scenario has left behind. */
export const killRest = (): void => {
  for (const worker of alive) worker.kill()
}

/** Starts a worker; `before` is what runs it (strace), if anything. */
export const startWorker = (program: string, before: ReadonlyArray<string> = []): Worker => {
  const [command = process.execPath, ...rest] = [...before, process.execPath, program]
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'] })
  const waiting = new Map<number, (reply: Reply) => void>()
  let count = 0
  let stderr = ''
  let isOver = false

  child.stdin.on('error', () => {}) // It died before it read everything: the calls say so.
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrBytesMax)
  })
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    const answer = answerIn(line)
    // A line that the kill tore is no answer.
    if (answer === undefined) return
    waiting.get(answer.n)?.(replyOf(answer))
    waiting.delete(answer.n)
  })
  const closed = new Promise<void>((resolve) => lines.once('close', resolve))
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      stderr += error.message
      resolve(error.message)
    })
    child.once('exit', async (code, signal) => {
      await closed
      isOver = true
      for (const answer of waiting.values()) answer({ _tag: 'Died' })
      waiting.clear()
      resolve(signal ?? String(code))
    })
  })
  const worker: Worker = {
    pid: child.pid,
    call: (name, given, max_ms = answerMax_ms) =>
      new Promise((resolve) => {
        if (isOver) return resolve({ _tag: 'Died' })
        const n = ++count
        const hung = setTimeout(() => {
          stderr += `the call ${name} was not answered in ${max_ms} ms`
          child.kill('SIGKILL')
        }, max_ms)
        waiting.set(n, (reply) => {
          clearTimeout(hung)
          resolve(reply)
        })
        child.stdin.write(`${JSON.stringify({ n, call: name, with: given })}\n`)
      }),
    kill: () => void child.kill('SIGKILL'),
    end: () => {
      child.stdin.end()
      return ended
    },
    ended,
    stderr: () => stderr,
  }
  alive.add(worker)
  void ended.then(() => alive.delete(worker))
  return worker
}

const answerIn = (line: string): Answer | undefined => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

const replyOf = ({ value, refused, threw }: Answer): Reply => {
  if (threw !== undefined) return { _tag: 'Threw', stack: threw }
  return refused === undefined ? { _tag: 'Answered', value } : { _tag: 'Refused', ...refused }
}

/** The value of a call that must succeed. */
export const answered = <A>(reply: Reply): A => {
  if (reply._tag === 'Answered') return reply.value as A
  throw new Error(`the worker should have answered: ${JSON.stringify(reply)}`)
}
