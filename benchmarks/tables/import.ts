// What `import '@selfsame/core'` costs beyond its dependencies, and what the packed package weighs.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'tsdown'
import { inTurns } from '../measure.js'
import type { Table } from '../site.js'

const core = join(import.meta.dirname, '../../packages/core')

/** The package as it is published, beside whatever `dist` somebody else is building. */
const publish = async (folder: string): Promise<string> => {
  await build({
    cwd: core,
    outDir: join(folder, 'dist'),
    logLevel: 'error',
    clean: false,
  })
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'])
    if (existsSync(join(core, name))) cpSync(join(core, name), join(folder, name))
  symlinkSync(join(core, 'node_modules'), join(folder, 'node_modules'))
  return join(folder, 'dist/index.js')
}

/** What the built file imports from other packages; its statements may stand in one line. */
export const dependenciesIn = (built: string): ReadonlyArray<string> => [
  ...new Set(
    [...built.matchAll(/(?:^|;)(?:import|export)\b[^;'"]*["']([^."'][^"']*)["']/gm)].map(
      ([, name = '']) => name,
    ),
  ),
]

const timing = (path: string, dependencies: ReadonlyArray<string>): string => `
for (const name of ${JSON.stringify(dependencies)}) await import(name)
const start = process.hrtime.bigint()
await import(${JSON.stringify(path)})
console.log(Number(process.hrtime.bigint() - start) / 1e6)
`

const packed_kb = (folder: string): number => {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: folder })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('nothing was packed')
  return readFileSync(join(folder, tarball)).length / 1000
}

export const importTable: Table = {
  name: 'import',
  title: "import '@selfsame/core'",
  text: 'Built as it is published; its dependencies are loaded before the time is taken.',
  rows: async (site) => {
    const folder = site.place('core')
    const path = await publish(folder)
    const program = join(folder, 'time.mjs')
    writeFileSync(program, timing(path, dependenciesIn(readFileSync(path, 'utf8'))))
    const measured = await inTurns(site.sizes.rounds, [
      {
        name: 'ours',
        round: async () => Number(execFileSync(process.execPath, [program], { encoding: 'utf8' })),
      },
    ])
    return [
      {
        what: 'time beyond the dependencies',
        unit: 'ms',
        measured,
        goals: [{ of: 'ours', over: null, at: 'most', bound: 40 }],
      },
      {
        what: 'packed, without dependencies',
        unit: 'kB',
        measured: [{ name: 'ours', rounds: [packed_kb(folder)] }],
        goals: [{ of: 'ours', over: null, at: 'most', bound: 100 }],
      },
    ]
  },
}
