// What a decision changed in its slice, row by row: immer keeps what is untouched identical, so a
// store writes exactly the rows that differ.

import type { AttributeDefinition } from '../values/attribute.js'
import type { IdentityKey } from '../values/identity.js'
import type { PushRegistrationId, UserId } from '../values/token.js'
import type { DefinitionKey, Directory } from './directory.js'
import type { Installation, TokenKey } from './installation.js'
import type { User } from './user.js'

/**
 * A row that passed from one holder to another; null is nobody. A store writes it only where the
 * holder is still `from`: the second line that keeps an identity unique.
 * @since 0.1.0
 * @category Directory
 */
export interface Passed<Key, Holder> {
  readonly key: Key
  readonly from: Holder | null
  readonly to: Holder | null
}

/**
 * The rows of the directory that a decision changed.
 * @since 0.1.0
 * @category Directory
 */
export interface Changes {
  readonly users: ReadonlyArray<User>
  readonly installations: ReadonlyArray<Installation>
  readonly identities: ReadonlyArray<Passed<IdentityKey, UserId>>
  readonly tokens: ReadonlyArray<Passed<TokenKey, PushRegistrationId>>
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
  identities: passed(before.identities, after.identities),
  tokens: passed(before.tokens, after.tokens),
  definitions: [...after.definitions].filter(([key]) => !before.definitions.has(key)),
})

const changedValues = <K, V>(
  before: ReadonlyMap<K, V>,
  after: ReadonlyMap<K, V>,
): ReadonlyArray<V> =>
  before === after
    ? []
    : [...after].filter(([key, value]) => before.get(key) !== value).map(([, value]) => value)

const passed = <K, V>(
  before: ReadonlyMap<K, V>,
  after: ReadonlyMap<K, V>,
): ReadonlyArray<Passed<K, V>> =>
  before === after
    ? []
    : [...new Set([...before.keys(), ...after.keys()])]
        .map((key) => ({ key, from: before.get(key) ?? null, to: after.get(key) ?? null }))
        .filter(({ from, to }) => from !== to)
