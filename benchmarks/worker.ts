// Builds the measuring program into one file, as an embedder's bundler or Node itself would run it (no
// transpiler stands between), and starts processes of it.

import { fork } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'tsdown'
import type { Jobs } from './worker-main.js'

const here = import.meta.dirname

/** Builds into a folder; gives the program's path. */
export const buildWorker = async (folder: string): Promise<string> => {
  mkdirSync(folder, { recursive: true })
  symlinkSync(join(here, 'node_modules'), join(folder, 'node_modules'))
  await build({
    config: false,
    cwd: here,
    entry: { worker: join(here, 'worker-main.ts') },
    outDir: join(folder, 'built'),
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    fixedExtension: true,
    dts: false,
    sourcemap: false,
    logLevel: 'error',
    clean: false,
    deps: { neverBundle: ['better-sqlite3'], alwaysBundle: [/^(?!better-sqlite3|node:)/] },
    inputOptions: { resolve: { conditionNames: ['development', 'import', 'node', 'default'] } },
  })
  return join(folder, 'built/worker.mjs')
}

export interface Worker {
  readonly call: <Job extends keyof Jobs>(
    job: Job,
    ...given: Parameters<Jobs[Job]>
  ) => Promise<Awaited<ReturnType<Jobs[Job]>>>
  readonly end: () => Promise<void>
}

interface Answer {
  readonly n: number
  readonly value?: unknown
  readonly threw?: string
}

/** Starts a process; where `profile` is given its CPU profiles get names that begin so. */
export const startWorker = (program: string, profile: string | null): Worker => {
  const child = fork(program, {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, ...(profile === null ? {} : { SELFSAME_BENCH_PROFILE: profile }) },
  })
  const waiting = new Map<number, (answer: Answer) => void>()
  let count = 0
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      for (const [n, answer] of waiting) answer({ n, threw: `it ended: ${signal ?? code}` })
      resolve()
    })
  })
  child.on('message', (answer: Answer) => {
    waiting.get(answer.n)?.(answer)
    waiting.delete(answer.n)
  })
  return {
    call: <Job extends keyof Jobs>(job: Job, ...[given]: Parameters<Jobs[Job]>) =>
      new Promise<Awaited<ReturnType<Jobs[Job]>>>((resolve, reject) => {
        const n = ++count
        waiting.set(n, ({ threw, value }) =>
          threw === undefined
            ? resolve(value as Awaited<ReturnType<Jobs[Job]>>)
            : reject(new Error(`${job}: ${threw}`)),
        )
        child.send({ n, job, given })
      }),
    end: async () => {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
