// Workers under strace: one of their system calls fails, or is their last; or every write and sync of
// theirs is recorded, with what was written.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The system calls by which a store changes what is on a disk. */
export const changing = [
  'pwrite64',
  'write',
  'fsync',
  'fdatasync',
  'ftruncate',
  'link',
  'rename',
  'unlink',
] as const

export type Changing = (typeof changing)[number]

export const isSync = (call: Changing): boolean => call === 'fsync' || call === 'fdatasync'

export type Fault = 'EIO' | 'ENOSPC' | 'SIGKILL'

/** What a call may meet: only what takes room can find the disk full. */
export const faultsOf = (call: Changing): ReadonlyArray<Fault> =>
  call === 'pwrite64' || call === 'write' || call === 'ftruncate'
    ? ['EIO', 'ENOSPC', 'SIGKILL']
    : ['EIO', 'SIGKILL']

const tracer = 'strace'

/** Whether tracing works here: a container may forbid it. */
export const hasStrace = (): boolean =>
  spawnSync(tracer, ['-qq', '-o', '/dev/null', process.execPath, '--version']).status === 0

const quietly = [tracer, '-f', '--seccomp-bpf', '-qq']

/** Node writes to pipes and event descriptors too: of `write`, only those to these paths count. */
const only = (call: Changing, paths: ReadonlyArray<string>): ReadonlyArray<string> =>
  call === 'write' ? paths.flatMap((path) => ['-P', path]) : []

/** The words that run a program with its n-th call of a kind failing. */
export const injecting = (
  call: Changing,
  fault: Fault,
  n: number,
  trace: string,
  paths: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const how = fault === 'SIGKILL' ? 'signal=SIGKILL' : `error=${fault}`
  return [
    ...quietly,
    '-o',
    trace,
    ...only(call, paths),
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:${how}:when=${n}`,
  ]
}

/** The words that run a program and list its calls of some kinds. */
export const listing = (
  calls: ReadonlyArray<Changing>,
  trace: string,
  paths: ReadonlyArray<string>,
): ReadonlyArray<string> => [
  ...quietly,
  '-o',
  trace,
  ...calls.flatMap((call) => only(call, paths)),
  '-e',
  `trace=${calls.join(',')}`,
]

/** How many calls a listing holds. */
export const callsIn = (trace: string, call: Changing): number =>
  readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => /^\d+ +(\w+)\(/.exec(line)?.[1] === call).length

/** Whether the fault came up. */
export const wasInjected = (trace: string, fault: Fault): boolean => {
  const text = readFileSync(trace, 'utf8')
  return fault === 'SIGKILL' ? text.includes('killed by SIGKILL') : text.includes('(INJECTED)')
}

const bytesMax = 2_000_000

/** The words that run a program and record what it writes, in order, with paths and bytes. */
export const recording = (trace: string): ReadonlyArray<string> => [
  ...quietly,
  '-y',
  '-xx',
  '-s',
  String(bytesMax),
  '-o',
  trace,
  '-e',
  `trace=${changing.join(',')},openat`,
]
