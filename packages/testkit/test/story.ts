// A short story with everything that the laws look at: logins, a merge and its unmerge, a primary that
// moves, an erasure.

import {
  type Directory,
  emptyDirectory,
  fold,
  type Json,
  openEngine,
  type Recorded,
} from '@selfsame/core'
import { countingIds, steppingClock } from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { openMemory } from './memory.js'

export interface Told {
  readonly events: ReadonlyArray<Recorded>
  readonly directory: Directory
}

const register = (id: string): Json => ({
  type: 'RegisterInstallation',
  pushRegistrationId: id,
  applicationId: 'shop',
  device: { pushServiceType: 'fcm', pushServiceToken: `token of ${id}` },
})
const login = (id: string, phone: string, more: Readonly<Record<string, Json>> = {}): Json => ({
  type: 'Personalize',
  pushRegistrationId: id,
  userIdentity: { phones: [phone] },
  ...more,
})

const ann = '48600700800'
const bob = '48600700801'

/** Two people with an installation each; Ann's is primary. */
export const beginning: ReadonlyArray<Json> = [
  register('a'),
  register('b'),
  login('a', ann, { setAsPrimary: true, userAttributes: { firstName: 'Ann', tags: ['vip'] } }),
  login('b', bob, { keepAsLead: true, userAttributes: { lastName: 'Bobson', tags: ['new'] } }),
]

export const merge: Json = { type: 'MergeUsers', users: [{ phone: ann }, { phone: bob }] }
export const eraseAnn: Json = { type: 'EraseUser', target: { phone: ann }, reason: 'asked' }

/** Plays commands; all must be accepted. */
export const tell = async (commands: ReadonlyArray<Json>): Promise<Told> => {
  const store = await openMemory(steppingClock())
  const engine = openEngine({ store, idSource: countingIds() })
  for (const result of await engine.executeAll(commands)())
    if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  const page = await store.read([], {})()
  if (E.isLeft(page)) throw new Error(page.left.message)
  const { events } = page.right
  return { events, directory: fold(emptyDirectory, events) }
}
