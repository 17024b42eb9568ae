// The kit and core as one program, every change of core's rules in it under its switch.

import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'tsdown'
import { root } from './sources.js'

/** Builds the program into a folder, sources standing for what `codes` gives; answers its path. */
export const buildProgram = async (
  folder: string,
  codes: ReadonlyMap<string, string>,
): Promise<string> => {
  mkdirSync(folder, { recursive: true })
  const met = new Set<string>()
  await build({
    config: false,
    cwd: join(root, 'tools/mutants'),
    entry: { program: join(import.meta.dirname, 'kit-main.ts') },
    outDir: folder,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    fixedExtension: true,
    dts: false,
    minify: false,
    sourcemap: false,
    logLevel: 'error',
    clean: false,
    deps: { alwaysBundle: [/^(?!node:)/] },
    inputOptions: { resolve: { conditionNames: ['development', 'import', 'node', 'default'] } },
    plugins: [
      {
        name: 'switches',
        transform: (_code: string, id: string): string | null => {
          const file = relative(root, id)
          const code = codes.get(file)
          if (code !== undefined) met.add(file)
          return code ?? null
        },
      },
    ],
  })
  const missed = [...codes.keys()].filter((file) => !met.has(file))
  if (missed.length > 0) throw new Error(`not in the program: ${missed.join(', ')}`)
  return join(folder, 'program.cjs')
}
