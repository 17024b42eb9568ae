// Which events give a user what it holds. The directory remembers of each value who brought it and the
// position that wrote it; from there the merges lead to the user that shows it. The events of a chain,
// folded alone, give the value: tests hold every chain to that.

import {
  type ActiveUser,
  type Attachment,
  isTag,
  type OwnedIdentity,
  type Standing,
} from '../directory/user.js'
import type { Recorded } from '../log/envelope.js'
import type { FieldKey, UsersMerged, UsersUnmerged } from '../log/event.js'
import { absurd } from '../prelude.js'
import type { Instant } from '../values/instant.js'
import type { Position, UserId } from '../values/token.js'
import type { Chronicle } from './chronicle.js'

export type Chain = ReadonlyArray<Position>

const inOrder = (positions: ReadonlyArray<Position>): Chain =>
  [...new Set(positions)].sort((a, b) => a - b)

/** One merge on the way from whoever brought something to the user that shows it. */
interface Hop {
  readonly absorbed: UserId
  readonly survivor: UserId
  readonly merged: Position
}

const hopsBetween = ({ directory }: Chronicle, from: UserId, to: UserId): ReadonlyArray<Hop> => {
  const hops: Hop[] = []
  const passed = new Set<UserId>()
  for (let id = from; id !== to; ) {
    const user = directory.users.get(id)
    // Only a forged log leads elsewhere, or in a circle: `verify` is who tells.
    if (user?.status !== 'merged' || passed.has(id)) break
    passed.add(id)
    hops.push({ absorbed: id, survivor: user.into, merged: user.merge.position })
    id = user.into
  }
  return hops
}

/** Where a thing was, from the position that wrote it on: with whom, and between which positions. */
export interface Stay {
  readonly userId: UserId
  readonly from: Position
  readonly until: Position
}

/** The stays of what was written `at` a position on the user `by`, up to the user who shows it. */
export const staysOf = (
  chronicle: Chronicle,
  user: ActiveUser,
  { by, at }: { readonly by: UserId; readonly at: Position },
): ReadonlyArray<Stay> => {
  const hops = hopsBetween(chronicle, by, user.id)
  const steps = [[by, at] as const, ...hops.map((hop) => [hop.survivor, hop.merged] as const)]
  return steps.map(([userId, from], i) => ({
    userId,
    from,
    until: steps[i + 1]?.[1] ?? Number.POSITIVE_INFINITY,
  }))
}

type Gives = (event: Recorded<UsersMerged>, hop: Hop) => boolean
/** The unmerges that gave a thing again over a hop. */
type GivesAgain = (hop: Hop) => ReadonlyArray<Recorded<UsersUnmerged>>

/**
 * The merges along the hops. Where a merge itself did not give the thing (something else won there),
 * an unmerge that settled it again did, and comes with the merge that it undoes.
 */
const along = (
  chronicle: Chronicle,
  hops: ReadonlyArray<Hop>,
  gives: Gives,
  givesAgain: GivesAgain,
): ReadonlyArray<Position> =>
  hops.flatMap((hop) => {
    const merge = chronicle.at(hop.merged)
    const users = [hop.absorbed, hop.survivor].flatMap(chronicle.born)
    if (merge?.type === 'UsersMerged' && gives(merge, hop)) return [...users, hop.merged]
    const again = givesAgain(hop).findLast(({ position }) => position > hop.merged)
    return [...users, hop.merged, ...(again === undefined ? [] : undoing(chronicle, again))]
  })

const undoing = ({ born }: Chronicle, { position, payload }: Recorded<UsersUnmerged>) => [
  ...born(payload.survivorId),
  ...born(payload.absorbedId),
  payload.merged,
  position,
]

/** The chain of a single attribute, a custom attribute, a tag or the primary mark. */
export const chainOfField = (chronicle: Chronicle, user: ActiveUser, field: FieldKey): Chain => {
  const cell = user.cells[field]
  if (cell === undefined) return []
  const hops = hopsBetween(chronicle, cell.by, user.id)
  // A mark shows only on an installation that the user has.
  const marked = user.installations.find(({ id }) => field === 'primary' && id === cell.value)
  return inOrder([
    ...(marked === undefined ? [] : chainOfInstallation(chronicle, user, marked)),
    ...chronicle.born(cell.by),
    cell.at,
    ...along(
      chronicle,
      hops,
      // Tags are a union: whoever was absorbed with one brings it.
      ({ position }, { survivor }) =>
        isTag(field) ||
        chronicle
          .settled(survivor, field)
          .some(
            ({ event, as }) =>
              event.position === position && 'taken' in as && as.taken === 'absorbed',
          ),
      ({ absorbed, survivor }) =>
        chronicle
          .settled(survivor, field)
          .flatMap(({ event, as }) =>
            event.type === 'UsersUnmerged' && 'from' in as && as.from === absorbed ? [event] : [],
          ),
    ),
  ])
}

/** The chain of an identity. */
export const chainOfIdentity = (
  chronicle: Chronicle,
  user: ActiveUser,
  { at, by }: OwnedIdentity,
): Chain =>
  inOrder([
    ...chronicle.born(by),
    at,
    ...along(
      chronicle,
      hopsBetween(chronicle, by, user.id),
      ({ payload }) => payload.identities.moved.includes(at),
      ({ survivor }) =>
        chronicle
          .mergesOf(survivor)
          .flatMap((event) =>
            event.type === 'UsersUnmerged' &&
            event.payload.identities.regained.some(({ position }) => position === at)
              ? [event]
              : [],
          ),
    ),
  ])

/** The chain of an installation: its registration, the event by which it came, and merges since. */
export const chainOfInstallation = (
  chronicle: Chronicle,
  user: ActiveUser,
  { id, at, matched }: Attachment,
): Chain => {
  const joined = chronicle.at(at)
  const first = joined === undefined ? user.id : (joinedUser(joined, id) ?? user.id)
  return inOrder([
    ...chronicle.registered(id),
    ...chronicle.born(first),
    ...matched.filter((position) => chronicle.at(position) !== undefined),
    ...(joined?.type === 'UsersUnmerged' ? undoing(chronicle, joined) : [at]),
    ...along(
      chronicle,
      hopsBetween(chronicle, first, user.id),
      () => true,
      () => [],
    ),
  ])
}

/** The user that an installation joined by an event. */
const joinedUser = (event: Recorded, id: string): UserId | undefined => {
  switch (event.type) {
    case 'InstallationRegistered':
    case 'InstallationAttached':
      return event.payload.userId
    case 'UsersUnmerged':
      return event.payload.absorbedId
    case 'UserErased':
      return event.payload.installations.find((moved) => moved.pushRegistrationId === id)?.userId
    default:
      return undefined
  }
}

type StandingField = 'type' | 'promotedAt' | 'createdAt'

/** What a user has of a standing field, by itself and as shown. */
const standingIn = (field: StandingField, user: ActiveUser) => {
  const of = (standing: Standing, createdAt: Instant): string | null => {
    switch (field) {
      case 'createdAt':
        return createdAt
      case 'type':
      case 'promotedAt':
        return standing.type === 'CUSTOMER' ? standing.promotedAt : null
      default:
        return absurd(field)
    }
  }
  return {
    own: of(user.own.standing, user.own.createdAt),
    shown: of(user.standing, user.createdAt),
  }
}

/** The chain of a user's type, promotedAt or createdAt. */
export const chainOfStanding = (
  chronicle: Chronicle,
  user: ActiveUser,
  field: StandingField,
): Chain => {
  const { own, shown } = standingIn(field, user)
  const promotion = (id: UserId): ReadonlyArray<Position> =>
    field === 'createdAt' ? [] : chronicle.promoted(id)
  if (own === shown)
    return inOrder([...chronicle.born(user.id), ...(own === null ? [] : promotion(user.id))])
  const source = standingSource(chronicle, user, field, shown)
  const settled = chronicle.mergesOf(user.id).at(-1)
  return inOrder([
    ...chronicle.born(source),
    ...promotion(source),
    ...along(
      chronicle,
      hopsBetween(chronicle, source, user.id),
      () => true,
      () => [],
    ),
    ...(settled?.type === 'UsersUnmerged' ? undoing(chronicle, settled) : []),
    ...(settled?.type === 'UsersMerged'
      ? [
          ...chronicle.born(settled.payload.absorbedId),
          ...chronicle.born(user.id),
          settled.position,
        ]
      : []),
  ])
}

/** Whoever has by itself what a user shows by its merges. */
const standingSource = (
  { directory }: Chronicle,
  user: ActiveUser,
  field: StandingField,
  shown: string | null,
): UserId => {
  let at = user
  while (standingIn(field, at).own !== shown) {
    const next = (directory.absorbed.get(at.id) ?? [])
      .flatMap((id) => {
        const one = directory.users.get(id)
        return one?.status === 'merged' && one.kept !== null ? [one.kept] : []
      })
      .find((kept) => standingIn(field, kept).shown === shown)
    if (next === undefined) break
    at = next
  }
  return at.id
}
