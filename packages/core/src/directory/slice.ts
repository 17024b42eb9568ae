// How a slice of the directory is loaded: from the roots, then round by round what the slice leads to.
// A store says how one key is looked up; everything else is the same for every store.

import type { AttributeScope } from '../log/event.js'
import { absurd } from '../prelude.js'
import type { AttributeDefinition } from '../values/attribute.js'
import type { IdentityKey } from '../values/identity.js'
import type { PushRegistrationId, UserId } from '../values/token.js'
import { type Directory, definitionKey, everyoneIn } from './directory.js'
import { type Installation, type TokenKey, tokenKeyOf } from './installation.js'
import { type Key, keyText } from './keys.js'
import type { User } from './user.js'

/**
 * A store's rows by key; undefined where there is none.
 * @since 0.1.0
 * @category Directory
 */
export interface Lookup {
  readonly user: (id: UserId) => User | undefined
  readonly installation: (id: PushRegistrationId) => Installation | undefined
  readonly identity: (key: IdentityKey) => UserId | undefined
  readonly token: (key: TokenKey) => PushRegistrationId | undefined
  readonly definition: (scope: AttributeScope, name: string) => AttributeDefinition | undefined
  readonly definitionCount: (scope: AttributeScope) => number
  /** The users absorbed in one directly, in the order of their merges. */
  readonly absorbed: (id: UserId) => ReadonlyArray<UserId>
}

const roundsMax = 4

/**
 * Loads the slice that the roots lead to. `next` is asked until it names nothing new, at most four
 * times: more is a bug in a command.
 * @since 0.1.0
 * @category Directory
 */
export const loadSlice = (
  lookup: Lookup,
  roots: ReadonlyArray<Key>,
  next: (slice: Directory) => ReadonlyArray<Key>,
): Directory => {
  const slice = openSlice(lookup)
  slice.load(roots)
  for (let round = 0; ; round += 1) {
    const loaded = slice.load(next(slice.directory))
    if (loaded === 0) return slice.directory
    if (round === roundsMax) throw new Error(`a slice needs more than ${roundsMax} rounds`)
  }
}

/**
 * A user brings the identities it owns and an installation its push token, so that what an event
 * takes from them is seen as a row that is gone.
 */
const openSlice = (lookup: Lookup) => {
  const users = new Map<UserId, User>()
  const installations = new Map<PushRegistrationId, Installation>()
  const identities = new Map<IdentityKey, UserId>()
  const definitions = new Map<ReturnType<typeof definitionKey>, AttributeDefinition>()
  const definitionCounts = { user: 0, installation: 0 }
  const tokens = new Map<TokenKey, PushRegistrationId>()
  const absorbed = new Map<UserId, ReadonlyArray<UserId>>()
  const directory: Directory = {
    users,
    installations,
    identities,
    definitions,
    definitionCounts,
    tokens,
    absorbed,
  }
  const asked = new Set<string>()
  const counted = new Set<AttributeScope>()
  const put = <K, V>(map: Map<K, V>, key: K, value: V | undefined): void => {
    if (value !== undefined) map.set(key, value)
  }
  const loadUser = (id: UserId): void => {
    for (let at: UserId | undefined = id; at !== undefined && !users.has(at); ) {
      const user = lookup.user(at)
      put(users, at, user)
      if (user?.status === 'active')
        for (const { key } of Object.values(user.identities)) identities.set(key, user.id)
      at = user?.status === 'merged' ? user.into : undefined
    }
  }
  const loadInstallation = (id: PushRegistrationId): void => {
    const installation = lookup.installation(id)
    put(installations, id, installation)
    const token = tokenKeyOf(installation)
    if (token !== undefined) tokens.set(token, id)
  }
  const loadAbsorbed = (id: UserId): void => {
    const pending = [id]
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (absorbed.has(at)) continue
      const inIt = lookup.absorbed(at)
      absorbed.set(at, inIt)
      pending.push(...inIt)
    }
    for (const one of everyoneIn(directory, id)) loadUser(one)
  }
  const loadOne = (key: Key): void => {
    switch (key.kind) {
      case 'user':
        return loadUser(key.id)
      case 'absorbed':
        return loadAbsorbed(key.id)
      case 'installation':
        return loadInstallation(key.id)
      case 'identity':
        return put(identities, key.key, lookup.identity(key.key))
      case 'token':
        return put(tokens, key.key, lookup.token(key.key))
      case 'definition': {
        const definition = lookup.definition(key.scope, key.name)
        put(definitions, definitionKey(key.scope, key.name), definition)
        // Only a new name can go beyond the limit, and counting is not free.
        if (definition === undefined && !counted.has(key.scope)) {
          counted.add(key.scope)
          definitionCounts[key.scope] = lookup.definitionCount(key.scope)
        }
        return
      }
      default:
        return absurd(key)
    }
  }
  return {
    directory,
    load: (keys: ReadonlyArray<Key>): number => {
      let count = 0
      for (const key of keys) {
        const text = keyText(key)
        if (asked.has(text)) continue
        asked.add(text)
        loadOne(key)
        count += 1
      }
      return count
    },
  }
}
