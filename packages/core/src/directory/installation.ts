// One copy of an app on one device. Personal values stand apart from the rest, under field names,
// because every event that moves an installation carries them again for its new user.

import type { FieldKey } from '../log/event.js'
import type { AttributeValue } from '../values/attribute.js'
import { ERASED } from '../values/identity.js'
import type { ApplicationId, PushRegistrationId, UserId } from '../values/token.js'
import { isAttribute } from './user.js'

interface Known {
  readonly id: PushRegistrationId
  readonly applicationId: ApplicationId
  readonly isPushRegistrationEnabled: boolean
  readonly notificationsEnabled: boolean
  /** Device fields that are not personal and not null. */
  readonly device: Readonly<Record<string, string | boolean>>
}

/**
 * An installation that is in use: it belongs to exactly one living user.
 * @since 0.1.0
 * @category Directory
 */
export interface ActiveInstallation extends Known {
  readonly status: 'active'
  readonly userId: UserId
  /** Whom it would be with were all merges undone, where that is not `userId` but absorbed in it. */
  readonly ownerId?: UserId
  /** `applicationUserId`, `deviceName`, `pushServiceToken` and `customAttributes.NAME`. */
  readonly personal: Readonly<Record<FieldKey, AttributeValue>>
}

/** To whom the personal values of an installation belong: they are sealed under this user's key. */
export const ownerOf = ({ userId, ownerId }: Pick<ActiveInstallation, 'userId' | 'ownerId'>) =>
  ownerId ?? userId

export interface ExpiredInstallation extends Known {
  readonly status: 'expired'
}

/**
 * An installation, in use or expired.
 * @since 0.1.0
 * @category Directory
 */
export type Installation = ActiveInstallation | ExpiredInstallation

/** Device fields that are personal (domain.md section 9). */
export const personalDeviceFields = ['deviceName', 'pushServiceToken'] as const

/** What a change of owner clears: custom attributes and the applicationUserId. */
export const isClearedOnDetach = (field: FieldKey): boolean =>
  field === 'applicationUserId' || isAttribute(field)

/**
 * Names one push token: it stands on one active installation per application and push service.
 * @since 0.1.0
 * @category Directory
 */
export type TokenKey = string

export const tokenKey = (
  applicationId: string,
  service: string | boolean | undefined,
  token: AttributeValue | undefined,
): TokenKey | undefined =>
  token === undefined || token === ERASED
    ? undefined
    : JSON.stringify([applicationId, service ?? null, token])

export const tokenKeyOf = (installation: Installation | undefined): TokenKey | undefined =>
  installation?.status === 'active'
    ? tokenKey(
        installation.applicationId,
        installation.device.pushServiceType,
        installation.personal.pushServiceToken,
      )
    : undefined
