// What differs between two directories: users, installations and owners of identities, field by field
// as callers see them.

import type { Directory } from '../directory/directory.js'
import type { Installation } from '../directory/installation.js'
import { type InstallationView, viewInstallation, viewUser } from '../directory/view.js'
import { type IdentityKey, type IdentityKind, readBackOf } from '../values/identity.js'
import { equalData, type Json, jsonOf } from '../values/json.js'
import type { PushRegistrationId, UserId } from '../values/token.js'

/**
 * One field that differs, as `UserView` or `InstallationView` names it; custom attributes and device
 * fields one by one (`customAttributes.NAME`, `device.NAME`). An absent value is null, an empty set [].
 * @since 0.1.0
 * @category Audit
 */
export interface FieldChange {
  readonly field: string
  readonly before: Json
  readonly after: Json
}

/**
 * A user that differs. `absent` is one that there was not; `into` is whom an absorbed one is in.
 * @since 0.1.0
 * @category Audit
 */
export interface UserChange {
  readonly userId: UserId
  readonly before: UserStatus
  readonly after: UserStatus
  readonly into: UserId | null
  readonly fields: ReadonlyArray<FieldChange>
}

/**
 * How a user stands: living, absorbed in another, erased, or not there.
 * @since 0.1.0
 * @category Audit
 */
export type UserStatus = 'absent' | 'active' | 'merged' | 'erased'

/**
 * An installation that differs.
 * @since 0.1.0
 * @category Audit
 */
export interface InstallationChange {
  readonly pushRegistrationId: PushRegistrationId
  readonly before: 'absent' | Installation['status']
  readonly after: 'absent' | Installation['status']
  readonly fields: ReadonlyArray<FieldChange>
}

/**
 * An identity that has another owner; null is nobody.
 * @since 0.1.0
 * @category Audit
 */
export interface IdentityChange {
  readonly kind: IdentityKind
  readonly value: string
  readonly before: UserId | null
  readonly after: UserId | null
}

type Fields = ReadonlyMap<string, Json>

/** The users among these that differ, in the order given. */
export const compareUsers = (
  before: Directory,
  after: Directory,
  ids: Iterable<UserId>,
): ReadonlyArray<UserChange> =>
  [...ids].flatMap((id) => {
    const [a, b] = [before.users.get(id), after.users.get(id)]
    if (a === b) return []
    const change: UserChange = {
      userId: id,
      before: a?.status ?? 'absent',
      after: b?.status ?? 'absent',
      into: b?.status === 'merged' ? b.into : null,
      fields: differing(userFields(before, id), userFields(after, id)),
    }
    const isOther = a?.status === 'merged' && b?.status === 'merged' && a.into !== b.into
    return change.before !== change.after || isOther || change.fields.length > 0 ? [change] : []
  })

/** The installations among these that differ, in the order given. */
export const compareInstallations = (
  before: Directory,
  after: Directory,
  ids: Iterable<PushRegistrationId>,
): ReadonlyArray<InstallationChange> =>
  [...ids].flatMap((id) => {
    const [a, b] = [before.installations.get(id), after.installations.get(id)]
    const fields = differing(installationFields(before, a), installationFields(after, b))
    const [was, is] = [a?.status ?? 'absent', b?.status ?? 'absent'] as const
    return was !== is || fields.length > 0
      ? [{ pushRegistrationId: id, before: was, after: is, fields }]
      : []
  })

/** The identities of some users that have another owner, in the order of their keys. */
export const compareIdentities = (
  before: Directory,
  after: Directory,
  ids: Iterable<UserId>,
): ReadonlyArray<IdentityChange> => {
  const known = new Map<IdentityKey, { readonly kind: IdentityKind; readonly value: string }>()
  for (const id of ids)
    for (const { users } of [before, after]) {
      const user = users.get(id)
      if (user?.status !== 'active') continue
      for (const { key, kind, value } of Object.values(user.identities))
        if (!known.has(key)) known.set(key, { kind, value })
    }
  return [...known]
    .map(([key, { kind, value }]) => ({
      kind,
      value,
      before: before.identities.get(key) ?? null,
      after: after.identities.get(key) ?? null,
    }))
    .filter((one) => one.before !== one.after)
    .sort((a, b) => (`${a.kind}:${a.value}` < `${b.kind}:${b.value}` ? -1 : 1))
}

const nothing: Fields = new Map()

const userFields = (directory: Directory, id: UserId): Fields => {
  const user = directory.users.get(id)
  if (user?.status !== 'active') return nothing
  const {
    id: _id,
    status: _status,
    customAttributes,
    installations,
    ...fields
  } = readBackOf(viewUser(directory, user))
  return new Map<string, Json>([
    ...entriesOf(fields),
    ...entriesOf(customAttributes, 'customAttributes.'),
    ['installations', installations.map((one) => one.pushRegistrationId)],
  ])
}

const installationFields = (directory: Directory, one: Installation | undefined): Fields => {
  if (one === undefined) return nothing
  const view: InstallationView = readBackOf(viewInstallation(directory, one))
  const { pushRegistrationId: _id, status: _status, customAttributes, device, ...fields } = view
  return new Map<string, Json>([
    ...entriesOf(fields),
    ...entriesOf(customAttributes, 'customAttributes.'),
    ...entriesOf(device, 'device.'),
  ])
}

const entriesOf = (fields: object, prefix = ''): ReadonlyArray<readonly [string, Json]> =>
  Object.entries(fields).map(([name, value]) => [`${prefix}${name}`, jsonOf(value)])

const isNothing = (value: Json): boolean =>
  value === null || (Array.isArray(value) && value.length === 0)

const differing = (before: Fields, after: Fields): ReadonlyArray<FieldChange> =>
  [...new Set([...before.keys(), ...after.keys()])].flatMap((field) => {
    const shape = before.get(field) ?? after.get(field)
    const none: Json = Array.isArray(shape) ? [] : null
    const [a, b] = [before.get(field) ?? none, after.get(field) ?? none]
    return equalData(a, b) || (isNothing(a) && isNothing(b)) ? [] : [{ field, before: a, after: b }]
  })
