// Each recorded merge under another policy, from the log alone.

import { describe, expect, it } from 'vitest'
import { latestWins, type MergePolicy, survivorFirst } from '../../src/index.js'
import { erase, saveUser } from '../support/commands.js'
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
