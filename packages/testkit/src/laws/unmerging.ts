// Invariant 10, seen at one event: an unmerge gives back the user as it was absorbed, and where the
// merge was the last thing written, the whole directory as it was.

import {
  type ActiveUser,
  type Directory,
  differencesBetween,
  type EventOf,
  emptyDirectory,
  type Position,
  type Recorded,
  rowsOf,
  type User,
  type UserId,
} from '@selfsame/core'
import { type Violation, violation } from './violation.js'

/** What stood before a merge that has not been undone yet. */
export interface MergeToUndo {
  readonly position: Position
  readonly before: Directory
}

type Unmerge = Recorded & EventOf<'UsersUnmerged'>

/**
 * Checks one `UsersUnmerged`, given what stood before the merge that it undoes, and the directory
 * before and after the event itself.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkUnmerge = (
  merge: MergeToUndo | undefined,
  before: Directory,
  event: Unmerge,
  after: Directory,
): ReadonlyArray<Violation> => {
  const { survivorId, absorbedId, merged } = event.payload
  if (merge === undefined || merge.position !== merged)
    return [
      violation(
        10,
        `UsersUnmerged undoes the merge at ${merged}, which does not stand`,
        event.position,
      ),
    ]
  const was = merge.before.users.get(absorbedId)
  const is = after.users.get(absorbedId)
  const messages = [
    ...(was?.status === 'active' && is?.status === 'active'
      ? [...notAsBefore(was, is, event), ...leftBehind(was, before.users.get(survivorId), is)]
      : [`does not bring ${absorbedId} back`]),
    ...wronglyNamed(before.users.get(survivorId), after.users.get(survivorId), event),
    ...(merged === event.position - 1 ? differing(merge.before, after) : []),
  ]
  return messages.map((message) =>
    violation(10, `UsersUnmerged of ${absorbedId} from ${survivorId} ${message}`, event.position),
  )
}

/** Everything but its identities and installations, which may have gone their own way since. */
const notAsBefore = (was: ActiveUser, is: ActiveUser, event: Unmerge): ReadonlyArray<string> => {
  const joined = event.payload.installations.filter((one) => one.joinedSince)
  const has = new Set([
    ...was.installations.map(({ id }) => id),
    ...joined.map((one) => one.pushRegistrationId),
  ])
  return [
    ...differing(withUser(comparable(was)), withUser(comparable(is))),
    ...Object.values(is.identities)
      .filter(({ key, at }) => was.identities[key]?.at !== at)
      .map(({ at }) => `gives it the identity linked at ${at}, which it did not have`),
    ...is.installations
      .filter(({ id }) => !has.has(id))
      .map(({ id }) => `gives it ${id}, which it did not have`),
  ]
}

/** What the survivor still has by the very link that the absorbed user brought goes back with it. */
const leftBehind = (
  was: ActiveUser,
  survivor: User | undefined,
  is: ActiveUser,
): ReadonlyArray<string> =>
  survivor?.status !== 'active'
    ? []
    : [
        ...Object.values(was.identities)
          .filter(
            ({ key, at }) => survivor.identities[key]?.at === at && is.identities[key]?.at !== at,
          )
          .map(({ at }) => `leaves the identity linked at ${at} behind`),
        ...was.installations
          .filter(({ id, at }) =>
            survivor.installations.some((one) => one.id === id && one.at === at),
          )
          .filter(({ id }) => !is.installations.some((one) => one.id === id))
          .map(({ id }) => `leaves the installation ${id} behind`),
      ]

/** What is decided again is named once, with its source, and nothing else is: the log explains itself. */
const wronglyNamed = (
  before: User | undefined,
  after: User | undefined,
  { payload: { fields } }: Unmerge,
): ReadonlyArray<string> => {
  if (before?.status !== 'active' || after?.status !== 'active') return []
  const sourceIn = (user: ActiveUser, field: string): string => {
    const cell = user.cells[field]
    return cell === undefined ? 'nobody' : `${cell.by} at ${cell.at}`
  }
  const named = fields.map(({ field }) => field)
  const shown = new Set([...Object.keys(before.cells), ...Object.keys(after.cells)])
  return [
    ...named.flatMap((field, i) => (named.indexOf(field) === i ? [] : [`names ${field} twice`])),
    ...fields.flatMap(({ field, source }) => {
      const told = source === null ? 'nobody' : `${source.userId} at ${source.position}`
      const is = sourceIn(after, field)
      return told === is ? [] : [`names ${told} as the source of ${field}, which is ${is}`]
    }),
    ...[...shown]
      .filter((field) => !field.startsWith('tags.'))
      .filter(
        (field) => (sourceIn(before, field) !== sourceIn(after, field)) !== named.includes(field),
      )
      .map((field) =>
        named.includes(field) ? `names ${field}, which stays` : `changes ${field} unnamed`,
      ),
  ]
}

const comparable = (user: ActiveUser): ActiveUser => {
  const { primary: _mark, ...cells } = user.cells
  return { ...user, cells, identities: {}, installations: [] }
}

const withUser = (user: ActiveUser): Pick<Directory, 'users'> => ({
  users: new Map<UserId, ActiveUser>([[user.id, user]]),
})

const differing = (
  before: Pick<Directory, 'users'> & Partial<Directory>,
  after: Pick<Directory, 'users'> & Partial<Directory>,
): ReadonlyArray<string> =>
  differencesBetween(
    rowsOf({ ...emptyDirectory, ...before }),
    rowsOf({ ...emptyDirectory, ...after }),
    3,
  )
    .filter((one) => ![one.stored, one.rebuilt].some((row) => row?.includes('\\u0000erased')))
    .map(
      ({ table, key, stored, rebuilt }) =>
        `leaves ${table} ${key} as ${rebuilt ?? 'nothing'}, which was ${stored ?? 'nothing'}`,
    )
