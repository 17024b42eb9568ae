// A whole log as `selfsame log` prints it, written to a file, and whose canaries and telephone numbers
// stand in it. The living are shown in an export: only the erased must be missing.

import { spawnSync } from 'node:child_process'
import { closeSync, createReadStream, openSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { anyCanary } from './workload.js'

const root = resolve(import.meta.dirname, '../../..')
const program = resolve(root, 'packages/cli/src/main.ts')

/** Writes every event of a file as a line of JSON, by the command line itself. */
export const exportTo = (to: string, file: string, masterFile: string): void => {
  const descriptor = openSync(to, 'w', 0o600)
  const words = ['log', '--db', file, '--master-key', masterFile]
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--conditions=development', program, ...words],
    { cwd: root, stdio: ['ignore', descriptor, 'pipe'], encoding: 'utf8' },
  )
  closeSync(descriptor)
  if (status !== 0) throw new Error(`selfsame log ended with ${status}: ${stderr}`)
}

export interface Exported {
  readonly lines: number
  readonly canaries: ReadonlySet<string>
  /** Runs of as many digits as a telephone number has. */
  readonly numbers: ReadonlySet<string>
}

const anyNumber = /\d{12,}/g

export const readExport = async (path: string): Promise<Exported> => {
  const [canaries, numbers] = [new Set<string>(), new Set<string>()]
  let lines = 0
  for await (const line of createInterface({ input: createReadStream(path) })) {
    lines += 1
    for (const [canary] of line.matchAll(anyCanary)) canaries.add(canary)
    for (const [number] of line.matchAll(anyNumber)) numbers.add(number)
  }
  return { lines, canaries, numbers }
}
