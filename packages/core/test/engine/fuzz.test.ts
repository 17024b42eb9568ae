// Bad input: anything at `execute` gives a refusal that names each wrong path, or a receipt; never an
// exception, never a half-applied command. 5,000 values here, 100,000 with SELFSAME_LONG.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Directory, type Key, type Refusal, refusalCodes, rowsOf } from '../../src/index.js'
import { E } from '../../src/prelude.js'
import { hostile, people } from '../support/hostile.js'
import {
  openWorld,
  propertyTimeout_ms,
  successOf,
  violationsOf,
  type World,
} from '../support/world.js'

const VALUES = process.env.SELFSAME_LONG ? 100_000 : 5000
const PER_WORLD = 50

const keysOf = (directory: Directory): ReadonlyArray<Key> => [
  ...[...directory.users.keys()].flatMap(
    (id): ReadonlyArray<Key> => [
      { kind: 'user', id },
      { kind: 'absorbed', id },
    ],
  ),
  ...[...directory.installations.keys()].map((id): Key => ({ kind: 'installation', id })),
  ...[...directory.identities.keys()].map((key): Key => ({ kind: 'identity', key })),
  ...[...directory.tokens.keys()].map((key): Key => ({ kind: 'token', key })),
  // A name that no attribute can have: what is not there brings the count.
  { kind: 'definition', scope: 'user', name: '{}' },
  { kind: 'definition', scope: 'installation', name: '{}' },
]

/** The head of the log and every row of the store under these keys. */
const stateOf = async (world: World, keys: ReadonlyArray<Key>): Promise<string> => {
  const { head, directory } = await successOf(world.store.load(keys, () => []))
  const rows = [...rowsOf(directory)].map(([table, all]) => [table, [...all].sort()])
  return JSON.stringify([head, directory.definitionCounts, rows])
}

const codecCodes = new Set([
  'REQUEST_FORMAT_INVALID',
  'PHONE_INVALID',
  'EMAIL_INVALID',
  'LIMIT_EXCEEDED',
])

const checkRefusal = (refusal: Refusal): void => {
  expect(refusalCodes).toContain(refusal.error.code)
  expect(refusal.error.message).not.toBe('')
  expect(JSON.parse(JSON.stringify(refusal))).toEqual(refusal)
  if (!codecCodes.has(refusal.error.code) || 'limit' in refusal.error.details) return
  const paths = violationsOf(refusal).map(({ path }) => path)
  expect(paths).not.toEqual([])
  for (const path of paths) expect(path).toMatch(/^(?:\/(?:[^~]|~[01])*)?$/u)
}

describe('anything at execute', { timeout: propertyTimeout_ms }, () => {
  it('gives a refusal or a receipt, never an exception, and a refusal changes nothing', async () => {
    const codes = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostile, { minLength: PER_WORLD, maxLength: PER_WORLD }),
        async (values) => {
          const world = openWorld()
          await world.runAll(people)
          let keys = keysOf(await world.directory())
          let before = await stateOf(world, keys)
          for (const value of values) {
            const result = await world.result(value)
            if (E.isRight(result)) {
              codes.set('receipt', (codes.get('receipt') ?? 0) + 1)
              keys = keysOf(await world.directory())
              before = await stateOf(world, keys)
              continue
            }
            if (!('error' in result.left)) throw new Error(`a failure: ${result.left.message}`)
            checkRefusal(result.left)
            codes.set(result.left.error.code, (codes.get(result.left.error.code) ?? 0) + 1)
            expect(await stateOf(world, keys)).toBe(before)
          }
          await world.rows()
        },
      ),
      { numRuns: VALUES / PER_WORLD },
    )
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('polluted')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(codes.get('receipt') ?? 0).toBeGreaterThan(VALUES / 50)
    expect(codes.size).toBeGreaterThan(8)
    if (process.env.SELFSAME_LONG) console.log([...codes])
  })

  it('and so it is at preview and at every query', async () => {
    const world = openWorld()
    await world.runAll(people)
    const { engine } = world
    const before = await world.log()
    await fc.assert(
      fc.asyncProperty(hostile, async (value) => {
        const results = [
          await engine.preview(value)(),
          await engine.fetchUser(value)(),
          await engine.fetchInstallation(value)(),
          await engine.segment(value)(),
          await engine.segment({ predicate: value })(),
          await engine.audience(value)(),
        ]
        for (const result of results)
          if (E.isLeft(result) && !('error' in result.left)) throw new Error(result.left.message)
      }),
      { numRuns: VALUES / 10 },
    )
    expect(await world.log()).toEqual(before)
    await world.rows()
  })
})
