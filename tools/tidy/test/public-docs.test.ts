// The public surface is walked through re-exports, and only what a package declares itself counts.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { publicDocs } from '../src/public-docs.js'
import { root } from '../src/repository.js'

let folder = ''

const put = (file: string, text: string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

const found = (): ReadonlyArray<string> =>
  publicDocs(folder, ['packages/core']).map(
    ({ file, line, message }) => `${file}:${line} ${message}`,
  )

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'selfsame-docs-')))
  cpSync(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'))
  put('package.json', '{"type":"module"}')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const documented = '/**\n * A phone.\n * @since 0.1.0\n * @category values\n */\n'

test('documented exports are accepted, and what is not exported needs nothing', () => {
  put('packages/core/src/phone.ts', `${documented}export const phone = 1\nexport const inner = 2\n`)
  put('packages/core/src/index.ts', "export { phone } from './phone.js'\n")
  expect(found()).toEqual([])
})

test('an overloaded function is documented once', () => {
  const overloads = 'export function f(x: string): void\nexport function f(x: number): void\n'
  const body = 'export function f(x: unknown): void { void x }\n'
  put('packages/core/src/index.ts', `${documented}${overloads}${body}`)
  expect(found()).toEqual([])
})

test('a declaration without tags is reported where it stands, however it is exported', () => {
  put('packages/core/src/values/phone.ts', 'export const phone = 1\n')
  put('packages/core/src/values/index.ts', "export * from './phone.js'\n")
  put(
    'packages/core/src/email.ts',
    `${documented}export type Email = string\n/** @since */\nexport const Email = 1\n`,
  )
  put(
    'packages/core/src/index.ts',
    "export * as values from './values/index.js'\nexport * from './email.js'\n",
  )
  expect(found().toSorted()).toEqual([
    'packages/core/src/email.ts:8 Email is exported without @since and @category',
    'packages/core/src/values/phone.ts:1 phone is exported without @since and @category',
  ])
})

test('what another package declares is its own affair', () => {
  put('packages/other/src/index.ts', 'export const other = 1\n')
  put('packages/core/src/index.ts', "export * from '../../other/src/index.js'\n")
  expect(found()).toEqual([])
})
