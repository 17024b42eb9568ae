// What is asked about a long life costs what the life is long: no event is looked at oftener because
// there are more of them.

import { describe, expect, it } from 'vitest'
import { chainOfIdentity } from '../../src/audit/chain.js'
import { openChronicle } from '../../src/audit/chronicle.js'
import type { Directory } from '../../src/directory/directory.js'
import type { ActiveUser, OwnedIdentity, User } from '../../src/directory/user.js'
import {
  type Auditor,
  auditOf,
  exportPerson,
  latestWins,
  type Recorded,
  type Store,
  type UserId,
} from '../../src/index.js'
import { E } from '../../src/prelude.js'
import { userId } from '../../src/values/token.js'
import {
  createByPhone,
  merge,
  personalize,
  phoneNo,
  register,
  unmerge,
} from '../support/commands.js'
import { openWorld, userOf, type World } from '../support/world.js'
import { ask } from './story.js'

const hub = { userId: userOf(1) }

/** One person with many values, to whom anonymous ones come, and others who are parted again. */
const live = async (times: number): Promise<World> => {
  const world = openWorld()
  const many = Array.from({ length: 20 }, (_, i) => i)
  await world.run(
    createByPhone(phoneNo(1), {
      userAttributes: {
        tags: many.map((i) => `tag ${i}`),
        customAttributes: Object.fromEntries(many.map((i) => [`attribute ${i}`, i])),
      },
    }),
  )
  for (let i = 0; i < times; i += 1) {
    await world.run(register(`phone ${i}`))
    await world.run(personalize(`phone ${i}`, { phones: [phoneNo(1)] }))
    const attributes = { firstName: `Name ${i}`, customAttributes: { 'attribute 1': i } }
    const made = await world.run(createByPhone(phoneNo(i + 2), { userAttributes: attributes }))
    await world.run(merge([hub, { phone: phoneNo(i + 2) }], { survivor: hub }))
    await world.run(unmerge(hub, userId(made.user?.id ?? '')))
  }
  return world
}

/** A log whose events count how often their type is looked at. */
const counting = (store: Store) => {
  let looks = 0
  const seen = new Map<number, Recorded>()
  const counted = (event: Recorded): Recorded => {
    const known = seen.get(event.position)
    if (known !== undefined) return known
    const { type, ...rest } = event
    const one = Object.defineProperty(rest, 'type', {
      enumerable: true,
      get: () => {
        looks += 1
        return type
      },
    }) as Recorded
    seen.set(event.position, one)
    return one
  }
  const read: Store['read'] = (query, range) => async () => {
    const page = await store.read(query, range)()
    return E.isLeft(page)
      ? page
      : E.right({ ...page.right, events: page.right.events.map(counted) })
  }
  return { log: { read, log: store.log }, looks: () => looks }
}

const questions: Readonly<
  Record<string, (audit: Auditor, log: Parameters<typeof auditOf>[0]) => Promise<unknown>>
> = {
  'the history of a user': (audit) => ask(audit.history.user(hub)),
  'a user as of a position': (audit) => ask(audit.asOf().user(hub)),
  'why a user is as it is': (audit) => ask(audit.explain.user(hub)),
  'why others were merged into it': (audit) => ask(audit.explain.merges(hub)),
  'what another policy would have made': (audit) => ask(audit.whatIf(latestWins)),
  'what is different since the beginning': (audit) => ask(audit.diff(0)),
  'a copy of everything held': (_, log) => ask(exportPerson(log, hub)),
}

describe('a long life', () => {
  it('costs each question as much an event as a short one', async () => {
    const looksAnEvent = async (times: number) => {
      const world = await live(times)
      const head = (await world.log()).length
      const found: Record<string, number> = {}
      for (const [what, question] of Object.entries(questions)) {
        const { log, looks } = counting(world.store)
        await question(auditOf(log), log)
        found[what] = looks() / head
      }
      return found
    }
    const [short, long] = [await looksAnEvent(10), await looksAnEvent(40)]
    for (const what of Object.keys(questions))
      expect(long[what], what).toBeLessThan(Math.min((short[what] ?? 0) * 1.3, 20))
  })

  it('is explained to an end where a forged log has somebody in a circle', () => {
    const [ann, bea, cem] = ['ann', 'bea', 'cem'].map(userId) as [UserId, UserId, UserId]
    const inOther = (id: UserId, into: UserId) =>
      [id, { status: 'merged', id, into, merge: { position: 1 } } as User] as const
    const users = new Map([inOther(bea, cem), inOther(cem, bea)])
    const chronicle = openChronicle({ users } as unknown as Directory, [])
    const identity = { at: 7, by: bea } as OwnedIdentity
    expect(chainOfIdentity(chronicle, { id: ann } as ActiveUser, identity)).toEqual([1, 7])
  })
})
