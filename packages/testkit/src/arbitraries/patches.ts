// Patches of users and installations as saves take them: any of their keys, a value or null under
// each; and patches with one thing wrong in them.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'
import { type ValuesOf, valuesOf } from './values.js'

type Fields = Readonly<Record<string, ValuesOf>>

const boolean: ValuesOf = { valid: fc.boolean(), wrong: fc.constantFrom<Json>('true', 1, {}) }

const setOf = (one: ValuesOf): ValuesOf => ({
  valid: fc.array(one.valid, { maxLength: 3 }).map((some): Json => some),
  wrong: fc.oneof(
    one.wrong.map((wrong): Json => [wrong]),
    fc.constant<Json>({}),
  ),
})

const nullOr = (valid: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: fc.constant<Json>(null) },
    { weight: 6, arbitrary: valid },
  )

/** A patch as JSON: a key that is left out is not there. */
const present = (patch: Readonly<Record<string, Json | undefined>>): Json =>
  Object.fromEntries(
    Object.entries(patch).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  )

/** Any of these keys; one of them wrong, or a key that is none. */
const patchOf = (fields: Fields): ValuesOf => {
  const valid = fc
    .record(
      Object.fromEntries(Object.entries(fields).map(([key, one]) => [key, nullOr(one.valid)])),
      { requiredKeys: [] },
    )
    .map((patch): Json => present(patch))
  const one = fc.oneof(
    { withCrossShrink: true },
    fc.constant<Json>({ misspelt: true }),
    ...Object.entries(fields).map(([key, { wrong }]) =>
      wrong.map((value): Json => ({ [key]: value })),
    ),
  )
  return { valid, wrong: one }
}

/** Each name has values of one type, so that any two patches go together. */
const customAttributes: ValuesOf = {
  valid: patchOf({
    plan: valuesOf.attributeString,
    score: valuesOf.attributeNumber,
    consent: valuesOf.attributeBoolean,
    constructor: valuesOf.attributeString,
  }).valid,
  wrong: valuesOf.attributeName.wrong.map((name): Json => ({ [String(name)]: 1 })),
}

const attributes: Fields = {
  firstName: valuesOf.firstName,
  lastName: valuesOf.lastName,
  middleName: valuesOf.middleName,
  gender: valuesOf.gender,
  birthday: valuesOf.birthday,
  tags: setOf(valuesOf.tag),
  customAttributes,
}

const device = patchOf({
  os: valuesOf.text,
  osVersion: valuesOf.text,
  deviceManufacturer: valuesOf.text,
  deviceModel: valuesOf.text,
  deviceName: valuesOf.text,
  deviceSecure: boolean,
  appVersion: valuesOf.text,
  sdkVersion: valuesOf.text,
  language: valuesOf.text,
  deviceTimezoneOffset: valuesOf.deviceTimezoneOffset,
  pushServiceType: valuesOf.text,
  pushServiceToken: valuesOf.pushServiceToken,
})

/**
 * Patches by what they patch: `user` as `SaveUser` takes it, `attributes` the same without identities,
 * `installation` as `SaveInstallation` takes it, `device` and `customAttributes` inside of it. Valid
 * ones are well-formed; whether a rule refuses them depends on who owns what.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const patchesOf = {
  user: patchOf({
    externalUserId: valuesOf.externalUserId,
    phones: setOf(valuesOf.phone),
    emails: setOf(valuesOf.email),
    ...attributes,
  }),
  attributes: patchOf(attributes),
  installation: patchOf({
    isPushRegistrationEnabled: boolean,
    isPrimaryDevice: boolean,
    notificationsEnabled: boolean,
    applicationUserId: valuesOf.text,
    customAttributes,
    device,
  }),
  device,
  customAttributes,
} as const satisfies Fields
