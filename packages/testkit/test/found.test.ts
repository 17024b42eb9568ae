// Bugs of core that the random sequences found, each at its smallest.

import {
  emptyDirectory,
  fold,
  type Json,
  openEngine,
  type Receipt,
  type Recorded,
  type Store,
} from '@selfsame/core'
import { checkFolds, checkInvariants, countingIds, steppingClock } from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { openMemory } from './memory.js'

const openStory = async () => {
  const store = await openMemory(steppingClock())
  const engine = openEngine({ store, idSource: countingIds() })
  const accept = async (command: Json): Promise<Receipt> => {
    const result = await engine.execute(command)()
    if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
    return result.right
  }
  return { store, engine, accept }
}

const logOf = async (store: Store): Promise<ReadonlyArray<Recorded>> => {
  const page = await store.read([], {})()
  return E.isRight(page) ? page.right.events : []
}

const register = (id: string): Json => ({
  type: 'RegisterInstallation',
  pushRegistrationId: id,
  applicationId: 'shop',
})

test('a receipt given again shows the installation that an erasure gave to a new user', async () => {
  const { accept } = await openStory()
  await accept(register('a'))
  await accept({ type: 'EraseUser', target: { pushRegistrationId: 'a' }, reason: 'asked' })
  const save: Json = {
    type: 'SaveInstallation',
    pushRegistrationId: 'a',
    isPrimaryDevice: false,
    commandId: 'save-1',
  }
  const first = await accept(save)
  expect(first.user?.installations).toHaveLength(1)
  expect(await accept(save)).toEqual(first)
})

test('a fold continued from any position can write on a user that it merges and unmerges', async () => {
  const { store, accept } = await openStory()
  const absorbed = (await accept(register('a'))).user?.id ?? ''
  await accept(register('b'))
  const survivor = { pushRegistrationId: 'b' }
  await accept({ type: 'MergeUsers', users: [{ userId: absorbed }, survivor], survivor })
  await accept({ type: 'UnmergeUsers', survivor, absorbed })
  await accept({
    type: 'Personalize',
    pushRegistrationId: 'a',
    userIdentity: { phones: ['+48 600 700 800'] },
  })
  const events = await logOf(store)
  const directory = fold(emptyDirectory, events)
  for (const { position } of events)
    expect(checkFolds(events, directory, directory, position)).toEqual([])
})

test('a plan executed twice is recorded once', async () => {
  const { store, engine, accept } = await openStory()
  const preview = await engine.preview({
    type: 'CreateUser',
    userIdentity: { phones: ['48600700800'] },
  })()
  if (E.isLeft(preview) || preview.right.outcome !== 'planned') throw new Error('there is a plan')
  const plan: Json = JSON.parse(JSON.stringify(preview.right.plan))
  const first = await accept(plan)
  await accept({ type: 'SaveUser', target: { phone: '48600700800' }, user: { phones: [] } })
  expect(await accept(plan)).toEqual(first)
  const events = await logOf(store)
  expect(events.filter((event) => event.type === 'UserCreated')).toHaveLength(1)
  expect(checkInvariants(events)).toEqual([])
})

test('tags that one write added and removed since a merge are both kept', async () => {
  const { accept } = await openStory()
  const absorbed = (await accept(register('a'))).user?.id ?? ''
  await accept(register('b'))
  const survivor = { pushRegistrationId: 'b' }
  await accept({ type: 'SaveUser', target: survivor, user: { tags: ['old'] } })
  await accept({ type: 'MergeUsers', users: [{ userId: absorbed }, survivor], survivor })
  await accept({ type: 'SaveUser', target: survivor, user: { tags: ['new'] } })
  const { kept } = await accept({ type: 'UnmergeUsers', survivor, absorbed })
  expect(kept?.map(({ field, value }) => [field, value])).toEqual([
    ['tags', 'new'],
    ['tags', null],
  ])
})
