// The store in memory as the contract asks for it: its digests are under a key of its own.

import { createHmac } from 'node:crypto'
import { memoryStore } from '@selfsame/core'
import type { OpenStore } from '@selfsame/testkit'

let opened = 0

/** Opens a store in memory with a digest key that no other has. */
export const openKeyed: OpenStore = async (clock) => {
  opened += 1
  const key = `the key of the store ${opened}`
  return memoryStore({
    clock,
    digest: (text) => createHmac('sha256', key).update(text).digest('hex'),
  })
}
