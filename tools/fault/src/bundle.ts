// One file that a worker starts from in a few milliseconds: the packages' sources as they stand now,
// and where asked for with one promise broken on purpose.

import { mkdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'tsdown'
import type { Mutant } from './mutants.js'

const here = import.meta.dirname

/** Builds the worker into a folder; gives its path. */
export const buildWorker = async (folder: string, mutant: Mutant | null): Promise<string> => {
  mkdirSync(folder, { recursive: true })
  symlinkSync(resolve(here, '../node_modules'), join(folder, 'node_modules'))
  const applied = { times: 0 }
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
    plugins: mutant === null ? [] : [breaking(mutant, applied)],
  })
  if (mutant !== null && applied.times !== 1)
    throw new Error(`${mutant.name} changed ${applied.times} places of ${mutant.file}, not one`)
  return join(folder, 'built/worker.mjs')
}

const breaking = ({ file, from, to }: Mutant, applied: { times: number }) => ({
  name: 'break-a-promise',
  transform: (code: string, id: string): string | null => {
    if (!id.endsWith(file)) return null
    applied.times += code.split(from).length - 1
    return code.replace(from, () => to)
  },
})
