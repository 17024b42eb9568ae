// What commands are made of: weights, symbolic names, and the ways in which a command names a user, an
// installation or a person's identities.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'
import { emails, externalUserIds, identities, phones, wrongEmails, wrongPhones } from './people.js'
import { nobody } from './symbols.js'

export const some = fc.nat({ max: 11 })
export const symbol = (name: string): fc.Arbitrary<Json> => some.map((n): Json => ({ [name]: n }))

export const oneOf = (
  ...choices: ReadonlyArray<readonly [weight: number, arbitrary: fc.Arbitrary<Json>]>
): fc.Arbitrary<Json> => fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })))

export const orNothing = (
  weight: number,
  value: fc.Arbitrary<Json>,
): fc.Arbitrary<Json | undefined> =>
  fc.oneof({ weight: 10 - weight, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value })

/** A command of a type; fields that came out undefined are left out of it. */
export const command = (
  type: string,
  fields: Readonly<Record<string, fc.Arbitrary<Json | undefined>>>,
): fc.Arbitrary<Json> =>
  fc.record(fields).map((given) => {
    const present: Record<string, Json> = { type }
    for (const [key, value] of Object.entries(given)) if (value !== undefined) present[key] = value
    return present
  })

export const installationIds = ['inst-1', 'inst-2', 'inst-3', 'inst-4', 'inst-5', 'inst-6']

export const installation = oneOf(
  [30, symbol('$installation')],
  [1, fc.constantFrom(...installationIds)],
  [1, symbol('$expired')],
)

/** A user reference of every kind. */
export const userReferences: fc.Arbitrary<Json> = oneOf(
  [14, symbol('$living').map((userId): Json => ({ userId }))],
  [6, symbol('$identity')],
  [4, symbol('$installation').map((pushRegistrationId): Json => ({ pushRegistrationId }))],
  [3, symbol('$user').map((userId): Json => ({ userId }))],
  [1, symbol('$erased').map((userId): Json => ({ userId }))],
  [1, symbol('$expired').map((pushRegistrationId): Json => ({ pushRegistrationId }))],
  [1, phones.map((phone): Json => ({ phone }))],
  [1, emails.map((email): Json => ({ email }))],
  [1, externalUserIds.map((externalUserId): Json => ({ externalUserId }))],
  [1, fc.constant<Json>({ userId: nobody })],
)

const manyPhones: Json = Array.from({ length: 101 }, (_, i) => `48600${100_000 + i}`)

export const userIdentity = oneOf(
  [28, identities],
  [12, symbol('$request')],
  [4, symbol('$requestOfTwo')],
  [1, fc.constantFrom<Json>({}, null, { externalUserId: 'NULL', phones: ['', null] })],
  [1, wrongPhones.map((phone): Json => ({ phones: [phone] }))],
  [1, wrongEmails.map((email): Json => ({ emails: [email] }))],
  [1, fc.constant<Json>({ phones: manyPhones })],
)
