// A person's rights from the command line: a copy of what is held, an erasure with its certificate, and
// every look recorded.

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import {
  checkGrowthFile,
  jsonSchema,
  type NoteKey,
  type OwnEvent,
  openCheckpoint,
  readKeyLine,
} from '@selfsame/core'
import { nodeChecks, openSqliteStore, systemClock } from '@selfsame/store-sqlite'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { run } from '../src/index.js'
import { freshFolder, inProcess, lines, parsed } from './selfsame.js'

const folder = freshFolder()

const commands = [
  {
    type: 'RegisterInstallation',
    pushRegistrationId: 'ada-phone',
    applicationId: 'shop',
    device: { deviceName: 'Canary phone' },
  },
  {
    type: 'Personalize',
    pushRegistrationId: 'ada-phone',
    userIdentity: { externalUserId: 'ada' },
    userAttributes: { firstName: 'Canary' },
  },
  {
    type: 'CreateUser',
    userIdentity: { phones: ['+491701234567'] },
    userAttributes: { lastName: 'Canary' },
  },
  { type: 'MergeUsers', users: [{ externalUserId: 'ada' }, { phone: '+491701234567' }] },
  { type: 'CreateUser', userIdentity: { emails: ['ben@example.com'] } },
]

/** A file of its own with the story in it. */
const made = async (name: string): Promise<string> => {
  const db = join(folder, name)
  expect((await inProcess(['exec', '--db', db], lines(commands))).status).toBe(0)
  return db
}

const json = async (...args: ReadonlyArray<string>) => {
  const { status, stdout, stderr } = await inProcess(args)
  return { status, stderr, found: parsed(stdout)[0] }
}

/** Runs as at a terminal of 80 columns, where somebody types. */
const typing = async (typed: string, ...args: ReadonlyArray<string>) => {
  const said = { stdout: '', stderr: '' }
  const into = (name: keyof typeof said) =>
    Object.assign(
      new Writable({
        write: (chunk, _, done) => {
          said[name] += String(chunk)
          done()
        },
      }),
      { isTTY: true, columns: 80 },
    )
  const stdin = Object.assign(Readable.from([Buffer.from(typed)]), { isTTY: true })
  const status = await run(args, { stdin, stdout: into('stdout'), stderr: into('stderr') })
  return { status, ...said }
}

const widest = (text: string): number =>
  Math.max(...text.split('\n').map((line) => [...line].length))

/** The looks that are recorded in a file. */
const shown = async (file: string): Promise<ReadonlyArray<OwnEvent>> => {
  const opened = await openSqliteStore({ file, mode: 'existing', clock: systemClock })()
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  const page = await opened.right.log.read([{ types: ['access.PersonalDataShown'] }], {})()
  await opened.right.close()()
  if (E.isLeft(page)) throw new Error(page.left.message)
  return page.right.events.flatMap((event) => ('tags' in event ? [event] : []))
}

describe('export', () => {
  it('prints a copy that its schema takes, by any name of the person', async () => {
    const db = await made('export.db')
    const refs = [
      ['--user', 'externalUserId=ada'],
      ['--user', 'phone=+49 170 1234567'],
      ['--user', 'pushRegistrationId=ada-phone'],
      ['--external-user-id', 'ada'],
    ]
    const copies = await Promise.all(refs.map((ref) => json('export', '--db', db, ...ref)))
    const [first] = copies
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      jsonSchema('export') ?? false,
    )
    expect([validate(first?.found), validate.errors]).toEqual([true, null])
    for (const copy of copies) expect(copy).toEqual({ status: 0, stderr: '', found: first?.found })
    expect((await json('export', '--db', db, '--user', first?.found.userId)).found).toEqual(
      first?.found,
    )
    const { stdout } = await inProcess(['export', '--db', db, '--id', first?.found.userId], '', 80)
    expect(JSON.parse(stdout)).toEqual(first?.found)
    expect(stdout.split('\n').length).toBeGreaterThan(100)
  })

  it('ends with 2 where there is nobody, and with 64 where nobody is named', async () => {
    const db = await made('nobody.db')
    expect(await json('export', '--db', db, '--user', 'nobody')).toMatchObject({
      status: 2,
      found: { error: { code: 'USER_NOT_FOUND' } },
    })
    for (const wrong of [
      [],
      ['--user', 'mail=x'],
      ['--user', 'a', '--id', 'a'],
      ['--id', 'a', '--email', 'b@c.de'],
    ]) {
      const { status, stdout, stderr } = await inProcess(['export', '--db', db, ...wrong])
      expect({ status, stdout }).toEqual({ status: 64, stdout: '' })
      expect(stderr).toMatch(/^error: (name (the user|it) by|'--user' has no key 'mail')/)
    }
  })
})

describe('--access-log', () => {
  it('records each look, who looked and at whom, and no value', async () => {
    const db = await made('access.db')
    const ada = ['--db', db, '--external-user-id', 'ada', '--access-log', 'support-7']
    for (const args of [
      ['export', ...ada],
      ['user', ...ada],
      ['history', ...ada],
      ['explain', ...ada],
      ['explain', ...ada, '--merges'],
      [
        'history',
        '--of',
        'identity',
        '--phone',
        '+491701234567',
        ...ada.slice(0, 2),
        ...ada.slice(4),
      ],
      [
        'history',
        '--of',
        'installation',
        '--installation',
        'ada-phone',
        ...ada.slice(0, 2),
        ...ada.slice(4),
      ],
    ])
      expect(await inProcess(args)).toMatchObject({ status: 0, stderr: '' })
    const looks = await shown(db)
    expect(looks.map(({ payload }) => payload.command)).toEqual([
      'export',
      'user',
      'history',
      'explain',
      'explain',
      'history',
      'history',
    ])
    const { found } = await json('export', '--db', db, '--external-user-id', 'ada')
    const everyone = [found.userId, found.absorbed[0].userId].map((id) => `user:${id}`).sort()
    for (const { actor, tags } of looks.slice(0, 6))
      expect([actor, tags.toSorted()]).toEqual(['support-7', everyone])
    expect(JSON.stringify(looks)).not.toMatch(/Canary|"ada"|1701234567/)
    // Who looked is part of what is held of the person.
    expect(found.facts).toHaveLength(7)
    expect((await json('verify', '--db', db)).status).toBe(0)
  })

  it('shows nothing where the look cannot be recorded, and records nothing that shows nothing', async () => {
    const db = await made('unrecorded.db')
    const wrong = await json(
      'user',
      '--db',
      db,
      '--email',
      'ben@example.com',
      '--access-log',
      'a b',
    )
    expect(wrong).toMatchObject({ status: 2, found: { error: { code: 'REQUEST_FORMAT_INVALID' } } })
    expect(JSON.stringify(wrong.found)).not.toContain('ben@example.com')
    await json('user', '--db', db, '--email', 'eve@example.com', '--access-log', 'a')
    await json('user', '--db', db, '--email', 'ben@example.com')
    expect(await shown(db)).toEqual([])
  })
})

const isCertificate = new Ajv2020({ strict: false, validateFormats: false }).compile(
  jsonSchema('erasure') ?? false,
)

describe('erase', () => {
  it('shows what it will reach, asks, erases and certifies, in 80 columns', async () => {
    const db = await made('asked.db')
    const { status, stdout, stderr } = await typing(
      'erase\n',
      'erase',
      '--db',
      db,
      '--user',
      'externalUserId=ada',
      '--actor',
      'dpo-1',
    )
    expect(status).toBe(0)
    expect(stderr).toMatch(/person.*absorbed users.*ada-phone.*5 with personal values.*Type erase/s)
    expect(stdout).toMatch(/erased.*dpo-1.*5 events: 2-3, 5, 7-8.*tree before.*by nobody: no key/s)
    expect(Math.max(widest(stdout), widest(stderr))).toBeLessThanOrEqual(80)
    expect(stdout + stderr).not.toMatch(/Canary|1701234567/)
    expect((await json('user', '--db', db, '--external-user-id', 'ada')).status).toBe(2)
  })

  it.each(['', '\n', 'yes\n', 'ERASE\n', 'erase it\n'])('erases nothing on %j', async (typed) => {
    const db = join(folder, 'not-asked.db')
    if (!existsSync(db)) await made('not-asked.db')
    const before = (await inProcess(['log', '--db', db])).stdout
    const { status, stdout, stderr } = await typing(
      typed,
      'erase',
      '--db',
      db,
      '--user',
      'externalUserId=ada',
    )
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain('Nothing was erased.')
    expect((await inProcess(['log', '--db', db])).stdout).toBe(before)
  })

  it('refuses where there is nobody to ask, and opens no file then', async () => {
    const db = await made('alone.db')
    const { mtimeMs } = statSync(db)
    const { status, stdout, stderr } = await inProcess([
      'erase',
      '--db',
      db,
      '--user',
      'externalUserId=ada',
    ])
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' })
    expect(stderr).toContain("'--yes'")
    expect(statSync(db).mtimeMs).toBe(mtimeMs)
  })

  it('with a signing key certifies by two checkpoints and a proof between them', async () => {
    const db = await made('signed.db')
    const monday = join(folder, 'monday')
    const { stdout } = await inProcess(['checkpoint', '--db', db, '--new-key', 'example.com/shop'])
    writeFileSync(monday, stdout)
    const { status, stderr, found } = await json(
      'erase',
      '--db',
      db,
      '--user',
      'externalUserId=ada',
      '--yes',
      '--reason',
      'article-17',
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(found).toMatchObject({
      format: 'selfsame-erasure',
      isSigned: true,
      identities: 2,
      reason: 'article-17',
      positions: [2, 3, 5, 7, 8],
    })
    expect(found.before.checkpoint).toBe(readFileSync(monday, 'utf8'))
    const key = readKeyLine(nodeChecks.sha256, found.publicKey)
    const old = E.chain((one: NoteKey) => openCheckpoint(nodeChecks, one, found.before.checkpoint))(
      key,
    )
    if (E.isLeft(key) || E.isLeft(old)) throw new Error('no key or no checkpoint')
    const grown = checkGrowthFile(nodeChecks, key.right, found.growth, old.right)
    expect(grown).toMatchObject({ right: { size: found.after.size } })
    expect([found.before.size, found.after.size]).toEqual([11, 13])
    expect(JSON.stringify(found)).not.toMatch(/Canary|"ada"|1701234567/)
    expect([isCertificate(found), isCertificate.errors]).toEqual([true, null])
    writeFileSync(join(folder, 'after'), found.after.checkpoint)
    for (const kept of [monday, join(folder, 'after')])
      expect((await json('verify', '--db', db, '--checkpoint', kept)).status).toBe(0)
  })

  it('without a signing key gives the bare tree heads, the ones that a key would sign', async () => {
    const db = await made('unsigned.db')
    const { found } = await json('erase', '--db', db, '--user', 'externalUserId=ada', '--yes')
    expect(found).toMatchObject({ isSigned: false, growth: null, publicKey: null })
    expect(found.before.checkpoint).toBeNull()
    expect([isCertificate(found), isCertificate.errors]).toEqual([true, null])
    expect(isCertificate({ ...found, firstName: 'Canary' })).toBe(false)
    const { stdout } = await inProcess(['checkpoint', '--db', db, '--new-key', 'example.com/shop'])
    expect(stdout.split('\n').slice(1, 3)).toEqual([`${found.after.size}`, found.after.root])
    expect(found.before).not.toEqual(found.after)
  })

  it('erases nothing where the key that is named cannot be read', async () => {
    const db = await made('no-key.db')
    const { status, stderr } = await inProcess([
      'erase',
      '--db',
      db,
      '--user',
      'externalUserId=ada',
      '--yes',
      '--signing-key',
      join(folder, 'none'),
    ])
    expect(status).toBe(1)
    expect(stderr).toContain('cannot be read')
    expect((await json('user', '--db', db, '--external-user-id', 'ada')).status).toBe(0)
  })

  it('ends with 2 for the erased, for nobody, and for a reason that is no token', async () => {
    const db = await made('twice.db')
    const { found } = await json('erase', '--db', db, '--email', 'ben@example.com', '--yes')
    const again = await json('erase', '--db', db, '--id', found.userId, '--yes')
    const nobody = await json('erase', '--db', db, '--id', 'nobody', '--yes')
    const wrong = await json(
      'erase',
      '--db',
      db,
      '--phone',
      '+491701234567',
      '--yes',
      '--reason',
      'he asked',
    )
    expect(
      [again, nobody, wrong].map(({ status, found: { error } }) => [status, error.code]),
    ).toEqual([
      [2, 'USER_ERASED'],
      [2, 'USER_NOT_FOUND'],
      [2, 'REQUEST_FORMAT_INVALID'],
    ])
  })
})
