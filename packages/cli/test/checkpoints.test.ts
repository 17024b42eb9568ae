// Checkpoints, proofs and verification from the command line, as an auditor and as an operator run it.

import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { openFile } from './database.js'
import { freshFolder, inProcess, lines, parsed, selfsame } from './selfsame.js'

const folder = freshFolder()
const at = (name: string): string => join(folder, name)
const db = at('shop.db')

const create = (externalUserId: string) => ({
  type: 'CreateUser',
  userIdentity: { externalUserId },
})

/** What a run prints that ends well and says nothing on stderr. */
const printed = async (...args: ReadonlyArray<string>): Promise<string> => {
  const { status, stdout, stderr } = await inProcess(args)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

const fails = async (happened: RegExp, ...args: ReadonlyArray<string>): Promise<void> => {
  const { status, stdout, stderr } = await inProcess(args)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/^what happened: .*\nwhat is safe: {2}.+\nwhat to do: {4}.+\n$/)
  expect(stderr).toMatch(happened)
}

const verify = async (...args: ReadonlyArray<string>) => {
  const { status, stdout } = await inProcess(['verify', '--db', db, ...args])
  return { status, ...parsed(stdout)[0] }
}

beforeAll(async () => {
  await inProcess(['exec', '--db', db], lines([create('ada'), create('ben')]))
  const first = await printed('checkpoint', '--db', db, '--new-key', 'example.com/shop')
  writeFileSync(at('monday'), first)
  writeFileSync(at('shop.pub'), await printed('checkpoint', '--db', db, '--public-key', 'line'))
  await inProcess(['exec', '--db', db], lines([create('eve')]))
  writeFileSync(at('tuesday'), await printed('checkpoint', '--db', db, '--kept', at('monday')))
})

describe('checkpoint', () => {
  it('prints a signed note, or JSON, or the public key in both forms', async () => {
    const note = readFileSync(at('monday'), 'utf8')
    expect(note).toMatch(/^example\.com\/shop\n4\n\S{44}\n\n\u2014 example\.com\/shop \S{92}\n$/)
    const key = readFileSync(at('shop.pub'), 'utf8')
    expect(key).toMatch(/^example\.com\/shop\+[0-9a-f]{8}\+\S{44}\n$/)
    const [both] = parsed(await printed('checkpoint', '--db', db, '--json'))
    expect(both).toEqual({ checkpoint: readFileSync(at('tuesday'), 'utf8'), publicKey: key.trim() })
    expect(await printed('checkpoint', '--db', db, '--public-key', 'pem')).toMatch(
      /^-----BEGIN PUBLIC KEY-----\n\S{60}\n-----END PUBLIC KEY-----\n$/,
    )
  })

  it('needs a key that is its own, and one that was not made before', async () => {
    const other = at('other.db')
    await inProcess(['exec', '--db', other], lines([create('ada')]))
    await fails(/other\.db-signer cannot be read/, 'checkpoint', '--db', other)
    await fails(/cannot be the name/, 'checkpoint', '--db', other, '--new-key', 'a b')
    expect(existsSync(`${other}-signer`)).toBe(false)
    const before = readFileSync(`${db}-signer`, 'utf8')
    await fails(/EEXIST/, 'checkpoint', '--db', db, '--new-key', 'example.com/shop')
    expect(readFileSync(`${db}-signer`, 'utf8')).toBe(before)
    chmodSync(`${db}-signer`, 0o644)
    await fails(/others than its owner/, 'checkpoint', '--db', db)
    chmodSync(`${db}-signer`, 0o600)
    const signer = ['--signing-key', `${db}-signer`]
    await fails(/did not grow/, 'checkpoint', '--db', other, ...signer, '--kept', at('monday'))
    await fails(/none cannot be read/, 'checkpoint', '--db', db, '--kept', at('none'))
  })
})

describe('prove', () => {
  it('proves an event against a kept checkpoint, and prints its leaf byte for byte', async () => {
    const args = ['prove', '--db', db, '--position', '2', '--checkpoint', at('monday')]
    const proof = await printed(...args)
    expect(proof).toMatch(
      /^c2sp\.org\/tlog-proof@v1\nindex 1\n(\S{44}\n){2}\nexample\.com\/shop\n4\n/,
    )
    const leaf = await printed(...args, '--leaf')
    expect(leaf).toMatch(/^\{"actor":null,.*"position":2,.*\}$/)
    expect(parsed(await printed(...args, '--json'))).toEqual([{ leaf, proof }])
    expect(await printed('prove', '--db', db, '--position', '6')).toContain(
      '\nexample.com/shop\n6\n',
    )
  })

  it('proves that the log grew', async () => {
    const grown = await printed(
      'prove',
      '--db',
      db,
      '--from',
      at('monday'),
      '--public-key',
      at('shop.pub'),
    )
    expect(grown).toMatch(/^old 4\n\S{44}\n\nexample\.com\/shop\n6\n/)
  })

  it('proves nothing that is not there, and says what to name', async () => {
    const against = ['--checkpoint', at('monday')]
    await fails(/no position 5 among them/, 'prove', '--db', db, '--position', '5', ...against)
    await fails(
      /no public key/,
      'prove',
      '--db',
      db,
      '--position',
      '1',
      '--public-key',
      at('monday'),
    )
    await fails(
      /not to be believed/,
      'prove',
      '--db',
      db,
      '--position',
      '1',
      '--checkpoint',
      at('shop.pub'),
    )
    for (const args of [[], ['--position', '1', '--from', 'x'], ['--from', 'x', '--leaf']])
      expect((await inProcess(['prove', '--db', db, ...args])).status).toBe(64)
  })
})

describe('verify', () => {
  const kept = ['--checkpoint', at('monday'), '--checkpoint', at('tuesday')]

  it('finds nothing, and tells what the log grew from', async () => {
    expect(await verify()).toMatchObject({ status: 0, events: 6, grewFrom: [], findings: [] })
    expect(await verify(...kept, '--public-key', at('shop.pub'))).toMatchObject({
      status: 0,
      grewFrom: [4, 6],
      findings: [],
    })
  })

  it('shows at a terminal what it did and found, with rate and time left', async () => {
    const { stdout, stderr, status } = await inProcess(['verify', '--db', db, ...kept], '', 80)
    expect(status).toBe(0)
    expect(stdout).toMatch(/grew from +│ a checkpoint of 4 events/)
    expect(stderr).toMatch(/6 of 6 events, \d+\/s, 0 s left/)
  })

  it('needs the key of whoever signed: another one opens no checkpoint', async () => {
    const other = at('signed.db')
    await inProcess(['exec', '--db', other], lines([create('ada')]))
    await printed('checkpoint', '--db', other, '--new-key', 'example.com/shop')
    const key = await printed('checkpoint', '--db', other, '--public-key', 'line')
    const { status, findings } = await verify('--checkpoint', at('monday'), '--public-key', key)
    expect({ status, findings }).toEqual({
      status: 3,
      findings: [{ what: 'checkpoint', message: expect.stringContaining('not signed by') }],
    })
    renameSync(`${db}-signer`, at('signer'))
    await fails(/shop\.db-signer cannot be read/, 'verify', '--db', db, ...kept)
    expect(await verify()).toMatchObject({ status: 0 })
    renameSync(at('signer'), `${db}-signer`)
  })

  it('lists what was tampered with by position, and its status reaches the shell', async () => {
    await inProcess(['exec', '--db', at('bad.db')], lines([create('ada'), create('ben')]))
    const file = openFile(at('bad.db'))
    file.exec("UPDATE events SET actor = 'mallory' WHERE position IN (2, 3)")
    file.close()
    const { status, stdout } = await selfsame(['verify', '--db', at('bad.db')])
    expect(status).toBe(3)
    expect(parsed(stdout)[0].findings).toEqual(
      [2, 3].map((position) => ({ what: 'leaf', message: expect.any(String), position })),
    )
    const shown = await inProcess(['verify', '--db', at('bad.db')], '', 80)
    expect(shown.stdout.match(/│ leaf /g)).toHaveLength(2)
  })
})

it.each(['checkpoint', 'prove', 'verify'])(
  '%s --help fits 80 columns and shows an example',
  async (command) => {
    const stdout = await printed(command, '--help')
    expect(stdout).toMatch(new RegExp(`Examples?:\n(.*\n)*? .*selfsame ${command} --db `))
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  },
)

it.each([
  ['checkpoint', []],
  ['prove', ['--position', '1']],
  ['verify', []],
])('%s says that a file does not exist, and makes none', async (command, args) => {
  await fails(/none\.db does not exist/, command, '--db', at('none.db'), ...args)
  expect(existsSync(at('none.db')) || existsSync(at('none.db-signer'))).toBe(false)
})
