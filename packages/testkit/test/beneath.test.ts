// What nobody sees of a user or an installation, and what a store writes: held in what the engine
// recorded, and named when it is falsified.

import {
  type ActiveInstallation,
  type ActiveUser,
  changesBetween,
  type Directory,
  emptyDirectory,
  fold,
  type Json,
  type User,
} from '@selfsame/core'
import { checkMerge, checkState } from '@selfsame/testkit'
import { describe, expect, it } from 'vitest'
import { wrongChanges } from '../src/laws/changes.js'
import { beginning, merge, tell } from './story.js'

const messages = (directory: Directory): ReadonlyArray<string> =>
  checkState(directory).map(({ invariant, message }) => `${invariant}: ${message}`)

/** The two who have installations, the survivor of the merge first. */
const owners = (directory: Directory): ReadonlyArray<ActiveUser> =>
  [...directory.users.values()]
    .flatMap((user) => (user.status === 'active' ? [user] : []))
    .filter(({ installations }) => installations.length > 0)

const ownerOf = (directory: Directory): ActiveUser => {
  const [one] = owners(directory)
  if (one === undefined) throw new Error('the story has owners')
  return one
}

const withUser = (directory: Directory, user: User): Directory => ({
  ...directory,
  users: new Map([...directory.users, [user.id, user]]),
})

const installationOf = (directory: Directory, id: string): ActiveInstallation => {
  const found = [...directory.installations.values()].find((one) => one.id === id)
  if (found?.status !== 'active') throw new Error(`${id} is in use`)
  return found
}

const sealedFor = (directory: Directory, id: string, ownerId: string): Directory => {
  const one = { ...installationOf(directory, id), ownerId: ownerId as User['id'] }
  return { ...directory, installations: new Map([...directory.installations, [one.id, one]]) }
}

const merged = async () => {
  const { events, directory } = await tell([...beginning, merge])
  const event = events.find((one) => one.type === 'UsersMerged')
  if (event?.type !== 'UsersMerged') throw new Error('nobody was merged')
  return { events, directory, event, ...event.payload }
}

describe('whom an installation is sealed for', () => {
  it('is its user, or who is absorbed in it', async () => {
    const { directory, absorbedId } = await merged()
    expect(installationOf(directory, 'b').ownerId).toBe(absorbedId)
    expect(messages(directory)).toEqual([])
  })

  it('is another living user: breaks 11', async () => {
    const { directory } = await tell(beginning)
    const [one, other] = owners(directory)
    const [id] = one?.installations.map((held) => held.id) ?? []
    expect(messages(sealedFor(directory, id ?? '', other?.id ?? ''))).toEqual([
      `11: ${id} of ${one?.id} is sealed for ${other?.id}, who is not absorbed in it`,
    ])
  })

  it('is nobody that the directory knows: breaks 11', async () => {
    const { directory } = await tell(beginning)
    expect(messages(sealedFor(directory, 'a', 'nobody')).join()).toContain('sealed for nobody')
  })

  it('is absorbed in somebody else: breaks 11', async () => {
    const { directory, absorbedId } = await merged()
    const alone = await tell([
      ...beginning,
      merge,
      { type: 'Depersonalize', pushRegistrationId: 'a' },
    ])
    expect(messages(alone.directory)).toEqual([])
    expect(messages(sealedFor(alone.directory, 'a', absorbedId)).join()).toContain(
      `is sealed for ${absorbedId}, who is not absorbed in it`,
    )
    expect(messages(directory)).toEqual([])
  })

  it('goes round in merges: breaks 11, and the check comes to an end', async () => {
    const { directory, absorbedId } = await merged()
    const user = directory.users.get(absorbedId)
    if (user?.status !== 'merged') throw new Error('one of them is merged')
    const round = withUser(directory, { ...user, into: absorbedId })
    expect(messages(round).join()).toContain(`is sealed for ${absorbedId}`)
  })
})

describe('whom a merge seals an installation for', () => {
  const sides = async () => {
    const { events, event } = await merged()
    const at = events.indexOf(event)
    return {
      before: fold(emptyDirectory, events.slice(0, at)),
      event,
      after: fold(emptyDirectory, events.slice(0, at + 1)),
    }
  }

  it('is whom it was sealed for before', async () => {
    const { before, event, after } = await sides()
    expect(checkMerge(before, event, after)).toEqual([])
  })

  it('is the survivor, to whom it does not belong: breaks 7', async () => {
    const { before, event, after } = await sides()
    const { ownerId: _owner, ...bare } = installationOf(after, 'b')
    const taken = { ...after, installations: new Map([...after.installations, [bare.id, bare]]) }
    const { survivorId } = event.payload
    expect(checkMerge(before, event, taken).map(({ message }) => message)).toEqual([
      expect.stringContaining(`seals for ${survivorId} what b brings`),
    ])
  })

  it('may be another where a login brought it', async () => {
    const { before, event, after } = await sides()
    const byLogin = { ...event, payload: { ...event.payload, matched: [3] } }
    const { ownerId: _owner, ...bare } = installationOf(after, 'b')
    const taken = { ...after, installations: new Map([...after.installations, [bare.id, bare]]) }
    expect(checkMerge(before, byLogin, taken)).toEqual([])
  })
})

describe('what a user keeps beneath', () => {
  const cell = ({ id }: ActiveUser) => ({ value: 'Anne', at: 1, by: id, rank: 'CUSTOMER' }) as const

  it('is kept though nobody is absorbed in it: breaks 10', async () => {
    const { directory } = await tell(beginning)
    const user = ownerOf(directory)
    const hidden = { lastName: cell(user) }
    expect(messages(withUser(directory, { ...user, hidden }))).toEqual([
      `10: ${user.id} has absorbed nobody, and keeps lastName beneath`,
    ])
    expect(messages(withUser(directory, { ...user, released: [1] }))).toEqual([
      `10: ${user.id} has absorbed nobody, and keeps the identity of 1 beneath`,
    ])
  })

  it('is another value of its own under one field: breaks 10', async () => {
    const { directory, survivorId } = await merged()
    const user = ownerOf(directory)
    expect(user.id).toBe(survivorId)
    const twice = { ...user, hidden: { firstName: cell(user) } }
    expect(messages(withUser(directory, twice))).toEqual([
      `10: ${user.id} shows its own firstName, and keeps one beneath it`,
    ])
  })

  it('is an identity as released that somebody owns: breaks 10', async () => {
    const { directory } = await merged()
    const user = ownerOf(directory)
    const [owned] = Object.values(user.identities)
    const both = { ...user, released: [owned?.at ?? 0] }
    expect(messages(withUser(directory, both))).toEqual([
      `10: ${user.id} keeps the identity linked at ${owned?.at} as released, which is owned`,
    ])
  })
})

describe('the rows that a decision changes', () => {
  const saved: Json = {
    type: 'SaveUser',
    target: { pushRegistrationId: 'a' },
    user: { customAttributes: { plan: 'gold' }, phones: [] },
  }

  it('are those that are another one', async () => {
    const { events } = await tell([...beginning, saved])
    const before = fold(emptyDirectory, events.slice(0, 4))
    const after = fold(before, events.slice(4))
    expect(wrongChanges(before, after, changesBetween(before, after))).toEqual([])
  })

  it('lack one, or have one too many', async () => {
    const { events } = await tell(beginning)
    const before = fold(emptyDirectory, events.slice(0, -1))
    const directory = fold(before, events.slice(-1))
    const changes = changesBetween(before, directory)
    const names = (wrong: ReadonlyArray<string>) => wrong.map((one) => one.replace(/:.*/, ''))
    expect(names(wrongChanges(before, directory, { ...changes, users: [] }))).toEqual([
      'does not write a row that is another one',
    ])
    const idle = { key: [...directory.identities.keys()][0] as never, from: null, to: null }
    expect(
      names(
        wrongChanges(before, directory, { ...changes, identities: [idle, ...changes.identities] }),
      ),
    ).toEqual(['writes a row that is as it was'])
  })
})
