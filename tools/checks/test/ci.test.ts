// `.ci/run` must count right and never end well by mistake: a false npx plays the tests and the checks.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const program = resolve(import.meta.dirname, '../../../.ci/run')
const checks = [
  ...['types', 'lint', 'arrows', 'tidy', 'packaging', 'docs:links'],
  ...['fault', 'simulate', 'tamper'],
]
/** The last line of a run of whose tests and checks so many failed or never ran. */
const lastLine = (tests: number, failed: number, failedChecks = 0): string =>
  `${tests + checks.length - failedChecks} passed, ${failed + failedChecks} failed`

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selfsame-ci-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Play = {
  readonly report?: string
  readonly testStatus?: number
  readonly failing?: ReadonlyArray<string>
  readonly faultSays?: string
}

const play = ({ report, testStatus = 0, failing = [], faultSays = 'kill: held, 9 runs' }: Play) => {
  const npx = join(folder, 'npx')
  const lines = [
    '#!/usr/bin/env bash',
    'case "$3" in',
    'test)',
    report === undefined ? ':' : `printf '%s' '${report}' > "$SELFSAME_TEST_REPORT"`,
    `exit ${testStatus};;`,
    ...failing.map((name) => `${name}) exit 3;;`),
    `fault) [ "$*" = '--yes pnpm@12.4.2 fault --seed 1' ] && echo '${faultSays}';;`,
    // Without a seed a failure could not be made to happen again.
    `simulate | tamper) [[ "$*" = *' --seed 1'* ]];;`,
    'esac',
  ]
  writeFileSync(npx, `${lines.join('\n')}\n`)
  chmodSync(npx, 0o755)
  // It is there, so that the play installs nothing.
  writeFileSync(join(folder, 'strace'), '#!/bin/sh\n')
  chmodSync(join(folder, 'strace'), 0o755)
  const { status, stdout } = spawnSync(program, {
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` },
    encoding: 'utf8',
  })
  return { status, stdout, last: stdout.trimEnd().split('\n').at(-1) }
}

const report = (passed: number, failed: number): string =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed })

test('all well: the tests and one for each check', () => {
  const { status, stdout, last } = play({ report: report(40, 0) })
  expect({ status, last }).toEqual({ status: 0, last: lastLine(40, 0) })
  for (const name of ['test', ...checks]) expect(stdout).toMatch(`=== ${name}: ok`)
})

test('a failed test fails the run', () => {
  const { status, last } = play({ report: report(39, 1), testStatus: 1 })
  expect({ status, last }).toEqual({ status: 1, last: lastLine(39, 1) })
})

test('a failed check fails the run, and the checks after it still run', () => {
  const { status, stdout, last } = play({ report: report(40, 0), failing: ['types', 'tidy'] })
  expect({ status, last }).toEqual({ status: 1, last: lastLine(40, 0, 2) })
  expect(stdout).toMatch('=== docs:links: ok')
})

test('a run that fails without a failed test counts one failure', () => {
  const { status, last } = play({ report: report(40, 0), testStatus: 1 })
  expect({ status, last }).toEqual({ status: 1, last: lastLine(40, 1) })
})

test('a crash that leaves no report, or half of one, counts one failure', () => {
  for (const left of [undefined, '{"numPassed']) {
    const { status, last } = play({
      ...(left === undefined ? {} : { report: left }),
      testStatus: 134,
    })
    expect({ status, last }).toEqual({ status: 1, last: lastLine(0, 1) })
  }
})

test('a run of no tests is no success', () => {
  for (const left of [undefined, report(0, 0)]) {
    const { status, last } = play(left === undefined ? {} : { report: left })
    expect({ status, last }).toEqual({ status: 1, last: lastLine(0, 1) })
  }
})

test('faults that break a promise fail the run', () => {
  const { status, last } = play({ report: report(40, 0), failing: ['fault'] })
  expect({ status, last }).toEqual({ status: 1, last: lastLine(40, 0, 1) })
})

test('a scenario of faults that was skipped fails the run, and says why', () => {
  const { status, stdout, last } = play({
    report: report(40, 0),
    faultSays: 'syscalls: skipped, 0 runs',
  })
  expect({ status, last }).toEqual({ status: 1, last: lastLine(40, 0, 1) })
  expect(stdout).toMatch('a scenario was skipped, so its promise was not tried')
})
