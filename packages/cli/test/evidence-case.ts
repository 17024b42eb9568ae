// A case for evidence: Ada's log, a folder of evidence about her, and its script run as whoever was handed
// the folder would run it.

import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect } from 'vitest'
import { freshFolder, inProcess, lines, parsed } from './selfsame.js'

export const folder = freshFolder()
export const at = (...names: ReadonlyArray<string>): string => join(folder, ...names)
export const db = at('shop.db')
export const ada = ['--user', 'externalUserId=ada']

/** Ada's phone, a second profile of hers, and a stranger who was merged in by mistake and let go. */
export const commands = [
  {
    type: 'RegisterInstallation',
    pushRegistrationId: 'ada-phone',
    applicationId: 'shop',
    device: { deviceName: 'Her phone' },
  },
  {
    type: 'Personalize',
    pushRegistrationId: 'ada-phone',
    userIdentity: { externalUserId: 'ada', emails: ['Ada@example.com'] },
    userAttributes: {
      firstName: 'Ada',
      tags: ['née "x"', 'vip'],
      customAttributes: { big: 1e25, small: 1e-7, '\u{fb33}': 'bmp', '\u{1f600}': 'astral' },
    },
    actor: 'app',
  },
  {
    type: 'CreateUser',
    userIdentity: { phones: ['+491701234567', '+491701234569'] },
    userAttributes: { firstName: 'Augusta', lastName: 'Lovelace', tags: ['news'] },
  },
  {
    type: 'CreateUser',
    userIdentity: { phones: ['+491701234568'] },
    userAttributes: { firstName: 'Stranger', gender: 'Male', tags: ['strange'] },
  },
  {
    type: 'MergeUsers',
    users: [{ externalUserId: 'ada' }, { phone: '+491701234567' }, { phone: '+491701234568' }],
    actor: 'support',
    commandId: 'merge-1',
  },
  {
    type: 'SaveUser',
    target: { externalUserId: 'ada' },
    user: { phones: ['+491701234567', '+491701234568'], lastName: 'King' },
  },
]

/** What a run prints that ends well. */
export const printed = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { status, stdout, stderr } = await inProcess(args)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

export const evidence = async (out: string, ...args: ReadonlyArray<string>) => {
  const { status, stdout, stderr } = await inProcess([
    'evidence',
    '--db',
    db,
    '--out',
    at(out),
    ...args,
  ])
  return { status, stderr, said: parsed(stdout)[0] }
}

/** The script in a folder, run as whoever was handed it would. */
export const check = (name: string, ...args: ReadonlyArray<string>) => {
  const { status, stdout, stderr } = spawnSync('python3', ['check.py', ...args], {
    cwd: at(name),
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

export const file = (...names: ReadonlyArray<string>): string => readFileSync(at(...names), 'utf8')
const filesIn = (name: string): ReadonlyArray<string> =>
  readdirSync(at(name), { recursive: true, encoding: 'utf8' }).filter((one) => one.includes('.'))
export const everythingIn = (name: string): string =>
  [...filesIn(name), 'checkpoint'].map((one) => file(name, one)).join('\n')

export const bundle = (name: string) => JSON.parse(file(name, 'evidence.json'))

export type Bundle = ReturnType<typeof bundle>

beforeAll(async () => {
  expect((await inProcess(['exec', '--db', db], lines(commands))).status).toBe(0)
  const { absorbed } = parsed(await printed('history', '--db', db, '--external-user-id', 'ada'))[0]
  const stranger = absorbed[1].userId
  const unmerge = {
    type: 'UnmergeUsers',
    survivor: { externalUserId: 'ada' },
    absorbed: stranger,
  }
  const strangers = {
    type: 'SaveUser',
    target: { phone: '+491701234568' },
    user: { lastName: 'Alone' },
  }
  expect((await inProcess(['exec', '--db', db], lines([unmerge, strangers]))).status).toBe(0)
  writeFileSync(
    at('monday'),
    await printed('checkpoint', '--db', db, '--new-key', 'example.com/shop'),
  )
  expect(await evidence('ada', ...ada)).toMatchObject({
    status: 0,
    stderr: '',
    said: { log: 'example.com/shop', size: 23, events: 18, withheld: 2, erased: 0 },
  })
})

/** The public key, as the auditor has it from elsewhere. */
export const key = (): string => file('ada', 'public-key.txt').trim()
