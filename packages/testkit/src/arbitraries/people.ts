// The small world that sequences play in: eight people whose values meet, a few installations, and
// the values that a person's data is made of. Small, because only values that meet make bugs meet.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'

/**
 * Somebody of the small world.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export interface Person {
  readonly externalUserId: string
  readonly phones: ReadonlyArray<string>
  readonly emails: ReadonlyArray<string>
}

const names = ['ann', 'bob', 'cho', 'dee', 'eve', 'fil', 'jörg', 'odysseús'] as const

/**
 * The eight people of the small world.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const people: ReadonlyArray<Person> = names.map((name, i) => ({
  externalUserId: `crm-${name}`,
  phones: [`4860070080${i}`, `1202555012${i}`],
  emails: [`${name}@example.com`, `${name}.work@exämple.co.uk`],
}))

const separated = (digits: string): string =>
  `+${digits.slice(0, 2)} (${digits.slice(2, 5)}) ${digits.slice(5, 8)}-${digits.slice(8)}`

/** One phone in any of the ways in which people write it. */
export const phoneForm = (digits: string): fc.Arbitrary<string> =>
  fc.constantFrom(digits, `+${digits}`, separated(digits), digits.replace(/(...)/g, '$1.'))

/** One address in any casing. */
export const emailForm = (email: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    email,
    email.toUpperCase(),
    email.replace(/^./, (letter) => letter.toUpperCase()),
    email.normalize('NFD'),
  )

/**
 * A phone number of somebody, in many formats.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const phones: fc.Arbitrary<string> = fc
  .constantFrom(...people.flatMap((one) => one.phones))
  .chain(phoneForm)

/**
 * An email address of somebody, in any casing.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const emails: fc.Arbitrary<string> = fc
  .constantFrom(...people.flatMap((one) => one.emails))
  .chain(emailForm)

/**
 * An external id of somebody; one of another casing is another id.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const externalUserIds: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...people.map((one) => one.externalUserId)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...people.map((one) => one.externalUserId.toUpperCase())),
  },
)

/**
 * Texts that are no phone number.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const wrongPhones: fc.Arbitrary<string> = fc.constantFrom(
  '000',
  '0600700800',
  '+48 600',
  'six hundred',
  '1234567890123456',
  '+44 (0)20 7183 8750',
)

/**
 * Texts that are no email address.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const wrongEmails: fc.Arbitrary<string> = fc.constantFrom(
  'nobody',
  'ann@localhost',
  'ann@@example.com',
  'Ann <ann@example.com>',
  `${'a'.repeat(250)}@example.com`,
)

const idOf = ({ externalUserId }: Person, strange: number): string =>
  strange === 2 ? externalUserId.toUpperCase() : externalUserId

/** Leaves out what names nothing, so that a shrunk request is a short one. */
const withoutNothing = (given: Readonly<Record<string, Json>>): Json =>
  Object.fromEntries(
    Object.entries(given).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    ),
  )

/** Half of the people come up more often: only who comes again is met again. */
const somebody = fc.constantFrom(...people, ...people.slice(0, 4), ...people.slice(0, 4))

/**
 * Identities as a login names them: mostly one person's, now and then somebody else's too.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const identities: fc.Arbitrary<Json> = somebody.chain((person) =>
  fc
    .tuple(
      fc.constantFrom(true, true, false),
      fc.subarray([...person.phones]),
      fc.subarray([...person.emails]),
      fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
    )
    .chain(([hasExternalId, some, others, strange]) =>
      fc.record({
        externalUserId: fc.constant(
          hasExternalId || some.length + others.length === 0 ? idOf(person, strange) : null,
        ),
        phones: fc
          .tuple(fc.tuple(...some.map(phoneForm)), phones)
          .map(([own, other]) => (strange === 1 ? [...own, other] : own)),
        emails: fc.tuple(...others.map(emailForm)),
      }),
    )
    .map(withoutNothing),
)
