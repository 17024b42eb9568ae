// A story in which every event type is recorded and every personal field holds a canary: a value
// that stands nowhere else, so that a test can find out where it went.

import {
  createUser,
  depersonalize,
  erase,
  expire,
  merge,
  personalize,
  register,
  saveInstallation,
  saveUser,
  setPrimary,
  unmerge,
} from './commands.js'
import { type Given, openWorld, userOf, type World } from './world.js'

/** Personal values by the field that holds them. `_` marks all of them. */
export const canary = {
  externalUserId: 'ext_canary',
  otherExternalUserId: 'ext2_canary',
  phone: '48600700800',
  email: 'mail_canary@example.com',
  firstName: 'first_canary',
  lastName: 'last_canary',
  middleName: 'middle_canary',
  birthday: '1987-06-05',
  tag: 'tag_canary',
  text: 'text_canary',
  day: '1986-05-04',
  time: '1985-04-03T02:01:00Z',
  number: 987654321,
  row: 'row_canary',
  applicationUserId: 'app_canary',
  deviceName: 'device_canary',
  pushServiceToken: 'token_canary',
  seat: 'seat_canary',
} as const

/** Canaries as they stand in JSON text. */
export const canaryTexts: ReadonlyArray<string> = [
  ...Object.values(canary).map(String),
  '"Female"',
  '"gift":true',
]

const attributes = {
  firstName: canary.firstName,
  lastName: canary.lastName,
  middleName: canary.middleName,
  gender: 'Female',
  birthday: canary.birthday,
  tags: [canary.tag],
  customAttributes: {
    text: canary.text,
    day: canary.day,
    time: canary.time,
    number: canary.number,
    orders: [{ row: canary.row, gift: true }],
  },
}

const device = {
  os: 'Linux',
  deviceName: canary.deviceName,
  pushServiceType: 'FCM',
  pushServiceToken: canary.pushServiceToken,
}

export const scenario: ReadonlyArray<Given> = [
  {
    type: 'DefineAttribute',
    scope: 'user',
    name: 'orders',
    attributeType: 'list',
    fields: { row: 'string', gift: 'boolean' },
  },
  register('i', { device, customAttributes: { seat: canary.seat } }),
  saveInstallation('i', {
    applicationUserId: canary.applicationUserId,
    notificationsEnabled: false,
    device: { os: 'BSD' },
  }),
  personalize(
    'i',
    { externalUserId: canary.externalUserId, phones: [canary.phone], emails: [canary.email] },
    { userAttributes: attributes, setAsPrimary: true },
  ),
  createUser(canary.otherExternalUserId, { userAttributes: attributes }),
  merge(
    [{ externalUserId: canary.externalUserId }, { externalUserId: canary.otherExternalUserId }],
    {
      survivor: { externalUserId: canary.otherExternalUserId },
      overrides: { externalUserId: userOf(5) },
    },
  ),
  saveUser({ externalUserId: canary.otherExternalUserId }, { firstName: 'since_canary' }),
  unmerge({ externalUserId: canary.otherExternalUserId }, ''),
  depersonalize('i'),
  saveUser({ phone: canary.phone }, { emails: null }),
  setPrimary('i'),
  expire('i'),
  register('j', { device }),
  personalize('j', { externalUserId: canary.externalUserId }),
]

/** The world after the story; the erasure that ends it is left to the caller. */
export const play = async (): Promise<World> => {
  const world = openWorld()
  for (const command of scenario) {
    const first =
      command.type === 'UnmergeUsers'
        ? (await world.log()).find(({ type }) => type === 'UserCreated')
        : undefined
    await world.run(
      first?.type === 'UserCreated' ? { ...command, absorbed: first.payload.userId } : command,
    )
  }
  return world
}

export const lastErasure: Given = erase({ externalUserId: canary.externalUserId })
