// The directory as of a position, for a few users and installations: only the events that concern
// them, or anybody they were merged with, are read and folded.

import type { Subject } from '../commands/decision.js'
import { type Directory, emptyDirectory } from '../directory/directory.js'
import { fold } from '../directory/evolve.js'
import type { Recorded } from '../log/envelope.js'
import { installationTag, type Tag, userTag } from '../log/tags.js'
import type { Failure } from '../ports/failure.js'
import type { Store } from '../ports/store.js'
import { E, type TE } from '../prelude.js'
import type { Position } from '../values/token.js'

/** The slice of the directory that shows a subject as it was at a position. */
export const subjectAt =
  (
    store: Store,
    { userId, installationId }: Subject,
    upTo: Position,
  ): TE.TaskEither<Failure, Directory> =>
  async () => {
    const asked = new Set<Tag>()
    const events = new Map<Position, Recorded>()
    let tags: ReadonlyArray<Tag> = [
      ...(userId === null ? [] : [userTag(userId)]),
      ...(installationId === null ? [] : [installationTag(installationId)]),
    ]
    while (tags.length > 0) {
      for (const tag of tags) asked.add(tag)
      const page = await store.read(
        tags.map((tag) => ({ tags: [tag] })),
        { upTo },
      )()
      if (E.isLeft(page)) return page
      for (const event of page.right.events) events.set(event.position, event)
      tags = [...new Set(page.right.events.flatMap(concerns))].filter((tag) => !asked.has(tag))
    }
    const inOrder = [...events.values()].sort((a, b) => a.position - b.position)
    return E.right(fold(emptyDirectory, inOrder))
  }

/** Whose own events an event can only be understood with. */
const concerns = (event: Recorded): ReadonlyArray<Tag> => {
  switch (event.type) {
    case 'InstallationRegistered':
    case 'InstallationAttached':
      return [installationTag(event.payload.pushRegistrationId), userTag(event.payload.userId)]
    case 'UsersMerged':
    case 'UsersUnmerged':
      return [
        userTag(event.payload.survivorId),
        userTag(event.payload.absorbedId),
        ...event.payload.installations.map((one) => installationTag(one.pushRegistrationId)),
      ]
    case 'UserErased':
      return event.payload.installations.map((one) => installationTag(one.pushRegistrationId))
    default:
      return []
  }
}
