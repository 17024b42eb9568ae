// A user and an installation as they are shown, for every document that holds one.

import type { InstallationView, UserView } from '../directory/view.js'
import { instantShape, orNull, recordShape, userIdShape } from '../log/shape.js'
import { t } from '../prelude.js'
import { object } from '../values/codec.js'
import { described } from '../values/described.js'
import type { Device } from '../values/device.js'
import type { JsonObject } from '../values/json.js'

/** A codec for each key that a type has, and for no other. */
export const shaped = <A>(
  name: string,
  keys: Readonly<Record<keyof A & string, t.Mixed>>,
): t.Mixed => object(name, keys, {})

/** A codec under a name of its own, with what its schema says besides. */
export const named = (name: string, codec: t.Mixed, schema: JsonObject): t.Mixed =>
  described(new t.Type(name, codec.is, codec.validate, codec.encode), () => schema)

export const text = orNull(t.string)
export const instantOrNull = orNull(instantShape)
const flat = t.union([t.string, t.number, t.boolean])
export const value = t.union([flat, t.readonlyArray(recordShape(flat))])
const attributes = recordShape(value)

const device = shaped<Device>('a device', {
  os: text,
  osVersion: text,
  deviceManufacturer: text,
  deviceModel: text,
  deviceName: text,
  deviceSecure: orNull(t.boolean),
  appVersion: text,
  sdkVersion: text,
  language: text,
  deviceTimezoneOffset: text,
  pushServiceType: text,
  pushServiceToken: text,
})

export const installation = shaped<InstallationView>('an installation', {
  pushRegistrationId: t.string,
  userId: orNull(userIdShape),
  applicationId: t.string,
  applicationUserId: text,
  isPrimaryDevice: t.boolean,
  isPushRegistrationEnabled: t.boolean,
  notificationsEnabled: t.boolean,
  customAttributes: attributes,
  device,
  status: t.union([t.literal('active'), t.literal('expired')]),
})

export const profile: Readonly<Record<Exclude<keyof UserView, 'installations'>, t.Mixed>> = {
  id: userIdShape,
  type: t.union([t.literal('LEAD'), t.literal('CUSTOMER')]),
  externalUserId: text,
  phones: t.readonlyArray(t.string),
  emails: t.readonlyArray(t.string),
  firstName: text,
  lastName: text,
  middleName: text,
  gender: text,
  birthday: text,
  tags: t.readonlyArray(t.string),
  customAttributes: attributes,
  createdAt: instantShape,
  promotedAt: instantOrNull,
  status: t.literal('active'),
}

export const user = shaped<UserView>('a user', {
  ...profile,
  installations: t.readonlyArray(installation),
})
