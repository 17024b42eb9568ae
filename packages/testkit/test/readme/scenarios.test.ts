// The README's example of given, when and then.
import { given, scenarios } from '@selfsame/testkit'
import { test } from 'vitest' // or from 'node:test'

const ann = [
  { type: 'UserCreated', payload: { userId: 'ann' } },
  { type: 'IdentityLinked', payload: { userId: 'ann', kind: 'phone', value: '48600700800' } },
] as const
const phone = {
  type: 'RegisterInstallation',
  pushRegistrationId: 'phone',
  applicationId: 'shop',
} as const

test('somebody who logs in on a new phone is the one we knew', () =>
  given(...ann, phone)
    .when({
      type: 'Personalize',
      pushRegistrationId: 'phone',
      userIdentity: { phones: ['+48 600 700 800'], emails: ['ann@example.com'] },
    })
    .then(
      { type: 'UsersMerged', payload: { survivorId: 'ann', absorbedId: 'user-1' } },
      { type: 'IdentityLinked', payload: { kind: 'email', value: 'ann@example.com' } },
      { type: 'ProfilePromoted' },
    )
    .leaves({ users: { ann: { type: 'CUSTOMER', installations: ['phone'] } } }))

test('nobody takes a phone number from somebody else', () =>
  given(...ann, { type: 'CreateUser', userIdentity: { externalUserId: 'crm-7' } })
    .when({ type: 'SaveUser', target: { userId: 'user-1' }, user: { phones: ['48600700800'] } })
    .refuses('USER_MERGE_INTERRUPTED')
    .leaves({ users: { 'user-1': { phones: [] } } }))

test('with our options a further identity extends the profile', () =>
  scenarios({ personalizeUnknownIdentity: 'extend' })
    .given(...ann, phone, {
      type: 'Personalize',
      pushRegistrationId: 'phone',
      userIdentity: { phones: ['48600700800'] },
    })
    .when({
      type: 'Personalize',
      pushRegistrationId: 'phone',
      userIdentity: { emails: ['ann@example.com'] },
    })
    .then({ type: 'IdentityLinked', payload: { userId: 'ann' } }))
