// The schema of a person's export: the user as it is shown, the sources, the events.

import type { ExportedAbsorption, ExportedSource, PersonExport } from '../audit/export.js'
import type { Absorption } from '../audit/history.js'
import type { InstallationView, UserView } from '../directory/view.js'
import type { OwnEvent } from '../log/own-event.js'
import { instantShape, orNull, positionShape, recordShape, userIdShape } from '../log/shape.js'
import { t } from '../prelude.js'
import { object } from '../values/codec.js'
import { described } from '../values/described.js'
import type { Device } from '../values/device.js'
import { envelope, eventSchema, eventTypes } from './events.js'

/** A codec for each key that a type has, and for no other. */
const shaped = <A>(name: string, keys: Readonly<Record<keyof A & string, t.Mixed>>): t.Mixed =>
  object(name, keys, {})

const text = orNull(t.string)
const instantOrNull = orNull(instantShape)
const flat = t.union([t.string, t.number, t.boolean])
const value = t.union([flat, t.readonlyArray(recordShape(flat))])
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

const installation = shaped<InstallationView>('an installation', {
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

const profile: Readonly<Record<Exclude<keyof UserView, 'installations'>, t.Mixed>> = {
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

const absorption = { userId: userIdShape, into: userIdShape, from: positionShape }

const event = described(new t.UnknownType(), (of) => ({
  oneOf: eventTypes.map((type) => eventSchema(of, type, { withheld: t.readonlyArray(t.string) })),
}))

const fact = shaped<OwnEvent>('a fact', {
  ...envelope,
  type: t.string,
  tags: t.readonlyArray(t.string),
  payload: recordShape(t.unknown),
})

/** The export of a person, as `exportPerson` gives it. */
export const exportCodec = shaped<PersonExport>('a person', {
  format: t.literal('selfsame-export'),
  version: t.literal(1),
  position: positionShape,
  recordedAt: instantOrNull,
  userId: userIdShape,
  user: shaped<UserView>('a user', {
    ...profile,
    installations: t.readonlyArray(installation),
  }),
  sources: t.readonlyArray(
    shaped<ExportedSource>('a source', {
      field: t.string,
      value,
      positions: t.readonlyArray(positionShape),
    }),
  ),
  absorbed: t.readonlyArray(
    shaped<ExportedAbsorption>('an absorption', {
      ...absorption,
      brought: orNull(shaped<Omit<UserView, 'installations'>>('a user that was', profile)),
    }),
  ),
  separated: t.readonlyArray(
    shaped<Absorption>('a separation', { ...absorption, until: orNull(positionShape) }),
  ),
  events: t.readonlyArray(event),
  facts: t.readonlyArray(fact),
})

export const exportNotes =
  'A copy of everything held of one person. The positions in sources name the events that give each ' +
  'value; an event says when, by whom and by which command it was recorded. A value that is somebody ' +
  'else\'s reads "withheld", and withheld names its place as a JSON Pointer.'
