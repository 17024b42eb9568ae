// Each invariant over a log and a directory: held by what the engine recorded, and named when either
// of the two is falsified.

import {
  type ActiveUser,
  type Directory,
  type EventType,
  emptyDirectory,
  fold,
  type Json,
  type Recorded,
  type User,
} from '@selfsame/core'
import {
  canariesOf,
  checkErased,
  checkInvariants,
  checkMerge,
  checkState,
  type Promised,
  type Violation,
} from '@selfsame/testkit'
import { describe, expect, it, test } from 'vitest'
import { beginning, eraseAnn, merge, type Told, tell } from './story.js'

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value))
const named = (violations: ReadonlyArray<Violation>): ReadonlyArray<Promised> => [
  ...new Set(violations.map(({ invariant }) => invariant)),
]

const activeUsers = (directory: Directory): ReadonlyArray<ActiveUser> =>
  [...directory.users.values()].flatMap((user) => (user.status === 'active' ? [user] : []))

const owners = (directory: Directory): readonly [ActiveUser, ActiveUser] => {
  const [one, other] = activeUsers(directory).filter((user) => user.installations.length > 0)
  if (one === undefined || other === undefined) throw new Error('the story has two owners')
  return [one, other]
}

/** The directory with users in the place of those with the same ids. */
const withUsers = (directory: Directory, ...users: ReadonlyArray<User>): Directory => ({
  ...directory,
  users: new Map([
    ...directory.users,
    ...users.map((user): readonly [User['id'], User] => [user.id, user]),
  ]),
})

const unmerge = async (): Promise<ReadonlyArray<Json>> => {
  const { events } = await tell([...beginning, merge])
  const merged = events.find((event) => event.type === 'UsersMerged')
  if (merged === undefined) throw new Error('nobody was merged')
  const { survivorId, absorbedId } = merged.payload
  return [
    ...beginning,
    merge,
    { type: 'UnmergeUsers', survivor: { userId: survivorId }, absorbed: absorbedId },
  ]
}

describe('a log that the engine recorded', () => {
  it.each([
    ['of logins', async () => beginning],
    ['with a merge', async () => [...beginning, merge]],
    ['with a merge that is undone', unmerge],
    ['with an erasure', async () => [...beginning, merge, eraseAnn]],
  ] as const)('%s holds every invariant', async (_, commands) => {
    const { events, directory } = await tell(await commands())
    expect(checkInvariants(events, directory)).toEqual([])
  })

  it('is empty at first', () => {
    expect(checkInvariants([], emptyDirectory)).toEqual([])
  })
})

describe('a directory that is falsified', () => {
  const falsified: ReadonlyArray<readonly [string, Promised, (directory: Directory) => Directory]> =
    [
      [
        'an identity has another owner than its user',
        1,
        (directory) => {
          const [one, other] = owners(directory)
          const [key] = Object.values(one.identities).map((identity) => identity.key)
          if (key === undefined) return directory
          return { ...directory, identities: new Map([...directory.identities, [key, other.id]]) }
        },
      ],
      [
        'an email is compared with its case',
        1,
        (directory) => ({
          ...directory,
          identities: new Map(
            [...directory.identities].map(([key, id]) => [key.toUpperCase() as typeof key, id]),
          ),
        }),
      ],
      [
        'an installation is kept by two users',
        2,
        (directory) => {
          const [one, other] = owners(directory)
          const installations = [...other.installations, ...one.installations]
          return withUsers(directory, { ...other, installations })
        },
      ],
      [
        'an installation belongs to nobody',
        2,
        (directory) => {
          const [one] = owners(directory)
          return withUsers(directory, { ...one, installations: [] })
        },
      ],
      [
        'an alias goes round',
        3,
        (directory) => {
          const [one, other] = owners(directory)
          const into = (user: ActiveUser, id: User['id']): User => ({
            status: 'merged',
            id: user.id,
            into: id,
            merge: {
              position: 1,
              policy: 'survivor-first',
              survivorType: 'LEAD',
              sides: {},
              dataLeft: false,
              released: [],
            },
            kept: null,
          })
          return withUsers(directory, into(one, other.id), into(other, one.id))
        },
      ],
      [
        'an erased user still owns its identities',
        3,
        (directory) => {
          const [one] = owners(directory)
          return withUsers(directory, { status: 'erased', id: one.id })
        },
      ],
      [
        'the primary is the installation of another user',
        4,
        (directory) => {
          const [one, other] = owners(directory)
          const primary = one.cells.primary
          return primary === undefined
            ? directory
            : withUsers(directory, { ...other, cells: { ...other.cells, primary } })
        },
      ],
      [
        'a LEAD is a CUSTOMER without an event',
        5,
        (directory) => {
          const [, other] = owners(directory)
          const standing = { type: 'CUSTOMER', promotedAt: other.createdAt } as const
          return withUsers(directory, { ...other, standing })
        },
      ],
      [
        'a tag is lost',
        6,
        (directory) => {
          const [one] = owners(directory)
          const { 'tags.vip': _lost, ...cells } = one.cells
          return withUsers(directory, { ...one, cells })
        },
      ],
    ]

  test.each(falsified)('%s: breaks %s', async (_, invariant, falsify) => {
    const { events, directory } = await tell(beginning)
    expect(named(checkInvariants(events, falsify(directory)))).toContain(invariant)
  })

  it.each(falsified.filter(([, invariant]) => invariant === 1 || invariant === 2).slice(0, 3))(
    '%s: is seen without a log, too',
    async (_, invariant, falsify) => {
      const { directory } = await tell(beginning)
      expect(named(checkState(falsify(directory)))).toContain(invariant)
    },
  )
})

describe('a merge that is falsified', () => {
  const sides = async () => {
    const { events } = await tell([...beginning, merge])
    const at = events.findIndex((event) => event.type === 'UsersMerged')
    const event = events[at]
    if (event?.type !== 'UsersMerged') throw new Error('nobody was merged')
    return {
      before: fold(emptyDirectory, events.slice(0, at)),
      event,
      after: fold(emptyDirectory, events.slice(0, at + 1)),
    }
  }

  it('holds as it was recorded', async () => {
    const { before, event, after } = await sides()
    expect(checkMerge(before, event, after)).toEqual([])
  })

  it.each(['tags.new', 'lastName', 'firstName'])('loses %s: breaks 7', async (field) => {
    const { before, event, after } = await sides()
    const [survivor] = activeUsers(after).filter(({ id }) => id === event.payload.survivorId)
    if (survivor === undefined) throw new Error('the survivor lives')
    const cells = Object.fromEntries(
      Object.entries(survivor.cells).filter(([name]) => name !== field),
    )
    const found = checkMerge(before, event, withUsers(after, { ...survivor, cells }))
    expect(named(found)).toEqual([7])
  })

  it('does not name a field that it drops: breaks 7', async () => {
    const { before, event, after } = await sides()
    const silent = { ...event, payload: { ...event.payload, fields: [] } }
    expect(named(checkMerge(before, silent, after))).toEqual([7])
  })
})

describe('a log that is falsified', () => {
  const without = (told: Told, type: EventType): ReadonlyArray<Recorded> =>
    told.events.filter((event) => event.type !== type)

  it('lacks an event: breaks the positions', async () => {
    const told = await tell(beginning)
    expect(named(checkInvariants(without(told, 'ProfilePromoted')))).toContain('log')
  })

  it('has an event twice: breaks the positions and the ids', async () => {
    const { events } = await tell(beginning)
    const found = checkInvariants([...events, ...events.slice(-1)])
    expect(found.map(({ message }) => message).join(' ')).toContain('the id')
    expect(named(found)).toContain('log')
  })

  it('goes back in time: breaks the order', async () => {
    const { events } = await tell(beginning)
    const [first] = events
    const [last] = events.slice(-1)
    if (first === undefined || last === undefined) throw new Error('the story has events')
    const early = { ...last, recordedAt: '2000-01-01T00:00:00.000Z' as typeof last.recordedAt }
    expect(named(checkInvariants([...events.slice(0, -1), early]))).toContain('log')
  })

  it('has a command id in two appends: breaks 8', async () => {
    const { events } = await tell(beginning)
    const commandId = 'once' as NonNullable<Recorded['commandId']>
    const twice = events.map((event, i) => (i === 0 || i > 4 ? { ...event, commandId } : event))
    expect(named(checkInvariants(twice))).toContain(8)
  })
})

describe('an erasure', () => {
  it('leaves no value that was only the person’s own', async () => {
    const before = await tell(beginning)
    const [ann] = activeUsers(before.directory).filter((user) => user.cells.firstName !== undefined)
    if (ann === undefined) throw new Error('Ann is in the story')
    const canaries = canariesOf(before.events, [ann.id])
    expect([...canaries]).toEqual(expect.arrayContaining(['48600700800', 'token of a']))
    const after = await tell([...beginning, eraseAnn])
    expect(checkErased(canaries, { 'the log': plain(after.events) })).toEqual([])
    expect(named(checkErased(canaries, { 'the log': plain(before.events) }))).toEqual([11])
  })
})
