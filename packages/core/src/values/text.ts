// Text as it is stored: NFC, counted in code points, without control characters and lone surrogates.

import { E, type Either, t } from '../prelude.js'
import { type Codec, codec } from './codec.js'
import { reject } from './violation.js'

/**
 * A string of `min` to `max` code points after NFC; control characters (Unicode Cc) and lone
 * surrogates are refused. Parses to the NFC form (domain.md section 3).
 *
 * @example
 * text('a first name', 255).decode('Zoë') // right: 'Zoë', in NFC
 *
 * @category Values
 * @since 0.1.0
 */
export const text = (name: string, max: number, min = 1): Codec<string> =>
  codec<string>(
    name,
    (input, context) => {
      if (typeof input !== 'string') return reject(input, context, 'must be a string')
      const stored = toStored(input, max, min)
      return E.isLeft(stored) ? reject(input, context, stored.left) : t.success(stored.right)
    },
    () => ({ type: 'string', minLength: min, maxLength: max, pattern: withoutControls }),
  )

/** The pattern of a text without control characters, in the regular expressions of any language. */
const withoutControls = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$'

/** The stored form of a string, or the message that says which rule it breaks. */
export const toStored = (input: string, max: number, min = 1): Either<string, string> => {
  const limits = min === 0 ? `at most ${max}` : `${min} to ${max}`
  const outside = E.left(`must have ${limits} characters`)
  if (input.length < min) return outside
  if (PRINTABLE_ASCII.test(input)) return input.length > max ? outside : E.right(input)
  // A code point of NFC stands for at most four of any other form: this long is too long, unseen.
  if (input.length > max * 8) return outside
  if (FORBIDDEN.test(input)) return E.left('must not have control characters or lone surrogates')
  if (hasEndlessMarks(input)) return E.left(`must not have over ${MARKS_MAX} marks on one letter`)
  const stored = input.normalize('NFC')
  return codePoints(stored, max) > max ? outside : E.right(stored)
}

/** The code points of a string, or any number over `enough` where it has more than that. */
export const codePoints = (input: string, enough = Number.POSITIVE_INFINITY): number => {
  if (input.length <= enough && PRINTABLE_ASCII.test(input)) return input.length
  let count = 0
  for (const _ of input) {
    count += 1
    if (count > enough) break
  }
  return count
}

const PRINTABLE_ASCII = /^[ -~]*$/
// With the u flag a pair is one character, so Cs means a surrogate without its other half.
const FORBIDDEN = /[\p{Cc}\p{Cs}]/u

// Normalising sorts the marks of one letter in quadratic time: 100,000 of them would take seconds.
const MARKS_MAX = 256

const hasEndlessMarks = (input: string): boolean =>
  input.length > MARKS_MAX &&
  (input.match(/\p{M}+/gu) ?? []).some((run) => codePoints(run, MARKS_MAX) > MARKS_MAX)
