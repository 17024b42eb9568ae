// A story with every kind of row in it: people who log in, merge, unmerge, expire and are erased,
// devices lent and taken back, tokens that move, attributes that are declared.

import type { Engine, Json, Receipt } from '@selfsame/core'
import { answer, shown } from './broken.js'

const register = (id: string, token: string): Json => ({
  type: 'RegisterInstallation',
  pushRegistrationId: id,
  applicationId: 'shop',
  customAttributes: { theme: `theme of ${id}` },
  device: { pushServiceType: 'fcm', pushServiceToken: token, deviceName: `device of ${id}` },
})

const login = (
  id: string,
  userIdentity: Json,
  more: Readonly<Record<string, Json>> = {},
): Json => ({
  type: 'Personalize',
  pushRegistrationId: id,
  userIdentity,
  ...more,
})

const [ann, bob, cid, dan] = ['48600700801', '48600700802', '48600700803', '48600700804']

/** Commands that are all accepted. The erasure at its end is `erasure`. */
export const story: ReadonlyArray<Json> = [
  {
    type: 'DefineAttribute',
    scope: 'user',
    name: 'orders',
    attributeType: 'list',
    fields: { total: 'number' },
  },
  register('phone-ann', 'token of ann'),
  register('phone-bob', 'token of bob'),
  register('phone-cid', 'token of cid'),
  login(
    'phone-ann',
    { phones: [ann], emails: ['Ann.Smith@Example.com'], externalUserId: 'crm-ann' },
    {
      commandId: 'login-ann',
      setAsPrimary: true,
      userAttributes: {
        firstName: 'Annabel',
        tags: ['vip-ann'],
        customAttributes: { plan: 'gold-ann' },
      },
    },
  ),
  login('phone-bob', { phones: [bob] }, { userAttributes: { lastName: 'Bobson', tags: ['new'] } }),
  login('phone-cid', { emails: ['cid@example.com'] }, { keepAsLead: true }),
  { type: 'CreateUser', userIdentity: { phones: [dan] }, userAttributes: { firstName: 'Daniel' } },
  {
    type: 'SaveUser',
    target: { phone: dan },
    user: { customAttributes: { orders: [{ total: 7 }], since: '2026-01-01' } },
  },
  { type: 'MergeUsers', users: [{ phone: ann }, { phone: bob }], commandId: 'merge-bob' },
  { type: 'MergeUsers', users: [{ phone: ann }, { email: 'cid@example.com' }] },
  {
    type: 'SaveUser',
    target: { phone: ann },
    user: { phones: [ann, bob, cid], middleName: 'Mary' },
  },
  { type: 'SetPrimary', pushRegistrationId: 'phone-bob', isPrimary: true },
  register('phone-new', 'token of cid'),
  { type: 'Depersonalize', pushRegistrationId: 'phone-bob' },
  login('phone-bob', { phones: [dan] }, { forceDepersonalize: true }),
  { type: 'ExpireInstallation', pushRegistrationId: 'phone-new', reason: 'uninstalled' },
]

/** Ends Ann, and with her everyone who was absorbed in her. */
export const erasure: Json = {
  type: 'EraseUser',
  target: { phone: ann },
  reason: 'asked-by-user',
  commandId: 'erase-ann',
}

/** Executes commands one after another; each must be accepted. */
export const accept = async (
  engine: Engine,
  commands: ReadonlyArray<Json>,
): Promise<ReadonlyArray<Receipt>> => {
  const receipts: Receipt[] = []
  for (const command of commands)
    receipts.push(answer(`execute(${shown(command)})`, await engine.execute(command)()))
  return receipts
}
