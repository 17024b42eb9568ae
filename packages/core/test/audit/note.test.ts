// Signed notes, checkpoints and proof files, against a published note and against everything that a
// stranger may send.

import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  base64,
  checkGrowthFile,
  checkProofFile,
  fromBase64,
  growthFile,
  keyLine,
  leafHashOf,
  type NoteKey,
  openCheckpoint,
  openNote,
  openTree,
  proofFile,
  readKeyLine,
  signCheckpoint,
  signNote,
} from '../../src/index.js'
import { utf8, utf8Length } from '../../src/values/utf8.js'
import { checks, right, sha256, signerFrom } from './platform.js'

/** The example of Go's note package. */
const published = {
  secret: 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  key: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
  text:
    'If you think cryptography is the answer to your problem,\n' +
    "then you don't know what your problem is.\n",
  signature:
    'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
}
const note = `${published.text}\n— PeterNeumann ${published.signature}\n`
const peter: NoteKey = right(readKeyLine(sha256, published.key))

describe('bytes', () => {
  it('are written as everybody writes them', () => {
    for (const text of ['', 'a', 'é', '€', '😀', 'a😀€é', 'ß'.repeat(50)]) {
      expect(Buffer.from(utf8(text))).toEqual(Buffer.from(text))
      expect(utf8Length(text)).toBe(Buffer.byteLength(text))
      expect(base64(Buffer.from(text))).toBe(Buffer.from(text).toString('base64'))
      expect(Buffer.from(fromBase64(base64(utf8(text))) ?? []).toString()).toBe(text)
    }
  })

  it.each(['A', 'AA', 'AAA', 'AA=A', '=', 'AB==', 'AAB=', 'A-_A', 'AAAA\n', ' AAAA'])(
    '%j is not base64',
    (text) => {
      expect(fromBase64(text)).toBeUndefined()
    },
  )
})

describe('a published note', () => {
  it('opens by its key, which reads and writes as published', () => {
    expect(openNote(checks, peter, note)).toEqual(E.right(published.text))
    expect(keyLine(sha256, peter)).toBe(published.key)
  })

  it('is what our signer writes', async () => {
    const seed = Buffer.from(published.secret, 'base64').subarray(1)
    const signer = signerFrom('PeterNeumann', seed)
    expect(right(await signNote(sha256, signer, published.text)())).toBe(note)
  })

  it('opens with signatures of others beside', () => {
    const witness = `— witness.example/1 ${base64(new Uint8Array(40))}\n`
    const twice = note + witness
    expect(openNote(checks, peter, twice)).toEqual(E.right(published.text))
    expect(openNote(checks, peter, note.replace('— Peter', `${witness}— Peter`))).toEqual(
      E.right(published.text),
    )
  })

  it.each([
    ['another text', note.replace('know', 'knew')],
    ['another signature', note.replace('ZJkuBS9', 'ZJkuBS8')],
    ['another name', note.replace('— PeterNeumann', '— PeterNewman')],
    ['another key id', note.replace('x08go', 'x08gp')],
    [
      'a signature of ours that is wrong beside one that is right',
      note + note.slice(note.indexOf('—')).replace('ZJ', 'ZK'),
    ],
    ['no signature', `${published.text}\n`],
    ['no empty line', note.replace('\n\n', '\n')],
    ['no line feed at the end', note.slice(0, -1)],
    ['a hyphen for the dash', note.replace('—', '-')],
    ['a carriage return', note.replace('\n\n', '\r\n\n')],
    ['a line after the signatures', `${note}more\n`],
    ['a signature that is no base64', `${note}— other ????\n`],
    ['half of a pair', note.replace('know', '\ud800')],
    ['too much', `${note}— other ${base64(new Uint8Array(75_000))}\n`],
    ['nothing', ''],
  ])('does not open with %s', (_, altered) => {
    expect(E.isLeft(openNote(checks, peter, altered))).toBe(true)
  })

  it.each([
    published.key.replace('c74f20a3', 'c74f20a4'),
    published.key.replace('Peter', 'Pieter'),
    published.key.replace('+AR', '+AQ'),
    'PeterNeumann',
    '',
  ])('%j is not its key', (line) => {
    expect(E.isLeft(readKeyLine(sha256, line))).toBe(true)
  })
})

const signer = signerFrom('selfsame.example/shop', Buffer.alloc(32, 7))
const hashes = Array.from({ length: 300 }, (_, i) => leafHashOf(sha256, Buffer.from(`leaf ${i}`)))
const tree = openTree(sha256, {
  leaves: (from, to) => hashes.slice(from, to),
  tile: () => undefined,
})
const checkpointAt = async (size: number, by = signer): Promise<string> =>
  right(await signCheckpoint(sha256, by, { size, root: tree.root(size) })())

describe('a checkpoint', () => {
  it('is three lines, an empty one, and a signature, and reads back', async () => {
    const text = await checkpointAt(300)
    expect(text).toMatch(
      /^selfsame\.example\/shop\n300\n[A-Za-z0-9+/]{43}=\n\n\u2014 selfsame\.example\/shop [A-Za-z0-9+/]{91}=\n$/,
    )
    expect(right(openCheckpoint(checks, signer, text))).toEqual({
      origin: 'selfsame.example/shop',
      size: 300,
      root: Uint8Array.from(tree.root(300)),
    })
  })

  it.each([
    'selfsame.example/shop\n300\n',
    'selfsame.example/shop\n0300\nAAAA\n',
    `selfsame.example/shop\n300\n${base64(new Uint8Array(31))}\n`,
    `selfsame.example/shop\n-1\n${base64(new Uint8Array(32))}\n`,
    `other.example/shop\n300\n${base64(new Uint8Array(32))}\n`,
    `selfsame.example/shop\n9007199254740993\n${base64(new Uint8Array(32))}\n`,
  ])('is not %j, although signed', async (text) => {
    const signed = right(await signNote(sha256, signer, text)())
    expect(E.isLeft(openCheckpoint(checks, signer, signed))).toBe(true)
  })

  it('of another key under the same name is none', async () => {
    const thief = signerFrom(signer.name, Buffer.alloc(32, 8))
    expect(openCheckpoint(checks, signer, await checkpointAt(300, thief))).toEqual(
      E.left('it is not signed by selfsame.example/shop'),
    )
  })
})

describe('proof files', () => {
  it('prove a leaf to whoever has the key', async () => {
    const checkpoint = await checkpointAt(300)
    const leaf = hashes[270] ?? new Uint8Array(0)
    const file = proofFile(270, tree.inclusion(270, 300), checkpoint)
    expect(file).toMatch(
      /^c2sp\.org\/tlog-proof@v1\nindex 270\n(?:[A-Za-z0-9+/]{43}=\n)+\nselfsame/,
    )
    expect(right(checkProofFile(checks, signer, file, leaf))).toMatchObject({ index: 270 })
    const extra = file.replace('\nindex', '\nextra YWJj\nindex')
    expect(E.isRight(checkProofFile(checks, signer, extra, leaf))).toBe(true)
    for (const altered of [
      file.replace('index 270', 'index 271'),
      file.replace('@v1', '@v2'),
      file.replace(/\n([A-Za-z0-9+/]{43}=)\n/, '\n'),
      file.replace('\n300\n', '\n299\n'),
      file.replace('\n\n', '\nAAAA\n\n'),
      '',
    ])
      expect(E.isLeft(checkProofFile(checks, signer, altered, leaf))).toBe(true)
    expect(E.isLeft(checkProofFile(checks, signer, file, hashes[0] ?? leaf))).toBe(true)
  })

  it('prove the only leaf of a log', async () => {
    const file = proofFile(0, [], await checkpointAt(1))
    expect(
      right(checkProofFile(checks, signer, file, hashes[0] ?? new Uint8Array(0))),
    ).toMatchObject({
      index: 0,
    })
  })

  it('prove that a log only grew, from the checkpoint that somebody kept', async () => {
    const file = growthFile(100, tree.consistency(100, 300), await checkpointAt(300))
    const old = right(openCheckpoint(checks, signer, await checkpointAt(100)))
    expect(right(checkGrowthFile(checks, signer, file, old))).toMatchObject({ size: 300 })
    const other = { ...old, root: tree.root(99) }
    expect(checkGrowthFile(checks, signer, file, other)).toEqual(
      E.left('the log did not only grow since'),
    )
    expect(E.isLeft(checkGrowthFile(checks, signer, file, { ...old, size: 99 }))).toBe(true)
    expect(E.isLeft(checkGrowthFile(checks, signer, file.replace('old', 'new'), old))).toBe(true)
    expect(E.isLeft(checkGrowthFile(checks, signer, file.replace('\n300\n', '\n301\n'), old))).toBe(
      true,
    )
  })
})
