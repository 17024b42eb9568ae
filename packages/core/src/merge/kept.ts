// What was written on a survivor since a merge that is now undone: it stays, and the receipt says so.

import type { Brought } from '../directory/directory.js'
import { type ActiveUser, type Cell, identitiesOf, isTag } from '../directory/user.js'
import type { FieldKey, KeptWrite } from '../log/event.js'
import type { IdentityKind } from '../values/identity.js'
import type { Position, PushRegistrationId } from '../values/token.js'

/** The field of a user under which an identity of a kind is shown. */
export const identityField: Readonly<Record<IdentityKind, FieldKey>> = {
  externalUserId: 'externalUserId',
  phone: 'phones',
  email: 'emails',
}

export const keptWrites = (
  survivor: ActiveUser,
  { kept, merge }: Brought,
  still: ReadonlyArray<Brought>,
  goes: {
    readonly positions: ReadonlyArray<Position>
    readonly moving: ReadonlyArray<PushRegistrationId>
  },
): ReadonlyArray<KeptWrite> => {
  const since = (position: Position): boolean => position > merge.position
  // A mark beneath what is shown went with its installation by an unmerge, even if that came back.
  const isMarkGone = ({ value, at }: Cell): boolean =>
    value !== null && (survivor.cells.primary?.at !== at || goes.moving.some((id) => id === value))
  const broughtSince = new Set(
    still.flatMap((one) => one.kept.installations.map(({ id, at }) => `${at} ${id}`)),
  )
  const writes: ReadonlyArray<KeptWrite> = [
    ...[...Object.entries(survivor.cells), ...Object.entries(survivor.hidden)]
      .filter(([, cell]) => cell.by === survivor.id && since(cell.at))
      .filter(([field, cell]) => field !== 'primary' || !isMarkGone(cell))
      .map(([field, { at, value }]) => ({
        field: isTag(field) ? 'tags' : field,
        position: at,
        removed: value === null,
      })),
    ...identitiesOf(survivor)
      .filter(({ by, at }) => by === survivor.id && since(at))
      .map(({ kind, at }) => ({ field: identityField[kind], position: at, removed: false })),
    ...identitiesOf(kept)
      .filter(({ at }) => !goes.positions.includes(at))
      .map(({ kind, at }) => ({ field: identityField[kind], position: at, removed: true })),
    ...survivor.installations
      .filter(
        ({ id, at }) => since(at) && !goes.moving.includes(id) && !broughtSince.has(`${at} ${id}`),
      )
      .map(({ at }) => ({ field: 'installations', position: at, removed: false })),
  ]
  // One write of tags may add some and remove others: both are listed.
  const byWrite = writes.map((one) => [`${one.position} ${one.field} ${one.removed}`, one] as const)
  return [...new Map(byWrite).values()].sort(
    (a, b) =>
      a.position - b.position ||
      (a.field === b.field ? Number(a.removed) - Number(b.removed) : a.field < b.field ? -1 : 1),
  )
}
