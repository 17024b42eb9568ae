// The README's example of the contract that a store has to keep.
import { createHmac, randomBytes } from 'node:crypto'
import { memoryStore } from '@selfsame/core'
import { storeContract } from '@selfsame/testkit'
import { test } from 'vitest'

/** Digests under a key of the store's own. */
const keyed =
  (key = randomBytes(32)) =>
  (text: string) =>
    createHmac('sha256', key).update(text).digest('hex')

const contract = {
  name: 'our store',
  open: async (clock: () => number) => memoryStore({ clock, digest: keyed() }),
}
for (const { name, check } of storeContract(contract)) test(name, { timeout: 60_000 }, check)
