// Why a user is as it is (domain.md section 10): chains of events, and what merges decided.

import { describe, expect, it } from 'vitest'
import type { Explained } from '../../src/index.js'
import { auditOf } from '../../src/index.js'
import {
  createUser,
  erase,
  merge,
  personalize,
  phoneNo,
  register,
  saveUser,
  unmerge,
} from '../support/commands.js'
import { openWorld, userOf } from '../support/world.js'
import { ann, ask, at, other, refused, tell, unmergeThem } from './story.js'

const positions = (links: Explained['chain']): ReadonlyArray<number> =>
  links.map(({ position }) => position)

const fieldsOf = async (told: Awaited<ReturnType<typeof tell>>, moment?: unknown) => {
  const { fields } = await ask(told.audit.explain.user({ externalUserId: 'ann' }, moment))
  return (name: string): Explained => {
    const found = fields.find(({ field }) => field === name)
    if (found === undefined) throw new Error(`${name} is not explained`)
    return found
  }
}

describe('explain', () => {
  it('names the creation and the one write of a value that the user itself wrote', async () => {
    const colour = (await fieldsOf(await tell()))('customAttributes.colour')
    expect(colour.value).toBe('red')
    expect(positions(colour.chain)).toEqual([at.annCreated, at.coloured])
    expect(colour.upheld).toEqual([])
  })

  it('leads over the merge to the write on the absorbed user, with its actor and command', async () => {
    const gender = (await fieldsOf(await tell()))('gender')
    expect(gender.value).toBe('Female')
    expect(positions(gender.chain)).toEqual([
      at.annCreated,
      at.otherCreated,
      at.otherWritten,
      at.merged,
    ])
    expect(gender.chain.at(-1)).toMatchObject({
      type: 'UsersMerged',
      userId: ann,
      other,
      actor: 'support',
      commandId: 'merge-1',
      decision: {
        settledBy: 'only',
        policy: 'survivor-first',
        chosen: { userId: other, position: at.otherWritten, value: 'Female' },
        rejected: { userId: ann, position: null, value: null },
      },
    })
  })

  it('tells in which merges a value stayed, and what it was preferred to', async () => {
    const told = await tell()
    const name = (await fieldsOf(told))('firstName')
    expect(positions(name.chain)).toEqual([at.annCreated, at.annNamed])
    expect(name.upheld).toMatchObject([
      {
        position: at.merged,
        decision: {
          settledBy: 'policy',
          chosen: { userId: ann, position: at.annNamed, value: 'Ann' },
          rejected: { userId: other, position: at.otherWritten, value: 'Anna' },
        },
      },
    ])
    expect((await fieldsOf(told, at.annNamed))('firstName').upheld).toEqual([])
  })

  it('explains tags, identities, the type and installations in the same way', async () => {
    const field = await fieldsOf(await tell())
    expect(positions(field('tags.news').chain)).toEqual([1, 6, 8, 9])
    expect(field('tags.news').chain.at(-1)?.decision?.settledBy).toBe('union')
    expect(positions(field('phones').chain)).toEqual([1, 6, 7, 9])
    expect(positions(field('externalUserId').chain)).toEqual([1, 3])
    expect(positions(field('type').chain)).toEqual([1, 4])
    expect(positions(field('installations').chain)).toEqual([1, 2])
  })

  it('names the identity by which an installation found its user', async () => {
    const told = await tell()
    await told.world.runAll([
      register('tablet'),
      personalize('tablet', { externalUserId: 'ann' }, { setAsPrimary: true }),
    ])
    const { fields } = await ask(told.audit.explain.user({ userId: ann }))
    const tablet = fields.find(
      ({ value, field }) => field === 'installations' && value === 'tablet',
    )
    expect(tablet?.chain.map(({ type }) => type)).toEqual([
      'UserCreated',
      'IdentityLinked',
      'UserCreated',
      'InstallationRegistered',
      'UsersMerged',
    ])
    const primary = fields.find(({ field }) => field === 'primary')
    expect(primary?.chain.at(-1)).toMatchObject({ type: 'PrimaryAssigned' })
  })

  it('follows an unmerge that settled a field again', async () => {
    const world = openWorld()
    await world.runAll([
      { type: 'CreateUser', userIdentity: { externalUserId: 's' } },
      {
        type: 'CreateUser',
        userIdentity: { phones: [phoneNo(1)] },
        userAttributes: { firstName: 'First' },
      },
      {
        type: 'CreateUser',
        userIdentity: { phones: [phoneNo(2)] },
        userAttributes: { firstName: 'Second' },
      },
      merge([{ externalUserId: 's' }, { phone: phoneNo(1) }], {
        survivor: { externalUserId: 's' },
      }),
      merge([{ externalUserId: 's' }, { phone: phoneNo(2) }], {
        survivor: { externalUserId: 's' },
      }),
    ])
    const first = (await world.user({ externalUserId: 's' })).firstName
    expect(first).toBe('First')
    const events = await world.log()
    const absorbed = events.find(({ type }) => type === 'UsersMerged')
    if (absorbed?.type !== 'UsersMerged') throw new Error('no merge')
    await world.run({
      type: 'UnmergeUsers',
      survivor: { externalUserId: 's' },
      absorbed: absorbed.payload.absorbedId,
    })
    const { fields } = await ask(auditOf(world.store).explain.user({ externalUserId: 's' }))
    const name = fields.find(({ field }) => field === 'firstName')
    expect(name?.value).toBe('Second')
    expect(name?.chain.at(-1)).toMatchObject({
      type: 'UsersUnmerged',
      decision: { settledBy: 'unmerge', chosen: { value: 'Second' } },
    })
  })

  it('leaves out where a value was settled before it came for good', async () => {
    const told = await tell()
    await told.world.run(unmergeThem)
    await told.world.run(merge([{ userId: ann }, { userId: other }]))
    const gender = (await fieldsOf(told))('gender')
    expect(positions(gender.chain)).toEqual([1, 6, 8, 13])
    expect(gender.upheld).toEqual([])
  })

  it('follows an installation that an unmerge sent after its identity', async () => {
    const { world, audit } = await tell()
    await world.runAll([
      register('tablet'),
      personalize('tablet', { phones: [phoneNo(1)] }),
      unmergeThem,
    ])
    const { fields } = await ask(audit.explain.user({ userId: other }))
    const tablet = fields.find(({ field }) => field === 'installations')
    expect(tablet?.value).toBe('tablet')
    expect(tablet?.chain.map(({ type }) => type)).toEqual([
      'UserCreated',
      'UserCreated',
      'IdentityLinked',
      'UsersMerged',
      'InstallationRegistered',
      'UsersUnmerged',
    ])
  })

  it('follows an externalUserId that an unmerge gave back from somebody still absorbed', async () => {
    const world = openWorld()
    const [s, a, b] = [userOf(1), userOf(2), userOf(3)]
    await world.runAll([
      createUser('s'),
      createUser('a'),
      createUser('b'),
      merge([{ userId: s }, { userId: a }], {
        survivor: { userId: s },
        overrides: { externalUserId: s },
      }),
      merge([{ userId: s }, { userId: b }], {
        survivor: { userId: s },
        overrides: { externalUserId: b },
      }),
      createUser('s'),
      unmerge({ userId: s }, b),
    ])
    const audit = auditOf(world.store)
    const { fields } = await ask(audit.explain.user({ userId: s }))
    const held = fields.find(({ field }) => field === 'externalUserId')
    expect(held?.value).toBe('a')
    expect(held?.chain.at(-1)?.type).toBe('UsersUnmerged')
    const linked = held?.chain.find(({ type }) => type === 'IdentityLinked')?.position
    const { holders } = await ask(audit.history.identity({ externalUserId: 'a' }))
    expect(holders.map(({ userId }) => userId)).toEqual([a, null, s])
    expect(await ask(audit.asOf().owner({ externalUserId: 'a' }))).toMatchObject({
      owner: s,
      linked,
    })
  })

  it('refuses an erased user, whose values nobody can show', async () => {
    const { world, audit } = await tell()
    await world.run(erase({ externalUserId: 'ann' }))
    expect(await refused(audit.explain.user({ userId: ann }))).toBe('USER_ERASED')
    const { fields } = await ask(audit.explain.user({ userId: ann }, at.coloured))
    expect(fields.find(({ field }) => field === 'firstName')?.value).toBe('erased')
    expect(fields.find(({ field }) => field === 'phones')?.value).toBe('erased:7')
    expect(fields.filter(({ field }) => field.startsWith('tags.'))).toMatchObject([
      { field: 'tags.erased', value: true },
    ])
    expect(JSON.stringify(fields)).not.toContain('u0000')
  })
})

describe('explain.merges', () => {
  it('tells who asked, by which policy, and the chosen and the rejected source of each field', async () => {
    const { audit } = await tell()
    const { merges } = await ask(audit.explain.merges({ phone: phoneNo(1) }))
    expect(merges).toMatchObject([
      {
        position: at.merged,
        actor: 'support',
        commandId: 'merge-1',
        survivorId: ann,
        absorbedId: other,
        askedBy: 'MergeUsers',
        matched: [],
        policy: 'survivor-first',
        fields: [
          {
            field: 'firstName',
            settledBy: 'policy',
            taken: 'survivor',
            chosen: { userId: ann, position: at.annNamed, value: 'Ann' },
            rejected: { userId: other, position: at.otherWritten, value: 'Anna' },
          },
          { field: 'gender', settledBy: 'only', taken: 'absorbed' },
        ],
        tags: [{ tag: 'news', brought: true, userId: other, position: at.otherWritten }],
        moved: [{ linked: at.otherLinked, kind: 'phone', value: phoneNo(1) }],
        released: [],
        undone: null,
      },
    ])
  })

  it('names the identities by which a Personalize found the survivor', async () => {
    const { world, audit } = await tell()
    await world.runAll([register('tablet'), personalize('tablet', { externalUserId: 'ann' })])
    const { merges } = await ask(audit.explain.merges({ userId: ann }))
    expect(merges.at(-1)).toMatchObject({
      askedBy: 'Personalize',
      matched: [{ linked: at.annLinked, kind: 'externalUserId', value: 'ann' }],
      installations: ['tablet'],
    })
  })

  it('shows an undone merge with the position that undid it, and a tag that both had', async () => {
    const { world, audit } = await tell()
    await world.run(unmergeThem)
    await world.run(saveUser({ userId: ann }, { tags: ['news'] }))
    await world.run(merge([{ userId: ann }, { userId: other }]))
    const { merges } = await ask(audit.explain.merges({ userId: ann }))
    expect(merges.map(({ position, undone }) => [position, undone])).toEqual([
      [at.merged, 12],
      [14, null],
    ])
    expect(merges.at(-1)?.tags).toMatchObject([{ tag: 'news', brought: false }])
  })
})
