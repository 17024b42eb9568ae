// A user and an installation as tables: what is empty is left out, what is long is wrapped.

import type { InstallationView, UserView } from '@selfsame/core'
import { type Cell, fieldTable, table } from './table.js'

const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

const namedValues = (values: Readonly<Record<string, unknown>>): ReadonlyArray<string> =>
  Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${valueText(value)}`)

const switches = (one: InstallationView): ReadonlyArray<string> => [
  ...(one.status === 'expired' ? ['expired'] : []),
  ...(one.isPrimaryDevice ? ['primary'] : []),
  ...(one.isPushRegistrationEnabled ? [] : ['push off']),
  ...(one.notificationsEnabled ? [] : ['notifications off']),
]

const deviceText = ({ device }: InstallationView): string =>
  [device.deviceName, device.deviceModel, device.os, device.osVersion]
    .filter((part) => part !== null)
    .join(', ')

/** One installation a row. */
export const installationsTable = (
  installations: ReadonlyArray<InstallationView>,
  columns: number,
): string =>
  installations.length === 0
    ? 'no installation\n'
    : table(
        ['installation', 'application', 'user', 'device', 'is'],
        installations.map((one) => [
          one.pushRegistrationId,
          one.applicationId,
          one.userId ?? '',
          deviceText(one),
          switches(one),
        ]),
        columns,
      )

export const installationTable = (one: InstallationView, columns: number): string =>
  fieldTable(
    [
      ['installation', one.pushRegistrationId],
      ['status', switches({ ...one, status: 'active' }).reduce(joined, one.status)],
      ['user', one.userId ?? ''],
      ['application', one.applicationId],
      ['applicationUserId', one.applicationUserId ?? ''],
      ['customAttributes', namedValues(one.customAttributes)],
      ['device', namedValues({ ...one.device })],
    ],
    columns,
  )

const joined = (text: string, more: string): string => `${text}, ${more}`

const nameOf = (user: UserView): string =>
  [user.firstName, user.middleName, user.lastName]
    .filter((part) => part !== null)
    .map(valueText)
    .join(' ')

const identities = (user: UserView): ReadonlyArray<string> => [
  ...(user.externalUserId === null ? [] : [user.externalUserId]),
  ...user.phones.map((phone) => `+${phone}`),
  ...user.emails,
]

const singleText = (value: unknown): Cell => (value === null ? '' : valueText(value))

export const userTable = (user: UserView, columns: number): string =>
  fieldTable(
    [
      ['user', user.id],
      ['type', user.type],
      ['externalUserId', user.externalUserId ?? ''],
      ['phones', user.phones],
      ['emails', user.emails],
      ['firstName', singleText(user.firstName)],
      ['middleName', singleText(user.middleName)],
      ['lastName', singleText(user.lastName)],
      ['gender', singleText(user.gender)],
      ['birthday', singleText(user.birthday)],
      ['tags', user.tags.join(', ')],
      ['customAttributes', namedValues(user.customAttributes)],
      ['createdAt', user.createdAt],
      ['promotedAt', user.promotedAt ?? ''],
    ],
    columns,
  ) + (user.installations.length === 0 ? '' : devicesTable(user, columns))

const devicesTable = (user: UserView, columns: number): string =>
  table(
    ['installation', 'application', 'device', 'is'],
    user.installations.map((one) => [
      one.pushRegistrationId,
      one.applicationId,
      deviceText(one),
      switches(one),
    ]),
    columns,
  )

/** One user a row. */
export const usersTable = (users: ReadonlyArray<UserView>, columns: number): string =>
  users.length === 0
    ? 'no user\n'
    : table(
        ['user', 'type', 'name', 'identities', 'installations'],
        users.map((user) => [
          user.id,
          user.type,
          nameOf(user),
          identities(user),
          user.installations.map((one) => one.pushRegistrationId),
        ]),
        columns,
      )
