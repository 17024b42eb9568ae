// Each recorded merge under another policy, from the log alone.

import { describe, expect, it } from 'vitest'
import { auditOf, latestWins, type MergePolicy, survivorFirst } from '../../src/index.js'
import { createByPhone, erase, merge, phoneNo, saveUser } from '../support/commands.js'
import { openWorld, userOf } from '../support/world.js'
import { ann, ask, at, other, tell, unmergeThem } from './story.js'

describe('what-if', () => {
  it('names the merges that would differ, and the users at the end', async () => {
    const { audit } = await tell()
    expect(await ask(audit.whatIf(latestWins))).toEqual({
      position: at.coloured,
      recordedAt: '2026-11-24T10:00:05.000Z',
      policy: 'latest-wins',
      merges: 1,
      differing: [
        {
          position: at.merged,
          survivorId: ann,
          absorbedId: other,
          policy: 'survivor-first',
          fields: [
            {
              field: 'firstName',
              recorded: { userId: ann, position: at.annNamed, value: 'Ann' },
              instead: { userId: other, position: at.otherWritten, value: 'Anna' },
            },
          ],
        },
      ],
      notDecidedAgain: [],
      users: [
        {
          userId: ann,
          before: 'active',
          after: 'active',
          into: null,
          fields: [{ field: 'firstName', before: 'Ann', after: 'Anna' }],
        },
      ],
    })
  })

  it('finds no difference under the policy that was used', async () => {
    const { audit } = await tell()
    expect(await ask(audit.whatIf(survivorFirst))).toMatchObject({ differing: [], users: [] })
  })

  it('follows with an unmerge: the survivor has its own again', async () => {
    const { world, audit } = await tell()
    await world.run(unmergeThem)
    const { differing, users, notDecidedAgain } = await ask(audit.whatIf(latestWins))
    expect(differing).toHaveLength(1)
    expect(users).toEqual([])
    expect(notDecidedAgain).toEqual([])
  })

  it('leaves a value that was written after the merge', async () => {
    const { world, audit } = await tell()
    await world.run(saveUser({ userId: ann }, { firstName: 'Annabel' }))
    expect(await ask(audit.whatIf(latestWins))).toMatchObject({ users: [] })
  })

  it('keeps an override for one absorbed earlier by the same command', async () => {
    const world = openWorld()
    const named = (firstName: string, phone: string) =>
      createByPhone(phone, { userAttributes: { firstName } })
    await world.runAll([
      named('One', phoneNo(1)),
      named('Two', phoneNo(2)),
      named('Three', phoneNo(3)),
      merge(
        [1, 2, 3].map((n) => ({ userId: userOf(n) })),
        { overrides: { firstName: userOf(2) } },
      ),
    ])
    expect(await ask(auditOf(world.store).whatIf(latestWins))).toMatchObject({
      merges: 2,
      differing: [],
      users: [],
    })
  })

  it('says which merges it had to take as recorded, and why, where a policy throws', async () => {
    const { audit } = await tell()
    const broken: MergePolicy = {
      name: 'broken',
      choose: () => {
        throw new Error('no opinion')
      },
    }
    expect(await ask(audit.whatIf(broken))).toMatchObject({
      merges: 1,
      differing: [],
      notDecidedAgain: [{ position: at.merged, type: 'UsersMerged', why: 'no opinion' }],
      users: [],
    })
  })

  it('takes a removal for none, though of somebody erased it reads like a value', async () => {
    const world = openWorld()
    await world.runAll([
      createByPhone(phoneNo(1), { userAttributes: { lastName: 'Lee' } }),
      createByPhone(phoneNo(2), { userAttributes: { lastName: 'Ray', middleName: 'M' } }),
      saveUser({ phone: phoneNo(1) }, { lastName: null, middleName: 'N' }),
      saveUser({ phone: phoneNo(1) }, { middleName: null }),
      saveUser({ phone: phoneNo(2) }, { middleName: null }),
      merge([{ phone: phoneNo(1) }, { phone: phoneNo(2) }]),
    ])
    const before = await ask(auditOf(world.store).whatIf(survivorFirst))
    await world.run(erase({ phone: phoneNo(1) }))
    const after = await ask(auditOf(world.store).whatIf(survivorFirst))
    expect([before.differing, after.differing]).toEqual([[], []])
    expect(after).toMatchObject({ merges: 1, notDecidedAgain: [], users: [] })
  })

  it('shows erased values as erased', async () => {
    const { world, audit } = await tell()
    await world.run(erase({ userId: ann }))
    const found = await ask(audit.whatIf(latestWins))
    expect(found.differing).toMatchObject([
      { fields: [{ recorded: { value: 'erased' }, instead: { value: 'erased' } }] },
    ])
    expect(found.users).toEqual([])
  })
})
