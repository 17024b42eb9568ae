// How much one user or installation may hold (domain.md section 3). Counted on the result.

import type { Installation } from './installation.js'
import { type Reason, reason } from './refusal.js'
import { type ActiveUser, isAttribute, isTag } from './user.js'

/**
 * The most that one user, installation or account may hold of each kind.
 * @since 0.1.0
 * @category Limits
 */
export const limits = {
  phones: 100,
  emails: 100,
  tags: 1000,
  customAttributes: 1000,
  definitions: 10_000,
} as const

export type Limited = keyof typeof limits

const named: Readonly<Record<Limited, string>> = {
  phones: 'phone numbers of one user',
  emails: 'email addresses of one user',
  tags: 'tags of one user',
  customAttributes: 'custom attributes of one user or installation',
  definitions: 'custom attribute definitions of one scope',
}

/** The refusal of a count that is above its limit. */
export const overLimit = (kind: Limited, count: number): Reason | undefined =>
  count <= limits[kind]
    ? undefined
    : reason('LIMIT_EXCEEDED', `at most ${limits[kind]} ${named[kind]}, not ${count}`, {
        limit: kind,
        allowed: limits[kind],
        count,
      })

/** The first limit that a user is above. */
export const userOverLimit = (user: ActiveUser): Reason | undefined => {
  const kinds = Object.values(user.identities).map(({ kind }) => kind)
  const fields = Object.keys(user.cells)
  return (
    overLimit('phones', kinds.filter((kind) => kind === 'phone').length) ??
    overLimit('emails', kinds.filter((kind) => kind === 'email').length) ??
    overLimit('tags', fields.filter(isTag).length) ??
    overLimit('customAttributes', fields.filter(isAttribute).length)
  )
}

export const installationOverLimit = (installation: Installation): Reason | undefined =>
  installation.status === 'active'
    ? overLimit('customAttributes', Object.keys(installation.personal).filter(isAttribute).length)
    : undefined
