// What is known about a person and a device beside identities: names that bite, tags, custom
// attributes of every type, devices that share push tokens.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'

const hostileNames = [
  'Zoë',
  'Zoe\u0308',
  'İstanbul',
  'ﬁancé',
  '\u202eevil',
  '👩‍👩‍👧‍👦',
  '𝒜𝓃𝓃',
  '__proto__',
  'constructor',
  'null',
  'erased',
  "Robert'); DROP TABLE users;--",
  '"\\/',
  ' ',
  'x'.repeat(255),
]

/**
 * A first or last name, hostile Unicode included.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const personNames: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.nat({ max: 99 }).map((n) => `Name ${n}`) },
  { weight: 3, arbitrary: fc.constantFrom(...hostileNames) },
)

/** Texts that no name may hold. */
const wrongNames: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  'a\u0000b',
  '\ud800',
  'x'.repeat(256),
  7,
  { first: 'Ann' },
)

/**
 * A set of tags from a small pool.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const tags: fc.Arbitrary<ReadonlyArray<string | null>> = fc.array(
  fc.constantFrom('vip', 'new', 'shop', 'Zoë', '__proto__', 'toString', 'a.b', '', null),
  { maxLength: 4 },
)

/** Names of custom attributes, each with values of one type; most sequences keep to it. */
const attributeValues: ReadonlyArray<readonly [string, fc.Arbitrary<Json>]> = [
  ['plan', fc.constantFrom('gold', 'silver', '', 'Zoe\u0308')],
  ['score', fc.constantFrom(0, -0, 1, 2.5, -1e21, Number.MAX_SAFE_INTEGER)],
  ['consent', fc.boolean()],
  ['since', fc.constantFrom('2020-02-29', '2026-01-01')],
  ['seenAt', fc.constantFrom('2026-01-01T10:00:00Z', '2026-01-01T12:00:00.999+02:00')],
  ['__proto__', fc.constantFrom('polluted', 'clean')],
  ['constructor', fc.constantFrom('a', 'b')],
  ['a.b', fc.constantFrom('dotted')],
]

const orders: fc.Arbitrary<Json> = fc.array(
  fc.record({ sku: fc.constantFrom('a', 'b'), price: fc.nat({ max: 9 }) }),
  { minLength: 1, maxLength: 2 },
)

/** The fields of the list that sequences declare. */
export const orderFields: Json = { sku: 'string', price: 'number' }

/** The names of the custom attributes of the small world. */
export const attributeNames: ReadonlyArray<string> = [
  ...attributeValues.map(([name]) => name),
  'orders',
]

const fitting: fc.Arbitrary<readonly [string, Json]> = fc
  .constantFrom(...attributeValues)
  .chain(([name, value]) =>
    fc
      .oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant<Json>(null) })
      .map((one): readonly [string, Json] => [name, one]),
  )

const misfit: fc.Arbitrary<readonly [string, Json]> = fc.tuple(
  fc.constantFrom(...attributeNames),
  fc.constantFrom<Json>(true, 3, 'text', '2020-02-29', [{ sku: 'a', price: 1 }]),
)

/**
 * A patch of custom attributes whose values mostly fit the types that were fixed before.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const customAttributes: fc.Arbitrary<Json> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Json>(null) },
  {
    weight: 20,
    arbitrary: fc
      .array(fc.oneof({ weight: 40, arbitrary: fitting }, { weight: 1, arbitrary: misfit }), {
        maxLength: 3,
      })
      .map((entries): Json => Object.fromEntries(entries)),
  },
  {
    weight: 2,
    arbitrary: orders.map((some): Json => ({ orders: some })),
  },
)

const birthdays = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('1990-05-17', '2000-02-29', '2025-12-31') },
  { weight: 1, arbitrary: fc.constantFrom('2999-01-01', '2001-02-29') },
)

/** An optional value that is often null: a removal is a write as well. */
const orNull = (value: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: fc.constant<Json>(null) })

/**
 * A patch of a user's attributes.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const userAttributes: fc.Arbitrary<Readonly<Record<string, Json>>> = fc
  .record(
    {
      firstName: orNull(
        fc.oneof({ weight: 30, arbitrary: personNames }, { weight: 1, arbitrary: wrongNames }),
      ),
      lastName: orNull(personNames),
      middleName: orNull(fc.constantFrom('M', '', 'de la')),
      gender: orNull(fc.constantFrom('Male', 'Female')),
      birthday: orNull(birthdays),
      tags: tags.map((some): Json => [...some]),
      customAttributes,
    },
    { requiredKeys: [] },
  )
  .map((patch) => someOf(patch, 3))

const someOf = (
  patch: Readonly<Record<string, Json>>,
  most: number,
): Readonly<Record<string, Json>> => Object.fromEntries(Object.entries(patch).slice(0, most + 1))

/**
 * A patch of a device; push tokens are few, so that installations take them from one another.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const devices: fc.Arbitrary<Json> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Json>(null) },
  {
    weight: 12,
    arbitrary: fc.record(
      {
        os: orNull(fc.constantFrom('Android', 'iOS')),
        deviceName: orNull(fc.nat({ max: 99 }).map((n) => `Phone of ${n}`)),
        deviceSecure: orNull(fc.boolean()),
        deviceTimezoneOffset: fc.constantFrom('GMT+01:00', 'GMT-11:30'),
        pushServiceType: orNull(fc.constantFrom('fcm', 'apns')),
        pushServiceToken: orNull(fc.nat({ max: 5 }).map((n) => `push-token-${n}`)),
      },
      { requiredKeys: [] },
    ),
  },
)
