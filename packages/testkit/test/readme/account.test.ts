// The README's example of all invariants of an account in use.
import { memoryStore, openEngine } from '@selfsame/core'
import { checkAccount, countingIds, steppingClock } from '@selfsame/testkit'
import { expect, test } from 'vitest'

test('the account keeps every invariant', async () => {
  const store = memoryStore({ clock: steppingClock() })
  const engine = openEngine({ store, idSource: countingIds() })
  await engine.createUser({ userIdentity: { emails: ['ann@example.com'] } })()

  expect(await checkAccount(store)).toEqual([])
  expect(await checkAccount(engine)).toEqual([])
})
