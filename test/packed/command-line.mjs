// One real use of the command line and the SQLite store, from their tarballs: two processes, one file.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(import.meta.dirname, 'packed.db')

const selfsame = (args, input = '') => {
  const program = join(import.meta.dirname, 'node_modules/.bin/selfsame')
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return stdout
}

const commands = [
  { type: 'CreateUser', userIdentity: { emails: ['ada@example.com'] } },
  { type: 'CreateUser', userIdentity: {} },
]
const input = commands.map((command) => `${JSON.stringify(command)}\n`).join('')
const lines = selfsame(['exec', '--db', file], input).trimEnd().split('\n')
const results = lines.map((line) => JSON.parse(line))
assert.deepEqual(
  results.map(({ ok }) => ok),
  [true, false],
)

const user = JSON.parse(selfsame(['user', '--db', file, '--email', 'ada@example.com']))
assert.equal(user.id, results[0].user.id)
// Read in a thread of its own, whose program is a file of the package.
const verified = JSON.parse(selfsame(['verify', '--db', file]))
assert.deepEqual({ ...verified, root: '' }, { events: 2, root: '', grewFrom: [], findings: [] })
const page = join(import.meta.dirname, 'ada.html')
selfsame(['report', '--db', file, '--email', 'ada@example.com', '--out', page])
assert.match(readFileSync(page, 'utf8'), /^<!doctype html>/)
console.log(`selfsame: ${results[0].events.length} events in a file`)
