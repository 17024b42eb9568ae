// Bytes of the pool: never the same twice, never there any more once they were given, and no nonce or
// salt of a thousand boxes stands in two of them.

import { createHmac, randomBytes, randomFillSync } from 'node:crypto'
import type { UserId } from '@selfsame/core'
import { describe, expect, it } from 'vitest'
import { openDigest, seal } from '../src/cipher.js'
import { openRandomPool } from '../src/random-pool.js'
import type { UserKeys } from '../src/user-keys.js'
import { openVault } from '../src/vault.js'

/** Fills with 1, 2, 3 ... so that every byte given can be told from every other. */
const counting = () => {
  let last = 0
  const pools = new Set<Uint8Array>()
  return {
    pools,
    refill: (pool: Uint8Array): void => {
      pools.add(pool)
      for (let i = 0; i < pool.length; i += 1) pool[i] = ++last
    },
  }
}

describe('a pool of random bytes', () => {
  it('gives each byte once, in any sizes, and lets a rest that is too short go', () => {
    const { refill } = counting()
    const pool = openRandomPool(refill, 16)
    const given: number[] = []
    for (const count of [12, 3, 1, 5, 12, 16, 7]) {
      const target = new Uint8Array(count + 2)
      pool.fill(target, 1, count)
      expect([target[0], target.at(-1)]).toEqual([0, 0])
      given.push(...target.subarray(1, -1))
    }
    expect(new Set(given).size).toBe(given.length)
    expect(given).not.toContain(0)
  })

  it('forgets what it gave', () => {
    const { refill, pools } = counting()
    const pool = openRandomPool(refill, 16)
    const target = new Uint8Array(10)
    pool.fill(target, 0, 10)
    const [held] = pools
    expect([...(held ?? [])]).toEqual([...new Array(10).fill(0), 11, 12, 13, 14, 15, 16])
  })

  it('cannot give more than it holds', () => {
    expect(() => openRandomPool(randomFillSync, 16).fill(new Uint8Array(17), 0, 17)).toThrow(
      RangeError,
    )
  })
})

describe('of a thousand boxes', () => {
  const key = randomBytes(32)

  it('no two have the same nonce', () => {
    const nonces = Array.from({ length: 1000 }, () =>
      seal(key, Buffer.from('Ann'), 'here').toString('hex', 0, 12),
    )
    expect(new Set(nonces).size).toBe(1000)
  })

  it('no two have the same salt, and so none the same commitment', () => {
    const keys: Partial<UserKeys> = { keyOf: () => key }
    const vault = openVault(keys as UserKeys, randomBytes(32))
    const place = { eventId: 'e', type: 'T', owner: 'u' as UserId }
    const salts = Array.from({ length: 1000 }, () => {
      const opened = vault.openBox(place, vault.sealBox(place, { name: 'Ann' }))
      if (typeof opened === 'string') throw new Error(opened)
      expect(opened.content).toEqual({ name: 'Ann' })
      return opened.salt.toString('hex')
    })
    expect(new Set(salts).size).toBe(1000)
  })
})

it('a digest is HMAC-SHA-256 of the use, a line feed and the text, however long', () => {
  for (const keyBytes of [16, 32, 64]) {
    const key = randomBytes(keyBytes)
    const digest = openDigest(key)
    for (const text of ['', 'ann@example.com', 'Zoë \u{1f600}', '\ud800', 'x'.repeat(100_000)])
      expect(digest('tag', text)).toEqual(
        createHmac('sha256', key).update('tag\n').update(text).digest(),
      )
  }
  expect(() => openDigest(randomBytes(65))).toThrow(RangeError)
})
