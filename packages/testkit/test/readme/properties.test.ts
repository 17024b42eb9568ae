// The README's example of properties under a configuration of one's own.
import { type MergePolicy, memoryStore } from '@selfsame/core'
import { lawProperties, modelProperty, storeProperties } from '@selfsame/testkit'
import { test } from 'vitest'

/** Of two values of one rank the longer stays. */
const longest: MergePolicy = {
  name: 'longest',
  choose: (_, survivor, absorbed) =>
    absorbed.rank === survivor.rank
      ? String(absorbed.value).length > String(survivor.value).length
        ? 'absorbed'
        : 'survivor'
      : survivor.rank === 'CUSTOMER'
        ? 'survivor'
        : 'absorbed',
}

const ours = {
  open: async (clock: () => number) => memoryStore({ clock }),
  policies: [longest],
  defaultPolicy: 'longest',
}

for (const { name, check } of [...storeProperties(ours), ...lawProperties(ours)])
  test(name, { timeout: 60_000 }, () => check({ runs: 20, seed: 1 }))

const { name, check } = modelProperty({ open: ours.open })
test(name, { timeout: 60_000 }, () => check({ runs: 20, seed: 1 }))
