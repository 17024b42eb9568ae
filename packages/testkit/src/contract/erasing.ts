// Promises about erasure, as far as the answers of a store go: what its files hold is for its own
// tests to search.

import { isPersonalTag, type Recorded, type Store, type UserId } from '@selfsame/core'
import { type Canaries, canariesOf, checkErased } from '../laws/erasure.js'
import { sameButErased } from '../laws/results.js'
import { violationText } from '../laws/violation.js'
import { answer, holds, plain, same } from './broken.js'
import { commandIdOf, text } from './items.js'
import { expectRebuilt, expectRows } from './projections.js'
import { sightOf } from './reading.js'
import { type PortPromise, readAll, readLog, type Stage } from './stage.js'
import { accept, erasure, story } from './story.js'

interface Erased {
  readonly before: ReadonlyArray<Recorded>
  readonly ids: ReadonlyArray<UserId>
  readonly canaries: Canaries
}

/** Plays the story, and erases Ann and the two who are absorbed in her. */
const eraseAnn = async (stage: Stage): Promise<Erased> => {
  await accept(stage.engine(), story)
  const before = await readAll(stage.store)
  await accept(stage.engine(), [erasure])
  const ids = (await readAll(stage.store)).flatMap(
    (event): ReadonlyArray<UserId> =>
      event.type === 'UserErased' ? [event.payload.userId, ...event.payload.absorbed] : [],
  )
  same('how many users the story erases', ids.length, 3)
  const canaries = canariesOf(before, ids)
  holds('the story erases a user', canaries.size >= 8, 'values to look for', [...canaries])
  return { before, ids, canaries }
}

/** Looks for what was erased in everything that a store answers. */
export const expectNothingOf = async (
  when: string,
  store: Store,
  { ids, canaries }: Erased,
): Promise<void> => {
  const page = answer('users', await store.users(null, 1000)())
  const loaded = answer(
    'load',
    await store.load(
      ids.flatMap((id) => [{ kind: 'user', id } as const, { kind: 'absorbed', id } as const]),
      () => [],
    )(),
  )
  const remembered = await Promise.all(
    ['login-ann', 'merge-bob', 'erase-ann'].map((id) => store.remembered(commandIdOf(id))()),
  )
  const found = checkErased(canaries, {
    'read([], {})': plain(await readAll(store)),
    'log.read([], {})': plain(await readLog(store)),
    'users(null, 1000)': plain([
      ...page.directory.users,
      ...page.directory.installations,
      ...page.directory.identities,
      ...page.directory.tokens,
    ]),
    'load of the users who are erased': plain([
      ...loaded.directory.users,
      ...loaded.directory.installations,
      ...loaded.directory.identities,
    ]),
    'remembered(..)': plain(remembered),
  })
  same(`a user is erased, ${when}: what is still found`, found.map(violationText), [])
}

export const erasurePromises: ReadonlyArray<PortPromise> = [
  {
    promise: 'no value of somebody erased is in read, log.read, load, users or remembered',
    check: async (stage) => {
      const erased = await eraseAnn(stage)
      await expectNothingOf('at once', stage.store, erased)
      await expectRows('after an erasure', stage.store)
      await expectRebuilt('after an erasure', stage.store)
      await expectNothingOf('after a rebuild', stage.store, erased)
    },
  },
  {
    promise: 'an erasure leaves positions, order, types and everybody else as they were',
    check: async (stage) => {
      const { before, ids } = await eraseAnn(stage)
      const after = (await readAll(stage.store)).slice(0, before.length)
      same('how many events stand before the erasure', after.length, before.length)
      before.forEach((event, i) => {
        const now = after[i] ?? event
        const isTheirs = ids.some((id) => text(event).includes(id))
        holds(
          `the event at position ${event.position} after an erasure`,
          isTheirs ? sameButErased(plain(event), plain(now)) : text(event) === text(now),
          text(event),
          text(now),
        )
      })
    },
  },
  {
    promise: 'an event of somebody erased is not found by an identity any more',
    check: async (stage) => {
      const { before } = await eraseAnn(stage)
      const gone = new Set(before.flatMap((event) => sightOf(event).tags.filter(isPersonalTag)))
      const dans = 'identity:phone:48600700804'
      for (const tag of gone)
        if (tag !== dans)
          same(`read([{ tags: ["${tag}"] }])`, await readAll(stage.store, [{ tags: [tag] }]), [])
      const found = await readAll(stage.store, [{ tags: [dans] }])
      same('read of an identity that was not erased', found.length, 1)
    },
  },
  {
    promise: 'what was erased stays erased after opening again',
    needs: ['reopen'],
    check: async (stage) => {
      const erased = await eraseAnn(stage)
      const store = await stage.reopened()
      await expectNothingOf('after opening again', store, erased)
      await expectRows('after opening again', store)
      await expectRebuilt('after opening again', store)
    },
  },
]
