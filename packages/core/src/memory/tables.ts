// The directory as plain, mutable maps: the memory store's rows.

import type { Changes, Passed } from '../directory/changes.js'
import type { DefinitionKey, Directory } from '../directory/directory.js'
import { definitionKey, emptyDirectory } from '../directory/directory.js'
import type { Lookup } from '../directory/slice.js'
import type { User } from '../directory/user.js'
import type { AttributeScope } from '../log/event.js'
import { frozen } from '../values/frozen.js'
import type { Position, UserId } from '../values/token.js'

export interface Tables {
  readonly directory: Directory
  readonly lookup: Lookup
  readonly write: (changes: Changes) => void
}

/** Rows that start as those of a directory; its maps are not touched, its rows are frozen. */
export const openTables = (start: Directory = emptyDirectory): Tables => {
  const users = frozenRows(start.users)
  const installations = frozenRows(start.installations)
  const identities = new Map(start.identities)
  const tokens = new Map(start.tokens)
  const definitions = new Map(start.definitions)
  const definitionCounts = { ...start.definitionCounts }
  const absorbed = new Map(start.absorbed)

  const writeUser = (user: User): void => {
    const before = users.get(user.id)
    users.set(user.id, user)
    const was = before?.status === 'merged' ? before.into : undefined
    const is = user.status === 'merged' ? user.into : undefined
    if (was === is) return
    if (was !== undefined)
      absorbed.set(
        was,
        (absorbed.get(was) ?? []).filter((id) => id !== user.id),
      )
    if (is !== undefined)
      absorbed.set(
        is,
        [...(absorbed.get(is) ?? []), user.id].sort((a, b) => mergedAt(a) - mergedAt(b)),
      )
  }

  // The rows of one decision come in no order of their own; those absorbed stand by their merges.
  const mergedAt = (id: UserId): Position => {
    const user = users.get(id)
    return user?.status === 'merged' ? user.merge.position : 0
  }

  return {
    directory: {
      users,
      installations,
      identities,
      tokens,
      definitions,
      definitionCounts,
      absorbed,
    },
    lookup: {
      user: (id) => users.get(id),
      installation: (id) => installations.get(id),
      identity: (key) => identities.get(key),
      token: (key) => tokens.get(key),
      definition: (scope, name) => definitions.get(definitionKey(scope, name)),
      definitionCount: (scope) => definitionCounts[scope],
      absorbed: (id: UserId) => absorbed.get(id) ?? [],
    },
    write: (changes) => {
      checkHolders(identities, changes.identities)
      checkHolders(tokens, changes.tokens)
      for (const user of changes.users) writeUser(frozen(user))
      for (const one of changes.installations) installations.set(one.id, frozen(one))
      pass(identities, changes.identities)
      pass(tokens, changes.tokens)
      for (const [key, definition] of changes.definitions) {
        definitions.set(key, definition)
        definitionCounts[scopeOf(key)] += 1
      }
    },
  }
}

/** Who looks at the directory, or at a list of a receipt, has these very rows in hand. */
const frozenRows = <K, V>(rows: ReadonlyMap<K, V>): Map<K, V> => {
  for (const row of rows.values()) frozen(row)
  return new Map(rows)
}

/** What passes on must be held by the one that the decision saw: anything else is a bug in it. */
const checkHolders = <K, V>(rows: Map<K, V>, changes: ReadonlyArray<Passed<K, V>>): void => {
  for (const { key, from } of changes)
    if ((rows.get(key) ?? null) !== from)
      throw new Error('an identity or a token is held by another than was decided on')
}

const pass = <K, V>(rows: Map<K, V>, changes: ReadonlyArray<Passed<K, V>>): void => {
  for (const { key, to } of changes) {
    if (to === null) rows.delete(key)
    else rows.set(key, to)
  }
}

const scopeOf = (key: DefinitionKey): AttributeScope =>
  key.startsWith('user:') ? 'user' : 'installation'
