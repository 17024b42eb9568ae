// Wrong usage and help: what is wrong is named, and every command shows an example.

import { expect, it } from 'vitest'
import { inProcess, selfsame } from './selfsame.js'

const commands = [
  'exec',
  'preview',
  'user',
  'installation',
  'audience',
  'segment',
  'log',
  'rebuild',
  'check',
  'stats',
  'vacuum',
  'backup',
  'backup-keys',
  'restore',
  'rotate',
  'export',
  'erase',
]

it.each(commands)('%s --help fits 80 columns and shows an example', async (command) => {
  const { status, stdout, stderr } = await inProcess([command, '--help'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(new RegExp(`Examples?:\n(.*\n)*? .*selfsame ${command} --db `))
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
})

it.each([
  ['no command', [], 'Usage: selfsame'],
  ['an unknown command', ['usr'], "unknown command 'usr'"],
  ['an unknown option', ['user', '--db', 'f', '--mail', 'x'], "unknown option '--mail'"],
  ['no file', ['rebuild'], "'--db <FILE>'"],
  ['no name of a user', ['user', '--db', 'f'], 'by exactly one of --id, --external-user-id'],
  ['two names of a user', ['user', '--db', 'f', '--id', 'a', '--email', 'b'], 'exactly one of'],
  [
    'a limit that is no number',
    ['segment', '--db', 'f', '--where', '{}', '--limit', '0'],
    '--limit',
  ],
  ['a predicate that is not JSON', ['segment', '--db', 'f', '--where', 'vip'], '--where'],
  [
    'an attribute without a value',
    ['audience', '--db', 'f', '--installation-attribute', 'x'],
    'NAME=VALUE',
  ],
  ['an unknown event type', ['log', '--db', 'f', '--type', 'UserCreate'], 'no such event type'],
  ['no copy to make', ['backup', '--db', 'f'], "'--to <FILE>'"],
  ['no copy of keys to make', ['backup-keys', '--db', 'f'], "'--to <FILE>'"],
  ['no backup', ['restore', '--db', 'f'], "'--backup <FILE>'"],
  ['an argument too many', ['check', '--db', 'f', 'g'], 'too many arguments'],
  ['an option of another command', ['stats', '--db', 'f', '--new-master'], "'--new-master'"],
  ['no file of keys', ['vacuum', '--db', 'f', '--key-file'], "'--key-file <FILE>'"],
  ['no file to rotate', ['rotate', '--new-master'], "'--db <FILE>'"],
  ['an unknown durability', ['exec', '--db', 'f', '--durability', 'half'], 'full, normal'],
  ['an unknown policy', ['exec', '--db', 'f', '--policy', 'mine'], 'survivor-first, latest-wins'],
])('%s is wrong usage: 64, and it is named', async (_, args, named) => {
  const { status, stdout, stderr } = await inProcess(args)
  expect({ status, stdout }).toEqual({ status: 64, stdout: '' })
  expect(stderr).toContain(named)
})

it('the status reaches the shell, and a strange argument no terminal', async () => {
  const { status, stderr } = await selfsame(['\u001b[31mred'])
  expect(status).toBe(64)
  expect(stderr).toContain('\\u{1b}[31mred')
})
