// A folder outside the workspace, where the tarballs are installed and used as a stranger would.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { root, run } from './steps.js'
import { readTarball } from './tarball.js'

const native = 'build/Release/better_sqlite3.node'

/**
 * Building the native addon takes a minute. The workspace has built the same version on the same
 * machine, so that one file is taken over; everything else comes from the tarballs and npm.
 */
const takeOverNativeAddon = (folder: string): void => {
  const to = join(folder, 'node_modules/better-sqlite3')
  if (!existsSync(to)) return
  const from = realpathSync(join(root, 'packages/store-sqlite/node_modules/better-sqlite3'))
  const version = (at: string): unknown =>
    JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')).version
  if (version(from) !== version(to)) throw new Error('another better-sqlite3 was installed')
  mkdirSync(dirname(join(to, native)), { recursive: true })
  cpSync(join(from, native), join(to, native))
}

/** Installs the tarballs by npm and copies the programs of test/packed beside them. */
export const installAsAStranger = (folder: string, tarballs: ReadonlyArray<string>): string => {
  const dependencies = Object.fromEntries(
    tarballs.map((file) => [readTarball(file).manifest.name, `file:${file}`]),
  )
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'stranger', private: true, type: 'module', dependencies }),
  )
  const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  run('npm', ['install', ...quietly, '--loglevel=error'], { cwd: folder })
  takeOverNativeAddon(folder)
  const programs = join(root, 'test/packed')
  for (const name of readdirSync(programs)) cpSync(join(programs, name), join(folder, name))
  return ''
}

/** Compiles a program against the published types alone; only faults of ours and of the program count. */
export const compileAsAStranger = (folder: string, packages: ReadonlyArray<string>): string => {
  const types = join(folder, 'node_modules/@types')
  mkdirSync(types, { recursive: true })
  if (!existsSync(join(types, 'node'))) {
    symlinkSync(realpathSync(join(root, 'node_modules/@types/node')), join(types, 'node'))
  }
  const compilerOptions = {
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'NodeNext',
    strict: true,
    noEmit: true,
    types: ['node'],
    skipLibCheck: false,
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['types.ts'] }),
  )
  writeFileSync(
    join(folder, 'types.ts'),
    packages.map((name, at) => `export * as p${at} from '@selfsame/${name}'\n`).join(''),
  )
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const said = run(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    mayFail: true,
  })
  const ours = said
    .split('\n')
    .filter((line) => /^(types\.ts|node_modules\/@selfsame\/)/.test(line))
  if (ours.length > 0) throw new Error(`\n${ours.join('\n')}`)
  return ''
}
