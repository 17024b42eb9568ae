// Who was in whom, and until when, found in one pass however often people were merged and parted.

import { describe, expect, it } from 'vitest'
import { absorptionsIn } from '../../src/audit/history.js'
import { auditOf, type Recorded, type UserId } from '../../src/index.js'
import { userId } from '../../src/values/token.js'
import { createByPhone, merge, phoneNo, unmerge } from '../support/commands.js'
import { openWorld, userOf } from '../support/world.js'
import { ask } from './story.js'

const [ann, bea, cem] = ['ann', 'bea', 'cem'].map(userId) as [UserId, UserId, UserId]

/** What tells who is in whom, and nothing else, at the positions 1, 2, 3 ... */
const told = (
  steps: ReadonlyArray<readonly ['merged' | 'unmerged', UserId, UserId]>,
): ReadonlyArray<Recorded> =>
  steps.map(([step, absorbedId, survivorId], i) => {
    const isSame = ([before, absorbed, survivor]: (typeof steps)[number]): boolean =>
      before === 'merged' && absorbed === absorbedId && survivor === survivorId
    const merged = steps.slice(0, i).findLastIndex(isSame) + 1
    return {
      position: i + 1,
      type: step === 'merged' ? 'UsersMerged' : 'UsersUnmerged',
      payload: { survivorId, absorbedId, ...(step === 'merged' ? {} : { merged }) },
    } as unknown as Recorded
  })

const short = (events: ReadonlyArray<Recorded>, id: UserId, upTo = events.length) =>
  absorptionsIn(events, id, upTo).map((one) => [one.userId, one.into, one.from, one.until])

describe('who was in a user', () => {
  it('ends with a merge undone, or with that of whoever it was in, and only where it is known yet', () => {
    const events = told([
      ['merged', cem, bea],
      ['merged', bea, ann],
      ['unmerged', bea, ann],
      ['unmerged', cem, bea],
    ])
    expect(short(events, ann)).toEqual([
      [bea, ann, 2, 3],
      [cem, bea, 1, 3],
    ])
    expect(short(events, ann, 2)).toEqual([
      [bea, ann, 2, null],
      [cem, bea, 1, null],
    ])
    expect(short(events, bea)).toEqual([[cem, bea, 1, 4]])
    expect(short(events, bea, 3)).toEqual([[cem, bea, 1, null]])
  })

  it('tells a merge once where its survivor was absorbed again, with the last parting', () => {
    const events = told([
      ['merged', cem, bea],
      ['merged', bea, ann],
      ['unmerged', bea, ann],
      ['merged', bea, ann],
    ])
    expect(short(events, ann)).toEqual([
      [bea, ann, 2, 3],
      [cem, bea, 1, null],
      [bea, ann, 4, null],
    ])
    const parted = told([
      ['merged', cem, bea],
      ['merged', bea, ann],
      ['unmerged', bea, ann],
      ['unmerged', cem, bea],
      ['merged', bea, ann],
    ])
    expect(short(parted, ann)).toEqual([
      [bea, ann, 2, 3],
      [cem, bea, 1, 4],
      [bea, ann, 5, null],
    ])
  })

  it('is told of two that were merged to and fro a hundred times', async () => {
    const world = openWorld()
    const [one, two] = [userOf(1), userOf(2)]
    await world.runAll([createByPhone(phoneNo(1)), createByPhone(phoneNo(2))])
    for (let i = 0; i < 100; i += 1) {
      const [into, from] = i % 2 === 0 ? [one, two] : [two, one]
      await world.run(merge([{ userId: into }, { userId: from }], { survivor: { userId: into } }))
      await world.run(unmerge({ userId: into }, from))
    }
    const history = await ask(auditOf(world.store).history.user({ userId: two }))
    expect(history.absorbed).toHaveLength(100)
    expect(new Set(history.absorbed.map(({ from }) => from)).size).toBe(100)
    expect(history.events).toHaveLength(204)
  })

  it('goes through the events once, however many merges there are', () => {
    const people = Array.from({ length: 300 }, (_, i) => userId(`person-${i}`))
    const hub = told(
      people.flatMap((id) => [['merged', id, ann] as const, ['unmerged', id, ann] as const]),
    )
    const chain = told(people.slice(1).map((id, i) => ['merged', people[i] ?? id, id] as const))
    for (const [events, last, count] of [
      [hub, ann, 300],
      [chain, people.at(-1) ?? ann, 299],
    ] as const) {
      let looks = 0
      const counted = events.map((event) => ({
        ...event,
        get type() {
          looks += 1
          return event.type
        },
      })) as unknown as ReadonlyArray<Recorded>
      expect(absorptionsIn(counted, last, events.length)).toHaveLength(count)
      expect(looks).toBeLessThanOrEqual(2 * events.length)
    }
  })

  it('comes to an end in a forged log where somebody is merged into itself, or in a circle', () => {
    expect(short(told([['merged', ann, ann]]), ann)).toEqual([[ann, ann, 1, null]])
    const circle = told([
      ['merged', ann, bea],
      ['merged', bea, ann],
      ['merged', ann, bea],
    ])
    expect(short(circle, bea)).toEqual([
      [ann, bea, 1, null],
      [ann, bea, 3, null],
      [bea, ann, 2, null],
    ])
  })
})
