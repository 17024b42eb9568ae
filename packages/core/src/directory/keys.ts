// The keys by which a store brings a slice of the directory, and which keys a slice leads to.

import type { AttributeScope } from '../log/event.js'
import type { IdentityKey } from '../values/identity.js'
import type { PushRegistrationId, UserId } from '../values/token.js'
import type { Directory } from './directory.js'
import type { TokenKey } from './installation.js'

/**
 * What a store can be asked for. `user` brings the chain of its survivors too, `absorbed` everyone
 * absorbed in a user, directly or through a chain, a `definition` that is not there how many there are. What is not there stays absent from the slice.
 * @since 0.1.0
 * @category Directory
 */
export type Key =
  | { readonly kind: 'user'; readonly id: UserId }
  | { readonly kind: 'absorbed'; readonly id: UserId }
  | { readonly kind: 'installation'; readonly id: PushRegistrationId }
  | { readonly kind: 'identity'; readonly key: IdentityKey }
  | { readonly kind: 'token'; readonly key: TokenKey }
  | { readonly kind: 'definition'; readonly scope: AttributeScope; readonly name: string }

/** A key as text: equal keys, equal texts. */
export const keyText = (key: Key): string => {
  switch (key.kind) {
    case 'identity':
    case 'token':
      return `${key.kind}:${key.key}`
    case 'definition':
      return `${key.kind}:${key.scope}:${key.name}`
    default:
      return `${key.kind}:${key.id}`
  }
}

/**
 * The keys that a slice leads to: an installation's user, an identity's owner, the holder of a push
 * token, a user's installations. What is there already is named again; a store asks only once.
 * @since 0.1.0
 * @category Directory
 */
export const leadsTo = (slice: Directory): ReadonlyArray<Key> => {
  const keys: Key[] = []
  for (const installation of slice.installations.values())
    if (installation.status === 'active') keys.push({ kind: 'user', id: installation.userId })
  for (const id of slice.identities.values()) keys.push({ kind: 'user', id })
  for (const id of slice.tokens.values()) keys.push({ kind: 'installation', id })
  for (const user of slice.users.values()) {
    if (user.status !== 'active') continue
    for (const { id } of user.installations) keys.push({ kind: 'installation', id })
  }
  return keys
}
