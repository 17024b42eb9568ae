// The events of one person, to be looked up: each question is answered from an index made in one pass,
// for a life may hold thousands of merges, and every thing explained asks again.

import type { Directory } from '../directory/directory.js'
import type { Recorded } from '../log/envelope.js'
import type {
  FieldKey,
  MergedField,
  UnmergedField,
  UsersMerged,
  UsersUnmerged,
} from '../log/event.js'
import type { Position, PushRegistrationId, UserId } from '../values/token.js'

/** How a merge, or an unmerge that settled it again, settled one field. */
export type Settled =
  | { readonly event: Recorded<UsersMerged>; readonly as: MergedField }
  | { readonly event: Recorded<UsersUnmerged>; readonly as: UnmergedField }

/** The events of one person, and the directory as they make it. */
export interface Chronicle {
  readonly directory: Directory
  readonly events: ReadonlyArray<Recorded>
  readonly at: (position: Position) => Recorded | undefined
  /** The position that created a user. */
  readonly born: (id: UserId) => ReadonlyArray<Position>
  /** The last position that promoted a user by itself. */
  readonly promoted: (id: UserId) => ReadonlyArray<Position>
  /** The position that registered an installation. */
  readonly registered: (id: PushRegistrationId) => ReadonlyArray<Position>
  /** The merges into a survivor and their unmerges, in order. */
  readonly mergesOf: (
    survivor: UserId,
  ) => ReadonlyArray<Recorded<UsersMerged> | Recorded<UsersUnmerged>>
  /** Where a field of a survivor was settled, in order. */
  readonly settled: (survivor: UserId, field: FieldKey) => ReadonlyArray<Settled>
  /** The position that undid the merge at another. */
  readonly undone: (merged: Position) => Position | null
}

export const openChronicle = (directory: Directory, events: ReadonlyArray<Recorded>): Chronicle => {
  const byPosition = new Map<Position, Recorded>()
  const births = new Map<UserId, Position>()
  const promotions = new Map<UserId, Position>()
  const registrations = new Map<PushRegistrationId, Position>()
  const merges = new Map<UserId, Array<Recorded<UsersMerged> | Recorded<UsersUnmerged>>>()
  const settlings = new Map<UserId, Map<FieldKey, Settled[]>>()
  const ends = new Map<Position, Position>()

  const settle = (survivor: UserId, one: Settled): void => {
    const ofSurvivor = settlings.get(survivor) ?? new Map<FieldKey, Settled[]>()
    settlings.set(survivor, ofSurvivor)
    push(ofSurvivor, one.as.field, one)
  }

  for (const event of events) {
    byPosition.set(event.position, event)
    switch (event.type) {
      case 'UserCreated':
        births.set(event.payload.userId, event.position)
        break
      case 'ProfilePromoted':
        promotions.set(event.payload.userId, event.position)
        break
      case 'InstallationRegistered':
        // In a forged log an id may be registered again: the first is the one that counts.
        if (!registrations.has(event.payload.pushRegistrationId))
          registrations.set(event.payload.pushRegistrationId, event.position)
        break
      case 'UsersMerged':
        push(merges, event.payload.survivorId, event)
        for (const as of event.payload.fields) settle(event.payload.survivorId, { event, as })
        break
      case 'UsersUnmerged':
        push(merges, event.payload.survivorId, event)
        for (const as of event.payload.fields) settle(event.payload.survivorId, { event, as })
        if (!ends.has(event.payload.merged)) ends.set(event.payload.merged, event.position)
        break
      default:
    }
  }
  return {
    directory,
    events,
    at: (position) => byPosition.get(position),
    born: (id) => [births.get(id) ?? []].flat(),
    promoted: (id) => [promotions.get(id) ?? []].flat(),
    registered: (id) => [registrations.get(id) ?? []].flat(),
    mergesOf: (survivor) => merges.get(survivor) ?? [],
    settled: (survivor, field) => settlings.get(survivor)?.get(field) ?? [],
    undone: (merged) => ends.get(merged) ?? null,
  }
}

/** Adds to the list under a key. */
export const push = <K, V>(lists: Map<K, V[]>, key: K, one: V): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [one])
  else list.push(one)
}
