// Endings about devices and what they hold: an app that two share before either is known, one that is
// installed again, and values of one name that do not fit.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'
import { few, has, login, merge, register, type Steps, user } from './story-steps.js'
import { isObject } from './symbols.js'

/**
 * Two installations of nobody known, held together; one of them, marked or not, logs in as somebody
 * who is known or new, and who may have a mark already.
 */
export const sharedBeforeLogin: fc.Arbitrary<Steps> = fc
  .record({
    marked: fc.constantFrom<Json>('lent-1', 'lent-1', 'lent-2'),
    hasMark: fc.boolean(),
    hasData: fc.boolean(),
    who: fc.constantFrom<Json>({ externalUserId: 'crm-lender' }, { phones: ['48600700899'] }),
    isKnown: fc.constantFrom(true, true, false),
    keepAsLead: fc.boolean(),
  })
  .map(({ marked, hasMark, hasData, who, isKnown, keepAsLead }) => [
    register('lent-1'),
    register('lent-2'),
    register('own'),
    ...(hasData
      ? [{ type: 'SaveUser', target: has('lent-2'), user: { tags: ['new'], gender: 'Male' } }]
      : []),
    merge([has('lent-1'), has('lent-2')]),
    { type: 'SetPrimary', pushRegistrationId: marked, isPrimary: true },
    ...(isKnown ? [login('own', who, { setAsPrimary: hasMark, keepAsLead })] : []),
    login('lent-1', who, { keepAsLead }),
    { type: 'SetPrimary', pushRegistrationId: 'lent-2', isPrimary: true },
    login('lent-2', who),
    { type: 'Depersonalize', pushRegistrationId: 'lent-1' },
  ])

/**
 * An app installed again on the same device: its push token comes with the new installation, or later,
 * or under another push service, and the old one is somebody's and perhaps marked.
 */
export const reinstalled: fc.Arbitrary<Steps> = fc
  .record({
    services: fc.array(fc.constantFrom<Json>('fcm', 'fcm', 'apns', null), {
      minLength: 3,
      maxLength: 3,
    }),
    setAsPrimary: fc.boolean(),
    isLater: fc.boolean(),
    last: fc.constantFrom<Json>('token-of-device', null, 'another-token'),
    application: fc.constantFrom('shop', 'shop', 'blog'),
  })
  .map(({ services, setAsPrimary, isLater, last, application }) => {
    const [first = null, second = null, third = null] = services
    const device = (pushServiceType: Json, pushServiceToken: Json): Json => ({
      device: { pushServiceType, pushServiceToken, deviceName: 'Phone' },
    })
    const save = (id: string, more: Json): Json => ({
      ...(isObject(more) ? more : {}),
      type: 'SaveInstallation',
      pushRegistrationId: id,
    })
    const again = device(second, 'token-of-device')
    const fresh = {
      type: 'RegisterInstallation',
      pushRegistrationId: 'new',
      applicationId: application,
    }
    return [
      register('old'),
      save('old', device(first, 'token-of-device')),
      login('old', { externalUserId: 'crm-again' }, { setAsPrimary }),
      ...(isLater
        ? [fresh, save('new', again)]
        : [{ ...fresh, ...(isObject(again) ? again : {}) }]),
      login('new', { externalUserId: 'crm-again' }),
      save('new', device(third, last)),
      save('old', device(first, 'token-of-device')),
      save('new', { device: { pushServiceType: first } }),
      save('new', { device: null, isPushRegistrationEnabled: false }),
      save('new', { isPushRegistrationEnabled: null, notificationsEnabled: null }),
      { type: 'ExpireInstallation', pushRegistrationId: 'new', reason: 'uninstalled' },
    ]
  })

/** A name given a value of one type, and then values of others, on whoever has it. */
export const misfitting: fc.Arbitrary<Steps> = fc
  .record({
    first: fc.constantFrom<Json>(7, 'text', true, '2020-02-29'),
    second: fc.constantFrom<Json>('text', 8, false, '2020-02-30', [{ a: 1 }], [{ a: [] }], {}),
    n: few,
  })
  .map(({ first, second, n }) => [
    {
      type: 'SaveInstallation',
      pushRegistrationId: { $installation: n },
      customAttributes: { odd: first },
    },
    { type: 'SaveUser', target: user(n), user: { customAttributes: { odd: first } } },
    {
      type: 'SaveInstallation',
      pushRegistrationId: { $installation: n },
      customAttributes: { odd: second, even: 1 },
    },
    {
      type: 'RegisterInstallation',
      pushRegistrationId: { $installation: n },
      applicationId: 'shop',
      customAttributes: { odd: second },
    },
    { type: 'RegisterInstallation', applicationId: 'shop', customAttributes: { odd: second } },
    {
      type: 'CreateUser',
      userIdentity: { externalUserId: 'odd' },
      userAttributes: { customAttributes: { odd: second } },
    },
    login('odd', { externalUserId: 'odd' }),
    {
      type: 'Personalize',
      pushRegistrationId: { $installation: n },
      userIdentity: { externalUserId: 'odd' },
      userAttributes: { customAttributes: { odd: second }, birthday: '2999-01-01' },
    },
    { type: 'DefineAttribute', scope: 'user', name: 'odd', attributeType: 'string' },
    {
      type: 'DefineAttribute',
      scope: 'user',
      name: 'odd',
      attributeType: 'list',
      fields: { a: 'number' },
    },
    {
      type: 'DefineAttribute',
      scope: 'user',
      name: 'many',
      attributeType: 'list',
      fields: { a: 'number' },
    },
    {
      type: 'DefineAttribute',
      scope: 'user',
      name: 'many',
      attributeType: 'list',
      fields: { a: 'string' },
    },
    { type: 'DefineAttribute', scope: 'user', name: 'many', attributeType: 'list' },
    { type: 'DefineAttribute', scope: 'user', name: 'many', attributeType: 'list', fields: null },
    { type: 'DefineAttribute', scope: 'user', name: 'day', attributeType: 'date', fields: null },
    {
      type: 'DefineAttribute',
      scope: 'user',
      name: 'few',
      attributeType: 'date',
      fields: { a: 'string' },
    },
  ])
