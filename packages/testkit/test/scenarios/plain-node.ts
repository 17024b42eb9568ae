// Scenarios for `node --test`; the last one fails on purpose. `plain-node.test.ts` runs them.

import { test } from 'node:test'
import { given } from '@selfsame/testkit'

const registered = given({
  type: 'RegisterInstallation',
  pushRegistrationId: 'phone',
  applicationId: 'shop',
})
const login = registered.when({
  type: 'Personalize',
  pushRegistrationId: 'phone',
  userIdentity: { emails: ['ann@example.com'] },
})

test('a login links the identity and promotes', () =>
  login.then({ type: 'IdentityLinked', payload: { kind: 'email' } }, { type: 'ProfilePromoted' }))

test('a login of nobody is refused', () =>
  registered
    .when({ type: 'Personalize', pushRegistrationId: 'phone', userIdentity: {} })
    .refuses('USER_IDENTITY_INVALID'))

test('a login by email links a phone', () =>
  login.then({ type: 'IdentityLinked', payload: { kind: 'phone' } }, { type: 'ProfilePromoted' }))
