// What commands do to installations: patch them, move them, mark them, expire them.

import { activeUser, type Directory } from '../directory/directory.js'
import {
  type ActiveInstallation,
  isClearedOnDetach,
  personalDeviceFields,
  tokenKey,
} from '../directory/installation.js'
import type { Key } from '../directory/keys.js'
import type { FieldKey, PublicDevice } from '../log/event.js'
import { joinsBy } from '../merge/moved.js'
import type { AttributeValue, CustomAttributesPatch } from '../values/attribute.js'
import { type DevicePatch, deviceFields } from '../values/device.js'
import type { Position, PushRegistrationId, UserId } from '../values/token.js'
import { changedAttributes, type TypedAttributes, valuesOf } from './attributes.js'
import type { Journal } from './decision.js'

/** What a command may set on an installation, besides its primary mark and custom attributes. */
export interface InstallationPatch {
  readonly isPushRegistrationEnabled?: boolean | null
  readonly notificationsEnabled?: boolean | null
  readonly applicationUserId?: string | null
  readonly device?: DevicePatch
  readonly customAttributes?: CustomAttributesPatch
}

export const installationOf = (
  directory: Directory,
  id: PushRegistrationId,
): ActiveInstallation => {
  const installation = directory.installations.get(id)
  if (installation?.status === 'active') return installation
  throw new Error(`the installation ${id} is not in the slice`)
}

const isPersonalDevice = (field: string): boolean =>
  personalDeviceFields.some((one) => one === field)

type DeviceEntry = readonly [field: string, value: string | boolean | null]

/** The fields that a device patch names; null stands for all of them. */
export const deviceEntries = (patch: DevicePatch | undefined): ReadonlyArray<DeviceEntry> =>
  patch === undefined
    ? []
    : deviceFields.flatMap((field): ReadonlyArray<DeviceEntry> => {
        const value = patch === null ? null : patch[field]
        return value === undefined ? [] : [[field, value]]
      })

/** A patch as the payload of an event: only what differs from what is held. */
export const installationChanges = (
  held: Pick<ActiveInstallation, 'device' | 'personal'>,
  patch: InstallationPatch,
  custom: TypedAttributes,
) => {
  const entries = deviceEntries(patch.device)
  const device: PublicDevice = Object.fromEntries(
    entries.filter(
      ([field, value]) => !isPersonalDevice(field) && value !== (held.device[field] ?? null),
    ),
  )
  const personal: ReadonlyArray<readonly [FieldKey, AttributeValue | null]> = [
    ...(patch.applicationUserId === undefined
      ? []
      : [['applicationUserId', patch.applicationUserId] as const]),
    ...entries.filter(([field]) => isPersonalDevice(field)),
  ].filter(([field, value]) => value !== (held.personal[field] ?? null))
  return { device, ...valuesOf([...personal, ...changedAttributes(held.personal, custom)]) }
}

/** Records what a patch changes of an installation; nothing where it changes nothing. */
export const recordInstallationPatch = (
  journal: Journal,
  id: PushRegistrationId,
  patch: InstallationPatch,
  custom: TypedAttributes,
): void => {
  const held = installationOf(journal.directory(), id)
  const push = patch.isPushRegistrationEnabled
  const notifications = patch.notificationsEnabled
  const changes = installationChanges(held, patch, custom)
  const switches = {
    ...(push !== undefined && (push ?? true) !== held.isPushRegistrationEnabled
      ? { isPushRegistrationEnabled: push ?? true }
      : {}),
    ...(notifications !== undefined && (notifications ?? true) !== held.notificationsEnabled
      ? { notificationsEnabled: notifications ?? true }
      : {}),
  }
  for (const definition of custom.definitions) journal.record(definition)
  const changed =
    Object.keys(switches).length + Object.keys(changes.device).length + changes.fields.length
  if (changed === 0) return
  expireHolder(journal, held, changes)
  journal.record({
    type: 'InstallationUpdated',
    payload: {
      pushRegistrationId: id,
      userId: held.userId,
      ...switches,
      ...changes,
      ...(held.ownerId === undefined ? {} : { ownerId: held.ownerId }),
    },
  })
}

/** The keys under which another installation may hold the token that a patch claims. */
export const tokenKeys = (
  applicationId: string,
  held: Pick<ActiveInstallation, 'device' | 'personal'> | undefined,
  patch: InstallationPatch,
): ReadonlyArray<Key> => {
  const key = claimedToken(applicationId, held, Object.fromEntries(deviceEntries(patch.device)))
  return key === undefined ? [] : [{ kind: 'token', key }]
}

const claimedToken = (
  applicationId: string,
  held: Pick<ActiveInstallation, 'device' | 'personal'> | undefined,
  device: Readonly<Record<string, AttributeValue | null>>,
): string | undefined => {
  const service = device.pushServiceType
  const token = device.pushServiceToken
  return tokenKey(
    applicationId,
    service === undefined ? held?.device.pushServiceType : (service?.toString() ?? undefined),
    token === undefined ? held?.personal.pushServiceToken : (token ?? undefined),
  )
}

/** A later claim of a push token expires the installation that holds it. */
export const expireHolder = (
  journal: Journal,
  claimant: Pick<ActiveInstallation, 'id' | 'applicationId' | 'device' | 'personal'>,
  changes: { readonly device: PublicDevice; readonly values: Readonly<Record<string, unknown>> },
): void => {
  const claimed = claimedToken(claimant.applicationId, claimant, {
    ...changes.device,
    ...tokenIn(changes.values),
  })
  const holder = claimed === undefined ? undefined : journal.directory().tokens.get(claimed)
  if (holder !== undefined && holder !== claimant.id) expire(journal, holder, 'token-taken')
}

const tokenIn = ({ pushServiceToken: token }: Readonly<Record<string, unknown>>) =>
  token === null || typeof token === 'string' ? { pushServiceToken: token } : {}

/** The app is gone: the installation leaves its user and its personal values are cleared. */
export const expire = (journal: Journal, id: PushRegistrationId, reason: string): void => {
  const { userId } = installationOf(journal.directory(), id)
  clearPrimary(journal, id)
  journal.record({
    type: 'InstallationExpired',
    payload: { pushRegistrationId: id, userId, reason },
  })
}

/** Takes the primary mark from an installation that carries it. */
export const clearPrimary = (journal: Journal, id: PushRegistrationId): void => {
  const { userId } = installationOf(journal.directory(), id)
  if (activeUser(journal.directory(), userId)?.cells.primary?.value === id)
    journal.record({ type: 'PrimaryCleared', payload: { userId, pushRegistrationId: id } })
}

/** Marks or unmarks an installation; marking one unmarks the other first. */
export const setPrimary = (journal: Journal, id: PushRegistrationId, isPrimary: boolean): void => {
  if (!isPrimary) return clearPrimary(journal, id)
  const { userId } = installationOf(journal.directory(), id)
  const user = activeUser(journal.directory(), userId)
  const other = user?.installations.find((one) => one.id === user.cells.primary?.value)
  if (other?.id === id) return
  if (other !== undefined) clearPrimary(journal, other.id)
  journal.record({ type: 'PrimaryAssigned', payload: { userId, pushRegistrationId: id } })
}

/** Moves an installation, with everything personal that it still holds, to another user. */
export const attach = (
  journal: Journal,
  id: PushRegistrationId,
  to: {
    readonly userId: UserId
    readonly matched: ReadonlyArray<Position>
    readonly isPrimary: boolean
  },
): void => {
  const { userId, personal } = installationOf(journal.directory(), id)
  const ownerId = joinsBy(journal.directory(), to.userId, to.matched)
  journal.record({
    type: 'InstallationAttached',
    payload: {
      pushRegistrationId: id,
      userId: to.userId,
      fromUserId: userId,
      isPrimaryDevice: to.isPrimary,
      identities: to.matched,
      ...valuesOf(Object.entries(personal)),
      ...(ownerId === to.userId ? {} : { ownerId }),
    },
  })
}

/** The installation leaves its user: its mark, custom attributes and applicationUserId are cleared. */
export const detach = (journal: Journal, id: PushRegistrationId): void => {
  const { userId } = installationOf(journal.directory(), id)
  clearPrimary(journal, id)
  journal.record({ type: 'InstallationDetached', payload: { pushRegistrationId: id, userId } })
}

/** A new user, empty and of this type. */
export const createUser = (journal: Journal, userType: 'LEAD' | 'CUSTOMER'): UserId => {
  const userId = journal.newUserId()
  journal.record({ type: 'UserCreated', payload: { userId, userType } })
  return userId
}

/** Whether an installation holds anything that a change of owner would clear. */
export const hasToClear = ({ personal }: ActiveInstallation): boolean =>
  Object.keys(personal).some(isClearedOnDetach)
