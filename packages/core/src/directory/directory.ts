// The whole state of an account, or the slice of it that a command sees: plain maps by key.

import type { AttributeScope } from '../log/event.js'
import type { AttributeDefinition } from '../values/attribute.js'
import type { IdentityKey } from '../values/identity.js'
import type { PushRegistrationId, UserId } from '../values/token.js'
import type { Installation, TokenKey } from './installation.js'
import type { ActiveUser, MergedUser, User } from './user.js'

/**
 * Names a custom attribute's definition: scope and name.
 * @since 0.1.0
 * @category Directory
 */
export type DefinitionKey = `${AttributeScope}:${string}`

/**
 * The key of a definition.
 * @since 0.1.0
 * @category Directory
 */
export const definitionKey = (scope: AttributeScope, name: string): DefinitionKey =>
  `${scope}:${name}`

/**
 * Users, their installations, who owns which identity, and the attributes' types.
 * @since 0.1.0
 * @category Directory
 */
export interface Directory {
  readonly users: ReadonlyMap<UserId, User>
  readonly installations: ReadonlyMap<PushRegistrationId, Installation>
  readonly identities: ReadonlyMap<IdentityKey, UserId>
  readonly definitions: ReadonlyMap<DefinitionKey, AttributeDefinition>
  readonly definitionCounts: Readonly<Record<AttributeScope, number>>
  readonly tokens: ReadonlyMap<TokenKey, PushRegistrationId>
  /** The users absorbed in a user directly, in the order of their merges. */
  readonly absorbed: ReadonlyMap<UserId, ReadonlyArray<UserId>>
}

/**
 * The directory before the first event.
 * @since 0.1.0
 * @category Directory
 */
export const emptyDirectory: Directory = {
  users: new Map(),
  installations: new Map(),
  identities: new Map(),
  definitions: new Map(),
  definitionCounts: { user: 0, installation: 0 },
  tokens: new Map(),
  absorbed: new Map(),
}

/** The user that an id means today: itself, or at the end of its chain of merges its survivor. */
export const resolve = (directory: Pick<Directory, 'users'>, id: UserId): User | undefined => {
  let user = directory.users.get(id)
  if (user?.status !== 'merged') return user
  // No command makes a circle, but an auditor reads logs that somebody may have forged.
  const passed = new Set<UserId>()
  while (user?.status === 'merged' && !passed.has(user.id)) {
    passed.add(user.id)
    user = directory.users.get(user.into)
  }
  return user?.status === 'merged' ? undefined : user
}

export const activeUser = (
  directory: Pick<Directory, 'users'>,
  id: UserId,
): ActiveUser | undefined => {
  const user = directory.users.get(id)
  return user?.status === 'active' ? user : undefined
}

/** An absorbed user with what it brought. */
export type Brought = MergedUser & { readonly kept: ActiveUser }

/** Those absorbed in a user directly, in the order of their merges, with what they brought. */
export const broughtInto = (
  directory: Pick<Directory, 'users' | 'absorbed'>,
  survivor: UserId,
): ReadonlyArray<Brought> =>
  (directory.absorbed.get(survivor) ?? []).flatMap((id) => {
    const user = directory.users.get(id)
    return user?.status === 'merged' && user.into === survivor && user.kept !== null
      ? [{ ...user, kept: user.kept }]
      : []
  })

/** Everyone absorbed in a user, directly or through a chain. */
export const everyoneIn = (
  directory: Pick<Directory, 'absorbed'>,
  survivor: UserId,
): ReadonlyArray<UserId> => {
  const found: UserId[] = [...(directory.absorbed.get(survivor) ?? [])]
  for (let i = 0; i < found.length; i++) {
    const id = found[i]
    if (id !== undefined) found.push(...(directory.absorbed.get(id) ?? []))
  }
  return found
}
