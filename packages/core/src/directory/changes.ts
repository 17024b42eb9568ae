// What a decision changed in its slice, row by row: immer keeps what is untouched identical, so a
// store writes exactly the rows that differ.

import type { AttributeDefinition } from '../values/attribute.js'
import type { IdentityKey } from '../values/identity.js'
import type { PushRegistrationId, UserId } from '../values/token.js'
import type { Directory, DefinitionKey } from './directory.js'
import type { Installation, TokenKey } from './installation.js'
import type { User } from './user.js'

/**
 * The rows of the directory that a decision changed; a value of null is a row that is gone.
 * @since 0.1.0
 * @category Directory
 */
export interface Changes {
  readonly users: ReadonlyArray<User>
  readonly installations: ReadonlyArray<Installation>
  readonly identities: ReadonlyArray<readonly [IdentityKey, UserId | null]>
  readonly tokens: ReadonlyArray<readonly [TokenKey, PushRegistrationId | null]>
  readonly definitions: ReadonlyArray<readonly [DefinitionKey, AttributeDefinition]>
}

/**
 * Compares a slice before and after.
 * @since 0.1.0
 * @category Directory
 */
export const changesBetween = (before: Directory, after: Directory): Changes => ({
  users: changedValues(before.users, after.users),
  installations: changedValues(before.installations, after.installations),
  identities: changedEntries(before.identities, after.identities),
  tokens: changedEntries(before.tokens, after.tokens),
  definitions: [...after.definitions].filter(([key]) => !before.definitions.has(key)),
})

const changedValues = <K, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>): ReadonlyArray<V> =>
  before === after
    ? []
    : [...after].filter(([key, value]) => before.get(key) !== value).map(([, value]) => value)

/** Rows that are gone come first: a unique index sees an identity released before it is taken. */
const changedEntries = <K, V>(
  before: ReadonlyMap<K, V>,
  after: ReadonlyMap<K, V>,
): ReadonlyArray<readonly [K, V | null]> =>
  before === after
    ? []
    : [
        ...[...before.keys()].filter((key) => !after.has(key)).map((key) => [key, null] as const),
        ...[...after].filter(([key, value]) => before.get(key) !== value),
      ]
