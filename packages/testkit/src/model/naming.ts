// Whom and what a command of the model names, and what only the engine knows.

import type { EngineOptions, RefusalCode } from '@selfsame/core'
import { keyOf, type Parsed, type Reference } from './values.js'
import { type Device, type Person, personOf, type World } from './world.js'

/** How an engine was opened, and the ids that it gave: the model cannot know those. */
export interface Given {
  readonly rules: Required<Pick<EngineOptions, 'personalizeUnknownIdentity' | 'anonymousData'>>
  readonly newInstallation: () => string
  /** The id of a new user, for an installation where an erasure makes several. */
  readonly newUser: (installation?: string) => string
  /** Which of several new users the engine made first: domain.md leaves that open. */
  readonly orderOf: (userId: string) => number
}

/** The command of a type. */
export type Of<Type extends Parsed['type']> = Extract<Parsed, { readonly type: Type }>

/** An active installation. */
export const active = (world: World, id: string): Device | undefined => {
  const device = world.devices.get(id)
  return device?.userId == null ? undefined : device
}

/** The living user that a reference names. */
export const referred = (world: World, reference: Reference): Person | RefusalCode => {
  const { userId, externalUserId, phone, email, pushRegistrationId } = reference
  if (pushRegistrationId !== undefined && active(world, pushRegistrationId) === undefined)
    return 'NO_REGISTRATION'
  const key =
    externalUserId !== undefined
      ? keyOf('externalUserId', externalUserId)
      : phone !== undefined
        ? keyOf('phone', phone)
        : keyOf('email', email ?? '')
  const id =
    userId ?? active(world, pushRegistrationId ?? '')?.userId ?? world.identities.get(key)?.owner
  const person = personOf(world, id ?? '')
  if (person === undefined) return 'USER_NOT_FOUND'
  return person.status === 'erased' ? 'USER_ERASED' : person
}

/** The user of an active installation. */
export const userOf = (world: World, device: Device): Person => {
  const person = world.people.get(device.userId ?? '')
  if (person === undefined) throw new Error(`the model lost the user of ${device.id}`)
  return person
}

/** A birthday may not be after the day on which its command is decided. */
export const isFuture = (world: World, birthday: string | null | undefined): boolean =>
  birthday != null && birthday > world.now.slice(0, 10)
