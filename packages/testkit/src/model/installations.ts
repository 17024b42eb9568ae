// What the commands about an installation do to the model's world.

import type { RefusalCode } from '@selfsame/core'
import { active, type Given, type Of, userOf } from './naming.js'
import { type Device, devicesOf, isAnonymous, markOf, valuesOf, type World } from './world.js'
import { attach, clear, createPerson, mark, patchDevice, typedIn } from './writing.js'

export const register = (
  world: World,
  command: Of<'RegisterInstallation'>,
  given: Given,
): RefusalCode | null => {
  const id = command.pushRegistrationId ?? given.newInstallation()
  const known = world.devices.get(id)
  if (known !== undefined && known.userId === null) return 'NO_REGISTRATION'
  if (known !== undefined && known.applicationId !== command.applicationId)
    return 'REQUEST_FORMAT_INVALID'
  const typed = typedIn(world, 'installation', command.customAttributes)
  if (typeof typed === 'string') return typed
  const { isPushRegistrationEnabled, customAttributes, device } = command
  const patch = {
    ...(isPushRegistrationEnabled === undefined ? {} : { isPushRegistrationEnabled }),
    ...(customAttributes === undefined ? {} : { customAttributes }),
    ...(device === undefined ? {} : { device }),
  }
  const one: Device = known ?? {
    id,
    applicationId: command.applicationId,
    userId: null,
    since: 0,
    matched: [],
    applicationUserId: null,
    isPushRegistrationEnabled: true,
    notificationsEnabled: true,
    custom: new Map(),
    device: new Map(),
  }
  if (known === undefined) attach(world, one, createPerson(world, given.newUser(), 'LEAD'), [])
  world.devices.set(id, one)
  patchDevice(world, one, patch, typed)
  return null
}

export const saveInstallation = (
  world: World,
  command: Of<'SaveInstallation'>,
): RefusalCode | null => {
  const device = active(world, command.pushRegistrationId)
  if (device === undefined) return 'NO_REGISTRATION'
  const typed = typedIn(world, 'installation', command.customAttributes)
  if (typeof typed === 'string') return typed
  patchDevice(world, device, command, typed)
  if (command.isPrimaryDevice !== undefined) mark(world, device, command.isPrimaryDevice ?? false)
  return null
}

export const setPrimary = (world: World, command: Of<'SetPrimary'>): RefusalCode | null => {
  const device = active(world, command.pushRegistrationId)
  const requester = active(world, command.requestedBy ?? command.pushRegistrationId)
  if (device === undefined || requester === undefined) return 'NO_REGISTRATION'
  if (requester.userId !== device.userId) return 'INSTALLATION_NOT_OWNED'
  mark(world, device, command.isPrimary)
  return null
}

export const logOut = (world: World, device: Device, given: Given): null => {
  const user = userOf(world, device)
  const isFresh =
    isAnonymous(world, user) &&
    valuesOf(user).size === 0 &&
    devicesOf(world, user).length === 1 &&
    markOf(world, user) === null &&
    device.custom.size === 0 &&
    device.applicationUserId === null
  if (isFresh) return null
  clear(world, device)
  attach(world, device, createPerson(world, given.newUser(), 'LEAD'), [])
  return null
}
