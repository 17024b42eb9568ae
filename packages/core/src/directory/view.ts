// A user and an installation as callers see them: the field names of domain.md section 2, an absent
// single value null, an empty set [], installations whole.

import type { UserType } from '../log/event.js'
import type { AttributeValue } from '../values/attribute.js'
import type { Device } from '../values/device.js'
import type { Instant } from '../values/instant.js'
import type { ApplicationId, PushRegistrationId, UserId } from '../values/token.js'
import type { Directory } from './directory.js'
import type { Installation } from './installation.js'
import { type ActiveUser, identitiesOf, isAttribute, isTag, nameIn } from './user.js'

/**
 * An installation, as `fetchInstallation` and receipts show it. `userId` is null once it expired.
 * @since 0.1.0
 * @category Views
 */
export interface InstallationView {
  readonly pushRegistrationId: PushRegistrationId
  readonly userId: UserId | null
  readonly applicationId: ApplicationId
  readonly applicationUserId: string | null
  readonly isPrimaryDevice: boolean
  readonly isPushRegistrationEnabled: boolean
  readonly notificationsEnabled: boolean
  readonly customAttributes: Readonly<Record<string, AttributeValue>>
  readonly device: Device
  readonly status: 'active' | 'expired'
}

/**
 * A living user, as `fetchUser` and receipts show it.
 * @since 0.1.0
 * @category Views
 */
export interface UserView {
  readonly id: UserId
  readonly type: UserType
  readonly externalUserId: string | null
  readonly phones: ReadonlyArray<string>
  readonly emails: ReadonlyArray<string>
  readonly firstName: AttributeValue | null
  readonly lastName: AttributeValue | null
  readonly middleName: AttributeValue | null
  readonly gender: AttributeValue | null
  readonly birthday: AttributeValue | null
  readonly tags: ReadonlyArray<string>
  readonly customAttributes: Readonly<Record<string, AttributeValue>>
  readonly installations: ReadonlyArray<InstallationView>
  readonly createdAt: Instant
  readonly promotedAt: Instant | null
  readonly status: 'active'
}

/**
 * Shows a user; its installations are looked up in the directory.
 * @since 0.1.0
 * @category Views
 */
export const viewUser = (directory: Directory, user: ActiveUser): UserView => {
  const identities = identitiesOf(user)
  const valuesOf = (kind: string): ReadonlyArray<string> =>
    identities.filter((identity) => identity.kind === kind).map(({ value }) => value)
  const value = (field: string): AttributeValue | null => user.cells[field]?.value ?? null
  return {
    id: user.id,
    type: user.standing.type,
    externalUserId: valuesOf('externalUserId')[0] ?? null,
    phones: valuesOf('phone'),
    emails: valuesOf('email'),
    firstName: value('firstName'),
    lastName: value('lastName'),
    middleName: value('middleName'),
    gender: value('gender'),
    birthday: value('birthday'),
    tags: Object.keys(user.cells).filter(isTag).map(nameIn).sort(),
    customAttributes: attributesIn(
      Object.entries(user.cells).map(([field, cell]) => [field, cell.value]),
    ),
    installations: user.installations.flatMap(({ id }) => {
      const installation = directory.installations.get(id)
      return installation === undefined ? [] : [viewInstallation(directory, installation)]
    }),
    createdAt: user.createdAt,
    promotedAt: user.standing.type === 'CUSTOMER' ? user.standing.promotedAt : null,
    status: 'active',
  }
}

/**
 * Shows an installation; whether it is primary is its user's to say.
 * @since 0.1.0
 * @category Views
 */
export const viewInstallation = (
  directory: Pick<Directory, 'users'>,
  installation: Installation,
): InstallationView => {
  const userId = installation.status === 'active' ? installation.userId : null
  const personal = installation.status === 'active' ? installation.personal : {}
  const user = userId === null ? undefined : directory.users.get(userId)
  const applicationUserId = personal.applicationUserId
  const text = (name: keyof Device): string | null => {
    const value = installation.device[name] ?? personal[name]
    return typeof value === 'string' ? value : null
  }
  const secure = installation.device.deviceSecure
  return {
    pushRegistrationId: installation.id,
    userId,
    applicationId: installation.applicationId,
    applicationUserId: typeof applicationUserId === 'string' ? applicationUserId : null,
    isPrimaryDevice: user?.status === 'active' && user.cells.primary?.value === installation.id,
    isPushRegistrationEnabled: installation.isPushRegistrationEnabled,
    notificationsEnabled: installation.notificationsEnabled,
    customAttributes: attributesIn(Object.entries(personal)),
    device: {
      os: text('os'),
      osVersion: text('osVersion'),
      deviceManufacturer: text('deviceManufacturer'),
      deviceModel: text('deviceModel'),
      deviceName: text('deviceName'),
      deviceSecure: typeof secure === 'boolean' ? secure : null,
      appVersion: text('appVersion'),
      sdkVersion: text('sdkVersion'),
      language: text('language'),
      deviceTimezoneOffset: text('deviceTimezoneOffset'),
      pushServiceType: text('pushServiceType'),
      pushServiceToken: text('pushServiceToken'),
    },
    status: installation.status,
  }
}

const attributesIn = (
  entries: ReadonlyArray<readonly [string, AttributeValue | null]>,
): Readonly<Record<string, AttributeValue>> =>
  Object.fromEntries(
    entries
      .flatMap(([field, value]) =>
        isAttribute(field) && value !== null ? [[nameIn(field), value] as const] : [],
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
