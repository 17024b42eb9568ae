// docs/verify-without-us.md: every command on it runs, in order, as a reader would run it, and what it
// verifies it also refuses once somebody was at it.

import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { VerificationError } from '@sigstore/verify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inFile } from '../src/rows.js'
import { blocksOf, hasPython } from '../src/stranger.js'

const root = resolve(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'selfsame-page-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const [keep = '', openssl = '', python = '', prove = '', sigstore = '', ...others] = blocksOf('sh')
const [evidence = '', check = '', value = '', ...more] = others

const sh = (script: string): SpawnSyncReturns<string> =>
  spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
  })

const succeeds = (script: string): string => {
  const { status, stdout, stderr } = sh(script)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
}

beforeAll(() => {
  mkdirSync(join(folder, 'bin'))
  const program = [
    `exec ${process.execPath} --conditions=development`,
    `--import ${join(root, 'node_modules/tsx/dist/esm/index.mjs')}`,
    `${join(root, 'packages/cli/src/main.ts')} "$@"`,
  ].join(' ')
  writeFileSync(join(folder, 'bin/selfsame'), `#!/bin/sh\n${program}\n`)
  chmodSync(join(folder, 'bin/selfsame'), 0o755)
  symlinkSync(join(import.meta.dirname, '../node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'verify.py'), blocksOf('python')[0] ?? '')
  writeFileSync(join(folder, 'leaf.py'), blocksOf('python')[1] ?? '')
  writeFileSync(join(folder, 'verify.mjs'), blocksOf('js')[0] ?? '')
  const story = join(root, 'examples/quickstart/commands.ndjson')
  succeeds(`selfsame exec --db shop.db --in ${story} > receipts`)
  succeeds(keep)
}, 60_000)

it('has the commands that the tests below know', () => {
  expect(more).toEqual([])
})

it('openssl verifies the signature, and no other text', () => {
  expect(succeeds(openssl)).toContain('Signature Verified Successfully')
  const altered = openssl.replace('openssl', "sed -i 's/$/ /' signed.txt; openssl")
  expect(sh(altered).status).toBe(1)
})

describe.skipIf(!hasPython())('the script in Python', () => {
  it('is short, and finds nothing in the file, in a backup of it, nor with a log that went on', () => {
    const lines = (blocksOf('python')[0] ?? '').split('\n').filter((line) => line.trim() !== '')
    expect(lines.length).toBeLessThan(60)
    const whole = 'the log grew from the checkpoint, and is whole\n'
    expect(succeeds(python)).toBe(whole)
    succeeds('selfsame backup --db shop.db --to shop.backup')
    expect(succeeds(python.replace('shop.db', 'shop.backup'))).toBe(whole)
    const later = JSON.stringify({ type: 'CreateUser', userIdentity: { externalUserId: 'later' } })
    succeeds(`echo '${later}' | selfsame exec --db shop.db`)
    expect(succeeds(python)).toBe(whole)
  })

  it('ends with 3 and tells the position, where somebody was at the file', () => {
    succeeds('cp shop.db bad.db')
    inFile(join(folder, 'bad.db'), (db) => {
      db.exec("UPDATE events SET actor = 'mallory' WHERE position = 5")
    })
    const { status, stdout } = sh(python.replace('shop.db', 'bad.db'))
    expect(status).toBe(3)
    expect(stdout).toContain('position 5 is not what its leaf hash says')
    expect(stdout).toContain('are not those of the checkpoint')
  })
})

it('@sigstore/verify takes our proof, and no altered leaf, proof or key', () => {
  succeeds(prove)
  expect(succeeds(sigstore)).toBe('the event stands in the log\n')
  const altered = (file: string, from: RegExp, to: string): void => {
    const text = readFileSync(join(folder, file), 'utf8')
    const other = text.replace(from, to)
    expect(other).not.toBe(text)
    writeFileSync(join(folder, file), other)
    const { status, stderr } = sh(sigstore)
    expect(status).toBe(1)
    expect(stderr).toContain(VerificationError.name)
    writeFileSync(join(folder, file), text)
  }
  altered('2.leaf', /"position":2/, '"position":3')
  altered('2.tlog-proof', /index 1\n/, 'index 2\n')
  altered('2.tlog-proof', /\n(\d+)\n(\S{10})/, '\n$1\nAAAAAAAAAA')
  altered('shop.pub', /^example/, 'another')
  expect(succeeds(sigstore)).toBe('the event stands in the log\n')
})

describe.skipIf(!hasPython())('a folder of evidence', () => {
  const file = join(folder, 'ben/evidence.json')
  const altering = (from: string, to: string, script: string): SpawnSyncReturns<string> => {
    const text = readFileSync(file, 'utf8')
    expect(text).toContain(from)
    writeFileSync(file, text.replaceAll(from, to))
    const said = sh(script)
    writeFileSync(file, text)
    return said
  }

  it('is found whole by its own script, and a value of it by a few lines and @sigstore/verify', () => {
    succeeds(evidence)
    expect(succeeds(check)).toContain(
      'no problem: 18 events, all of them in example.com/shop of 54 events',
    )
    expect(succeeds(value)).toBe('the event stands in the log\n')
    expect(JSON.parse(readFileSync(join(folder, '21.leaf'), 'utf8')).type).toBe('IdentityLinked')
  })

  it('is refused where a value, a salt or an event was altered', () => {
    const values = altering('"value": "ben"', '"value": "eve"', value)
    expect([values.status, values.stderr]).toEqual([1, 'a value is not what was recorded\n'])
    expect(altering('"value": "ben"', '"value": "eve"', check)).toMatchObject({ status: 1 })
    const events = altering('"import-2026"', '"import-2027"', value)
    expect([events.status, events.stderr]).toEqual([
      1,
      expect.stringContaining(VerificationError.name),
    ])
  })
})
