// What can be seen of a user and an installation, in the model and through an engine, as one text each.

import {
  canonicalJson,
  type Engine,
  type InstallationView,
  type Json,
  type UserView,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import {
  createdAtOf,
  type Device,
  devicesOf,
  identitiesOf,
  markOf,
  type Person,
  personOf,
  promotedAtOf,
  typeOf,
  valuesOf,
  type World,
} from './world.js'
import { attributePrefix, tagPrefix } from './writing.js'

/** Sees a user or an installation: JSON whose sets stand in order, or the code of a refusal. */
export type Sight = (kind: 'user' | 'installation', id: string) => Promise<Json>

const deviceFields = [
  'os',
  'osVersion',
  'deviceManufacturer',
  'deviceModel',
  'deviceName',
  'deviceSecure',
  'appVersion',
  'sdkVersion',
  'language',
  'deviceTimezoneOffset',
  'pushServiceType',
  'pushServiceToken',
]

const object = (entries: Iterable<readonly [string, Json]>): Json => Object.fromEntries(entries)

const deviceInModel = (world: World, one: Device): Json => {
  const user = world.people.get(one.userId ?? '')
  return {
    pushRegistrationId: one.id,
    userId: one.userId,
    applicationId: one.applicationId,
    applicationUserId: one.applicationUserId,
    isPrimaryDevice: user !== undefined && markOf(world, user)?.id === one.id,
    isPushRegistrationEnabled: one.isPushRegistrationEnabled,
    notificationsEnabled: one.notificationsEnabled,
    customAttributes: object(one.custom),
    device: object(deviceFields.map((field) => [field, one.device.get(field) ?? null])),
    status: one.userId === null ? 'expired' : 'active',
  }
}

const userInModel = (world: World, person: Person): Json => {
  const values = valuesOf(person)
  const identities = identitiesOf(world, person)
  const named = (prefix: string): ReadonlyArray<readonly [string, Json]> =>
    [...values]
      .filter(([field]) => field.startsWith(prefix))
      .map(([field, { value }]) => [field.slice(prefix.length), value])
  const kind = (wanted: string): ReadonlyArray<string> =>
    identities.filter((one) => one.kind === wanted).map(({ value }) => value)
  const single = (field: string): Json => values.get(field)?.value ?? null
  return {
    id: person.id,
    type: typeOf(person),
    externalUserId: kind('externalUserId')[0] ?? null,
    phones: [...kind('phone')].sort(),
    emails: [...kind('email')].sort(),
    firstName: single('firstName'),
    lastName: single('lastName'),
    middleName: single('middleName'),
    gender: single('gender'),
    birthday: single('birthday'),
    tags: named(tagPrefix)
      .map(([tag]) => tag)
      .sort(),
    customAttributes: object(named(attributePrefix)),
    installations: devicesOf(world, person)
      .map(({ id }) => id)
      .sort(),
    createdAt: createdAtOf(person),
    promotedAt: promotedAtOf(person),
    status: 'active',
  }
}

/** What the model shows. */
export const inModel =
  (world: World): Sight =>
  async (kind, id) => {
    if (kind === 'installation') {
      const device = world.devices.get(id)
      return device === undefined ? 'NO_REGISTRATION' : deviceInModel(world, device)
    }
    const person = personOf(world, id)
    if (person === undefined) return 'USER_NOT_FOUND'
    return person.status === 'erased' ? 'USER_ERASED' : userInModel(world, person)
  }

const plain = (value: InstallationView | UserView): Json => JSON.parse(JSON.stringify(value))

/** What an engine shows. Installations of a user are seen one by one. */
export const inEngine =
  (engine: Engine): Sight =>
  async (kind, id) => {
    if (kind === 'installation') {
      const found = await engine.fetchInstallation(id)()
      return E.isRight(found) ? plain(found.right) : codeOf(found.left)
    }
    const found = await engine.fetchUser({ userId: id })()
    if (E.isLeft(found)) return codeOf(found.left)
    const { phones, emails, tags, installations, ...rest } = found.right
    return {
      ...rest,
      phones: [...phones].sort(),
      emails: [...emails].sort(),
      tags: [...tags].sort(),
      installations: installations.map((one) => one.pushRegistrationId).sort(),
    }
  }

const codeOf = (left: { readonly error: { readonly code: string } } | { readonly kind: string }) =>
  'error' in left ? left.error.code : `failure: ${left.kind}`

export const textOf = (seen: Json): string => canonicalJson(seen)
