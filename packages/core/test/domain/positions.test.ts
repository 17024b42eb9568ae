// What holds at every position of the log, between the events of one append too (domain.md section 12).

import { describe, expect, it } from 'vitest'
import { activeUser, resolve } from '../../src/directory/directory.js'
import {
  type Directory,
  emptyDirectory,
  evolve,
  fold,
  type Recorded,
  rowsOf,
} from '../../src/index.js'
import {
  createByPhone,
  createUser,
  depersonalize,
  expire,
  merge,
  personalize,
  phoneNo,
  register,
  setPrimary,
} from '../support/commands.js'
import { lastErasure, play } from '../support/scenario.js'
import { openWorld } from '../support/world.js'

const played = async (): Promise<ReadonlyArray<Recorded>> => {
  const world = await play()
  await world.runAll([
    register('p', { device: { pushServiceToken: 'p' } }),
    personalize('p', { externalUserId: 'p' }, { setAsPrimary: true }),
    personalize('p', { externalUserId: 'q' }, { forceDepersonalize: true, setAsPrimary: true }),
    depersonalize('p'),
    setPrimary('p'),
    register('q', { device: { pushServiceToken: 'p' } }),
    createByPhone(phoneNo(9)),
    merge([{ phone: phoneNo(9) }, { externalUserId: 'q' }]),
    createUser('z'),
    register('z'),
    personalize('z', { externalUserId: 'z' }),
    expire('z'),
  ])
  const before = await world.log()
  return [...before, ...(await world.run(lastErasure)).events]
}

const at = (events: ReadonlyArray<Recorded>): ReadonlyArray<Directory> => {
  const states: Directory[] = []
  events.reduce((directory, event) => {
    const next = evolve(directory, event)
    states.push(next)
    return next
  }, emptyDirectory)
  return states
}

describe('at every position', () => {
  it('an identity has at most one owner, and the owner is active', async () => {
    for (const directory of at(await played())) {
      for (const [key, id] of directory.identities)
        expect(activeUser(directory, id)?.identities).toHaveProperty([key])
      for (const user of directory.users.values())
        if (user.status === 'active')
          for (const key of Object.keys(user.identities))
            expect([...directory.identities]).toContainEqual([key, user.id])
    }
  })

  it('an active installation belongs to exactly one active user', async () => {
    for (const directory of at(await played())) {
      const owners = [...directory.users.values()].flatMap((user) =>
        user.status === 'active' ? user.installations.map(({ id }) => [id, user.id] as const) : [],
      )
      const active = [...directory.installations.values()].flatMap((one) =>
        one.status === 'active' ? [[one.id, one.userId] as const] : [],
      )
      expect(owners.sort()).toEqual(active.sort())
    }
  })

  it('aliases are acyclic and end at an active or erased user', async () => {
    for (const directory of at(await played()))
      for (const id of directory.users.keys())
        expect(['active', 'erased']).toContain(resolve(directory, id)?.status)
  })

  it('at most one primary installation per user, and it is one of its own', async () => {
    for (const directory of at(await played()))
      for (const user of directory.users.values()) {
        const mark = user.status === 'active' ? user.cells.primary?.value : undefined
        if (mark !== undefined && user.status === 'active')
          expect(user.installations.map(({ id }) => id)).toContain(mark)
      }
  })

  it('each step from LEAD to CUSTOMER is one ProfilePromoted, UsersMerged or creation; only UsersUnmerged goes back', async () => {
    const events = await played()
    const states = at(events)
    events.forEach((event, i) => {
      for (const user of states[i]?.users.values() ?? []) {
        const before = i === 0 ? undefined : activeUser(states[i - 1] ?? emptyDirectory, user.id)
        if (user.status !== 'active') continue
        const [was, is] = [before?.standing.type ?? 'LEAD', user.standing.type]
        if (was === is) continue
        const steps =
          is === 'CUSTOMER'
            ? ['ProfilePromoted', 'UsersMerged', 'UserCreated', 'UsersUnmerged']
            : ['UsersUnmerged']
        expect(steps).toContain(event.type)
      }
    })
  })

  it('the fold of the log equals the fold of any prefix continued by the rest', async () => {
    const events = await played()
    const states = at(events)
    const whole = rowsOf(fold(emptyDirectory, events))
    for (const [i, state] of states.entries())
      expect(rowsOf(fold(state, events.slice(i + 1)))).toEqual(whole)
  })
})

describe('a primary mark that is lost', () => {
  it('by detaching, moving or expiring is a PrimaryCleared before it', async () => {
    const marked = [
      register('i'),
      personalize('i', { externalUserId: 'a' }, { setAsPrimary: true }),
    ]
    for (const lost of [
      depersonalize('i'),
      expire('i'),
      personalize('i', { externalUserId: 'b' }, { forceDepersonalize: true }),
    ]) {
      const world = openWorld()
      await world.runAll(marked)
      const types = (await world.run(lost)).events
        .map(({ type }) => type)
        .filter((type) => type !== 'UserCreated')
      expect(types[0]).toBe('PrimaryCleared')
    }
  })
})
