// The demo as a reader runs it: it tells the whole story, and a story that goes otherwise fails it.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { commandTypes } from '@selfsame/core'
import { afterAll, expect, it } from 'vitest'
import { commandsIn } from '../play.js'
import { chapters } from '../story.js'

const root = join(import.meta.dirname, '../../..')
const story = join(root, 'examples/quickstart/commands.ndjson')
const folder = mkdtempSync(join(tmpdir(), 'selfsame-demo-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const demo = (...args: ReadonlyArray<string>) => {
  const program = join(root, 'examples/quickstart/demo.ts')
  const node = ['--conditions=development', '--import', 'tsx', program, ...args]
  return spawnSync(process.execPath, node, { cwd: root, encoding: 'utf8' })
}

const scenes = chapters.flatMap((chapter) => chapter.scenes)

it('the story has a scene a line, every command, and at least eight refusals', () => {
  const commands = commandsIn(story)
  expect(commands.length).toBeGreaterThanOrEqual(40)
  expect(commands).toHaveLength(scenes.length)
  expect(new Set(commands.map((command) => command.type))).toEqual(new Set(commandTypes))
  const refusals = scenes.flatMap(({ expect: one }) => (typeof one === 'string' ? [one] : []))
  expect(new Set(refusals.filter((one) => one !== 'again')).size).toBeGreaterThanOrEqual(8)
})

it('the demo tells it in 80 columns, ends well, and leaves no surprise', () => {
  const file = join(folder, 'shop.db')
  const { status, stdout, stderr } = demo('--db', file)
  expect(stderr).toBe('')
  expect(stdout).toContain('Everything went as the story says.')
  expect(stdout).not.toContain('     ! ')
  for (const { title } of chapters) expect(stdout).toContain(`. ${title}\n`)
  expect(stdout).toContain('Rows that differ from what was there before: 0.')
  const lines = stdout.split('\n').filter((line) => !line.includes(folder))
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80)
  expect(status).toBe(0)

  const second = demo('--db', file)
  expect(second.status).toBe(1)
  expect(second.stderr).toContain('exists already')
})

const merge = '{"type":"MergeUsers","users":[{"externalUserId":"ben"}'
const again = `"commandId":"merge-the-bens"}\n${merge}`

it.each([
  [
    'a refusal that does not come',
    '"ada-phone","userIdentity":{}',
    '"ada-phone","userIdentity":{"phones":["+491701234567"]}',
    'line 7: the story expected USER_IDENTITY_INVALID',
  ],
  [
    'an event too few',
    '"setAsPrimary":true',
    '"setAsPrimary":false',
    'line 11: the story expected IdentityLinked IdentityLinked ProfilePromoted',
  ],
  [
    'another owner at the end',
    'benjamin@work.example',
    'benjamin@home.example',
    'the story expected other owners',
  ],
  [
    'another identity in the log',
    'benjamin@work.example',
    'benjamin@home.example',
    'the story expected other identities in the log',
  ],
  [
    'a repeated command that is another',
    again,
    again.replace('"externalUserId":"ben"', '"phone":"+447911123456"'),
    'line 34: the story expected the same receipt again',
  ],
  [
    'a command too many',
    '{"type":"EraseUser"',
    '{"type":"ExpireInstallation","pushRegistrationId":"x","reason":"x"}\n{"type":"EraseUser"',
    'the story has 47 scenes, the file 48 commands',
  ],
])('%s fails it', (name, text, other, said) => {
  const commands = join(folder, `${name}.ndjson`)
  const told = readFileSync(story, 'utf8')
  expect(told).toContain(text)
  writeFileSync(commands, told.replaceAll(text, other))
  const { status, stdout } = demo('--commands', commands, '--db', join(folder, `${name}.db`))
  expect(stdout).toContain(`     ! ${said}`)
  expect(stdout).toContain('Not as the story says')
  expect(stdout).not.toContain('Everything went')
  expect(status).toBe(1)
})
