// Short names for the commands that nearly every story of a test begins with.

import type { Given } from './world.js'

type More = Readonly<Record<string, unknown>>

export const register = (id: string, more: More = {}): Given => ({
  type: 'RegisterInstallation',
  pushRegistrationId: id,
  applicationId: 'shop',
  ...more,
})

export const personalize = (id: string, userIdentity: More, more: More = {}): Given => ({
  type: 'Personalize',
  pushRegistrationId: id,
  userIdentity,
  ...more,
})

export const depersonalize = (id: string): Given => ({
  type: 'Depersonalize',
  pushRegistrationId: id,
})

export const setPrimary = (id: string, isPrimary = true, more: More = {}): Given => ({
  type: 'SetPrimary',
  pushRegistrationId: id,
  isPrimary,
  ...more,
})

export const saveInstallation = (id: string, more: More): Given => ({
  type: 'SaveInstallation',
  pushRegistrationId: id,
  ...more,
})

/** A user by its externalUserId, as a server makes it. */
export const createUser = (externalUserId: string, more: More = {}): Given => ({
  type: 'CreateUser',
  userIdentity: { externalUserId },
  ...more,
})

export const createLead = (externalUserId: string, more: More = {}): Given =>
  createUser(externalUserId, { userType: 'LEAD', ...more })

/** A user by a phone of its own, without externalUserId: such users merge without conflict. */
export const createByPhone = (phone: string, more: More = {}): Given => ({
  type: 'CreateUser',
  userIdentity: { phones: [phone] },
  ...more,
})

export const saveUser = (target: More, user: More): Given => ({ type: 'SaveUser', target, user })

export const merge = (users: ReadonlyArray<More>, more: More = {}): Given => ({
  type: 'MergeUsers',
  users,
  ...more,
})

/** Others absorbed by a user, all named by their ids. */
export const mergeInto = (survivor: string, ...absorbed: ReadonlyArray<string>): Given =>
  merge(
    [survivor, ...absorbed].map((userId) => ({ userId })),
    { survivor: { userId: survivor } },
  )

export const unmerge = (survivor: More, absorbed: string): Given => ({
  type: 'UnmergeUsers',
  survivor,
  absorbed,
})

export const erase = (target: More, reason = 'gdpr'): Given => ({
  type: 'EraseUser',
  target,
  reason,
})

export const expire = (id: string, reason = 'uninstalled'): Given => ({
  type: 'ExpireInstallation',
  pushRegistrationId: id,
  reason,
})

export const define = (
  name: string,
  attributeType: string,
  more: More = { scope: 'user' },
): Given => ({ type: 'DefineAttribute', scope: 'user', name, attributeType, ...more })

/** Distinct, possible phone numbers. */
export const phoneNo = (n: number): string => `4860070${(1000 + n).toString()}`
export const phoneNos = (count: number, from = 0): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, i) => phoneNo(from + i))
export const emailNos = (count: number, from = 0): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, i) => `e${from + i}@example.com`)
