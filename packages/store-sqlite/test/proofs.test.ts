// Checkpoints and proofs of a file: signed by a key file, checked by whoever has the public key alone.

import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import {
  canonicalJson,
  checkGrowthFile,
  checkProofFile,
  type Engine,
  keyLine,
  leafHashOf,
  leafOver,
  openCheckpoint,
  type Signer,
} from '@selfsame/core'
import { describe, expect, it } from 'vitest'
import {
  createSigningKeyFile,
  nodeChecks,
  openSqliteStore,
  publicKeyPem,
  type SqliteStore,
  signingKeyFile,
} from '../src/index.js'
import {
  accept,
  count,
  countingIds,
  expectFailure,
  inFile,
  left,
  newFile,
  openOver,
  right,
} from './support/files.js'

const { sha256 } = nodeChecks

/** Never the same twice, in whichever file. */
const ids = countingIds()
const over = (store: SqliteStore): Engine => openOver(store, ids)

const open = async (file: string): Promise<SqliteStore> => right(await openSqliteStore({ file })())

const newSigner = async (file: string, name = 'example.com/shop'): Promise<Signer> => {
  right(await createSigningKeyFile(`${file}-signer`, name)())
  return right(await signingKeyFile(`${file}-signer`)())
}

const people = async (engine: Engine, from: number, to: number): Promise<void> => {
  for (let i = from; i < to; i += 1)
    await accept(engine, {
      type: 'CreateUser',
      userIdentity: { externalUserId: `u${i}` },
      userAttributes: { firstName: `Ann ${i}` },
    })
}

const holds = (signer: Signer, { leaf, proof }: { leaf: string; proof: string }): number =>
  right(checkProofFile(nodeChecks, signer, proof, leafHashOf(sha256, Buffer.from(leaf)))).index + 1

describe('a signing key file', () => {
  it('is readable by its owner alone, and refused otherwise', async () => {
    const file = newFile()
    const signer = await newSigner(file)
    const path = `${file}-signer`
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toMatch(
      /^PRIVATE\+KEY\+example\.com\/shop\+[0-9a-f]{8}\+AR?/,
    )
    expect(keyLine(sha256, signer)).toMatch(/^example\.com\/shop\+[0-9a-f]{8}\+AR?/)
    expect(publicKeyPem(signer)).toMatch(/^-----BEGIN PUBLIC KEY-----\n/)
    chmodSync(path, 0o640)
    expectFailure(await signingKeyFile(path)(), 'key')
  })

  it('is never overwritten, and takes no name that breaks a note', async () => {
    const file = newFile()
    await newSigner(file)
    const before = readFileSync(`${file}-signer`, 'utf8')
    expectFailure(await createSigningKeyFile(`${file}-signer`, 'other')(), 'unexpected')
    expect(readFileSync(`${file}-signer`, 'utf8')).toBe(before)
    for (const name of ['', 'a b', 'a+b', 'a\nb'])
      expectFailure(await createSigningKeyFile(`${file}-other`, name)(), 'key')
  })

  it('that is damaged or missing is a failure', async () => {
    const file = newFile()
    await newSigner(file)
    const path = `${file}-signer`
    const text = readFileSync(path, 'utf8')
    for (const damaged of [
      '',
      text.replace('shop', 'shap'),
      text.slice(0, -9),
      'PRIVATE+KEY+a+b+c',
    ]) {
      writeFileSync(path, damaged)
      expectFailure(await signingKeyFile(path)(), 'key')
    }
    expectFailure(await signingKeyFile(`${file}-none`)(), 'key')
  })
})

describe('a checkpoint', () => {
  it('of an empty log is of size 0', async () => {
    const file = newFile()
    const store = await open(file)
    const signer = await newSigner(file)
    const note = right(await store.checkpoint(signer)())
    expect(right(openCheckpoint(nodeChecks, signer, note)).size).toBe(0)
    await store.close()()
  })

  it('is what later ones and proofs stand on, through full tiles and an erasure', async () => {
    const file = newFile()
    const store = await open(file)
    const engine = over(store)
    const signer = await newSigner(file)
    await people(engine, 0, 40)
    const kept = [right(await store.checkpoint(signer)())]
    await people(engine, 40, 190)
    kept.push(right(await store.checkpoint(signer, kept[0])()))
    expect(count(file, 'tiles')).toBe(2)
    const proofsBefore = []
    for (const position of [1, 2, 120, 256, 257, 570])
      proofsBefore.push(right(await store.proveEvent(signer, kept[1] ?? '', position)()))
    for (const i of [0, 1, 85, 189])
      await accept(engine, {
        type: 'EraseUser',
        target: { externalUserId: `u${i}` },
        reason: 'asked',
      })
    kept.push(right(await store.checkpoint(signer, kept[1])()))

    expect(proofsBefore.map((one) => holds(signer, one))).toEqual([1, 2, 120, 256, 257, 570])
    for (const position of [1, 2, 120, 256, 257, 570]) {
      const again = right(await store.proveEvent(signer, kept[1] ?? '', position)())
      expect(proofsBefore).toContainEqual(again)
      expect(holds(signer, right(await store.proveEvent(signer, kept[2] ?? '', position)()))).toBe(
        position,
      )
    }
    for (const [older, newer] of [
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 2],
    ] as const) {
      const [from, to] = [kept[older] ?? '', kept[newer] ?? '']
      const proof = right(await store.proveGrowth(signer, from, to)())
      const old = right(openCheckpoint(nodeChecks, signer, from))
      expect(right(checkGrowthFile(nodeChecks, signer, proof, old))).toEqual(
        right(openCheckpoint(nodeChecks, signer, to)),
      )
    }
    await store.close()()
  })

  it('is the same from a file whose tiles are made again', async () => {
    const file = newFile()
    const store = await open(file)
    const signer = await newSigner(file)
    await people(over(store), 0, 200)
    const note = right(await store.checkpoint(signer)())
    await store.close()()
    inFile(file, (db) => db.exec('DELETE FROM tiles'))
    const again = await open(file)
    expect(right(await again.checkpoint(signer, note)())).toBe(note)
    expect(count(file, 'tiles')).toBe(2)
    await again.close()()
  })

  it.each([
    ['in no tile yet', 3],
    ['in a full tile', 130],
  ])('signs for no event that is not what was recorded, %s', async (_, many) => {
    const file = newFile()
    const signer = await newSigner(file)
    const store = await open(file)
    await people(over(store), 0, many)
    await store.close()()
    inFile(file, (db) => db.exec("UPDATE events SET actor = 'mallory' WHERE position = 2"))
    const altered = await open(file)
    expect(left(await altered.checkpoint(signer)())).toMatchObject({
      kind: 'corrupt',
      message: expect.stringContaining('position 2'),
    })
    expect(count(file, 'tiles')).toBe(0)
    await altered.close()()
  })

  it('is not signed where the log did not grow from the one that was kept', async () => {
    const file = newFile()
    const other = newFile()
    const signer = await newSigner(file)
    const [store, grown] = [await open(file), await open(other)]
    await people(over(store), 0, 5)
    await people(over(grown), 5, 11)
    const kept = right(await grown.checkpoint(signer)())
    expectFailure(await store.checkpoint(signer, kept)(), 'corrupt')
    await people(over(store), 5, 6)
    await people(over(store), 6, 9)
    expectFailure(await store.checkpoint(signer, kept)(), 'corrupt')
    expectFailure(await store.checkpoint(signer, 'nonsense')(), 'incompatible')
    expectFailure(await store.proveEvent(signer, kept, 1)(), 'corrupt')
    const own = right(await store.checkpoint(signer)())
    expectFailure(await store.proveEvent(signer, own, 1000)(), 'incompatible')
    expectFailure(await store.proveEvent(signer, own, 0)(), 'incompatible')
    await store.close()()
    await grown.close()()
  })
})

describe('disclosing events', () => {
  it('opens each box by its salt and content, and proves the leaf that commits to it', async () => {
    const file = newFile()
    const store = await open(file)
    const signer = await newSigner(file)
    await people(over(store), 0, 3)
    const note = right(await store.checkpoint(signer)())
    const disclosed = right(await store.disclose(signer, note, [2, 3])())
    expect(disclosed.map(({ boxes }) => boxes.map(({ opened }) => opened?.content))).toEqual([
      [{ value: 'u0' }],
      [{ values: { firstName: 'Ann 0' } }],
    ])
    for (const { event, boxes, proof } of disclosed) {
      for (const { sha256: commitment, opened } of boxes) {
        if (opened === null) throw new Error('nobody was erased')
        const salted = [Buffer.from(opened.salt, 'hex'), Buffer.from(canonicalJson(opened.content))]
        expect(Buffer.from(sha256(Buffer.concat(salted))).toString('hex')).toBe(commitment)
        expect(opened.salt).toMatch(/^[0-9a-f]{64}$/)
      }
      const leaf = leafOver(event, canonicalJson(event.payload), boxes, (text) => text)
      expect(holds(signer, { leaf, proof })).toBe(event.position)
    }
    await store.close()()
  })

  it('opens nothing of the erased, and nothing where an event was altered', async () => {
    const file = newFile()
    const store = await open(file)
    const signer = await newSigner(file)
    await people(over(store), 0, 2)
    const note = right(await store.checkpoint(signer)())
    const [first] = right(await store.disclose(signer, note, [1])())
    await accept(over(store), {
      type: 'EraseUser',
      target: { externalUserId: 'u0' },
      reason: 'asked',
    })
    const after = right(await store.disclose(signer, note, [1, 2])())
    expect(after[0]).toEqual(first)
    expect(after[1]?.boxes).toMatchObject([{ opened: null }])
    expectFailure(await store.disclose(signer, note, [99])(), 'incompatible')
    inFile(file, (db) => db.exec("UPDATE events SET actor = 'mallory' WHERE position = 5"))
    expectFailure(await store.disclose(signer, note, [5])(), 'corrupt')
    await store.close()()
    inFile(file, (db) => db.exec('UPDATE boxes SET sealed = zeroblob(60) WHERE position = 6'))
    const again = await open(file)
    expectFailure(await again.disclose(signer, note, [6])(), 'corrupt')
    await again.close()()
  })
})
