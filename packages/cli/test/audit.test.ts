// The auditor's commands: what each prints as JSON and at a terminal, and how each ends.

import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { atTerminal, freshFolder, inProcess, lines, parsed, selfsame } from './selfsame.js'

const folder = freshFolder()
const file = join(folder, 'audit.db')

const person = (phone: string, more: object) => ({
  type: 'CreateUser',
  userIdentity: { phones: [phone] },
  ...more,
})

const commands = [
  {
    type: 'RegisterInstallation',
    pushRegistrationId: 'ada-phone',
    applicationId: 'shop',
    device: { deviceModel: 'iPhone 15' },
  },
  {
    type: 'Personalize',
    pushRegistrationId: 'ada-phone',
    userIdentity: { externalUserId: 'ada' },
    userAttributes: { firstName: 'Ada', lastName: 'a\u202eb '.repeat(20).trim() },
    setAsPrimary: true,
    actor: 'app',
  },
  person('+491701234567', {
    userAttributes: { firstName: 'Augusta', gender: 'Female', tags: ['news'] },
  }),
  {
    type: 'MergeUsers',
    users: [{ externalUserId: 'ada' }, { phone: '+491701234567' }],
    actor: 'support-7',
    commandId: 'merge-1',
  },
  person('+447911123456', { userAttributes: { firstName: 'Ben' } }),
  { type: 'EraseUser', target: { phone: '+447911123456' }, reason: 'asked' },
]

let ben = ''

beforeAll(async () => {
  const { status, stdout } = await inProcess(['exec', '--db', file], lines(commands))
  expect(status).toBe(0)
  ben = parsed(stdout)[4].user.id
})

const ask = async (command: string, ...args: ReadonlyArray<string>) => {
  const { status, stdout, stderr } = await inProcess([command, '--db', file, ...args])
  expect(stderr).toBe('')
  return { status, found: parsed(stdout)[0] }
}

const text = async (command: string, ...args: ReadonlyArray<string>): Promise<string> => {
  const { status, stdout } = await inProcess([command, '--db', file, ...args], '', 80)
  expect(status).toBe(0)
  return stdout
}

describe('history', () => {
  it('tells of a user across its merge, of an installation, and of an identity', async () => {
    const [user, installation, identity] = await Promise.all([
      ask('history', '--phone', '+49 170 1234567'),
      ask('history', '--of', 'installation', '--installation', 'ada-phone'),
      ask('history', '--of', 'identity', '--phone', '+491701234567'),
    ])
    expect(user.found.absorbed).toHaveLength(1)
    expect(user.found.events.map((one: { type: string }) => one.type)).toContain('UsersMerged')
    expect(installation.found.owners).toMatchObject([{ userId: user.found.userId, until: null }])
    expect(identity.found.holders).toHaveLength(2)
  })

  it('shows erased values as erased, and finds erased identities no more', async () => {
    const gone = await text('history', '--id', ben)
    expect(gone).toContain('firstName: erased')
    expect(gone).toMatch(/phone erased:\d+/)
    expect(gone).not.toMatch(/Ben|447911/)
    expect(await text('history', '--of', 'identity', '--phone', '+447911123456')).toMatch(
      /^no event/,
    )
  })

  it('stops at a moment', async () => {
    const { found } = await ask('history', '--external-user-id', 'ada', '--at', '4')
    expect(found.position).toBe(4)
    expect(found.events.at(-1).position).toBe(4)
  })
})

describe('as-of', () => {
  it('shows a user, an installation, the owner of an identity, and everybody', async () => {
    const [before, now, phone, owner, all] = await Promise.all([
      ask('as-of', '--phone', '+491701234567', '--at', '9'),
      ask('as-of', '--phone', '+491701234567'),
      ask('as-of', '--of', 'installation', '--installation', 'ada-phone', '--at', '2'),
      ask('as-of', '--of', 'identity', '--phone', '+491701234567'),
      ask('as-of', '--at', '2100-01-01T00:00:00Z'),
    ])
    expect(before.found).toMatchObject({ position: 9, user: { firstName: 'Augusta' } })
    expect(now.found).toMatchObject({ user: { firstName: 'Ada', gender: 'Female' } })
    expect(phone.found.installation).toMatchObject({ isPrimaryDevice: false })
    expect(owner.found.owner).toBe(now.found.userId)
    expect(all.found.users).toHaveLength(1)
    expect(all.found.erased).toEqual([ben])
  })

  it('ends with 2 where there was no such user, or the moment is none', async () => {
    const [early, beyond, wrong] = await Promise.all([
      ask('as-of', '--external-user-id', 'ada', '--at', '1'),
      ask('as-of', '--external-user-id', 'ada', '--at', '999'),
      ask('as-of', '--at', 'yesterday'),
    ])
    expect(early).toMatchObject({ status: 2, found: { error: { code: 'USER_NOT_FOUND' } } })
    expect(beyond).toMatchObject({ status: 2, found: { error: { message: /ends at position/ } } })
    expect(wrong).toMatchObject({ status: 2, found: { error: { code: 'REQUEST_FORMAT_INVALID' } } })
  })
})

it('diff names what changed, or that nothing did', async () => {
  const { found } = await ask('diff', '--from', '9', '--to', '10')
  expect(found.users).toHaveLength(2)
  expect(found.identities).toMatchObject([{ kind: 'phone', value: '491701234567' }])
  const shown = await text('diff', '--from', '9', '--to', '10')
  expect(shown).toMatch(/phones: \+491701234567/)
  expect(shown).toMatch(/tags: \+news/)
  expect(await text('diff', '--from', '5', '--to', '5')).toContain('no difference')
})

describe('explain', () => {
  it('gives the chain of each thing held, or of the one asked for', async () => {
    const all = await ask('explain', '--external-user-id', 'ada')
    const tags = await ask('explain', '--external-user-id', 'ada', '--field', 'tags')
    expect(all.found.fields.length).toBeGreaterThan(8)
    expect(tags.found.fields.map((one: { field: string }) => one.field)).toEqual(['tags.news'])
  })

  it('says in words who merged, by which policy, and what was preferred to what', async () => {
    const name = await text('explain', '--external-user-id', 'ada', '--field', 'firstName')
    expect(name).toContain('firstName = Ada')
    expect(name).toContain('and it stayed:')
    expect(name).toMatch(/by survivor-first: Ada, written at \d+; not Augusta, written at \d+/)
    expect(name).toContain('by support-7 for merge-1')
    const merges = await text('explain', '--external-user-id', 'ada', '--merges')
    expect(merges).toContain('MergeUsers')
    expect(merges).toContain('gender: Female, written at 9 (the only value)')
    expect(await text('explain', '--external-user-id', 'ada', '--field', 'nothing')).toContain(
      'nothing of that name is held',
    )
  })

  it('refuses the erased, and wants exactly one name', async () => {
    expect(await ask('explain', '--id', ben)).toMatchObject({
      status: 2,
      found: { error: { code: 'USER_ERASED' } },
    })
    const none = await inProcess(['explain', '--db', file])
    const two = await inProcess(['explain', '--db', file, '--id', ben, '--phone', '+491701234567'])
    expect([none.status, two.status]).toEqual([64, 64])
  })
})

it('what-if tells which merges would differ, and that none would', async () => {
  const other = await text('what-if', '--policy', 'latest-wins')
  expect(other).toContain('firstName: Augusta, not Ada')
  expect(other).toContain('firstName: Augusta, was Ada')
  const { found } = await ask('what-if', '--policy', 'survivor-first')
  expect(found).toMatchObject({ merges: 1, differing: [], users: [] })
})

const questions: ReadonlyArray<ReadonlyArray<string>> = [
  ['history', '--external-user-id', 'ada'],
  ['history', '--of', 'installation', '--installation', 'ada-phone'],
  ['history', '--of', 'identity', '--phone', '+491701234567'],
  ['as-of', '--external-user-id', 'ada'],
  ['as-of', '--of', 'installation', '--installation', 'ada-phone'],
  ['as-of', '--of', 'identity', '--phone', '+491701234567'],
  ['as-of'],
  ['diff', '--from', '0'],
  ['explain', '--external-user-id', 'ada'],
  ['explain', '--external-user-id', 'ada', '--merges'],
  ['what-if', '--policy', 'latest-wins'],
]

it.each(questions.map((asked) => [asked]))(
  'the table of %j fits 80 columns and shows nothing unseen',
  async ([command, ...args]) => {
    const shown = await text(command ?? '', ...args)
    expect(Math.max(...shown.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80)
    expect(shown).toMatch(/^┌/)
    expect(shown).not.toContain('\u202e')
  },
)

it('a process at a terminal and one at a pipe say the same', async () => {
  const asked = ['explain', '--db', file, '--external-user-id', 'ada', '--field', 'gender']
  const [drawn, piped] = await Promise.all([atTerminal(asked), selfsame(asked)])
  expect(drawn?.stdout).toContain('gender = Female')
  expect(parsed(piped?.stdout ?? '')[0].fields[0].value).toBe('Female')
})
