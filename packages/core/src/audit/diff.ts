// What changed between two moments.

import { type Directory, emptyDirectory } from '../directory/directory.js'
import { fold } from '../directory/evolve.js'
import { eventsAbout } from '../engine/about.js'
import { installationTag, type Tag, tagsOf, userTag } from '../log/tags.js'
import type { Failure } from '../ports/failure.js'
import { E, type Either } from '../prelude.js'
import { readBackOf } from '../values/identity.js'
import {
  type Position,
  type PushRegistrationId,
  pushRegistrationId,
  type UserId,
  userId,
} from '../values/token.js'
import {
  compareIdentities,
  compareInstallations,
  compareUsers,
  type IdentityChange,
  type InstallationChange,
  type UserChange,
} from './compare.js'
import { type Answer, type At, type AuditedLog, momentOf } from './question.js'
import { replayOn, replayUpTo } from './replay.js'

/**
 * What is different at `to` from what was at `from`, whatever happened in between: users and
 * installations by field, and the owners of identities.
 * @since 0.1.0
 * @category Audit
 */
export interface Diff {
  readonly from: At
  readonly to: At
  readonly users: ReadonlyArray<UserChange>
  readonly installations: ReadonlyArray<InstallationChange>
  readonly identities: ReadonlyArray<IdentityChange>
}

export const diff =
  (log: AuditedLog, fromMoment: unknown, toMoment: unknown): Answer<Diff> =>
  async () => {
    const from = await momentOf(log, fromMoment)
    if (E.isLeft(from)) return from
    const to = await momentOf(log, toMoment)
    if (E.isLeft(to)) return to
    const [a, b] = [from.right.position, to.right.position]
    const [first, last] = a < b ? [a, b] : [b, a]
    const touched = await touchedBetween(log, first, last)
    if (E.isLeft(touched)) return touched
    const { users, installations } = touched.right
    const both = await directoriesAt(log, touched.right, first, last)
    if (E.isLeft(both)) return both
    const [before, after] = a < b ? both.right : [both.right[1], both.right[0]]
    return E.right(
      readBackOf({
        from: from.right,
        to: to.right,
        users: compareUsers(before, after, users),
        installations: compareInstallations(before, after, installations),
        identities: compareIdentities(before, after, users),
      }),
    )
  }

interface Touched {
  readonly users: ReadonlyArray<UserId>
  readonly installations: ReadonlyArray<PushRegistrationId>
}

const page_events = 5000

/** The users and installations that the events between two positions are about, in that order. */
const touchedBetween = async (
  log: AuditedLog,
  after: Position,
  upTo: Position,
): Promise<Either<Failure, Touched>> => {
  const tags = new Set<Tag>()
  for (let from = after; from < upTo; ) {
    const page = await log.read([], { after: from, upTo, limit: page_events })()
    if (E.isLeft(page)) return page
    for (const event of page.right.events) for (const tag of tagsOf(event)) tags.add(tag)
    const last = page.right.events.at(-1)
    if (last === undefined || page.right.events.length < page_events) break
    from = last.position
  }
  const named = (prefix: Tag): ReadonlyArray<string> =>
    [...tags].filter((tag) => tag.startsWith(prefix)).map((tag) => tag.slice(prefix.length))
  return E.right({
    users: named(userTag('')).map(userId),
    installations: named(installationTag('')).map(pushRegistrationId),
  })
}

/** Beyond so many it is faster to go through the whole log than to look for each by its tags. */
const touchedMax = (last: Position): number => Math.max(2000, last / 20)

const directoriesAt = async (
  log: AuditedLog,
  { users, installations }: Touched,
  first: Position,
  last: Position,
): Promise<Either<Failure, readonly [Directory, Directory]>> => {
  if (users.length + installations.length > touchedMax(last)) {
    const before = await replayUpTo(log, first)
    if (E.isLeft(before)) return before
    const after = await replayOn(log, before.right, first, last)
    return E.isLeft(after) ? after : E.right([before.right, after.right])
  }
  // Whoever had an installation at the first position and lost it since is touched as well.
  const events = await eventsAbout(log, { users, installations, upTo: last })()
  if (E.isLeft(events)) return events
  const isEarlier = ({ position }: { readonly position: Position }): boolean => position <= first
  const before = fold(emptyDirectory, events.right.filter(isEarlier))
  const after = fold(
    before,
    events.right.filter((event) => !isEarlier(event)),
  )
  return E.right([before, after])
}
