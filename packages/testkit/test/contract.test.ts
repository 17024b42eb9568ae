// The store in memory under the contract that every store must pass, and compared with itself.

import { storeContract } from '@selfsame/testkit'
import { describe, test } from 'vitest'
import { openKeyed } from './contract-memory.js'

describe('the contract of a store', () => {
  for (const { name, check } of storeContract({ name: 'memory', open: openKeyed }))
    test(name, check)
})
