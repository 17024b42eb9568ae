// What a merge and an unmerge do to the directory. Both follow what their event says: no policy is
// asked again, and a value is looked up where the event says that it stands.

import { castDraft, current, isDraft } from 'immer'
import type { Recorded } from '../log/envelope.js'
import type { UsersMerged, UsersUnmerged } from '../log/event.js'
import { recordedIdentity } from '../values/identity.js'
import type { Position, UserId } from '../values/token.js'
import { type Brought, broughtInto } from './directory.js'
import { bring, carry, type DirectoryDraft, showOwn, type UserDraft, userDraft } from './draft.js'
import {
  type ActiveUser,
  type Attachment,
  type Cell,
  isTag,
  type MergeRecord,
  type OwnedIdentity,
  ownCell,
  rankIn,
  type Standing,
} from './user.js'

const standingOf = ({
  userType,
  promotedAt,
}: Pick<UsersMerged['payload'], 'userType' | 'promotedAt'>): Standing =>
  userType === 'CUSTOMER' && promotedAt !== null
    ? { type: 'CUSTOMER', promotedAt }
    : { type: 'LEAD' }

/** A value as it passes to another user: its rank is fixed by the type of the user that brings it. */
export const broughtCell = (user: ActiveUser, field: string): Cell | undefined => {
  const cell = user.cells[field]
  return cell && { ...cell, rank: rankIn(user, cell, user.own.standing.type) }
}

export const usersMerged = (draft: DirectoryDraft, event: Recorded<UsersMerged>): void => {
  const { payload, position } = event
  const survivor = userDraft(draft, payload.survivorId)
  const absorbed = userDraft(draft, payload.absorbedId)
  if (survivor === undefined || absorbed === undefined) return
  const kept: ActiveUser = snapshot(absorbed)

  for (const { field, taken } of payload.fields) {
    if (taken === 'absorbed' && field !== 'externalUserId')
      bring(survivor, field, castDraft(broughtCell(kept, field)))
  }
  if (!payload.dataLeft) {
    for (const field of Object.keys(kept.cells))
      if (isTag(field) && survivor.cells[field] === undefined)
        bring(survivor, field, castDraft(broughtCell(kept, field)))
  }

  release(draft, survivor, payload.identities.released)
  for (const identity of Object.values(kept.identities)) {
    if (payload.identities.moved.includes(identity.at)) {
      survivor.identities[identity.key] = { ...identity }
      draft.identities.set(identity.key, survivor.id)
    } else draft.identities.delete(identity.key)
  }

  payload.installations.forEach(({ pushRegistrationId: id, ownerId }, i) => {
    const attachment = kept.installations.find((one) => one.id === id)
    carry(draft, id, { userId: survivor.id, ownerId }, payload.carried[i] ?? {})
    survivor.installations.push({
      id,
      at: attachment?.at ?? position,
      matched: [...(payload.matched.length > 0 ? payload.matched : (attachment?.matched ?? []))],
    })
  })

  const merge: MergeRecord = {
    position,
    policy: payload.policy,
    survivorType: survivor.own.standing.type,
    sides: Object.fromEntries(
      payload.fields
        .filter(({ settledBy }) => settledBy === 'override')
        .map(({ field, taken }) => [field, taken]),
    ),
    dataLeft: payload.dataLeft,
    released: payload.identities.released,
  }
  survivor.standing = standingOf(payload)
  survivor.createdAt = payload.createdAt
  survivor.merges += 1
  draft.users.set(kept.id, {
    status: 'merged',
    id: kept.id,
    into: survivor.id,
    merge: castDraft(merge),
    kept: castDraft(kept),
  })
  draft.absorbed.set(survivor.id, [...(draft.absorbed.get(survivor.id) ?? []), kept.id])
}

/**
 * A copy that later changes of the draft do not reach; a user made in this very fold is no draft.
 * Always a copy: an unmerge in the same fold puts it back to be written on, and what the fold began
 * with is frozen.
 */
const snapshot = (user: UserDraft): ActiveUser => copied(user) as ActiveUser

const copied = (value: unknown): unknown => {
  if (isDraft(value)) return copied(current(value))
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value)
    ? value.map(copied)
    : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copied(part)]))
}

/** Frees identities of the survivor that a merge released; its own one stays known, hidden. */
const release = (
  draft: DirectoryDraft,
  survivor: UserDraft,
  positions: ReadonlyArray<Position>,
): void => {
  for (const { key, at, by, value } of Object.values(survivor.identities)) {
    if (!positions.includes(at)) continue
    delete survivor.identities[key]
    draft.identities.delete(key)
    if (by === survivor.id) {
      const rank = survivor.own.standing.type
      survivor.hidden.externalUserId = { value, at, by, rank }
    } else survivor.released.push(at)
  }
}

export const usersUnmerged = (draft: DirectoryDraft, event: Recorded<UsersUnmerged>): void => {
  const { payload, position } = event
  const survivor = userDraft(draft, payload.survivorId)
  const others = broughtInto(draft, payload.survivorId)
  const undone = others.find(({ id }) => id === payload.absorbedId)
  if (survivor === undefined || undone === undefined) return
  const { kept } = undone
  const still = others.filter(({ id }) => id !== kept.id)
  const moving = payload.installations.map((one) => one.pushRegistrationId)
  loseMark(survivor, moving)

  for (const { field, from } of payload.fields) {
    if (from === survivor.id) showOwn(survivor, field)
    else bring(survivor, field, castDraft(cellOf(still, from, field)))
  }
  for (const field of Object.keys(kept.cells)) if (isTag(field)) tagAgain(survivor, still, field)

  const { returned, regained } = payload.identities
  const identities = Object.values(kept.identities).filter(({ at }) => returned.includes(at))
  for (const { key, at } of identities) {
    delete survivor.identities[key]
    survivor.released = survivor.released.filter((one) => one !== at)
    draft.identities.set(key, kept.id)
  }
  for (const { position: at, from } of regained) {
    const identity =
      from === survivor.id
        ? ownExternalIdentity(survivor)
        : Object.values(keptBy(still, from)?.identities ?? {}).find((one) => one.at === at)
    if (identity === undefined) continue
    survivor.identities[identity.key] = { ...identity }
    draft.identities.set(identity.key, survivor.id)
    if (from === survivor.id) delete survivor.hidden.externalUserId
    else survivor.released = survivor.released.filter((one) => one !== at)
    // Owned again, it is no merge's to give back: a write may release it for good.
    const bringer = draft.users.get(from)
    if (bringer?.status === 'merged') {
      const released = bringer.merge.released.filter((one) => one !== at)
      draft.users.set(from, { ...bringer, merge: { ...bringer.merge, released } })
    }
  }

  const attachments = payload.installations.flatMap(({ pushRegistrationId: id, joinedSince }) =>
    joinedSince
      ? [{ id, at: position, matched: matchedOf(survivor, id) }]
      : kept.installations.filter((one) => one.id === id),
  )
  survivor.installations = survivor.installations.filter(({ id }) => !moving.includes(id))
  const back: ActiveUser = {
    ...kept,
    identities: Object.fromEntries(identities.map((identity) => [identity.key, identity])),
    cells: withPrimary(kept.cells, payload.primary.absorbed),
    installations: attachments,
  }
  draft.users.set(kept.id, castDraft(back))
  const carrying = [
    ...payload.installations.map((one) => ({ ...one, userId: kept.id })),
    ...payload.remaining.map((one) => ({ ...one, userId: survivor.id, ownerId: survivor.id })),
  ]
  carrying.forEach((one, i) => {
    carry(draft, one.pushRegistrationId, one, payload.carried[i] ?? {})
  })

  survivor.standing = standingOf(payload)
  survivor.createdAt = payload.createdAt
  survivor.merges -= 1
  if (survivor.merges === 0) {
    survivor.hidden = {}
    survivor.released = []
  }
  draft.absorbed.set(
    survivor.id,
    still.map(({ id }) => id),
  )
}

/** The survivor's own mark of an installation that leaves it is gone: it does not come back with it. */
const loseMark = (survivor: UserDraft, moving: ReadonlyArray<string>): void => {
  const own = ownCell(survivor as ActiveUser, 'primary')
  if (typeof own?.value !== 'string' || !moving.includes(own.value)) return
  if (survivor.hidden.primary !== undefined) delete survivor.hidden.primary
  else delete survivor.cells.primary
}

const keptBy = (still: ReadonlyArray<Brought>, id: UserId | null): ActiveUser | undefined =>
  still.find((one) => one.id === id)?.kept

const cellOf = (
  still: ReadonlyArray<Brought>,
  from: UserId | null,
  field: string,
): Cell | undefined => {
  const kept = keptBy(still, from)
  return kept && broughtCell(kept, field)
}

const ownExternalIdentity = (survivor: UserDraft): OwnedIdentity | undefined => {
  const own = survivor.hidden.externalUserId
  return typeof own?.value === 'string'
    ? { ...recordedIdentity('externalUserId', own.value, own.at), at: own.at, by: own.by }
    : undefined
}

const matchedOf = (survivor: UserDraft, id: string): Attachment['matched'] => [
  ...(survivor.installations.find((one) => one.id === id)?.matched ?? []),
]

const withPrimary = (
  { primary, ...cells }: ActiveUser['cells'],
  installation: string | null,
): ActiveUser['cells'] =>
  primary !== undefined && primary.value === installation ? { ...cells, primary } : cells

/** A tag is a union, so no policy is needed to see whose it is once one merge less counts. */
const tagAgain = (survivor: UserDraft, still: ReadonlyArray<Brought>, field: string): void => {
  if (survivor.cells[field]?.by === survivor.id) return
  const own = ownCell(survivor as ActiveUser, field)
  if (own !== undefined && own.value !== null) return showOwn(survivor, field)
  const since = own?.at ?? 0
  const bringer = still.find(
    ({ merge, kept }) =>
      !merge.dataLeft && merge.position > since && kept.cells[field] !== undefined,
  )
  bring(survivor, field, castDraft(cellOf(still, bringer?.id ?? null, field)))
}
