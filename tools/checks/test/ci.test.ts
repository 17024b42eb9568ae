// `.ci/run` must count right and never end well by mistake: a false npx plays the tests and the checks.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const program = resolve(import.meta.dirname, '../../../.ci/run')
const checks = [
  ...['types', 'lint', 'arrows', 'tidy', 'packaging', 'docs:links'],
  ...['fault', 'browser', 'simulate', 'tamper'],
]
/** The last line of a run of whose tests and checks so many failed or never ran. */
const lastLine = (tests: number, failed: number, failedChecks = 0): string =>
  `${tests + checks.length - failedChecks} passed, ${failed + failedChecks} failed`

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selfsame-ci-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (name: string, text: string): void => {
  writeFileSync(join(folder, name), text)
  chmodSync(join(folder, name), 0o755)
}

type Play = {
  readonly report?: string
  readonly testStatus?: number
  readonly failing?: ReadonlyArray<string>
  readonly faultSays?: string
  /** Plays on a machine without chromium, as this user. */
  readonly bare?: 'root' | 'nobody'
}

/** What `.ci/run` takes from the machine; a bare one has nothing else. */
const tools = ['bash', 'dirname', 'mktemp', 'rm', 'tee', 'grep', 'timeout']

/** A machine on which the play finds these tools, `apt-get` that would bring chromium, and no sudo. */
const putBare = (user: 'root' | 'nobody'): void => {
  for (const name of tools) symlinkSync(join('/usr/bin', name), join(folder, name))
  symlinkSync(process.execPath, join(folder, 'node'))
  put('id', `#!/bin/sh\necho ${user === 'root' ? 0 : 1000}\n`)
  put('apt-get', `#!/bin/sh\n/bin/ln -s apt-get ${join(folder, 'chromium')}\n`)
}

const play = ({
  report,
  testStatus = 0,
  failing = [],
  faultSays = 'kill: held, 9 runs',
  bare,
}: Play) => {
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
  // They are there, so that the play installs nothing.
  for (const name of bare === undefined ? ['strace', 'chromium'] : ['strace'])
    put(name, '#!/bin/sh\n')
  if (bare !== undefined) putBare(bare)
  const path = bare === undefined ? `${folder}${delimiter}${process.env.PATH}` : folder
  const { status, stdout } = spawnSync(program, {
    env: { ...process.env, PATH: path },
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

test('chromium is installed where it is not there, and a machine that cannot do so says why', () => {
  const root = play({ report: report(40, 0), bare: 'root' })
  expect(root).toMatchObject({ status: 0, last: lastLine(40, 0) })
  expect(existsSync(join(folder, 'chromium'))).toBe(true)
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
  const { status, stdout, last } = play({ report: report(40, 0), bare: 'nobody' })
  expect({ status, last }).toEqual({ status: 1, last: lastLine(40, 0, 1) })
  expect(stdout).toMatch('nobody looked at the report: it needs chromium')
})
