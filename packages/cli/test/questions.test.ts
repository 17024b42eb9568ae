// Questions: each command, its filters, its exit statuses, JSON where stdout is a pipe.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteEngine } from '@selfsame/store-sqlite'
import * as E from 'fp-ts/lib/Either.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { openFile } from './database.js'
import { freshFolder, inProcess, lines, parsed, selfsame } from './selfsame.js'

const folder = freshFolder()
const file = join(folder, 'questions.db')

const register = (pushRegistrationId: string, applicationId: string, theme: string) => ({
  type: 'RegisterInstallation',
  pushRegistrationId,
  applicationId,
  customAttributes: { theme },
})

const personalize = (pushRegistrationId: string, externalUserId: string, phone: string) => ({
  type: 'Personalize',
  pushRegistrationId,
  userIdentity: { externalUserId, phones: [phone], emails: [`${externalUserId}@example.com`] },
  setAsPrimary: true,
})

const commands = [
  register('ada-phone', 'shop', 'dark'),
  register('ada-tablet', 'rewards', 'light'),
  register('ben-phone', 'shop', 'light'),
  personalize('ada-phone', 'ada', '+491701234567'),
  {
    type: 'Personalize',
    pushRegistrationId: 'ada-tablet',
    userIdentity: { externalUserId: 'ada' },
  },
  personalize('ben-phone', 'ben', '+447911123456'),
  { type: 'SaveUser', target: { externalUserId: 'ada' }, user: { tags: ['vip'] } },
]

beforeAll(async () => {
  const { status } = await inProcess(['exec', '--db', file], lines(commands))
  expect(status).toBe(0)
})

it.each([
  ['user', ['--external-user-id', 'ada'], 0],
  ['user', ['--external-user-id', 'nobody'], 2],
  ['installation', ['--id', 'ada-phone'], 0],
  ['audience', [], 0],
  ['segment', ['--where', '{"type":"LEAD"}'], 0],
  ['log', ['--limit', '1'], 0],
  ['rebuild', [], 0],
])('%s %j as a process ends with %i and prints one line of JSON', async (command, args, ending) => {
  const { status, stdout, stderr } = await selfsame([command, '--db', file, ...args])
  expect({ status, stderr }).toEqual({ status: ending, stderr: '' })
  expect(parsed(stdout)).toHaveLength(1)
})

const ask = async (...args: ReadonlyArray<string>) => {
  const [command = '', ...rest] = args
  const { status, stdout, stderr } = await inProcess([command, '--db', file, ...rest])
  expect(stderr).toBe('')
  return { status, found: parsed(stdout) }
}

const ids = (found: ReadonlyArray<{ readonly pushRegistrationId: string }>) =>
  found.map((one) => one.pushRegistrationId)

describe('user', () => {
  it('finds one user by each of the five names', async () => {
    const byExternalId = await ask('user', '--external-user-id', 'ada')
    const [user] = byExternalId.found
    expect(user).toMatchObject({ externalUserId: 'ada', phones: ['491701234567'], tags: ['vip'] })
    expect(ids(user.installations)).toEqual(['ada-phone', 'ada-tablet'])
    const others = await Promise.all([
      ask('user', '--id', user.id),
      ask('user', '--email', 'ADA@example.com'),
      ask('user', '--phone', '+49 170 1234567'),
      ask('user', '--installation', 'ada-tablet'),
    ])
    for (const other of others) expect(other).toEqual({ status: 0, found: [user] })
  })

  it('prints the refusal and ends with 2 where there is none', async () => {
    const { status, found } = await ask('user', '--email', 'nobody@example.com')
    expect(status).toBe(2)
    expect(found).toMatchObject([{ ok: false, error: { code: 'USER_NOT_FOUND' } }])
  })

  it('fails in three lines, and makes no file, where the file is missing', async () => {
    const missing = join(folder, 'missing.db')
    const { status, stdout, stderr } = await inProcess(['user', '--db', missing, '--id', 'x'])
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toMatch(/^what happened: .+\nwhat is safe: {2}.+\nwhat to do: {4}.+\n$/)
    expect(existsSync(missing)).toBe(false)
  })
})

it('installation shows one, indented by --pretty, or the refusal', async () => {
  const unknown = await ask('installation', '--id', 'nothing')
  expect(unknown).toMatchObject({ status: 2, found: [{ error: { code: 'NO_REGISTRATION' } }] })
  const pretty = await inProcess(['installation', '--db', file, '--id', 'ada-phone', '--pretty'])
  expect(pretty.stdout).toMatch(/^\{\n {2}"pushRegistrationId": "ada-phone",\n/)
  expect(JSON.parse(pretty.stdout)).toMatchObject({ isPrimaryDevice: true, status: 'active' })
})

describe('audience', () => {
  const reached = async (...args: ReadonlyArray<string>) => {
    const { status, found } = await ask('audience', ...args)
    expect(status).toBe(0)
    return ids(found[0].installations)
  }

  it('is everyone where nothing is asked, and joins its conditions by and', async () => {
    const [all, users, theme, primaries, byJson, segment] = await Promise.all([
      reached(),
      reached('--phone', '+491701234567', '--email', 'ben@example.com', '--application', 'shop'),
      reached('--installation-attribute', 'theme=light'),
      reached('--only-primary'),
      reached('--installation-attribute', '{"name":"theme","is":"!=","value":"light"}'),
      reached('--segment', '{"tag":"vip"}', '--application', 'rewards'),
    ])
    expect(all?.toSorted()).toEqual(['ada-phone', 'ada-tablet', 'ben-phone'])
    expect(users?.toSorted()).toEqual(['ada-phone', 'ben-phone'])
    expect(theme?.toSorted()).toEqual(['ada-tablet', 'ben-phone'])
    expect(primaries?.toSorted()).toEqual(['ada-phone', 'ben-phone'])
    expect(byJson).toEqual(['ada-phone'])
    expect(segment).toEqual(['ada-tablet'])
  })

  it('goes page by page by --after, or through all pages one installation a line', async () => {
    const { found: first } = await ask('audience', '--limit', '1')
    const { found: second } = await ask('audience', '--limit', '1', '--after', first[0].next)
    const { found: all } = await ask('audience', '--limit', '1', '--all')
    expect(ids(all)).toEqual([...ids(first[0].installations), ...ids(second[0].installations)])
    expect(all).toHaveLength(3)
  })
})

it('segment lists the users that match, and refuses what is no predicate', async () => {
  const [vips, all, wrong] = await Promise.all([
    ask('segment', '--where', '{"and":[{"type":"CUSTOMER"},{"not":{"tag":"vip"}}]}'),
    ask('segment', '--where', '{"type":"CUSTOMER"}', '--all', '--limit', '1'),
    ask('segment', '--where', '{"tags":"vip"}'),
  ])
  expect(vips.found[0].users.map((one: { externalUserId: string }) => one.externalUserId)).toEqual([
    'ben',
  ])
  expect(vips.found[0].next).toBeNull()
  expect(all.found.map((one) => one.externalUserId).toSorted()).toEqual(['ada', 'ben'])
  expect(wrong).toMatchObject({ status: 2, found: [{ error: { code: 'REQUEST_FORMAT_INVALID' } }] })
})

describe('log', () => {
  const positions = async (...args: ReadonlyArray<string>) =>
    (await ask('log', ...args)).found.map((event) => event.position)

  it('prints every event in order, one a line', async () => {
    const all = await positions()
    expect(all).toEqual(all.map((_, at) => at + 1))
    expect(all.length).toBeGreaterThan(15)
  })

  it('is filtered by type, user, installation and position, and turned around', async () => {
    const { found } = await ask('log')
    const ada = found.find((event) => event.type === 'UserCreated').payload.userId
    const [types, user, installation, range, newest] = await Promise.all([
      ask('log', '--type', 'UserCreated', '--type', 'UsersMerged'),
      ask('log', '--user', ada, '--type', 'IdentityLinked'),
      ask('log', '--installation', 'ben-phone'),
      positions('--after', '3', '--up-to', '5'),
      positions('--reverse', '--limit', '2'),
    ])
    expect(new Set(types.found.map((event) => event.type))).toEqual(
      new Set(['UserCreated', 'UsersMerged']),
    )
    expect(user.found.map((event) => event.payload.userId)).toEqual([ada, ada, ada])
    expect(installation.found[0].type).toBe('InstallationRegistered')
    expect(range).toEqual([4, 5])
    expect(newest).toEqual([found.length, found.length - 1])
  })

  it('shows the facts of whoever embeds the engine in their places, with tags at a terminal', async () => {
    const own = join(folder, 'own.db')
    await inProcess(['exec', '--db', own], lines(commands.slice(0, 1)))
    const engine = await openSqliteEngine({ file: own })()
    if (E.isLeft(engine)) throw new Error(engine.left.message)
    const fact = { type: 'shop.OrderPlaced', tags: ['order:7'], payload: { total: 12 } }
    await engine.right.append([fact])()
    await engine.right.close()()
    await inProcess(['exec', '--db', own], lines(commands.slice(1, 2)))
    const all = parsed((await inProcess(['log', '--db', own])).stdout)
    expect(all.map(({ position }) => position)).toEqual(all.map((_, at) => at + 1))
    const [only, ...more] = parsed(
      (await inProcess(['log', '--db', own, '--type', 'shop.OrderPlaced'])).stdout,
    )
    expect(more).toEqual([])
    expect(only).toMatchObject(fact)
    expect(all).toContainEqual(only)
    const table = await inProcess(['log', '--db', own, '--type', 'shop.OrderPlaced'], '', 80)
    expect(table.stdout).toMatch(/shop\.OrderPlaced.*tag: order:7.*total: 12/s)
  })

  it('goes on over its pages, forwards and backwards', async () => {
    const long = join(folder, 'long.db')
    const many = Array.from({ length: 400 }, (_, at) => ({
      type: 'CreateUser',
      userIdentity: { externalUserId: `u${at}` },
    }))
    await inProcess(['exec', '--db', long], lines(many))
    const [forwards, backwards, some] = await Promise.all([
      inProcess(['log', '--db', long]),
      inProcess(['log', '--db', long, '--reverse']),
      inProcess(['log', '--db', long, '--limit', '700']),
    ])
    const all = Array.from({ length: 800 }, (_, at) => at + 1)
    const positionsOf = (stdout = '') => parsed(stdout).map((event) => event.position)
    expect(positionsOf(forwards?.stdout)).toEqual(all)
    expect(positionsOf(backwards?.stdout)).toEqual(all.toReversed())
    expect(positionsOf(some?.stdout)).toEqual(all.slice(0, 700))
  })
})

it('rebuild reports on stdout and ends with 3 where it put something right', async () => {
  const broken = join(folder, 'broken.db')
  await inProcess(['exec', '--db', broken], lines(commands))
  const db = openFile(broken)
  db.exec('DELETE FROM identities WHERE key = (SELECT min(key) FROM identities)')
  db.close()
  for (const _twice of [1, 2]) {
    const tried = await inProcess(['rebuild', '--db', broken, '--dry-run'])
    expect(tried.status).toBe(3)
    expect(JSON.parse(tried.stdout)).toMatchObject({
      isSwapped: false,
      differing: 1,
      identities: 5,
    })
  }
  const found = await inProcess(['rebuild', '--db', broken])
  expect(found.status).toBe(3)
  expect(found.stderr).toBe('')
  expect(JSON.parse(found.stdout).differences).toHaveLength(1)
  const again = await inProcess(['rebuild', '--db', broken])
  expect(again.status).toBe(0)
  expect(JSON.parse(again.stdout)).toMatchObject({ identities: 6, differences: [] })
})
