// --access-log: every command that shows personal data records who was shown whose, before it shows it.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OwnEvent } from '@selfsame/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { freshFolder, inProcess, lines, parsed } from './selfsame.js'

const folder = freshFolder()
const db = join(folder, 'shop.db')

const commands = [
  { type: 'RegisterInstallation', pushRegistrationId: 'ada-phone', applicationId: 'shop' },
  {
    type: 'Personalize',
    pushRegistrationId: 'ada-phone',
    userIdentity: { externalUserId: 'ada' },
    userAttributes: { firstName: 'Ada' },
  },
  {
    type: 'CreateUser',
    userIdentity: { phones: ['+491701234567'] },
    userAttributes: { firstName: 'Augusta' },
  },
  { type: 'MergeUsers', users: [{ externalUserId: 'ada' }, { phone: '+491701234567' }] },
  { type: 'RegisterInstallation', pushRegistrationId: 'ben-phone', applicationId: 'shop' },
  {
    type: 'Personalize',
    pushRegistrationId: 'ben-phone',
    userIdentity: { emails: ['ben@example.com'] },
  },
  {
    type: 'SaveInstallation',
    pushRegistrationId: 'ben-phone',
    device: { deviceName: 'Canary phone' },
  },
]

/** Who is who: the names of user ids. */
const names = new Map<string, string>()
const factsIn = async (): Promise<ReadonlyArray<OwnEvent>> =>
  parsed((await inProcess(['log', '--db', db, '--type', 'access.PersonalDataShown'])).stdout)

beforeAll(async () => {
  expect((await inProcess(['exec', '--db', db], lines(commands))).status).toBe(0)
  for (const [name, ...reference] of [
    ['ada', '--external-user-id', 'ada'],
    ['ben', '--email', 'ben@example.com'],
  ]) {
    const [found] = parsed((await inProcess(['as-of', '--db', db, ...reference])).stdout)
    names.set(`user:${found.userId}`, name ?? '')
    for (const id of found.absorbed) names.set(`user:${id}`, `in ${name}`)
  }
  const key = ['checkpoint', '--db', db, '--new-key', 'example.com/shop']
  writeFileSync(join(folder, 'monday'), (await inProcess(key)).stdout)
})

const ada = ['ada', 'in ada']

const questions: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ['user --external-user-id ada', ada],
  ['user --email ben@example.com', ['ben']],
  ['installation --id ada-phone', ada],
  ['segment --where {"type":"CUSTOMER"}', [...ada, 'ben']],
  ['segment --where {"tag":"nobody"}', []],
  ['audience --email ben@example.com', ['ben']],
  ['log --type IdentityLinked', [...ada, 'ben']],
  ['log --installation ben-phone --reverse --limit 1', ['ben']],
  ['log --type ProfilePromoted', []],
  ['history --phone +491701234567', ada],
  ['history --of installation --installation ben-phone', ['ben']],
  ['history --of identity --external-user-id ada', ada],
  ['as-of --external-user-id ada', ada],
  ['as-of --of installation --installation ada-phone', ada],
  ['as-of --of identity --email ben@example.com', ['ben']],
  ['as-of --of identity --email eve@example.com', []],
  ['as-of --at 14', [...ada, 'ben']],
  ['diff --from 13 --to 14', ['ben']],
  ['diff --from 0', [...ada, 'ben']],
  ['diff --from 14 --to 14', []],
  ['explain --external-user-id ada', ada],
  ['explain --external-user-id ada --merges', ada],
  ['what-if --policy latest-wins', ada],
  ['export --external-user-id ada', ada],
  [`evidence --external-user-id ada --out ${join(folder, 'out')}`, ada],
]

describe('a look is recorded, with who looked at whom and no value', () => {
  it.each(questions)('%s', async (question, expected) => {
    const before = await factsIn()
    const [command = '', ...args] = question.split(' ')
    const asked = [command, '--db', db, ...args]
    const { status, stdout, stderr } = await inProcess([...asked, '--access-log', 'support-7'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const facts = (await factsIn()).slice(before.length)
    expect(facts.map(({ actor, payload }) => [actor, payload])).toEqual(
      expected.length === 0 ? [] : [['support-7', { command }]],
    )
    const shown = facts.flatMap(({ tags }) => tags.map((tag) => names.get(tag)))
    expect(shown.toSorted()).toEqual(expected.toSorted())
    expect(JSON.stringify(facts)).not.toMatch(/Ada|Augusta|Canary|example\.com|1701234567/)
    expect(stdout).not.toBe('')
  })

  it.each([...new Set(questions.map(([question]) => question.split(' ')[0] ?? ''))])(
    '%s shows nothing where the look cannot be recorded',
    async (command) => {
      const [question = ''] = questions.find(([one]) => one.startsWith(`${command} `)) ?? []
      const [, ...args] = question.replace('/out', '/other').split(' ')
      const asked = [command, '--db', db, ...args]
      const { status, stdout } = await inProcess([...asked, '--access-log', 'not a token'])
      expect(status).toBe(2)
      expect(parsed(stdout)).toMatchObject([{ error: { code: 'REQUEST_FORMAT_INVALID' } }])
    },
  )
})

it('each page of many is recorded before it is shown', async () => {
  const before = await factsIn()
  const all = ['segment', '--db', db, '--where', '{"not":{"tag":"x"}}', '--limit', '1', '--all']
  const { stdout } = await inProcess([...all, '--access-log', 'support-7'])
  expect(parsed(stdout)).toHaveLength(2)
  expect((await factsIn()).slice(before.length)).toHaveLength(2)
})

const ask = { target: { externalUserId: 'ada' } }
const called = { ...ask, type: 'SaveUser', user: { lastName: 'Byron' } }

describe('what a command leaves is shown only once it is recorded who is shown it', () => {
  const told = (facts: ReadonlyArray<OwnEvent>) =>
    facts.map(({ actor, payload, tags }) => [actor, payload, tags.map((tag) => names.get(tag))])

  it('by exec, one fact for the results of each batch', async () => {
    const before = await factsIn()
    const unknown = { ...called, target: { externalUserId: 'nobody' } }
    const input = lines([called, unknown, { type: 'Depersonalize', pushRegistrationId: 'none' }])
    const asked = ['exec', '--db', db, '--access-log', 'support-7']
    const { status, stdout } = await inProcess(asked, input)
    expect([status, parsed(stdout).map(({ ok }) => ok)]).toEqual([0, [true, false, false]])
    const facts = (await factsIn()).slice(before.length)
    expect(told(facts)).toEqual([['support-7', { command: 'exec' }, expect.arrayContaining(ada)]])
    expect(facts[0]?.tags).toHaveLength(ada.length)
    expect(JSON.stringify(facts)).not.toMatch(/Byron|Augusta/)
    // Whoever is refused is shown nobody.
    await inProcess(asked, lines([unknown]))
    expect(await factsIn()).toHaveLength(before.length + 1)
  })

  it('by preview, of a plan and of a receipt that is remembered', async () => {
    const before = await factsIn()
    const preview = async (command: object, actor = 'support-7') =>
      inProcess(['preview', '--db', db, '--access-log', actor], JSON.stringify(command))
    const { stdout } = await preview({ ...called, user: { lastName: 'King' } })
    const [{ outcome, plan }] = parsed(stdout)
    expect(outcome).toBe('planned')
    await inProcess(['exec', '--db', db], lines([{ ...called, commandId: 'known' }]))
    expect(parsed((await preview({ ...called, commandId: 'known' })).stdout)).toMatchObject([
      { outcome: 'remembered' },
    ])
    const facts = (await factsIn()).slice(before.length)
    expect(told(facts)).toEqual(
      [1, 2].map(() => ['support-7', { command: 'preview' }, expect.arrayContaining(ada)]),
    )
    expect(parsed((await inProcess(['exec', '--db', db], lines([plan]))).stdout)).toMatchObject([
      { ok: true },
    ])
    // Who is not there yet is nobody's look.
    const created = { type: 'CreateUser', userIdentity: { externalUserId: 'cleo' } }
    expect(parsed((await preview(created)).stdout)).toMatchObject([{ outcome: 'planned' }])
    expect(await factsIn()).toHaveLength(before.length + 2)
    const refused = await preview(called, 'not a token')
    expect([refused.status, refused.stdout.includes('Byron')]).toEqual([2, false])
  })

  it('and nothing is done where it could not be', async () => {
    const head = async () =>
      parsed((await inProcess(['log', '--db', db, '--reverse', '--limit', '1'])).stdout)[0].position
    const before = await head()
    const save = lines([{ ...called, user: { lastName: 'Noel' } }])
    const asked = ['exec', '--db', db, '--access-log', 'not a token']
    const { status, stdout } = await inProcess(asked, save)
    expect(status).toBe(2)
    expect(parsed(stdout)).toMatchObject([{ error: { code: 'REQUEST_FORMAT_INVALID' } }])
    expect(await head()).toBe(before)
  })
})

/** These show no personal value, or do what they do under a record of its own. */
const withoutIt = [
  'erase',
  'verify',
  'checkpoint',
  'prove',
  'rebuild',
  'check',
  'stats',
  'vacuum',
  'backup',
  'backup-keys',
  'restore',
  'rotate',
  'schema',
]

it('every other command has the option', async () => {
  const { stdout } = await inProcess(['--help'])
  const commandsThere = [...stdout.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, name]) => name ?? '')
  expect(commandsThere.length).toBeGreaterThan(20)
  for (const command of commandsThere.filter((name) => !withoutIt.includes(name))) {
    const help = await inProcess([command, '--help'])
    expect([command, help.stdout.includes('--access-log')]).toEqual([command, true])
  }
})
