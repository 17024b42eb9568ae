// One file that a worker starts from in a few milliseconds: the packages' sources as they stand now,
// and where asked for with changes, by which a promise is broken on purpose.

import { mkdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'tsdown'
import type { Mutant } from './mutants.js'

const here = import.meta.dirname

/** Builds the worker into a folder; gives its path. */
export const buildWorker = async (
  folder: string,
  changes: ReadonlyArray<Mutant>,
): Promise<string> => {
  mkdirSync(folder, { recursive: true })
  symlinkSync(resolve(here, '../node_modules'), join(folder, 'node_modules'))
  const applied = new Map(changes.map((change) => [change, 0]))
  await build({
    config: false,
    cwd: resolve(here, '..'),
    entry: { worker: join(here, 'worker-main.ts') },
    outDir: join(folder, 'built'),
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    fixedExtension: true,
    dts: false,
    minify: true,
    sourcemap: false,
    logLevel: 'error',
    clean: false,
    deps: { neverBundle: ['better-sqlite3'], alwaysBundle: [/^(?!better-sqlite3|node:)/] },
    inputOptions: { resolve: { conditionNames: ['development', 'import', 'node', 'default'] } },
    plugins: [changing(applied)],
  })
  for (const [{ name, file }, times] of applied)
    if (times !== 1) throw new Error(`${name} changed ${times} places of ${file}, not one`)
  return join(folder, 'built/worker.mjs')
}

const changing = (applied: Map<Mutant, number>) => ({
  name: 'change-sources',
  transform: (code: string, id: string): string | null => {
    let changed: string | null = null
    for (const [change, times] of applied) {
      const { file, from, to } = change
      if (!id.endsWith(file)) continue
      applied.set(change, times + code.split(from).length - 1)
      changed = (changed ?? code).replace(from, () => to)
    }
    return changed
  },
})
