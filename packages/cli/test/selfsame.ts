// Runs the command line as the process that a user starts: from the sources, in a folder of its own.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll } from 'vitest'
import { run, type Streams } from '../src/index.js'

export const root = join(import.meta.dirname, '../../..')

export const story = join(root, 'examples/quickstart/commands.ndjson')

/** Node's arguments before those of `selfsame`. */
export const program: ReadonlyArray<string> = [
  '--conditions=development',
  '--import',
  'tsx',
  join(root, 'packages/cli/src/main.ts'),
]

/** A folder that is removed after the tests of the file. */
export const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'selfsame-cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const start = (args: ReadonlyArray<string>): ChildProcess =>
  spawn(process.execPath, [...program, ...args], { cwd: root, stdio: 'pipe' })

export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export const ended = async (child: ChildProcess): Promise<Ended> => {
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  const said = [child.stdout, child.stderr].map((stream) => (stream === null ? '' : text(stream)))
  const [stdout = '', stderr = ''] = await Promise.all(said)
  return { status: await closed, stdout, stderr }
}

export const selfsame = (
  args: ReadonlyArray<string>,
  input: string | Buffer = '',
): Promise<Ended> => {
  const child = start(args)
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  return ended(child)
}

/** The same without a process of its own: half a second less. As at a terminal where it has columns. */
export const inProcess = async (
  args: ReadonlyArray<string>,
  input: string | Buffer = '',
  columns?: number,
): Promise<Ended> => {
  const said = { stdout: '', stderr: '' }
  const into = (name: keyof typeof said): Streams['stdout'] =>
    Object.assign(
      new Writable({
        write: (chunk, _, done) => {
          said[name] += String(chunk)
          done()
        },
      }),
      columns === undefined ? {} : { isTTY: true, columns },
    )
  const stdin = Readable.from(input.length === 0 ? [] : [Buffer.from(input)])
  const status = await run(args, { stdin, stdout: into('stdout'), stderr: into('stderr') })
  return { status, ...said }
}

/** `script` of util-linux, which gives a program a terminal. */
export const terminal = '/usr/bin/script'

/** The same under a terminal of 80 columns: stdout, stderr and stdin are that terminal. */
export const atTerminal = (args: ReadonlyArray<string>): Promise<Ended> => {
  const quoted = [process.execPath, ...program, ...args]
    .map((arg) => `'${arg.replaceAll("'", "'\\''")}'`)
    .join(' ')
  const child = spawn(terminal, ['-qec', `stty cols 80 rows 24; ${quoted}`, '/dev/null'], {
    cwd: root,
    stdio: 'pipe',
    env: { ...process.env, SHELL: '/bin/sh' },
  })
  return ended(child)
}

export const lines = (commands: ReadonlyArray<unknown>): string =>
  commands.map((command) => `${JSON.stringify(command)}\n`).join('')

export const parsed = (ndjson: string): ReadonlyArray<ReturnType<typeof JSON.parse>> =>
  ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
