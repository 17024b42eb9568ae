// Evidence of a person: what stands in the folder, what does not, and when none is written.

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { jsonSchema } from '@selfsame/core'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import {
  ada,
  at,
  bundle,
  check,
  commands,
  db,
  everythingIn,
  evidence,
  file,
  folder,
  key,
  printed,
} from './evidence-case.js'
import { inProcess, lines } from './selfsame.js'

const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
  jsonSchema('evidence') ?? false,
)

describe('an evidence folder', () => {
  it('is found whole by its own script, with the key that is known and the checkpoint kept', () => {
    const whole = 'no problem: 18 events, all of them in example.com/shop of 23 events\n'
    expect(check('ada')).toMatchObject({ status: 0, stderr: '' })
    expect(check('ada').stdout).toContain(`compare it: ${key()}`)
    for (const args of [[key()], [key(), at('monday')]]) {
      const { status, stdout, stderr } = check('ada', ...args)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toBe(`${whole}boxes: 8 opened, 2 withheld, 0 erased\n`)
    }
  })

  it('holds a bundle that its schema takes, and an explanation to be read', () => {
    expect([validate(bundle('ada')), validate.errors]).toEqual([true, null])
    expect(file('ada', 'explanation.txt')).toMatch(/firstName = Ada.*not Augusta, written at 14/s)
    expect(file('ada', 'explanation.txt')).toMatch(/merged at.*undone at/s)
  })

  it('has a proof for each event in a file of its own, and nothing else beside these files', () => {
    const proofs = bundle('ada').events.map(
      ({ position }: { position: number }) => `${position}.tlog-proof`,
    )
    expect(readdirSync(at('ada', 'proofs')).toSorted()).toEqual(proofs.toSorted())
    expect(readdirSync(at('ada')).toSorted()).toEqual([
      'README.md',
      'check.py',
      'checkpoint',
      'evidence.json',
      'explanation.txt',
      'proofs',
      'public-key.pem',
      'public-key.txt',
    ])
  })

  it('says nothing of somebody whose merge was undone, and proves the events all the same', () => {
    expect(everythingIn('ada')).not.toMatch(/Stranger|strange"|Male|1701234568|Alone/)
    const [one] = bundle('ada').merges.merges.slice(-1)
    expect(one.fields[0].rejected.value).toBe('withheld')
    expect(bundle('ada').events.at(-1).type).toBe('UsersUnmerged')
  })

  it('verifies by openssl alone, as its README says', () => {
    const [script = ''] = /( {4}sed[\s\S]*?signature.bin\n)\n/.exec(file('ada', 'README.md')) ?? []
    cpSync(at('ada'), at('by-hand'), { recursive: true })
    const { status, stdout } = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
      cwd: at('by-hand'),
      encoding: 'utf8',
    })
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'Signature Verified Successfully\n' })
  })

  it('is proved against a checkpoint that was kept, as the person was then', async () => {
    const kept = at('before')
    writeFileSync(kept, await printed('checkpoint', '--db', db))
    const email = { type: 'SaveUser', target: { externalUserId: 'ada' }, user: { emails: null } }
    expect((await inProcess(['exec', '--db', db], lines([email]))).status).toBe(0)
    const { status } = await evidence('then', '--email', 'ada@example.com', '--checkpoint', kept)
    expect(status).toBe(0)
    expect(check('then', key(), kept)).toMatchObject({ status: 0, stderr: '' })
    expect((await evidence('now', '--email', 'ada@example.com')).status).toBe(2)
    await evidence('now', ...ada)
    expect(check('now', key(), kept).stdout).toContain('PROBLEM: the checkpoint is not yours')
    expect(
      bundle('now').explanation.fields.map((one: { field: string }) => one.field),
    ).not.toContain('emails')
  })
})

/** Every text, and all bytes that stand in it as hexadecimal digits or base64, wherever that begins. */
const bytesIn = (text: string): Buffer =>
  Buffer.concat([
    Buffer.from(text),
    ...(text.match(/[0-9a-f]{32,}/gi) ?? []).map((hex) => Buffer.from(hex, 'hex')),
    ...(text.match(/[A-Za-z0-9+/]{22,}/g) ?? []).flatMap((one) =>
      [0, 1, 2, 3].map((from) => Buffer.from(one.slice(from), 'base64')),
    ),
  ])

it('no key stands in the folder: not of a user, of the master, of the digests, of the signer', () => {
  const haystack = bytesIn(everythingIn('ada'))
  const master = readFileSync(`${db}-master`)
  const signer = readFileSync(`${db}-signer`, 'utf8').trim().split('+').at(-1) ?? ''
  const secrets = [
    Buffer.from(signer, 'base64').subarray(1),
    ...(master.toString().match(/[0-9a-f]{64}/g) ?? []).map((hex) => Buffer.from(hex, 'hex')),
    ...(master.toString().match(/[A-Za-z0-9+/]{43}=/g) ?? []).map((one) =>
      Buffer.from(one, 'base64'),
    ),
  ]
  expect(secrets.length).toBeGreaterThan(1)
  for (const secret of secrets)
    for (let i = 0; i + 8 <= secret.length; i++)
      expect(haystack.includes(secret.subarray(i, i + 8))).toBe(false)
  // What is wrapped stands in the key file; of it, too, not a piece is here.
  const wrapped = readFileSync(`${db}-keys`)
  const empty = Buffer.alloc(8)
  for (let i = 0; i + 8 <= wrapped.length; i += 4) {
    const piece = wrapped.subarray(i, i + 8)
    if (!piece.includes(empty.subarray(0, 4))) expect(haystack.includes(piece)).toBe(false)
  }
  // The search finds what is there: the public key.
  const known = Buffer.from(key().split('+').at(-1) ?? '', 'base64')
  expect(haystack.includes(known.subarray(1, 9))).toBe(true)
})

describe('selfsame evidence', () => {
  it('leaves a folder alone that is not empty, and takes one that is', async () => {
    mkdirSync(at('full'))
    writeFileSync(at('full', 'letter'), 'mine')
    const before = (await inProcess(['stats', '--db', db])).stdout
    const { status, stderr } = await evidence('full', ...ada, '--access-log', 'a')
    expect(status).toBe(1)
    expect(stderr).toMatch(/full is not empty\nwhat is safe: {2}nothing was written/)
    expect(readdirSync(at('full'))).toEqual(['letter'])
    expect((await inProcess(['stats', '--db', db])).stdout).toBe(before)
    mkdirSync(at('empty'))
    expect((await evidence('empty', ...ada)).status).toBe(0)
    expect(check('empty', key()).status).toBe(0)
  })

  it('writes all of it or nothing, and leaves nothing beside it', async () => {
    const names = readdirSync(folder)
    writeFileSync(at('file'), '')
    for (const out of ['file', 'none/here']) {
      const { status, stderr } = await evidence(out, ...ada)
      expect(status).toBe(1)
      expect(stderr).toContain('cannot be written')
    }
    expect((await evidence('nobody', '--id', 'nobody')).status).toBe(2)
    expect((await evidence('unsigned', ...ada, '--signing-key', at('none'))).status).toBe(1)
    expect(readdirSync(folder).toSorted()).toEqual([...names, 'file'].toSorted())
  })

  it('refuses a checkpoint of another log, and one that this key did not sign', async () => {
    const other = at('theirs.db')
    await inProcess(['exec', '--db', other], lines(commands.slice(0, 2)))
    const theirs = ['--db', other, '--signing-key', `${db}-signer`]
    writeFileSync(at('theirs'), await printed('checkpoint', ...theirs))
    const wrong = await evidence('wrong', ...ada, '--checkpoint', at('theirs'))
    expect(wrong).toMatchObject({ status: 1, stderr: /did not grow/ })
    const none = await evidence('wrong', ...ada, '--checkpoint', at('ada', 'public-key.txt'))
    expect(none).toMatchObject({ status: 1, stderr: /not to be believed/ })
    expect(existsSync(at('wrong'))).toBe(false)
  })

  it('says at a terminal what it wrote, in 80 columns and without a value', async () => {
    const args = ['evidence', '--db', db, '--out', at('shown'), ...ada]
    const { status, stdout } = await inProcess(args, '', 80)
    expect(status).toBe(0)
    expect(stdout).toMatch(/folder.*shown.*events.*each with its proof.*2 withheld.*check\.py KEY/s)
    const help = await printed('evidence', '--help')
    expect(help).toContain('$ selfsame evidence --db')
    for (const text of [stdout, help])
      expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80)
    expect(stdout).not.toMatch(/Ada|1701234567/)
  })

  it('proves the events of somebody erased, and reveals nothing', async () => {
    const kept = at('before-erasure')
    writeFileSync(kept, await printed('checkpoint', '--db', db))
    const { userId } = bundle('ada')
    await printed('erase', '--db', db, '--id', userId, '--yes')
    for (const [name, ...args] of [['erased'], ['erased-then', '--checkpoint', kept]]) {
      const { status, said } = await evidence(name ?? '', '--id', userId, ...args)
      expect(status).toBe(0)
      expect(said).toMatchObject({ opened: 0, erased: 8, erasedAt: expect.any(Number) })
      expect(check(name ?? '', key())).toMatchObject({ status: 0, stderr: '' })
      expect([validate(bundle(name ?? '')), validate.errors]).toEqual([true, null])
      expect(everythingIn(name ?? '')).not.toMatch(/Ada|Augusta|Lovelace|King|170123456|née/)
      expect(file(name ?? '', 'README.md')).toContain('**This person was erased**')
      expect(file(name ?? '', 'explanation.txt')).toContain('can be read by nobody')
    }
    expect((await evidence('gone', ...ada)).status).toBe(2)
    expect(check('ada', key()).status).toBe(0)
  })
})
