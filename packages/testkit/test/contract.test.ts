// The contract that every store must pass: the store in memory and one with a journal keep it, and each
// promise of it is broken by a fault that was planted, and named.

import { type BrokenPromise, storeContract } from '@selfsame/testkit'
import { describe, expect, it, test } from 'vitest'
import { onDisk } from './contract-disk.js'
import { faults } from './contract-faults.js'
import { openKeyed } from './contract-memory.js'

describe('the contract of a store', () => {
  for (const { name, check } of storeContract({ name: 'memory', open: openKeyed }))
    test(name, check)
  for (const { name, check } of storeContract(onDisk('a journal'))) test(name, check)

  it.each([
    ['reopen', 6],
    ['openSecond', 6],
    ['crash', 1],
    ['openInSteps', 0],
    ['openInSteps and reopen', 7],
  ])('asks %s for %i more checks', (hooks, more) => {
    const { name, open, ...given } = onDisk('a journal')
    const some = Object.fromEntries(Object.entries(given).filter(([hook]) => hooks.includes(hook)))
    const [few, many] = [
      { name, open },
      { name, open, ...some },
    ].map((one) => storeContract(one))
    expect(many).toHaveLength((few?.length ?? 0) + more)
  })
})

const thrownBy = (check: () => Promise<void>): Promise<BrokenPromise | undefined> =>
  check().then(
    () => undefined,
    (error) => error,
  )

describe('a store with a fault', () => {
  test.each(faults)('$fault: it is told what that breaks', async ({ breaks, ...planted }) => {
    const checks = storeContract(onDisk('the store', planted))
    for (const promise of breaks) {
      const found = checks.filter((one) => one.promise === promise)
      expect(found.map((one) => one.promise)).toEqual([promise])
      for (const { check } of found) {
        const error = await thrownBy(check)
        expect(error?.promise).toBe(promise)
        expect(error?.message).toContain(`the store breaks the promise: ${promise}\n  done: `)
        expect(error?.message).toMatch(/\n {2}expected: .+\n {2}came: /)
      }
    }
  })

  it('is planted for every promise', () => {
    const broken = faults.flatMap(({ breaks }) => breaks)
    expect([...broken].sort()).toEqual(
      storeContract(onDisk('a journal'))
        .map(({ promise }) => promise)
        .sort(),
    )
  })
})
