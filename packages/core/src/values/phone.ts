// Phone numbers: E.164 digits, possible for their country code.

import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { t } from '../prelude.js'
import { type Codec, codec } from './codec.js'
import { reject } from './violation.js'

interface PhoneBrand {
  readonly Phone: unique symbol
}

/**
 * The digits of an E.164 number, without `+`: `48600700800`.
 *
 * @category Values
 * @since 0.1.0
 */
export type Phone = t.Branded<string, PhoneBrand>

/** Brands a phone that was read from the log. */
export const phone = (value: string): Phone => value as Phone

/**
 * A phone number in E.164: at most 15 digits, the first not 0; a leading `+` and the separators
 * space `-` `.` `(` `)` are dropped. Refused as `PHONE_INVALID` where the number is impossible for
 * its country code (possible, not valid: numbering plans change), or where it carries a prefix that
 * is dialled within the country only, as the 0 in `+44 (0)20`: one phone would have two names.
 * What is no string at all is `REQUEST_FORMAT_INVALID` (domain.md section 3).
 *
 * @example
 * Phone.decode('+48 600-700-800') // right: '48600700800'
 *
 * @category Values
 * @since 0.1.0
 */
export const Phone: Codec<Phone> = codec<Phone>(
  'a phone number',
  (input, context) => {
    if (typeof input !== 'string')
      return reject(input, context, 'must be a phone number (a string)')
    const international = input.replace(SEPARATORS, '').replace(/^(?!\+)/, '+')
    const message = fault(international)
    return message === undefined
      ? t.success(phone(international.slice(1)))
      : reject(input, context, message, 'PHONE_INVALID', input)
  },
  () => ({
    type: 'string',
    pattern: '^[ \\-.()]*\\+?[ \\-.()]*[1-9](?:[ \\-.()]*[0-9]){0,14}[ \\-.()]*$',
    description:
      'E.164. Beyond the pattern the number must be possible for its country code, and carry no ' +
      'prefix that is dialled within the country only.',
  }),
)

const SEPARATORS = /[ \-.()]/g
const DIGITS_MIN = 3
const E164 = /^\+[1-9]\d{0,14}$/

const fault = (international: string): string | undefined => {
  if (!E164.test(international))
    return 'must be an E.164 phone number: at most 15 digits, the first not 0'
  // Fewer digits than a country code and two more are none anywhere: the library would throw and catch.
  const parsed =
    international.length <= DIGITS_MIN ? undefined : parsePhoneNumberFromString(international)
  if (!parsed?.isPossible()) return 'must be a number that is possible for its country code'
  return parsed.number === international
    ? undefined
    : 'must not have a prefix that is dialled within the country only, as in +44 (0)20'
}
