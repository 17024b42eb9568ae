// To whom the personal values of an installation belong (ADR 19): they are sealed for the user with
// whom it would be were all merges undone, so that an erasure after an unmerge reaches all of them.

import { describe, expect, it } from 'vitest'
import { type Recorded, toStored } from '../../src/index.js'
import {
  createByPhone,
  createUser,
  erase,
  mergeInto,
  personalize,
  phoneNo,
  register,
  saveInstallation,
  saveUser,
  unmerge,
} from '../support/commands.js'
import { type Given, openWorld, userOf, type World } from '../support/world.js'

const [A, B, C] = [userOf(1), userOf(2), userOf(3)]
const device = (deviceName: string) => ({ device: { deviceName } })

const told = async (story: ReadonlyArray<Given>): Promise<World> => {
  const world = openWorld()
  await world.runAll(story)
  await world.rows()
  return world
}

const openedBy = async (world: World): Promise<string> => JSON.stringify(await world.log())

const last = async (world: World, type: Recorded['type']): Promise<Recorded> => {
  const found = (await world.log()).findLast((event) => event.type === type)
  if (found === undefined) throw new Error(`no ${type}`)
  return found
}

const ownersOf = (event: Recorded): ReadonlyArray<string> =>
  toStored(event).boxes.map(({ owner }) => owner)

describe('after merge, unmerge and erasure nothing is left', () => {
  it('of an installation that was brought and went back, in no event of the survivor', async () => {
    const world = await told([
      createByPhone(phoneNo(1)),
      createByPhone(phoneNo(2)),
      register('i', device('before')),
      personalize('i', { phones: [phoneNo(2)] }),
      mergeInto(A, B),
      saveInstallation('i', device('meanwhile')),
      unmerge({ userId: A }, B),
      saveInstallation('i', device('after')),
    ])
    expect(await openedBy(world)).toMatch(/before.*meanwhile.*after/)
    await world.run(erase({ userId: B }))
    expect(await openedBy(world)).not.toMatch(/before|meanwhile|after/)
    await world.rows()
  })

  it('through a chain that is undone from outside', async () => {
    const world = await told([
      createByPhone(phoneNo(1)),
      createByPhone(phoneNo(2)),
      createByPhone(phoneNo(3)),
      register('i', device('outer')),
      personalize('i', { phones: [phoneNo(2)] }),
      register('j', device('inner')),
      personalize('j', { phones: [phoneNo(3)] }),
      mergeInto(B, C),
      mergeInto(A, B),
      saveInstallation('i', device('outer again')),
      saveInstallation('j', device('inner again')),
    ])
    // Both were anonymous once: what is theirs stands in a box of each, not of those they came into.
    expect(ownersOf(await last(world, 'UsersMerged'))).toEqual([userOf(4), userOf(6)])
    await world.runAll([unmerge({ userId: A }, B), unmerge({ userId: B }, C)])
    expect(ownersOf(await last(world, 'UsersUnmerged'))).toEqual([userOf(6)])
    await world.run(erase({ userId: C }))
    const log = await openedBy(world)
    expect(log).not.toContain('inner')
    expect(log).toContain('outer again')
    await world.run(erase({ userId: B }))
    expect(await openedBy(world)).not.toContain('outer')
    await world.rows()
  })

  it('of one that moved in by a login with what goes back', async () => {
    const world = await told([
      createUser('a'),
      createByPhone(phoneNo(2)),
      createUser('c'),
      register('i'),
      personalize('i', { externalUserId: 'c' }),
      saveInstallation('i', device('moved')),
      mergeInto(A, B),
      personalize('i', { phones: [phoneNo(2)] }, { forceDepersonalize: true }),
    ])
    expect(ownersOf(await last(world, 'InstallationAttached'))).toEqual([B])
    await world.runAll([
      saveInstallation('i', device('meanwhile')),
      unmerge({ userId: A }, B),
      erase({ userId: B }),
    ])
    expect(await openedBy(world)).not.toContain('meanwhile')
    // What the device was called with somebody else before is theirs.
    expect(await openedBy(world)).toContain('moved')
    await world.rows()
  })

  it('of a new one, anonymous until a login with what goes back', async () => {
    const world = await told([
      createUser('a'),
      createByPhone(phoneNo(2)),
      mergeInto(A, B),
      register('i'),
      personalize('i', { phones: [phoneNo(2)] }),
      saveInstallation('i', device('new')),
    ])
    expect(ownersOf(await last(world, 'InstallationUpdated'))).toEqual([B])
    await world.runAll([unmerge({ userId: A }, B), erase({ userId: B })])
    expect(await openedBy(world)).not.toContain('new"')
    await world.rows()
  })

  it('of one on which somebody logged in by mistake', async () => {
    const world = await told([
      createUser('a'),
      register('i', device('lent')),
      personalize('i', { externalUserId: 'a' }),
      saveInstallation('i', device('lent still')),
      unmerge({ userId: A }, userOf(2)),
      erase({ userId: userOf(2) }),
    ])
    expect(await openedBy(world)).not.toContain('lent')
    await world.rows()
  })
})

describe('after an unmerge', () => {
  it('what stays with the survivor is carried again for it, and outlives who went', async () => {
    const world = await told([
      createUser('a'),
      createUser('b', { userIdentity: { phones: [phoneNo(2)], emails: ['b@example.com'] } }),
      createUser('c'),
      register('i'),
      personalize('i', { externalUserId: 'c' }),
      saveInstallation('i', device('staying')),
      mergeInto(A, B),
      personalize('i', { emails: ['b@example.com'] }, { forceDepersonalize: true }),
      saveUser({ userId: A }, { emails: [] }),
      unmerge({ userId: A }, B),
    ])
    const unmerged = await last(world, 'UsersUnmerged')
    expect(unmerged.payload).toMatchObject({
      installations: [],
      remaining: [{ pushRegistrationId: 'i', fields: ['deviceName'] }],
      carried: [{ deviceName: 'staying' }],
    })
    expect(ownersOf(unmerged)).toEqual([A])
    const { installation } = await world.run(saveInstallation('i', { notificationsEnabled: false }))
    expect(installation).toMatchObject({ userId: A, device: { deviceName: 'staying' } })
    await world.run(erase({ userId: B }))
    const receipt = await world.run(saveInstallation('i', { notificationsEnabled: true }))
    expect(receipt.installation).toMatchObject({ device: { deviceName: 'staying' } })
    await world.rows()
  })
})

describe('an installation that joins by several identities', () => {
  const joined = (identities: Given, merges = [mergeInto(B, C), mergeInto(A, B)]) => [
    createByPhone(phoneNo(1)),
    createByPhone(phoneNo(2)),
    createByPhone(phoneNo(3)),
    createUser('d'),
    register('i'),
    personalize('i', { externalUserId: 'd' }),
    saveInstallation('i', device('joined')),
    ...merges,
    identities,
  ]
  const by = (...phones: ReadonlyArray<number>): Given =>
    personalize('i', { phones: phones.map(phoneNo) }, { forceDepersonalize: true })

  it.each([
    ['of one absorbed user is that user’s', by(3), undefined, C],
    ['of two in one another is the outer one’s, with whom both go', by(2, 3), undefined, B],
    ['whichever of the two is older', by(2, 3), [mergeInto(C, B), mergeInto(A, C)], C],
    [
      'of two that were absorbed apart is the survivor’s',
      by(2, 3),
      [mergeInto(A, B), mergeInto(A, C)],
      A,
    ],
    ['of the survivor and another is the survivor’s', by(1, 3), undefined, A],
  ])('%s', async (_, login, merges, owner) => {
    const world = await told(joined(login, merges))
    expect(ownersOf(await last(world, 'InstallationAttached'))).toEqual([owner])
  })

  it('goes with whom its values belong to', async () => {
    const world = await told([...joined(by(2, 3)), unmerge({ userId: A }, B)])
    expect((await last(world, 'UsersUnmerged')).payload).toMatchObject({
      installations: [{ pushRegistrationId: 'i', joinedSince: true, ownerId: B }],
      remaining: [],
    })
    await world.run(unmerge({ userId: B }, C))
    const { installation } = await world.run(saveInstallation('i', { notificationsEnabled: false }))
    expect(installation).toMatchObject({ userId: B, device: { deviceName: 'joined' } })
    await world.runAll([erase({ userId: C })])
    expect(await openedBy(world)).toContain('joined')
    await world.run(erase({ userId: B }))
    await world.rows()
  })
})
