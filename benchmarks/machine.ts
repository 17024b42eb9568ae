// What the figures of a run depend on, and how busy the machine was with other things.

import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import Sqlite from 'better-sqlite3'

export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memory_gib: number
  readonly system: string
  readonly fileSystem: string
  readonly node: string
  readonly sqlite: string
  readonly commit: string
}

const said = (command: string, ...args: ReadonlyArray<string>): string => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', cwd: import.meta.dirname }).trim()
  } catch {
    return 'unknown'
  }
}

export const machineWith = (folder: string): Machine => {
  const db = new Sqlite(':memory:')
  const sqlite = String(db.prepare('SELECT sqlite_version()').pluck().get())
  db.close()
  const isChanged = said('git', 'status', '--porcelain', '--', '../packages', '.') !== ''
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memory_gib: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    fileSystem: said('df', '--output=fstype', folder).split('\n').at(-1) ?? 'unknown',
    node: process.versions.node,
    sqlite,
    commit: said('git', 'rev-parse', '--short', 'HEAD') + (isChanged ? ' and changes' : ''),
  }
}

/** The load of the last minute: what else ran beside, before we began. */
export const loadNow = (): number => Number((loadavg()[0] ?? 0).toFixed(1))
