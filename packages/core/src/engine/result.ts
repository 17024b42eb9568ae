// What a command gives back: a receipt, or a refusal (domain.md section 11), as plain JSON.

import type { Subject } from '../commands/decision.js'
import { activeUser, type Directory } from '../directory/directory.js'
import type { Reason } from '../directory/refusal.js'
import { type ActiveUser, isTag, nameIn } from '../directory/user.js'
import {
  type InstallationView,
  type UserView,
  viewInstallation,
  viewUser,
} from '../directory/view.js'
import type { Recorded } from '../log/envelope.js'
import type { KeptWrite } from '../log/event.js'
import type { AttributeValue } from '../values/attribute.js'
import { readBackOf } from '../values/identity.js'
import type { CommandId, Position, UserId } from '../values/token.js'

/**
 * Something written on a survivor since a merge that is undone: it stays. `value` is null where it
 * was a removal.
 * @since 0.1.0
 * @category Results
 */
export interface KeptValue {
  readonly field: string
  readonly value: AttributeValue | null
  readonly position: Position
}

/**
 * What a command that succeeded recorded, and whom it leaves behind. `position` is the last one
 * recorded, or the log's head where nothing was.
 * @since 0.1.0
 * @category Results
 */
export interface Receipt {
  readonly ok: true
  readonly commandId?: CommandId
  readonly position: Position
  readonly events: ReadonlyArray<Recorded>
  readonly user?: UserView
  readonly installation?: InstallationView
  readonly absorbed?: ReadonlyArray<UserId>
  readonly kept?: ReadonlyArray<KeptValue>
}

/**
 * Why nothing was recorded.
 * @since 0.1.0
 * @category Results
 */
export interface Refusal {
  readonly ok: false
  readonly commandId?: CommandId
  readonly error: Reason
}

export const refusal = (error: Reason, commandId: CommandId | null | undefined): Refusal => ({
  ok: false,
  ...(commandId == null ? {} : { commandId }),
  error,
})

/** The receipt of a command from its events and the directory as of their position. */
export const receipt = (
  commandId: CommandId | null,
  position: Position,
  events: ReadonlyArray<Recorded>,
  directory: Directory,
  subject: Subject,
): Receipt => {
  const user = subject.userId === null ? undefined : activeUser(directory, subject.userId)
  const installation =
    subject.installationId === null
      ? undefined
      : directory.installations.get(subject.installationId)
  const absorbed = events.flatMap(absorbedIn)
  const unmerge = events.find((event) => event.type === 'UsersUnmerged')
  return readBackOf({
    ok: true,
    ...(commandId === null ? {} : { commandId }),
    position,
    events,
    ...(user === undefined ? {} : { user: viewUser(directory, user) }),
    ...(installation === undefined
      ? {}
      : { installation: viewInstallation(directory, installation) }),
    ...(absorbed.length === 0 ? {} : { absorbed }),
    ...(unmerge === undefined || user === undefined
      ? {}
      : { kept: unmerge.payload.kept.flatMap((write) => keptValues(user, write)) }),
  })
}

const absorbedIn = (event: Recorded): ReadonlyArray<UserId> => {
  switch (event.type) {
    case 'UsersMerged':
    case 'UsersUnmerged':
      return [event.payload.absorbedId]
    case 'UserErased':
      return event.payload.absorbed
    default:
      return []
  }
}

const keptValues = (
  user: ActiveUser,
  { field, position, removed }: KeptWrite,
): ReadonlyArray<KeptValue> => {
  const name = field === 'primary' ? 'isPrimaryDevice' : field
  if (removed) return [{ field: name, value: null, position }]
  const found = valuesAt(user, field, position)
  return found.map((value) => ({ field: name, value, position }))
}

/** What a field of a user has that was written at a position. */
const valuesAt = (
  user: ActiveUser,
  field: string,
  position: Position,
): ReadonlyArray<AttributeValue> => {
  const cells = [...Object.entries(user.cells), ...Object.entries(user.hidden)].filter(
    ([, { at, value }]) => at === position && value !== null,
  )
  if (field === 'tags')
    return cells
      .map(([key]) => key)
      .filter(isTag)
      .map(nameIn)
      .sort()
  if (field === 'installations')
    return user.installations.filter(({ at }) => at === position).map(({ id }) => id)
  const identity = Object.values(user.identities).find(({ at }) => at === position)
  if (identity !== undefined) return [identity.value]
  return cells.flatMap(([key, { value }]) => (key === field && value !== null ? [value] : []))
}
