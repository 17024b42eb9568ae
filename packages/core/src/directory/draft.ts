// The small mutations that the recipes of evolve share. They work on an immer draft, or on anything
// shaped like one, and are total: what a partial slice does not hold is left alone.

import { castDraft, type Draft } from 'immer'
import type { FieldKey, PersonalValue } from '../log/event.js'
import type { AttributeValue } from '../values/attribute.js'
import type { Position, PushRegistrationId, UserId } from '../values/token.js'
import type { Directory } from './directory.js'
import { type ActiveInstallation, tokenKeyOf } from './installation.js'
import type { ActiveUser, Cell } from './user.js'

export type DirectoryDraft = Draft<Directory>
export type UserDraft = Draft<ActiveUser>

export const userDraft = (draft: DirectoryDraft, id: UserId): UserDraft | undefined => {
  const user = draft.users.get(id)
  return user?.status === 'active' ? user : undefined
}

export const installationDraft = (
  draft: DirectoryDraft,
  id: PushRegistrationId,
): Draft<ActiveInstallation> | undefined => {
  const installation = draft.installations.get(id)
  return installation?.status === 'active' ? installation : undefined
}

/** A user's own write: null removes. A removal is remembered while anybody absorbed could undo it. */
export const write = (
  user: UserDraft,
  field: FieldKey,
  value: AttributeValue | null,
  at: Position,
): void => {
  const cell: Cell = { value, at, by: user.id, rank: user.standing.type }
  if (value !== null) {
    user.cells[field] = castDraft(cell)
    delete user.hidden[field]
  } else {
    delete user.cells[field]
    if (user.merges > 0) user.hidden[field] = castDraft(cell)
    else delete user.hidden[field]
  }
}

/** Puts a merge's choice in the place of what is shown; the user's own write stays beneath. */
export const bring = (user: UserDraft, field: FieldKey, cell: Draft<Cell> | undefined): void => {
  const shown = user.cells[field]
  if (shown?.by === user.id && user.hidden[field] === undefined) user.hidden[field] = { ...shown }
  if (cell === undefined) delete user.cells[field]
  else user.cells[field] = cell
}

/** Shows the user's own write again where a merge hid it. */
export const showOwn = (user: UserDraft, field: FieldKey): void => {
  const own = user.hidden[field]
  if (own === undefined) return
  delete user.cells[field]
  if (own.value === null) return
  user.cells[field] = { ...own }
  delete user.hidden[field]
}

/** Runs a change of one installation and keeps the index of push tokens in step with it. */
export const changing = (
  draft: DirectoryDraft,
  id: PushRegistrationId,
  change: (installation: Draft<ActiveInstallation>) => void,
): void => {
  const installation = installationDraft(draft, id)
  if (installation === undefined) return
  const before = tokenKeyOf(installation)
  change(installation)
  const after = tokenKeyOf(draft.installations.get(id))
  if (before === after) return
  if (before !== undefined && draft.tokens.get(before) === id) draft.tokens.delete(before)
  if (after !== undefined) draft.tokens.set(after, id)
}

/** Applies personal values to an installation: null removes a field. */
export const patchPersonal = (
  installation: Draft<ActiveInstallation>,
  values: Readonly<Record<FieldKey, PersonalValue>>,
): void => {
  for (const [field, value] of Object.entries(values)) {
    if (value === null || isTagsChange(value)) delete installation.personal[field]
    else installation.personal[field] = castDraft(value)
  }
}

export const isTagsChange = (
  value: PersonalValue,
): value is Extract<PersonalValue, { readonly added: unknown }> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Replaces everything personal of an installation by what an event carries for its new user. */
export const carry = (
  draft: DirectoryDraft,
  id: PushRegistrationId,
  { userId, ownerId = userId }: Pick<ActiveInstallation, 'userId' | 'ownerId'>,
  values: Readonly<Record<FieldKey, PersonalValue>>,
): void =>
  changing(draft, id, (installation) => {
    installation.userId = userId
    if (ownerId === userId) delete installation.ownerId
    else installation.ownerId = ownerId
    installation.personal = {}
    patchPersonal(installation, values)
  })

export const leave = (draft: DirectoryDraft, userId: UserId, id: PushRegistrationId): void => {
  const user = userDraft(draft, userId)
  if (user !== undefined) user.installations = user.installations.filter((one) => one.id !== id)
}
