// At a terminal of 80 columns: tables that fit, nothing unseen, progress on stderr.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { atTerminal, freshFolder, inProcess, lines, story, terminal } from './selfsame.js'

const folder = freshFolder()
const file = join(folder, 'terminal.db')

beforeAll(async () => {
  await inProcess(['exec', '--db', file, '--in', story])
  const strange = {
    type: 'CreateUser',
    userIdentity: { externalUserId: 'strange', emails: [`${'long.'.repeat(12)}x@example.com`] },
    userAttributes: { firstName: 'abc\u202edef', lastName: 'Müller-Łoś '.repeat(20) },
  }
  await inProcess(['exec', '--db', file], lines([strange]))
})

const widest = (text: string): number =>
  Math.max(...text.split(/\r?\n/).map((line) => [...line].length))

describe('a table', () => {
  it.each([
    ['user', ['--external-user-id', 'ben']],
    ['user', ['--external-user-id', 'strange']],
    ['installation', ['--id', 'ben-phone']],
    ['audience', []],
    ['segment', ['--where', '{"or":[{"type":"LEAD"},{"type":"CUSTOMER"}]}', '--all']],
    ['log', []],
    ['log', ['--user', 'nobody']],
    ['rebuild', []],
    ['check', []],
    ['stats', []],
    ['vacuum', []],
    ['rotate', []],
    ['backup', ['--to', join(folder, 'table.backup')]],
    ['backup-keys', ['--to', join(folder, 'table.keys')]],
  ])('of %s %j fits and shows nothing unseen', async (command, args) => {
    const { status, stdout } = await inProcess([command, '--db', file, ...args], '', 80)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^(┌|no event)/)
    expect(widest(stdout)).toBeLessThanOrEqual(80)
    expect(stdout).not.toContain('\u202e')
  })

  it.each([
    ['check', [], 'events'],
    ['rotate', [], 'keys'],
    ['backup', ['--to', join(folder, 'progress.backup')], 'rows'],
  ])('of %s %j follows its progress, counted in %s', async (command, args, unit) => {
    const { stderr } = await inProcess([command, '--db', file, ...args], '', 80)
    expect(stderr).toMatch(new RegExp(`(\\d+) of \\1 ${unit}, \\d+/s, 0 s left`))
    expect(stderr.endsWith('\r\u001b[K')).toBe(true)
  })

  it('of evidence tells how much is proved', async () => {
    await inProcess(['checkpoint', '--db', file, '--new-key', 'example.com/shop'])
    const out = join(folder, 'progress.evidence')
    const asked = ['evidence', '--db', file, '--external-user-id', 'ben', '--out', out]
    const { status, stderr } = await inProcess(asked, '', 80)
    expect(status).toBe(0)
    expect(stderr).toMatch(/[1-9]\d* events proved, \d+\/s/)
    expect(stderr.endsWith('\r\u001b[K')).toBe(true)
    expect((await inProcess([...asked.slice(0, -1), `${out}-too`])).stderr).toBe('')
  })

  it('tells on stderr how to go on where there is more', async () => {
    const segment = ['segment', '--db', file, '--limit', '1', '--where', '{"type":"CUSTOMER"}']
    expect((await inProcess(segment, '', 80)).stderr).toMatch(/--after [0-9a-f-]{36}/)
  })

  it('shows a refusal as JSON, and ends with 2', async () => {
    const { status, stdout } = await inProcess(['user', '--db', file, '--id', 'x'], '', 80)
    expect(status).toBe(2)
    expect(JSON.parse(stdout).error.code).toBe('USER_NOT_FOUND')
  })
})

describe.runIf(existsSync(terminal))('a real terminal', () => {
  it('gets a table, or JSON by --json, escaped too', async () => {
    const asked = ['user', '--db', file, '--external-user-id', 'strange']
    const [drawn, json] = await Promise.all([atTerminal(asked), atTerminal([...asked, '--json'])])
    expect(drawn?.stdout).toContain('abc\\u{202e}def')
    expect(widest(drawn?.stdout ?? '')).toBeLessThanOrEqual(80)
    expect(json?.stdout).not.toContain('\u202e')
    expect(JSON.parse(json?.stdout ?? '').firstName).toBe('abc\u202edef')
  })

  it('is told the progress of exec and of rebuild', async () => {
    const [executed, rebuilt] = await Promise.all([
      atTerminal(['exec', '--db', join(folder, 'progress.db'), '--in', story]),
      atTerminal(['rebuild', '--db', file]),
    ])
    expect(executed?.stdout.slice(-500)).toMatch(/47 commands, \d+\/s, \d+ refused/)
    expect(rebuilt?.stdout).toMatch(/(\d+) of \1 events, \d+\/s, 0 s left/)
  })
})
