// What the domain refuses, as a value: a code, a message for a person, details for a program.

import type { Json } from '../values/json.js'
import type { Violations } from '../values/violation.js'

/**
 * Every way in which a command can be refused (domain.md section 11).
 * @since 0.1.0
 * @category Refusals
 */
export const refusalCodes = [
  'NO_REGISTRATION',
  'USER_NOT_FOUND',
  'USER_IDENTITY_INVALID',
  'EMAIL_INVALID',
  'PHONE_INVALID',
  'REQUEST_FORMAT_INVALID',
  'LIMIT_EXCEEDED',
  'USER_MERGE_INTERRUPTED',
  'PERSONALIZATION_IMPOSSIBLE',
  'AMBIGUOUS_PERSONALIZE_CANDIDATES',
  'INSTALLATION_NOT_OWNED',
  'MERGE_CONFLICT',
  'UNMERGE_IMPOSSIBLE',
  'USER_ERASED',
  'ATTRIBUTE_CONFLICT',
  'COMMAND_ID_REUSED',
  'STALE_PREVIEW',
] as const

/**
 * One of `refusalCodes`.
 * @since 0.1.0
 * @category Refusals
 */
export type RefusalCode = (typeof refusalCodes)[number]

/**
 * Why a command was refused. `details` is plain JSON and names what a caller needs to go on.
 * @since 0.1.0
 * @category Refusals
 */
export interface Reason {
  readonly code: RefusalCode
  readonly message: string
  readonly details: Readonly<Record<string, Json>>
}

/**
 * A reason for refusing, to be returned on the left.
 * @since 0.1.0
 * @category Refusals
 */
export const reason = (
  code: RefusalCode,
  message: string,
  details: Readonly<Record<string, Json>> = {},
): Reason => ({ code, message, details })

/**
 * Violations as one refusal: `REQUEST_FORMAT_INVALID` where any is of another kind than phone and
 * email (and not all of them are limits), else `PHONE_INVALID` before `EMAIL_INVALID`.
 * @since 0.1.0
 * @category Refusals
 */
export const violated = (violations: Violations): Reason => {
  const codes = new Set(violations.map(({ code }) => code))
  const kinds = [...codes].filter((code) => code !== 'PHONE_INVALID' && code !== 'EMAIL_INVALID')
  const code =
    kinds.length > 0
      ? codes.size === 1 && codes.has('LIMIT_EXCEEDED')
        ? 'LIMIT_EXCEEDED'
        : 'REQUEST_FORMAT_INVALID'
      : codes.has('PHONE_INVALID')
        ? 'PHONE_INVALID'
        : 'EMAIL_INVALID'
  const [first] = violations
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : ''
  return reason(code, `${first?.path || 'the command'} ${first?.message ?? ''}${more}`, {
    violations: violations.map((one) => ({ ...one })),
  })
}
