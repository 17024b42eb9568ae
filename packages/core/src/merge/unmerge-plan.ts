// One merge undone (domain.md section 8): what goes back to the user that was absorbed, what the
// survivor is without it, and what was written since and stays.

import { type Brought, broughtInto, type Directory, everyoneIn } from '../directory/directory.js'
import { broughtCell } from '../directory/evolve-merge.js'
import {
  type ActiveUser,
  type Attachment,
  type Cell,
  identitiesOf,
  isTag,
  type OwnedIdentity,
  ownCell,
  rankIn,
} from '../directory/user.js'
import type { FieldKey, UnmergedField, UsersUnmerged } from '../log/event.js'
import { recordedIdentity } from '../values/identity.js'
import type { Position, PushRegistrationId, UserId } from '../values/token.js'
import { keptWrites } from './kept.js'
import { candidate, earlier, earliest } from './merge-plan.js'
import { keptInstallations, movedInstallations, ownerIn } from './moved.js'
import { type Policies, policyNamed } from './policy.js'

/** The fact of one unmerge. `undone` is a direct merge into `survivor`. */
export const planUnmerge = (
  directory: Directory,
  survivor: ActiveUser,
  undone: Brought,
  policies: Policies,
): UsersUnmerged => {
  const { kept, merge } = undone
  const still = broughtInto(directory, survivor.id).filter(({ id }) => id !== undone.id)
  const returned = identitiesOf(kept).filter((identity) =>
    goesBack(directory, survivor, merge.released, identity),
  )
  const positions = returned.map(({ at }) => at)
  const back = survivor.installations.filter((one) => isUnbroken(kept, one))
  const joined = survivor.installations.filter(
    (one) => !isUnbroken(kept, one) && joinedBy(one, positions),
  )
  const moving = [...back, ...joined].map(({ id }) => id)
  const theirs = new Set([undone.id, ...everyoneIn(directory, undone.id)])
  const { installations, carried } = movedInstallations(directory, moving, (id) => {
    const owner = ownerIn(directory, id)
    return isIn(theirs, owner) ? owner : undone.id
  })
  const remaining = keptInstallations(
    directory,
    survivor.installations
      .map(({ id }) => id)
      .filter((id) => !moving.includes(id) && isIn(theirs, ownerIn(directory, id))),
  )
  const primary = primaryAgain(survivor, still, moving)
  const standing = [survivor.own.standing, ...still.map((one) => one.kept.standing)].reduce(
    earliest,
  )
  const keptPrimary = kept.cells.primary?.value
  return {
    type: 'UsersUnmerged',
    payload: {
      survivorId: survivor.id,
      absorbedId: undone.id,
      merged: merge.position,
      fields: [
        ...attributesAgain(survivor, undone, still, policies),
        ...(primary === undefined ? [] : [primary.field]),
      ],
      identities: {
        returned: positions,
        regained: externalIdAgain(directory, survivor, still, positions),
      },
      installations: installations.map((one) => ({
        ...one,
        joinedSince: joined.some(({ id }) => id === one.pushRegistrationId),
      })),
      primary: {
        survivor: primary === undefined ? shownPrimary(survivor) : primary.installation,
        absorbed: back.find(({ id }) => id === keptPrimary)?.id ?? null,
      },
      userType: standing.type,
      createdAt: [survivor.own.createdAt, ...still.map((one) => one.kept.createdAt)].reduce(
        earlier,
      ),
      promotedAt: standing.type === 'CUSTOMER' ? standing.promotedAt : null,
      kept: keptWrites(survivor, undone, still, { positions, moving }),
      remaining: remaining.installations,
      carried: [...carried, ...remaining.carried],
    },
  }
}

const isIn = (users: ReadonlySet<UserId>, id: UserId | undefined): id is UserId =>
  id !== undefined && users.has(id)

/** An identity that the survivor still owns by the same link, or that a merge released and is free. */
const goesBack = (
  directory: Directory,
  survivor: ActiveUser,
  releasedByMerge: ReadonlyArray<Position>,
  { key, at }: OwnedIdentity,
): boolean =>
  survivor.identities[key]?.at === at ||
  (!directory.identities.has(key) &&
    (releasedByMerge.includes(at) || survivor.released.includes(at)))

const isUnbroken = (kept: ActiveUser, { id, at }: Attachment): boolean =>
  kept.installations.some((one) => one.id === id && one.at === at)

const joinedBy = ({ matched }: Attachment, returned: ReadonlyArray<Position>): boolean =>
  matched.length > 0 && matched.every((position) => returned.includes(position))

const shownPrimary = (survivor: ActiveUser): PushRegistrationId | null =>
  survivor.installations.find(({ id }) => id === survivor.cells.primary?.value)?.id ?? null

interface Holder {
  readonly from: UnmergedField['from']
  readonly cell: Cell
}

const fieldFrom = (field: FieldKey, holder: Holder | undefined): UnmergedField => ({
  field,
  from: holder?.from ?? null,
  source: holder === undefined ? null : { userId: holder.cell.by, position: holder.cell.at },
})

const attributesAgain = (
  survivor: ActiveUser,
  { kept, merge }: Brought,
  still: ReadonlyArray<Brought>,
  policies: Policies,
): ReadonlyArray<UnmergedField> =>
  [...new Set([...Object.keys(kept.cells), ...Object.keys(merge.sides)])]
    .filter((field) => !isTag(field) && field !== 'primary' && field !== 'externalUserId')
    .filter((field) => (ownCell(survivor, field)?.at ?? 0) < merge.position)
    .sort()
    .flatMap((field) => {
      const shown = survivor.cells[field]
      const again = settledAgain(survivor, still, policies, field)
      return shown?.at === again?.cell.at && shown?.by === again?.cell.by
        ? []
        : [fieldFrom(field, again)]
    })

/** Settles a field from the survivor's own value and what those still absorbed brought, in order. */
const settledAgain = (
  survivor: ActiveUser,
  still: ReadonlyArray<Brought>,
  policies: Policies,
  field: FieldKey,
): Holder | undefined => {
  const own = ownCell(survivor, field)
  const first: Holder | undefined =
    own === undefined || own.value === null ? undefined : { from: survivor.id, cell: own }
  return still
    .filter(({ merge }) => merge.position > (own?.at ?? 0))
    .reduce((ours, { id, merge, kept }) => {
      const cell = broughtCell(kept, field)
      const theirs: Holder | undefined = cell && { from: id, cell }
      const side = Object.hasOwn(merge.sides, field) ? merge.sides[field] : undefined
      if (side !== undefined) return side === 'survivor' ? ours : theirs
      if (merge.dataLeft) return ours
      if (ours === undefined || theirs === undefined) return ours ?? theirs
      const a = candidate({ ...ours.cell, rank: rankIn(survivor, ours.cell, merge.survivorType) })
      const b = candidate(theirs.cell)
      if (a === undefined || b === undefined) return ours
      return policyNamed(policies, merge.policy).choose(field, a, b) === 'survivor' ? ours : theirs
    }, first)
}

/** The externalUserId that the survivor gets again where the one it showed goes back. */
const externalIdAgain = (
  directory: Directory,
  survivor: ActiveUser,
  still: ReadonlyArray<Brought>,
  returned: ReadonlyArray<Position>,
): UsersUnmerged['payload']['identities']['regained'] => {
  const shown = identitiesOf(survivor).find(({ kind }) => kind === 'externalUserId')
  if (shown === undefined || !returned.includes(shown.at)) return []
  const own = survivor.hidden.externalUserId
  const isFree = (value: Cell['value']): boolean =>
    typeof value === 'string' &&
    !directory.identities.has(recordedIdentity('externalUserId', value, 0).key)
  const first =
    own !== undefined && isFree(own.value) ? { position: own.at, from: survivor.id } : undefined
  const again = still
    .filter(({ merge }) => merge.position > (own?.at ?? 0))
    .reduce((ours, { id, kept, merge }) => {
      const theirs = identitiesOf(kept).find(({ kind }) => kind === 'externalUserId')
      if (theirs === undefined || !isFree(theirs.value)) return ours
      // What a write released is gone for good, also one on a user in whom the survivor was then.
      if (!merge.released.includes(theirs.at) && !survivor.released.includes(theirs.at)) return ours
      return ours === undefined || merge.sides.externalUserId === 'absorbed'
        ? { position: theirs.at, from: id }
        : ours
    }, first)
  return again === undefined ? [] : [again]
}

/** The primary mark decided again where its installation leaves the survivor. */
const primaryAgain = (
  survivor: ActiveUser,
  still: ReadonlyArray<Brought>,
  moving: ReadonlyArray<PushRegistrationId>,
):
  | { readonly field: UnmergedField; readonly installation: PushRegistrationId | null }
  | undefined => {
  const shown = shownPrimary(survivor)
  if (shown === null || !moving.includes(shown)) return undefined
  const own = ownCell(survivor, 'primary')
  // A mark is of one stay: an installation that left and came back since has lost it.
  const stays = (cell: Cell | undefined): PushRegistrationId | undefined =>
    survivor.installations.find(
      ({ id, at }) =>
        cell !== undefined && id === cell.value && at <= cell.at && !moving.includes(id),
    )?.id
  const holders: ReadonlyArray<Holder> = [
    ...(own === undefined ? [] : [{ from: survivor.id, cell: own }]),
    ...still
      .filter(({ merge }) => merge.position > (own?.at ?? 0))
      .flatMap(({ id, kept }) => {
        const cell = broughtCell(kept, 'primary')
        return cell === undefined ? [] : [{ from: id, cell }]
      }),
  ]
  const again = holders.find(({ cell }) => stays(cell) !== undefined)
  return { field: fieldFrom('primary', again), installation: stays(again?.cell) ?? null }
}
