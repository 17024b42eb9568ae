// What an operator runs: copies and their way back, keys elsewhere, figures, and what is not whole.

import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { filesIn } from '../src/options.js'
import { openFile } from './database.js'
import { freshFolder, inProcess, lines, parsed, selfsame } from './selfsame.js'

const folder = freshFolder()
const at = (name: string): string => join(folder, name)
const file = at('operate.db')

const create = (externalUserId: string) => ({
  type: 'CreateUser',
  userIdentity: { externalUserId, emails: [`${externalUserId}@example.com`] },
})
const erase = (externalUserId: string) => ({
  type: 'EraseUser',
  target: { externalUserId },
  reason: 'asked',
})

/** A new file in which ada and ben live. */
const newFile = async (name: string): Promise<string> => {
  const { status } = await inProcess(
    ['exec', '--db', at(name)],
    lines([create('ada'), create('ben')]),
  )
  expect(status).toBe(0)
  return at(name)
}

/** Runs what must end with `ending` and say nothing on stderr; gives the JSON of stdout. */
const done = async (ending: number, ...args: ReadonlyArray<string>) => {
  const { status, stdout, stderr } = await inProcess(args)
  expect({ status, stderr }).toEqual({ status: ending, stderr: '' })
  return parsed(stdout)[0]
}

const threeLines = (happened: string): RegExp =>
  new RegExp(`^what happened: .*${happened}.*\nwhat is safe: {2}.+\nwhat to do: {4}.+\n$`)

const fails = async (happened: string, ...args: ReadonlyArray<string>): Promise<void> => {
  const { status, stdout, stderr } = await inProcess(args)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(threeLines(happened))
}

beforeAll(() => newFile('operate.db'))

it('each as a process prints one line of JSON, and its status reaches the shell', async () => {
  const [broken, rotated] = [await newFile('found.db'), await newFile('turned.db')]
  const db = openFile(broken)
  db.exec('DELETE FROM identities')
  db.close()
  const cases = [
    ['stats', file, [], 0, { users: { active: 2 }, keys: { live: 2 } }],
    ['vacuum', file, [], 0, { bytesAfter: expect.any(Number) }],
    ['backup', file, ['--to', at('process.backup')], 0, { head: 6 }],
    ['backup-keys', file, ['--to', at('process.keys')], 0, { to: at('process.keys') }],
    ['rotate', rotated, ['--new-master'], 0, { masterVersion: 2, keys: 256 }],
    ['check', broken, [], 3, { events: 6 }],
  ] as const
  await Promise.all(
    cases.map(async ([command, db, args, ending, said]) => {
      const { status, stdout, stderr } = await selfsame([command, '--db', db, ...args])
      expect({ command, status, stderr }).toEqual({ command, status: ending, stderr: '' })
      expect(parsed(stdout)).toMatchObject([said])
    }),
  )
})

describe('backup and restore', () => {
  it('bring a lost file back, whose keys are in place', async () => {
    const lost = await newFile('lost.db')
    const before = await inProcess(['log', '--db', lost])
    expect(await done(0, 'backup', '--db', lost, '--to', at('lost.backup'))).toMatchObject({
      head: 6,
    })
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${lost}${suffix}`, { force: true })
    const restored = await selfsame(['restore', '--db', lost, '--backup', at('lost.backup')])
    expect(restored).toMatchObject({ status: 0, stderr: '' })
    expect(parsed(restored.stdout)).toEqual([{ events: 6, erasedAgain: [] }])
    expect(await inProcess(['log', '--db', lost])).toEqual(before)
    expect(await done(0, 'check', '--db', lost)).toMatchObject({ findings: [] })
  })

  it('let those stay erased who were erased since, and the others live', async () => {
    const source = await newFile('source.db')
    await done(0, 'backup', '--db', source, '--to', at('source.backup'))
    await done(0, 'backup-keys', '--db', source, '--to', at('source.keys'))
    await inProcess(['exec', '--db', source], lines([erase('ada')]))
    const elsewhere = ['--db', at('copy.db'), '--master-key', `${source}-master`]
    const from = ['--backup', at('source.backup'), '--keys', at('source.keys')]
    const shown = await inProcess(
      ['restore', ...elsewhere, ...from, '--known-erasures', `${source}-keys`],
      '',
      80,
    )
    expect(shown.status).toBe(0)
    expect(shown.stdout).toMatch(/erased again +│ [0-9a-f-]{36}/)
    expect(shown.stderr).toMatch(/(\d+) of \1 events, \d+\/s, 0 s left/)
    await done(2, 'user', ...elsewhere, '--external-user-id', 'ada')
    await done(0, 'user', ...elsewhere, '--external-user-id', 'ben')
    await done(0, 'check', ...elsewhere)
  })

  it('overwrite nothing, and leave nothing behind where a name is wrong', async () => {
    const before = readdirSync(folder)
    const none = at('none')
    const db = ['--db', none]
    const backup = ['--backup', at('source.backup')]
    const master = ['--master-key', `${file}-master`]
    const keys = ['--keys', at('source.keys')]
    await fails('source.backup exists', 'backup', '--db', file, '--to', at('source.backup'))
    await fails('source.keys exists', 'backup-keys', '--db', file, '--to', at('source.keys'))
    await fails('none does not exist', 'backup', '--db', file, '--to', join(none, 'b'))
    await fails('none does not exist', 'backup-keys', '--db', file, '--to', join(none, 'k'))
    await fails('operate.db exists', 'restore', '--db', file, ...backup)
    await fails('wrong does not exist', 'restore', ...db, '--backup', at('wrong'), ...master)
    await fails('none-keys does not exist', 'restore', ...db, ...backup, ...master)
    await fails('none-master does not exist', 'restore', ...db, ...backup, ...keys)
    const wrongKeys = ['--keys', at('wrong')]
    await fails('wrong does not exist', 'restore', ...db, ...backup, ...master, ...wrongKeys)
    const erasures = ['--known-erasures', at('wrong')]
    await fails(
      'wrong does not exist',
      'restore',
      ...db,
      ...backup,
      ...master,
      ...keys,
      ...erasures,
    )
    expect(readdirSync(folder)).toEqual(before)
  })
})

it('vacuum gives back what is free, as stats tells it', async () => {
  const full = await newFile('full.db')
  const db = openFile(full)
  db.exec('CREATE TABLE filler (a)')
  db.exec("INSERT INTO filler SELECT zeroblob(4000) FROM json_each('[1,2,3,4,5,6,7,8,9]')")
  db.exec('DROP TABLE filler')
  db.close()
  const before = await done(0, 'stats', '--db', full)
  expect(before.freeBytes).toBeGreaterThan(30_000)
  const { bytesBefore, bytesAfter } = await done(0, 'vacuum', '--db', full)
  expect(bytesBefore).toBe(before.bytes.database)
  expect(bytesBefore - bytesAfter).toBeGreaterThanOrEqual(before.freeBytes)
  const after = await done(0, 'stats', '--db', full)
  expect(after).toMatchObject({ freeBytes: 0, bytes: { database: bytesAfter } })
})

it('check lists every finding, in JSON and at a terminal', async () => {
  const broken = await newFile('broken.db')
  const db = openFile(broken)
  db.exec("UPDATE events SET recorded_at = '2020-01-01T00:00:00.000Z' WHERE position IN (2, 3)")
  db.exec('DELETE FROM user_keys WHERE slot = 0; DELETE FROM identities')
  db.close()
  const { events, findings } = await done(3, 'check', '--db', broken)
  expect(events).toBe(6)
  expect(findings).toContainEqual({ what: 'event', position: 2, message: expect.any(String) })
  expect(findings).toContainEqual({ what: 'event', position: 3, message: expect.any(String) })
  expect(findings.map(({ what }: { readonly what: string }) => what)).toContain('key')
  const shown = await inProcess(['check', '--db', broken], '', 80)
  expect(shown.status).toBe(3)
  const rows = shown.stdout.match(/│ (event|key|projection|position|foreign-key|sqlite) /g)
  expect(rows).toHaveLength(findings.length)
  expect(shown.stderr).toMatch(/6 of 6 events, \d+\/s, 0 s left/)
})

describe('rotate', () => {
  it('wraps by a new master key, after which the older one may go', async () => {
    const rotated = await newFile('rotated.db')
    const keysIn = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n')
    expect(await done(0, 'rotate', '--db', rotated)).toEqual({ masterVersion: 1, keys: 256 })
    expect(keysIn(`${rotated}-master`)).toHaveLength(1)
    renameSync(`${rotated}-master`, at('master'))
    const master = ['--master-key', at('master')]
    expect(await done(0, 'rotate', '--db', rotated, ...master, '--new-master')).toEqual({
      masterVersion: 2,
      keys: 256,
    })
    expect(existsSync(`${rotated}-master`)).toBe(false)
    const [, second] = keysIn(at('master'))
    writeFileSync(at('master'), `${second}\n`)
    await done(0, 'user', '--db', rotated, ...master, '--email', 'ada@example.com')
  })

  it('adds no master key where the file cannot be opened', async () => {
    const before = readFileSync(`${file}-master`, 'utf8')
    const master = ['--master-key', `${file}-master`, '--new-master']
    await fails('none.db does not exist', 'rotate', '--db', at('none.db'), ...master)
    expect(readFileSync(`${file}-master`, 'utf8')).toBe(before)
  })
})

const asked: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ['user', ['--external-user-id', 'ada']],
  ['installation', ['--id', 'none']],
  ['audience', []],
  ['segment', ['--where', '{"type":"CUSTOMER"}']],
  ['log', []],
  ['preview', []],
  ['rebuild', []],
  ['check', []],
  ['stats', []],
  ['vacuum', []],
  ['backup', ['--to', at('asked.backup')]],
  ['backup-keys', ['--to', at('asked.keys')]],
  ['rotate', []],
]

describe('keys elsewhere', () => {
  const moved = at('moved.db')
  const elsewhere = ['--key-file', at('moved.keys'), '--master-key', at('moved.master')]

  beforeAll(async () => {
    await newFile('moved.db')
    renameSync(`${moved}-keys`, at('moved.keys'))
    renameSync(`${moved}-master`, at('moved.master'))
  })

  it.each([['exec', []] as const, ...asked])('are found by %s %j', async (command, args) => {
    const run = [command, '--db', moved, ...args]
    await fails('moved.db-master', ...run)
    await fails('moved.db-keys', ...run, '--master-key', at('moved.master'))
    const { status, stderr } = await inProcess([...run, ...elsewhere], lines([create(command)]))
    expect({ status, stderr }).toEqual({ status: command === 'installation' ? 2 : 0, stderr: '' })
  })

  it('are made elsewhere, or put there by restore', async () => {
    const made = ['--db', at('made.db'), '--key-file', at('made.keys')]
    await inProcess(['exec', ...made], lines([create('ada')]))
    await done(0, 'backup', ...made, '--to', at('made.backup'))
    const to = ['--db', at('again.db'), '--key-file', at('again.keys')]
    const master = ['--master-key', at('made.db-master')]
    const from = ['--backup', at('made.backup'), '--keys', at('made.keys')]
    await done(0, 'restore', ...to, ...master, ...from)
    await done(0, 'user', ...to, ...master, '--external-user-id', 'ada')
    expect(existsSync(at('made.db-keys')) || existsSync(at('again.db-keys'))).toBe(false)
  })
})

it.each(asked)('%s %j says that a file does not exist, and makes none', async (command, args) => {
  await fails('none.db does not exist', command, '--db', at('none.db'), ...args)
  expect(readdirSync(folder).filter((name) => name.startsWith('none'))).toEqual([])
})

it('--durability reaches the store, and exec takes it', async () => {
  expect(filesIn({ db: 'f', durability: 'normal' })).toEqual({ file: 'f', durability: 'normal' })
  expect(filesIn({ db: 'f' })).toEqual({ file: 'f' })
  await inProcess(
    ['exec', '--db', at('normal.db'), '--durability', 'normal'],
    lines([create('ada')]),
  )
  await done(0, 'user', '--db', at('normal.db'), '--external-user-id', 'ada')
})
