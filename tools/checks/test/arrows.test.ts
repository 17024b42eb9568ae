// The arrow check is only worth its time if it fails: break each rule in a copy and see it named.
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const packages = ['core', 'store-sqlite', 'testkit', 'report', 'cli']

type Outcome = { readonly status: number | null; readonly violations: ReadonlyArray<string> }

let copy = ''

const put = (file: string, text: string): void => {
  mkdirSync(dirname(join(copy, file)), { recursive: true })
  writeFileSync(join(copy, file), text)
}

const link = (from: string, to: string): void => {
  mkdirSync(dirname(join(copy, to)), { recursive: true })
  symlinkSync(realpathSync(from), join(copy, to))
}

/** Runs the check as `pnpm arrows` does; a violation reads `rule: file`. */
const cruise = (): Outcome => {
  const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const args = [depcruise, '--config', '.dependency-cruiser.cjs', 'packages']
  const run = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' })
  const found = run.stdout.matchAll(/^ *error ([\w-]+): (\S+)/gm)
  return { status: run.status, violations: [...found].map(([, rule, file]) => `${rule}: ${file}`) }
}

beforeEach(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), 'selfsame-arrows-')))
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json']) {
    cpSync(join(root, file), join(copy, file))
  }
  for (const name of packages) {
    const manifest = `packages/${name}/package.json`
    mkdirSync(join(copy, 'packages', name), { recursive: true })
    cpSync(join(root, manifest), join(copy, manifest))
    put(`packages/${name}/src/index.ts`, 'export const front = 1\n')
    link(join(copy, 'packages', name), `node_modules/@selfsame/${name}`)
  }
  for (const library of ['fp-ts', 'io-ts', 'fast-check']) {
    link(join(root, 'packages/core/node_modules', library), `node_modules/${library}`)
  }
  put('packages/core/src/prelude.ts', "import * as E from 'fp-ts/lib/Either.js'\nexport { E }\n")
  put('packages/core/src/values/instant.ts', "import { E } from '../prelude.js'\nexport { E }\n")
  put('packages/core/src/commands/merge.ts', "export * from '../values/instant.js'\n")
  put('packages/core/src/ports/store.ts', "export * from '../commands/merge.js'\n")
  put('packages/store-sqlite/src/open.ts', "export * from '@selfsame/core'\n")
})

afterEach(() => rmSync(copy, { recursive: true, force: true }))

test('the arrows hold in a tree that obeys them', () => {
  expect(cruise()).toEqual({ status: 0, violations: [] })
})

test('an import of node:fs in core fails the check', () => {
  put('packages/core/src/values/instant.ts', "export { readFileSync } from 'node:fs'\n")
  const { status, violations } = cruise()
  expect(status).not.toBe(0)
  expect(violations).toContain('core-is-pure: packages/core/src/values/instant.ts')
})

test('a circle fails the check', () => {
  put('packages/core/src/values/phone.ts', "export * from './email.js'\n")
  put('packages/core/src/values/email.ts', "export type * from './phone.js'\n")
  const { status, violations } = cruise()
  expect(status).not.toBe(0)
  expect(violations).toEqual([expect.stringMatching(/^no-circle: packages\/core\/src\/values\//)])
})

test('every other arrow is named when it is broken', () => {
  const broken: ReadonlyArray<readonly [rule: string, file: string, source: string]> = [
    ['core-is-pure', 'core/src/log/a.ts', "export { createHash } from 'crypto'"],
    ['core-is-pure', 'core/src/log/b.ts', "export type { Hash } from 'node:crypto'"],
    ['core-order-values', 'core/src/values/a.ts', "export type * from '../commands/merge.js'"],
    ['core-order-commands', 'core/src/commands/a.ts', "export * from '../ports/store.js'"],
    ['core-order-ports', 'core/src/ports/a.ts', "export * from '../engine/d.js'"],
    ['core-order-memory', 'core/src/memory/a.ts', "export * from '../index.js'"],
    ['core-has-only-its-folders', 'core/src/engine/b.ts', "export * from '../extra.js'"],
    ['only-the-prelude-imports-fp-ts', 'core/src/log/c.ts', "export * from 'fp-ts/lib/Either.js'"],
    ['only-the-prelude-imports-fp-ts', 'core/src/log/d.ts', "export * from 'io-ts'"],
    ['fp-ts-by-its-lib-path', 'store-sqlite/src/a.ts', "export * from 'fp-ts/Either'"],
    ['fp-ts-by-its-lib-path', 'store-sqlite/src/b.ts', "export { either } from 'fp-ts'"],
    [
      'core-imports-only-its-own-packages',
      'core/src/engine/c.ts',
      "export * from '../../../cli/src/index.js'",
    ],
    ['core-imports-only-its-own-libraries', 'core/src/engine/d.ts', "export * from 'fast-check'"],
    [
      'core-tests-import-only-their-own-packages',
      'core/test/a.test.ts',
      "export * from '../../testkit/src/index.js'",
    ],
    [
      'store-sqlite-imports-only-its-own-packages',
      'store-sqlite/src/c.ts',
      "export * from '@selfsame/testkit'",
    ],
    [
      'testkit-imports-only-its-own-packages',
      'testkit/src/a.ts',
      "export * from '../../store-sqlite/src/index.js'",
    ],
    [
      'report-imports-only-its-own-packages',
      'report/src/a.ts',
      "export * from '../../store-sqlite/src/index.js'",
    ],
    [
      'cli-imports-only-its-own-packages',
      'cli/src/a.ts',
      "export * from '../../testkit/src/index.js'",
    ],
    [
      'through-the-front-door',
      'store-sqlite/src/d.ts',
      "export * from '../../core/src/prelude.js'",
    ],
    ['no-unresolved', 'core/src/engine/e.ts', "export * from './nowhere.js'"],
  ]
  put('packages/core/src/extra.ts', 'export const extra = 1\n')
  for (const [, file, source] of broken) put(`packages/${file}`, `${source}\n`)
  const { status, violations } = cruise()
  expect(status).not.toBe(0)
  expect(violations).toEqual(
    expect.arrayContaining(broken.map(([rule, file]) => `${rule}: packages/${file}`)),
  )
})
