// The values that name one person in the account, their keys, and what is left of them after an
// erasure.

import { E, t } from '../prelude.js'
import { addAll, type Codec, codec } from './codec.js'
import type { Description } from './described.js'
import { Email, email, emailKey } from './email.js'
import type { ExternalUserId } from './external-user-id.js'
import { isList, type Json, jsonOf, setOwn } from './json.js'
import { Phone } from './phone.js'
import type { Position } from './token.js'
import { at, reject } from './violation.js'

interface IdentityKeyBrand {
  readonly IdentityKey: unique symbol
}

/**
 * The three kinds of identity (domain.md section 1).
 *
 * @category Values
 * @since 0.1.0
 */
export type IdentityKind = 'externalUserId' | 'phone' | 'email'

/**
 * What identities are compared by: `externalUserId:VALUE`, `phone:DIGITS`, `email:lower case`.
 *
 * @category Values
 * @since 0.1.0
 */
export type IdentityKey = t.Branded<string, IdentityKeyBrand>

/**
 * A value that names one person. Two identities are the same where their keys are equal.
 *
 * @category Values
 * @since 0.1.0
 */
export interface Identity {
  readonly kind: IdentityKind
  readonly value: string
  readonly key: IdentityKey
}

/**
 * What an erased value is inside the engine. No input can be equal to it: control characters are
 * refused. Callers see `erased` (`readBack`).
 *
 * @category Values
 * @since 0.1.0
 */
export const ERASED = '\u0000erased'

/** Whether a value, or a name, is what stands in place of an erased one; an erased identity too. */
export const isErased = (value: unknown): boolean =>
  typeof value === 'string' && value.startsWith(ERASED)

const identityKey = (value: string): IdentityKey => value as IdentityKey

const identity = (kind: IdentityKind, value: string, compared: string): Identity => ({
  kind,
  value,
  key: identityKey(`${kind}:${compared}`),
})

/**
 * The identity that an external user id is; compared exactly.
 *
 * @category Values
 * @since 0.1.0
 */
export const externalUserIdentity = (value: ExternalUserId): Identity =>
  identity('externalUserId', value, value)

/**
 * The identity that a phone is; compared by its digits.
 *
 * @category Values
 * @since 0.1.0
 */
export const phoneIdentity = (value: Phone): Identity => identity('phone', value, value)

/**
 * The identity that an email is; compared without case, shown in the casing given.
 *
 * @category Values
 * @since 0.1.0
 */
export const emailIdentity = (value: Email): Identity => identity('email', value, emailKey(value))

/** What an erased identity's value is inside the engine: it is named by the position that gave it. */
export const erasedValue = (position: Position): string => `${ERASED}:${position}`

/**
 * The identity that was linked at a position, its value being erased. It equals no other.
 *
 * @category Values
 * @since 0.1.0
 */
export const erasedIdentity = (kind: IdentityKind, position: Position): Identity => ({
  kind,
  value: erasedValue(position),
  key: identityKey(erasedValue(position)),
})

/**
 * The identity that an event at `position` linked, from the value that the log has: a real one as
 * it was parsed then, or an erased one.
 *
 * @category Values
 * @since 0.1.0
 */
export const recordedIdentity = (
  kind: IdentityKind,
  value: string,
  position: Position,
): Identity => {
  if (isErased(value)) return erasedIdentity(kind, position)
  return identity(kind, value, kind === 'email' ? emailKey(email(value)) : value)
}

/**
 * JSON as a caller may see it: erased values read `erased`, erased identities `erased:<position>`
 * (domain.md section 9). Returns the very input where nothing in it is erased.
 *
 * @category Values
 * @since 0.1.0
 */
export const readBack = (json: Json): Json => (hasErased(json) ? shown(json) : json)

/** Nearly nothing has: what is made anew would be more than what is looked at. */
const hasErased = (json: Json): boolean => {
  if (typeof json === 'string') return isErased(json)
  if (json === null || typeof json !== 'object') return false
  if (isList(json)) return json.some(hasErased)
  for (const key in json) if (hasErased(json[key] ?? null)) return true
  return false
}

const shown = (json: Json): Json => {
  if (typeof json === 'string') return isErased(json) ? json.slice(1) : json
  if (json === null || typeof json !== 'object') return json
  if (isList(json)) return json.map(readBack)
  const members: Record<string, Json> = {}
  for (const [key, member] of Object.entries(json)) setOwn(members, key, readBack(member))
  return members
}

/** `readBack` of a value whose type erasure does not change: texts stay texts. */
export const readBackOf = <A>(value: A): A => readBack(jsonOf(value)) as A

/** A user has at most this many phones, and as many emails (domain.md section 1). */
const SET_MAX = 100
// Longer lists are refused unread, however many of their spellings mean the same: parsing the
// worst of emails takes milliseconds.
const SPELLINGS_MAX = 2 * SET_MAX

const identitySet = <A extends string>(
  name: string,
  element: Codec<A>,
  keyOf: (value: A) => string,
): Codec<ReadonlyArray<A>> =>
  codec<ReadonlyArray<A>>(
    name,
    (input, context) => {
      if (input === null) return t.success([])
      if (!isList(input)) return reject(input, context, `must be ${name} (an array) or null`)
      const tooMany = () =>
        reject(input, context, `must have at most ${SET_MAX} values`, 'LIMIT_EXCEEDED')
      const bySpelling = new Map<unknown, t.Validation<A>>()
      const byKey = new Map<string, A>()
      const errors: t.Errors = []
      for (const [index, item] of input.entries()) {
        if (item === null || item === '') continue
        const here = at(context, index, element, item)
        const known = bySpelling.get(item)
        if (known !== undefined) {
          if (E.isLeft(known))
            addAll(
              errors,
              known.left.map((e) => ({ ...e, context: here })),
            )
          continue
        }
        if (bySpelling.size === SPELLINGS_MAX) return tooMany()
        const parsed = element.validate(item, here)
        bySpelling.set(item, parsed)
        if (E.isLeft(parsed)) addAll(errors, parsed.left)
        else if (!byKey.has(keyOf(parsed.right))) byKey.set(keyOf(parsed.right), parsed.right)
      }
      if (errors.length > 0) return t.failures(errors)
      return byKey.size > SET_MAX ? tooMany() : t.success([...byKey.values()])
    },
    setOf(element),
  )

const setOf =
  (element: t.Mixed): Description =>
  (of) => ({
    type: ['array', 'null'],
    items: { anyOf: [of(element), { enum: [null, ''] }] },
    description: `At most ${SET_MAX} different ones, whatever their spelling.`,
  })

/**
 * All phones of a user: null is none; nulls, empty strings and duplicates in the list are dropped.
 * More than 100 after that are `LIMIT_EXCEEDED` (domain.md section 3).
 *
 * @category Values
 * @since 0.1.0
 */
export const PhonesPatch: Codec<ReadonlyArray<Phone>> = identitySet('phones', Phone, (one) => one)

/**
 * All emails of a user, as `PhonesPatch`. Of several casings the first is kept.
 *
 * @category Values
 * @since 0.1.0
 */
export const EmailsPatch: Codec<ReadonlyArray<Email>> = identitySet('emails', Email, emailKey)
