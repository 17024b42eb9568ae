// Endings about push tokens: a few installations of two apps that claim the same few tokens under the same
// few services, by registrations and by patches that tell one half of the claim or both.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'
import { login, type Steps } from './story-steps.js'

const ids = ['phone-0', 'phone-1', 'phone-2', 'phone-3', 'phone-4']
const id = fc.constantFrom(...ids)

/** A half of the claim that is left out stays as it is held. */
const claims: fc.Arbitrary<Json> = fc
  .record(
    {
      pushServiceType: fc.constantFrom<Json>('fcm', 'fcm', 'apns', null),
      pushServiceToken: fc.constantFrom<Json>('t-1', 't-1', 't-2', null, ''),
      deviceName: fc.constantFrom<Json>('Phone', null),
      appVersion: fc.constantFrom<Json>('1.0', '2.0', null),
    },
    { requiredKeys: [] },
  )
  .map((device): Json => device)

const registers: fc.Arbitrary<Json> = fc
  .record({
    pushRegistrationId: id,
    applicationId: fc.constantFrom('shop', 'shop', 'shop', 'blog'),
    device: claims,
  })
  .map((fields): Json => ({ type: 'RegisterInstallation', ...fields }))

const registersUnnamed: fc.Arbitrary<Json> = claims.map((device) => ({
  type: 'RegisterInstallation',
  applicationId: 'shop',
  device,
}))

const saves: fc.Arbitrary<Json> = fc
  .tuple(
    id,
    fc.record(
      {
        device: fc.oneof(
          { weight: 9, arbitrary: claims },
          { weight: 1, arbitrary: fc.constant<Json>(null) },
        ),
        isPrimaryDevice: fc.constantFrom<Json>(true, false, null),
        notificationsEnabled: fc.constantFrom<Json>(true, false, null),
        applicationUserId: fc.constantFrom<Json>('member', '', null),
        customAttributes: fc.constantFrom<Json>({ theme: 'dark' }, { theme: null }, null),
      },
      { requiredKeys: ['device'] },
    ),
  )
  .map(
    ([pushRegistrationId, fields]): Json => ({
      type: 'SaveInstallation',
      pushRegistrationId,
      ...fields,
    }),
  )

const logsIn: fc.Arbitrary<Json> = fc
  .tuple(id, fc.constantFrom('crm-holder', 'crm-claimant'), fc.boolean())
  .map(([one, externalUserId, setAsPrimary]) =>
    login(one, { externalUserId }, { setAsPrimary, forceDepersonalize: true }),
  )

const leaves: fc.Arbitrary<Json> = fc
  .tuple(id, fc.boolean())
  .map(([pushRegistrationId, isExpired]) =>
    isExpired
      ? { type: 'ExpireInstallation', pushRegistrationId, reason: 'uninstalled' }
      : { type: 'Depersonalize', pushRegistrationId },
  )

/** Installations that claim each other's push token. */
export const tokensClaimed: fc.Arbitrary<Steps> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: registers },
    { weight: 1, arbitrary: registersUnnamed },
    { weight: 8, arbitrary: saves },
    { weight: 2, arbitrary: logsIn },
    { weight: 1, arbitrary: leaves },
  ),
  { minLength: 8, maxLength: 20, size: 'max' },
)
