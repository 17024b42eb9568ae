// One run of the benchmark: the tables in the order of the report, each with processes and files of its own.

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench, Result, Site, Table } from './site.js'
import { commandTables } from './tables/commands.js'
import { decodeTable } from './tables/decode.js'
import { fetchTable } from './tables/fetch.js'
import { foldTable } from './tables/fold.js'
import { growthTable } from './tables/growth.js'
import { importTable } from './tables/import.js'
import { rebuildTable } from './tables/rebuild.js'
import { writersTable } from './tables/writers.js'
import { startWorker, type Worker } from './worker.js'

const tables: ReadonlyArray<Table> = [
  ...commandTables,
  writersTable,
  rebuildTable,
  foldTable,
  fetchTable,
  decodeTable,
  growthTable,
  importTable,
]

export const tableNames: ReadonlyArray<string> = tables.map(({ name }) => name)

/** Runs the tables with these names. */
export const runBench = async (
  bench: Bench,
  names: ReadonlyArray<string>,
  say: (text: string) => void,
): Promise<ReadonlyArray<Result>> => {
  for (const name of names)
    if (!tables.some((table) => table.name === name))
      throw new Error(`there is no table ${name}: ${tableNames.join(', ')}`)
  const chosen = tables.filter(({ name }) => names.includes(name))
  const results: Result[] = []
  for (const { name, title, text, rows } of chosen) {
    say(`${name}: ${title}`)
    const own = join(bench.folder, name)
    const workers: Worker[] = []
    const site: Site = {
      ...bench,
      start: (called) => {
        const profile = bench.profiles === null ? null : join(bench.profiles, `${name}-${called}`)
        const worker = startWorker(bench.worker, profile)
        workers.push(worker)
        return worker
      },
      place: (called) => {
        mkdirSync(join(own, called), { recursive: true })
        return join(own, called)
      },
    }
    try {
      results.push({ name, title, text, rows: await rows(site) })
    } finally {
      await Promise.all(workers.map((worker) => worker.end()))
      rmSync(own, { recursive: true, force: true })
    }
  }
  return results
}
