// The processes that try changes out, each under a watch: one that says nothing for too long, or dies,
// is told as such and replaced.

import { type ChildProcess, fork } from 'node:child_process'
import { setPriority } from 'node:os'
import { join } from 'node:path'
import { root } from './sources.js'
import type { Answer, Job } from './worker-main.js'

/** What came of a job: its answer, or that its process hung or died. */
export type Told =
  | Answer
  | { readonly type: 'hung' }
  | { readonly type: 'died'; readonly how: string }

/** One process at a time that does jobs. */
export interface Worker {
  readonly ask: (job: Job, silentMs?: number) => Promise<Told>
  readonly close: () => void
}

const politeness = 10
const memoryMb = 1500

/** Opens a worker; `begin` are the jobs that every new process does first. */
export const openWorker = (begin: ReadonlyArray<Job>): Worker => {
  let child: ChildProcess | undefined

  const started = async (): Promise<ChildProcess> => {
    if (child !== undefined) return child
    const fresh = fork(join(import.meta.dirname, 'worker-main.ts'), {
      cwd: root,
      execArgv: ['--import=tsx', '--conditions=development', `--max-old-space-size=${memoryMb}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    if (fresh.pid !== undefined) setPriority(fresh.pid, politeness)
    child = fresh
    for (const job of begin) {
      const told = await once(fresh, job, 120_000)
      if (told.type !== 'opened')
        throw new Error(`a worker does not start: ${JSON.stringify(told)}`)
    }
    return fresh
  }

  const end = (): void => {
    child?.removeAllListeners()
    child?.kill('SIGKILL')
    child = undefined
  }

  return {
    ask: async (job, silentMs = 120_000) => {
      const told = await once(await started(), job, silentMs)
      if (told.type === 'hung' || told.type === 'died') end()
      return told
    },
    close: end,
  }
}

/** Sends a job and waits for what comes of it. */
const once = (child: ChildProcess, job: Job, silentMs: number): Promise<Told> =>
  new Promise((settle) => {
    const done = (told: Told): void => {
      clearTimeout(watch)
      child.removeListener('message', listen)
      child.removeListener('exit', exited)
      settle(told)
    }
    const hang = (): void => done({ type: 'hung' })
    let watch = setTimeout(hang, silentMs)
    const listen = (answer: Answer): void => {
      if (answer.type !== 'alive') return done(answer)
      clearTimeout(watch)
      watch = setTimeout(hang, silentMs)
    }
    const exited = (code: number | null, signal: string | null): void =>
      done({ type: 'died', how: String(signal ?? code) })
    child.on('message', listen)
    child.on('exit', exited)
    child.send(job)
  })
