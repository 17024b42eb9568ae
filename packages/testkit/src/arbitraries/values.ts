// Every value of domain.md section 3 by its name: what is valid, limits and hostile Unicode included,
// and what no command may hold. Both shrink to something that a person would have written.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'
import { emails, externalUserIds, phones, wrongEmails, wrongPhones } from './people.js'

/**
 * What a value may be, and what it may not. Both are as a caller writes them: a valid phone may have
 * separators, a valid datetime an offset.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export interface ValuesOf {
  readonly valid: fc.Arbitrary<Json>
  readonly wrong: fc.Arbitrary<Json>
}

/** The first choice is what the others shrink to. */
const first = (...choices: ReadonlyArray<fc.Arbitrary<Json>>): fc.Arbitrary<Json> =>
  fc.oneof({ withCrossShrink: true }, ...choices)

const pool = (...values: ReadonlyArray<Json>): fc.Arbitrary<Json> => fc.constantFrom(...values)

/** Text that programs stumble on, all of it allowed. */
const hostile: ReadonlyArray<string> = [
  'Zoe\u0308',
  'İstanbul',
  'ﬁancé',
  '\u202eevil',
  '👩‍👩‍👧‍👦',
  '𝒜𝓃𝓃',
  '__proto__',
  'constructor',
  'erased',
  "Robert'); DROP TABLE users;--",
  '"\\/',
  ' ',
]

/** Text of at most so many code points; `wrong` is too long, has what is refused, or is no text. */
const texts = (max: number, plain: ReadonlyArray<string>): ValuesOf => ({
  valid: first(
    pool(...plain),
    pool(...hostile),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((one) => one !== ''),
    pool('x'.repeat(max), '😀'.repeat(max)),
  ),
  wrong: pool('x'.repeat(max + 1), 'a\u0000b', 'a\nb', '\ud800', 7, true, ['a'], {}),
})

const tokens: ValuesOf = {
  valid: first(
    pool('a', 'visit:1', 'A-Z_0.9'),
    fc.string({ unit: fc.constantFrom(...'aZ09._:-'), minLength: 1, maxLength: 20 }),
    pool('t'.repeat(128)),
  ),
  wrong: pool('with space', 't'.repeat(129), 'ünter', 'a/b', 7, {}),
}

const two = (n: number): string => String(n).padStart(2, '0')

/** Days that exist, the leap ones too, up to the year in which the clocks of tests begin. */
const days: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 1900, max: 2025 }), fc.nat({ max: 364 }))
  .map(([year, n]) => new Date(Date.UTC(year, 0, n + 1)).toISOString().slice(0, 10))

const datetimes: fc.Arbitrary<string> = fc
  .tuple(days, fc.nat({ max: 23 }), fc.nat({ max: 59 }), fc.constantFrom('Z', '+05:30', '-11:00'))
  .map(([day, hour, minute, offset]) => `${day}T${two(hour)}:${two(minute)}:59.999${offset}`)

const phoneNumbers: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  fc.constant('48600700800'),
  phones,
  fc.integer({ min: 600_000_000, max: 699_999_999 }).map((n) => `+48 ${n}`),
)

const addresses: fc.Arbitrary<string> = fc.oneof(
  { withCrossShrink: true },
  fc.constant('ann@example.com'),
  emails,
  fc
    .tuple(
      fc.string({ unit: fc.constantFrom(...'aZ0_+-'), minLength: 1, maxLength: 20 }),
      fc.constantFrom('example.com', 'mail.example.co.uk', 'EXÄMPLE.org'),
    )
    .map(([local, domain]) => `${local}@${domain}`),
)

const rows = (length: number, name: string): Json =>
  Array.from({ length }, (_, i) => ({ sku: `${name}${i}`, price: i }))

/**
 * The values of domain.md section 3. `attributeString` to `attributeList` are values of a custom
 * attribute of that type (a list has the fields `sku`, a string, and `price`, a number); `text` is any other
 * string of a device or an installation.
 *
 * @example
 * fc.assert(fc.property(valuesOf.birthday.valid, (birthday) => accepts({ birthday })))
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const valuesOf = {
  externalUserId: {
    valid: first(pool('crm-1'), externalUserIds, pool('x'.repeat(256), 'Null-1', ' crm-1')),
    wrong: pool('x'.repeat(257), 'a\u0000b', '\ud800', 7, {}),
  },
  phone: {
    valid: phoneNumbers.map((one): Json => one),
    wrong: first(pool('000'), wrongPhones, pool(48_600_700_800, {}, '4'.repeat(16))),
  },
  email: {
    valid: addresses.map((one): Json => one),
    wrong: first(pool('nobody'), wrongEmails, pool(7, {}, 'a\u0000b@example.com')),
  },
  firstName: texts(255, ['Ann']),
  lastName: texts(255, ['Bobson']),
  middleName: texts(50, ['M']),
  gender: { valid: pool('Male', 'Female'), wrong: pool('male', 'Other', 1, {}) },
  birthday: {
    valid: first(pool('1990-05-17', '2000-02-29', '2025-12-31'), days),
    wrong: pool('2001-02-29', '1990-5-17', '17.05.1990', '2999-01-01', '0000-00-00', 19_900_517),
  },
  tag: texts(256, ['vip']),
  attributeName: {
    valid: texts(256, ['plan']).valid,
    wrong: pool('a[0]', '{a}', 'x'.repeat(257), 'a\u0000b', ''),
  },
  attributeString: {
    valid: first(pool('gold', ''), texts(4096, ['silver']).valid, pool('2020-02-30', 'true')),
    wrong: pool('x'.repeat(4097), 'a\u0000b', '\ud800', 7, true, {}),
  },
  attributeNumber: {
    valid: first(
      fc.integer().map((n): Json => n),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n): Json => n),
    ),
    wrong: pool('7', true, {}),
  },
  attributeBoolean: { valid: pool(false, true), wrong: pool('true', 0, {}) },
  attributeDate: {
    valid: first(pool('2020-02-29', '2999-01-01'), days),
    wrong: pool('2021-02-29', '2020-2-29', '2020-02-29T00:00:00Z', 7, {}),
  },
  attributeDatetime: {
    valid: first(pool('2020-02-29T10:00:00Z'), datetimes),
    wrong: pool('2020-02-29', '2021-02-29T10:00:00Z', '2020-02-29T10:00:00', 7, {}),
  },
  attributeList: {
    valid: first(
      pool(rows(1, 'a')),
      fc.integer({ min: 1, max: 20 }).map((n) => rows(n, 'b')),
    ),
    wrong: pool(
      [],
      [{ sku: 'a' }],
      [{ sku: 'a', price: 'dear' }],
      [{ sku: 'a', price: 1, more: 1 }],
      [{ sku: { deep: 1 }, price: 1 }],
      rows(200, 'c'),
      'a',
    ),
  },
  deviceTimezoneOffset: {
    valid: first(
      pool('GMT+01:00', 'GMT-11:30'),
      fc
        .tuple(fc.constantFrom('+', '-'), fc.nat({ max: 14 }), fc.nat({ max: 59 }))
        .map(([sign, hours, minutes]): Json => `GMT${sign}${two(hours)}:${two(minutes)}`),
    ),
    wrong: pool('+01:00', 'GMT+1:00', 'GMT+15:00', 'GMT+01:60', 'UTC+01:00', 60, {}),
  },
  pushRegistrationId: texts(128, ['inst-1']),
  pushServiceToken: texts(4096, ['push-token-1']),
  token: tokens,
  text: texts(256, ['Android']),
} as const satisfies Readonly<Record<string, ValuesOf>>
