// Each rule accepts a good sample and names the line of a bad one.
import { expect, test } from 'vitest'
import { rules, tidy } from '../src/rules.js'

type Sample = { readonly path: string; readonly text: string }
type Case = {
  readonly rule: string
  readonly good: ReadonlyArray<Sample>
  readonly bad: ReadonlyArray<Sample & { readonly line: number }>
}

const core = (text: string): Sample => ({
  path: 'packages/core/src/values/phone.ts',
  text: `// Phones.\n${text}\n`,
})
const coreBad = (text: string): Sample & { readonly line: number } => ({ ...core(text), line: 2 })
const named = (path: string): Sample => ({ path, text: '// Named.\n' })
const namedBad = (path: string): Sample & { readonly line: number } => ({ ...named(path), line: 1 })

const cases: ReadonlyArray<Case> = [
  {
    rule: 'file-length',
    good: [
      { path: 'packages/cli/src/exec.ts', text: `// Long.\n${'export {}\n'.repeat(299)}` },
      { path: 'packages/cli/test/exec.test.ts', text: `// A table.\n${'//\n'.repeat(400)}` },
    ],
    bad: [
      {
        path: 'packages/cli/src/exec.ts',
        text: `// Long.\n${'export {}\n'.repeat(300)}`,
        line: 301,
      },
    ],
  },
  {
    rule: 'purpose-first',
    good: [
      { path: 'packages/cli/src/exec.ts', text: '/* Runs commands. */\nexport {}\n' },
      { path: 'packages/cli/src/main.ts', text: '#!/usr/bin/env node\n// The program.\n' },
    ],
    bad: [
      { path: 'packages/cli/src/exec.ts', text: 'export {}\n// Too late.\n', line: 1 },
      { path: 'packages/cli/src/main.ts', text: '#!/usr/bin/env node\nexport {}\n', line: 1 },
      { path: 'tools/tidy/src/main.ts', text: '//\nexport {}\n', line: 1 },
    ],
  },
  {
    rule: 'meaningful-name',
    good: [
      named('packages/core/src/log/data-keys.ts'),
      named('packages/cli/test/process-of-its-own.test.ts'),
      named('.data.ts'),
    ],
    bad: [
      namedBad('packages/core/src/utils/phone.ts'),
      namedBad('packages/core/src/helpers.ts'),
      namedBad('packages/core/src/user-service.ts'),
      namedBad('packages/cli/test/process.test.ts'),
      namedBad('docs/Misc/a.md'),
    ],
  },
  {
    rule: 'core-syntax',
    good: [
      core("// class, enum, any: words in a comment\nexport const text = 'default any class'"),
      core('export const at = (x: string) => { switch (x) { default: return x } }'),
      core('export const brand = (x: unknown) => x as string'),
      { path: 'packages/cli/src/exec.ts', text: '// Ours.\nexport class Exec {}\n' },
    ],
    bad: [
      coreBad('export class Phone {}'),
      coreBad('export const Phone = class {}'),
      coreBad('export enum Kind { A }'),
      coreBad('export default 1'),
      coreBad('export default function phone() {}'),
      coreBad("export { default } from './email.js'"),
      coreBad('const phone = 1; export { phone as default }'),
      coreBad('export const phone = (x: any) => x'),
      coreBad('export const phone = (x: number) => x as unknown as string'),
    ],
  },
  {
    rule: 'core-is-pure',
    good: [
      core('// Date.now() in a comment'),
      core('export const at = (x: number) => new Date(x)'),
      core('export const least = Math.min(1, 2)'),
      { path: 'packages/core/test/a.test.ts', text: 'Date.now()\n' },
    ],
    bad: [
      coreBad('export const at = Date.now()'),
      coreBad('export const at = Math.random()'),
      coreBad('export const at = new Date()'),
      coreBad('export const at = new Date'),
      coreBad('export const at = Date()'),
      coreBad('export const at = globalThis.crypto.randomUUID()'),
      coreBad('export const at = performance.now()'),
      coreBad('setTimeout(() => undefined, 1)'),
    ],
  },
  {
    rule: 'nothing-left-open',
    good: [core('// All done, no todo.')],
    bad: [
      coreBad('// TODO: finish'),
      { path: 'README.md', text: '# Ours\n\nFIXME later\n', line: 3 },
      { path: '.ci/run.sh', text: '# XXX\n', line: 1 },
    ],
  },
  {
    rule: 'every-test-runs',
    good: [{ path: 'test/a.test.ts', text: "it('runs', () => {})\nconst x = { only: 1 }.only\n" }],
    bad: [
      { path: 'test/a.test.ts', text: "\nit.only('a', () => {})\n", line: 2 },
      { path: 'test/a.test.ts', text: "\ndescribe.skip('a', () => {})\n", line: 2 },
      { path: 'test/a.test.ts', text: "\ntest.concurrent.todo('a')\n", line: 2 },
    ],
  },
]

const found = (rule: string, { path, text }: Sample): ReadonlyArray<number> =>
  tidy(path, () => text)
    .filter((finding) => finding.rule === rule)
    .map(({ line }) => line)

test('every rule has samples', () => {
  expect(cases.map(({ rule }) => rule).sort()).toEqual(rules.map(({ name }) => name).sort())
})

for (const { rule, good, bad } of cases) {
  test(`${rule} accepts its good samples`, () => {
    for (const sample of good)
      expect({ sample, lines: found(rule, sample) }).toEqual({ sample, lines: [] })
  })
  test(`${rule} names the line of each bad sample`, () => {
    for (const sample of bad) {
      expect({ sample, lines: found(rule, sample) }).toEqual({ sample, lines: [sample.line] })
    }
  })
}
