// `pnpm packaging`: builds and packs every package and looks at the tarballs as a stranger gets them.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installed, root, run, runSteps } from './steps.js'
import { compileAsAStranger, installAsAStranger } from './stranger.js'
import { faultsOfManifest, readTarball, sizesMax_bytes } from './tarball.js'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'selfsame-packed-')))
const tarballsFolder = join(folder, 'tarballs')
const stranger = join(folder, 'stranger')
mkdirSync(tarballsFolder)
mkdirSync(stranger)

const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
)

const tarballs = (): ReadonlyArray<string> => {
  const all = readdirSync(tarballsFolder).map((name) => join(tarballsFolder, name))
  if (all.length !== packages.length) throw new Error(`${all.length} of ${packages.length} packed`)
  return all
}

const build = (): string => {
  for (const name of packages) {
    const cwd = join(root, 'packages', name)
    rmSync(join(cwd, 'dist'), { recursive: true, force: true })
    run(installed('tsdown'), ['--logLevel', 'warn'], { cwd })
  }
  return ''
}

const pack = (): string => {
  for (const name of packages) {
    run('pnpm', ['pack', '--pack-destination', tarballsFolder], {
      cwd: join(root, 'packages', name),
    })
  }
  const said = tarballs().map((file) => {
    const { manifest, paths, size_bytes } = readTarball(file)
    const faults = faultsOfManifest(manifest, paths, size_bytes)
    if (faults.length > 0) throw new Error(`${manifest.name}: ${faults.join('; ')}`)
    const max_bytes = sizesMax_bytes[manifest.name]
    const limit = max_bytes === undefined ? '' : ` of ${max_bytes / 1000}`
    return `${manifest.name} ${(size_bytes / 1000).toFixed(1)}${limit} kB`
  })
  return said.join(', ')
}

const asAStranger = (program: string): string =>
  run(process.execPath, [join(stranger, program), ...packages.map((name) => `@selfsame/${name}`)], {
    cwd: stranger,
  }).trim()

try {
  const failed = runSteps([
    { name: 'build', work: build },
    { name: 'pack', work: pack },
    {
      name: 'publint',
      work: () => {
        for (const file of tarballs()) run(installed('publint'), ['run', '--strict', file])
        return ''
      },
    },
    {
      name: 'attw',
      work: () => {
        for (const file of tarballs()) {
          run(installed('attw'), ['--profile', 'esm-only', '--no-definitely-typed', file])
        }
        return ''
      },
    },
    { name: 'knip', work: () => run(installed('knip'), ['--no-progress']).trim() },
    { name: 'install the tarballs', work: () => installAsAStranger(stranger, tarballs()) },
    { name: 'import', work: () => asAStranger('import.mjs') },
    { name: 'require', work: () => asAStranger('require.cjs') },
    { name: 'use core', work: () => asAStranger('use-core.mjs') },
    { name: 'use the command line', work: () => asAStranger('command-line.mjs') },
    { name: 'published types', work: () => compileAsAStranger(stranger, packages) },
  ])
  process.exitCode = failed === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
