// What the recipes of `evolve` work on where many small changes are made: rows that are copied before
// they are changed, in plain maps. An immer draft gives the same directory, and takes longer over
// making and ending its proxies than a recipe over its work.

import { castDraft } from 'immer'
import { equalData } from '../values/json.js'
import type { Directory } from './directory.js'
import type { DirectoryDraft } from './draft.js'
import type { Installation } from './installation.js'
import type { ActiveUser, User } from './user.js'

/** A directory to be changed. Whoever holds the one that it began with sees nothing of it. */
export interface OwnedDirectory {
  readonly draft: DirectoryDraft
  /** The directory as it was left; it shares every row with the first that is equal to it. */
  readonly close: () => Directory
}

export const openOwned = (from: Directory): OwnedDirectory => {
  const users = openRows(from.users, copyOfUser)
  const installations = openRows(from.installations, copyOfInstallation)
  const identities = openRows(from.identities, itself)
  const tokens = openRows(from.tokens, itself)
  const definitions = openRows(from.definitions, itself)
  const absorbed = openRows(from.absorbed, itself)
  const definitionCounts = { ...from.definitionCounts }
  return {
    draft: castDraft({
      get users() {
        return users.rows()
      },
      get installations() {
        return installations.rows()
      },
      get identities() {
        return identities.rows()
      },
      get tokens() {
        return tokens.rows()
      },
      get definitions() {
        return definitions.rows()
      },
      get absorbed() {
        return absorbed.rows()
      },
      definitionCounts,
    }),
    close: () => ({
      users: users.close(),
      installations: installations.close(),
      identities: identities.close(),
      tokens: tokens.close(),
      definitions: definitions.close(),
      absorbed: absorbed.close(),
      definitionCounts,
    }),
  }
}

/** Rows of one kind, made when they are first asked for: an event touches one or two of the six. */
const openRows = <K, V>(from: ReadonlyMap<K, V>, copyOf: (row: V) => V) => {
  let made: MadeRows<K, V> | undefined
  return {
    rows: (): Map<K, V> => {
      made ??= makeRows(from, copyOf)
      return made.rows
    },
    close: (): ReadonlyMap<K, V> => made?.close() ?? from,
  }
}

interface MadeRows<K, V> {
  readonly rows: Map<K, V>
  readonly close: () => ReadonlyMap<K, V>
}

const makeRows = <K, V>(from: ReadonlyMap<K, V>, copyOf: (row: V) => V): MadeRows<K, V> => {
  let changed: Map<K, V> | undefined
  const copied = new Set<K>()
  const toChange = (key: K): Map<K, V> => {
    copied.add(key)
    changed ??= new Map(from)
    return changed
  }
  // A map for its type: recipes get, set and delete.
  const rows: Map<K, V> = Object.assign(new Map<K, V>(), {
    get: (key: K): V | undefined => {
      if (copied.has(key)) return changed?.get(key)
      const row = from.get(key)
      if (row === undefined) return undefined
      const copy = copyOf(row)
      if (copy !== row) toChange(key).set(key, copy)
      return copy
    },
    set: (key: K, row: V): Map<K, V> => toChange(key).set(key, row),
    delete: (key: K): boolean => toChange(key).delete(key),
  })
  const close = (): ReadonlyMap<K, V> => {
    if (changed === undefined) return from
    let isOther = false
    for (const key of copied) {
      const [before, after] = [from.get(key), changed.get(key)]
      // What was only looked at, or set to what it was, is no change: a store would write it again.
      if (before !== undefined && after !== undefined && equalData(before, after))
        changed.set(key, before)
      else if (before !== after) isOther = true
    }
    return isOther ? changed : from
  }
  return { rows, close }
}

const itself = <A>(row: A): A => row

/** Recipes give a user new cells, identities and attachments; none of these is itself changed. */
const copyOfActive = (user: ActiveUser): ActiveUser => ({
  ...user,
  own: { ...user.own },
  identities: { ...user.identities },
  cells: { ...user.cells },
  hidden: { ...user.hidden },
  released: [...user.released],
  installations: [...user.installations],
})

const copyOfUser = (user: User): User => {
  if (user.status === 'active') return copyOfActive(user)
  return user.status === 'merged' && user.kept !== null
    ? { ...user, kept: copyOfActive(user.kept) }
    : { ...user }
}

const copyOfInstallation = (installation: Installation): Installation =>
  installation.status === 'active'
    ? {
        ...installation,
        device: { ...installation.device },
        personal: { ...installation.personal },
      }
    : installation
