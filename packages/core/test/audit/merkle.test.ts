// The tree against the reference vectors of Certificate Transparency, and against RFC 6962's own
// definition for every size around those of tiles.

import { describe, expect, it } from 'vitest'
import {
  growTree,
  isConsistent,
  isIncluded,
  leafHashOf,
  type NumberedTile,
  openTree,
  type Tile,
} from '../../src/index.js'
import { sha256 } from './platform.js'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytes = (text: string): Uint8Array => Buffer.from(text, 'hex')

/** The leaves of the reference implementation's tests, the root after each, and its proofs. */
const reference = {
  leaves: [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ],
  roots: [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
  empty: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  inclusion: [
    [0, 1, []],
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
    [
      1,
      5,
      [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ],
  consistency: [
    [1, 1, []],
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ],
} as const

const hashed = (leaves: ReadonlyArray<Uint8Array>) => leaves.map((leaf) => leafHashOf(sha256, leaf))

/** A tree over hashes in memory, with the full tiles that its growth gave. */
const treeOver = (hashes: ReadonlyArray<Uint8Array>, tiles: ReadonlyArray<NumberedTile> = []) => {
  const known = new Map<string, Tile>(tiles.map((tile) => [`${tile.level}/${tile.number}`, tile]))
  return openTree(sha256, {
    leaves: (from, to) => hashes.slice(from, to),
    tile: (level, number) => known.get(`${level}/${number}`),
  })
}

describe('the reference vectors of Certificate Transparency', () => {
  const hashes = hashed(reference.leaves.map(bytes))
  const tree = treeOver(hashes)

  it('have the roots of the reference at every size', () => {
    expect(hex(tree.root(0))).toBe(reference.empty)
    reference.roots.forEach((root, i) => {
      expect(hex(tree.root(i + 1))).toBe(root)
    })
  })

  it.each(reference.inclusion)('prove leaf %i of %i as the reference does', (index, size, path) => {
    expect(tree.inclusion(index, size).map(hex)).toEqual(path)
  })

  it.each(reference.consistency)('prove %i before %i as the reference does', (old, size, proof) => {
    expect(tree.consistency(old, size).map(hex)).toEqual(proof)
  })
})

/** RFC 6962 section 2.1, word for word. */
const mth = (hashes: ReadonlyArray<Uint8Array>): Uint8Array => {
  const [only] = hashes
  if (only === undefined) return sha256(new Uint8Array(0))
  if (hashes.length === 1) return only
  let k = 1
  while (k * 2 < hashes.length) k *= 2
  return sha256(Buffer.concat([Buffer.of(1), mth(hashes.slice(0, k)), mth(hashes.slice(k))]))
}

describe('a tree that grows through tiles', () => {
  const hashes = hashed(Array.from({ length: 70_000 }, (_, i) => Buffer.from(`leaf ${i}`)))
  const tiles: NumberedTile[] = []
  const growing = growTree(sha256)
  const sizes = [0, 1, 2, 255, 256, 257, 300, 511, 512, 65_535, 65_536, 65_537, 66_000, 70_000]
  const roots = new Map([[0, growing.root()]])
  for (const hash of hashes) {
    tiles.push(...growing.add(hash))
    if (sizes.includes(growing.size())) roots.set(growing.size(), growing.root())
  }

  it('fills the tiles that C2SP counts for 70,000 leaves', () => {
    expect(tiles.filter(({ level }) => level === 0)).toHaveLength(273)
    expect(tiles.filter(({ level }) => level === 1).map(({ number }) => number)).toEqual([0])
    expect(tiles.filter(({ level }) => level === 2)).toEqual([])
  })

  it.each(sizes)(
    'has at size %i the root that the definition gives, from tiles and without',
    (size) => {
      const root = mth(hashes.slice(0, size))
      expect(hex(roots.get(size) ?? root.subarray(1))).toBe(hex(root))
      const of = tiles.filter(({ level, number }) => (number + 1) * 256 ** (level + 1) <= size)
      expect(hex(treeOver(hashes, of).root(size))).toBe(hex(root))
      if (size < 1000) expect(hex(treeOver(hashes).root(size))).toBe(hex(root))
    },
  )

  it('reads only the leaves that stand in no full tile', () => {
    const read: Array<readonly [number, number]> = []
    const known = new Map(tiles.map((tile) => [`${tile.level}/${tile.number}`, tile]))
    const tree = openTree(sha256, {
      leaves: (from, to) => {
        read.push([from, to])
        return hashes.slice(from, to)
      },
      tile: (level, number) => known.get(`${level}/${number}`),
    })
    tree.root(70_000)
    expect(Math.min(...read.map(([from]) => from))).toBe(273 * 256)
  })

  it('proves across tiles, and every proof holds', () => {
    const tree = treeOver(hashes, tiles)
    for (const size of sizes.filter((one) => one > 0)) {
      const root = roots.get(size) ?? new Uint8Array(0)
      for (const index of [0, 1, 255, 256, 300, 65_536, size - 1].filter((one) => one < size)) {
        const leaf = hashes[index] ?? new Uint8Array(0)
        const path = tree.inclusion(index, size)
        expect(isIncluded(sha256, { index, size, root }, leaf, path)).toBe(true)
      }
      for (const old of sizes.filter((one) => one <= size)) {
        const before = { size: old, root: roots.get(old) ?? new Uint8Array(0) }
        const proof = tree.consistency(old, size)
        expect(isConsistent(sha256, before, { size, root }, proof)).toBe(true)
      }
    }
  })
})

describe('checking', () => {
  const hashes = hashed(Array.from({ length: 13 }, (_, i) => Buffer.from(`${i}`)))
  const tree = treeOver(hashes)
  const flipped = (hash: Uint8Array): Uint8Array =>
    Uint8Array.from(hash, (b, i) => (i === 7 ? b ^ 1 : b))

  it('takes no leaf at another index, no other leaf, and no path that is altered', () => {
    for (let size = 1; size <= 13; size += 1) {
      const root = tree.root(size)
      for (let index = 0; index < size; index += 1) {
        const path = tree.inclusion(index, size)
        const leaf = hashes[index] ?? new Uint8Array(0)
        const holds = (at: number, of: Uint8Array, steps: ReadonlyArray<Uint8Array>) =>
          isIncluded(sha256, { index: at, size, root }, of, steps)
        expect(holds(index, leaf, path)).toBe(true)
        for (let other = -1; other <= size; other += 1)
          if (other !== index) expect(holds(other, leaf, path)).toBe(false)
        expect(holds(index, flipped(leaf), path)).toBe(false)
        expect(holds(index, leaf, [...path, leaf])).toBe(false)
        expect(holds(index, leaf, path.slice(1))).toBe(path.length === 0)
        path.forEach((step, i) => {
          expect(holds(index, leaf, path.with(i, flipped(step)))).toBe(false)
        })
      }
    }
  })

  it('takes no tree for the beginning of another that is not', () => {
    const altered = treeOver(hashes.with(2, flipped(hashes[2] ?? new Uint8Array(0))))
    for (let size = 1; size <= 13; size += 1)
      for (let old = 1; old <= size; old += 1) {
        const [before, now] = [
          { size: old, root: tree.root(old) },
          { size, root: tree.root(size) },
        ]
        const proof = tree.consistency(old, size)
        expect(isConsistent(sha256, before, now, proof)).toBe(true)
        expect(isConsistent(sha256, before, now, [...proof, before.root])).toBe(false)
        proof.forEach((step, i) => {
          expect(isConsistent(sha256, before, now, proof.with(i, flipped(step)))).toBe(false)
        })
        if (size < 3) continue
        const other = { size, root: altered.root(size) }
        if (old > 2)
          expect(isConsistent(sha256, before, other, altered.consistency(old, size))).toBe(false)
        expect(isConsistent(sha256, before, other, proof)).toBe(false)
        expect(isConsistent(sha256, now, before, proof)).toBe(old === size)
      }
  })
})
