// Everything that decides how a few users and installations stand at a position, found by tags: a log
// of a million events is not gone through for the sake of one person.

import type { Recorded } from '../log/envelope.js'
import { installationTag, type Tag, userTag } from '../log/tags.js'
import type { Failure } from '../ports/failure.js'
import type { Store } from '../ports/store.js'
import { E, type Either, type TE } from '../prelude.js'
import type { Position, PushRegistrationId, UserId } from '../values/token.js'

/** What of a store such a search needs. */
export type Reader = Pick<Store, 'read'>

/** Whose state is wanted, and at which position. */
export interface Wanted {
  readonly users: ReadonlyArray<UserId>
  readonly installations: ReadonlyArray<PushRegistrationId>
  readonly upTo: Position
}

/** The most tags that one read asks for. */
const tagsMax = 500

/**
 * The events up to a position whose fold holds each user and installation wanted as the whole
 * directory does. A user leads to everyone it was ever merged with and to each installation it got;
 * an installation brings all its own events, but of its owners only those wanted.
 */
export const eventsAbout =
  (reader: Reader, wanted: Wanted): TE.TaskEither<Failure, ReadonlyArray<Recorded>> =>
  async () => {
    const { users, installations, upTo } = wanted
    const own = await taggedWith(reader, installations.map(installationTag), upTo)
    if (E.isLeft(own)) return own
    const holders = ownersIn(own.right)
    const owners = installations.flatMap((id) => holders.get(id) ?? [])
    const followed = new Set<UserId>([...users, ...owners])
    const asked = new Set<Tag>(installations.map(installationTag))
    const events = new Map(own.right.map((event) => [event.position, event]))
    let tags: ReadonlyArray<Tag> = [...followed].map(userTag)
    // Each round asks for a tag that was not asked before, and the log has finitely many.
    while (tags.length > 0) {
      for (const tag of tags) asked.add(tag)
      const found = await taggedWith(reader, tags, upTo)
      if (E.isLeft(found)) return found
      for (const event of found.right) events.set(event.position, event)
      const next = found.right.flatMap((event) => leads(event, followed))
      tags = [...new Set(next)].filter((tag) => !asked.has(tag))
    }
    return E.right([...events.values()].sort((a, b) => a.position - b.position))
  }

/** The events that carry any of some tags, in order. */
export const taggedWith = async (
  reader: Reader,
  tags: ReadonlyArray<Tag>,
  upTo: Position,
): Promise<Either<Failure, ReadonlyArray<Recorded>>> => {
  const events = new Map<Position, Recorded>()
  for (let i = 0; i < tags.length; i += tagsMax) {
    const query = tags.slice(i, i + tagsMax).map((tag) => ({ tags: [tag] }))
    const page = await reader.read(query, { upTo })()
    if (E.isLeft(page)) return page
    for (const event of page.right.events) events.set(event.position, event)
  }
  return E.right([...events.values()].sort((a, b) => a.position - b.position))
}

/** The tags that an event of somebody followed leads to; users that it names are followed, too. */
const leads = (event: Recorded, followed: Set<UserId>): ReadonlyArray<Tag> => {
  switch (event.type) {
    case 'InstallationRegistered':
    case 'InstallationAttached':
      return followed.has(event.payload.userId)
        ? [installationTag(event.payload.pushRegistrationId)]
        : []
    case 'UsersMerged':
    case 'UsersUnmerged': {
      const parties = [event.payload.survivorId, event.payload.absorbedId]
      if (!parties.some((id) => followed.has(id))) return []
      for (const id of parties) followed.add(id)
      const installations = event.payload.installations.map((one) => one.pushRegistrationId)
      return [...parties.map(userTag), ...installations.map(installationTag)]
    }
    case 'UserErased':
      return event.payload.installations
        .filter((moved) => followed.has(moved.userId))
        .map((moved) => installationTag(moved.pushRegistrationId))
    default:
      return []
  }
}

/** The user that an event gives an installation to; null where it ends it, undefined where neither. */
export const givenTo = (event: Recorded, id: PushRegistrationId): UserId | null | undefined =>
  givings(event).find(([given]) => given === id)?.[1]

/** The installations that an event gives to somebody, or ends: whom each is with from there on. */
const givings = (
  event: Recorded,
): ReadonlyArray<readonly [id: PushRegistrationId, to: UserId | null]> => {
  switch (event.type) {
    case 'InstallationRegistered':
    case 'InstallationAttached':
      return [[event.payload.pushRegistrationId, event.payload.userId]]
    case 'InstallationExpired':
      return [[event.payload.pushRegistrationId, null]]
    case 'UsersMerged': {
      const { installations, survivorId } = event.payload
      return installations.map((moved) => [moved.pushRegistrationId, survivorId])
    }
    case 'UsersUnmerged': {
      const { installations, absorbedId } = event.payload
      return installations.map((moved) => [moved.pushRegistrationId, absorbedId])
    }
    case 'UserErased':
      return event.payload.installations.map((moved) => [moved.pushRegistrationId, moved.userId])
    default:
      return []
  }
}

/** Who has each installation after events in order; null is nobody. */
const ownersIn = (
  events: ReadonlyArray<Recorded>,
): ReadonlyMap<PushRegistrationId, UserId | null> => new Map(events.flatMap(givings))

/** Who has an installation after events in order; null is nobody. */
export const ownerIn = (events: ReadonlyArray<Recorded>, id: PushRegistrationId): UserId | null =>
  ownersIn(events).get(id) ?? null
