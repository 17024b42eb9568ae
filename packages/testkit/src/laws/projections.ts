// Invariant 6 of a live store: the rows that it answers from are those that the log gives. They are
// asked for through the port, table by table, so that no row can hide behind another.

import {
  type Directory,
  emptyDirectory,
  type Failure,
  type IdentityKey,
  type Key,
  type Snapshot,
  type Store,
  type User,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { checkSame } from './audit.js'
import { type Violation, violation } from './violation.js'

/** Everything that a store was ever told about: what is gone must be gone from its rows too. */
export interface Known {
  readonly identities: ReadonlySet<IdentityKey>
  readonly tokens: ReadonlySet<string>
}

/** What was known, and what a directory holds besides. */
export const alsoKnown = (known: Known, directory: Directory): Known => ({
  identities: new Set([...known.identities, ...directory.identities.keys()]),
  tokens: new Set([...known.tokens, ...directory.tokens.keys()]),
})

export const nothingKnown: Known = { identities: new Set(), tokens: new Set() }

const usersAPage = 7

/**
 * Compares a store's live rows with the directory that the log gives.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkProjections = async (
  store: Pick<Store, 'load' | 'users'>,
  directory: Directory,
  known: Known = alsoKnown(nothingKnown, directory),
): Promise<ReadonlyArray<Violation>> => {
  const rows = await liveRows(store, directory, known)
  if (E.isLeft(rows)) return [violation(6, `the store fails: ${rows.left.message}`)]
  const { live, listed } = rows.right
  const active = [...directory.users.values()].flatMap((user) => (isActive(user) ? [user.id] : []))
  return [
    ...checkSame(live, directory, 'the log'),
    ...(listed.join(' ') === active.sort().join(' ')
      ? []
      : [violation(6, `users() lists ${listed.join(', ')}, not ${active.join(', ')}`)]),
  ]
}

interface Rows {
  readonly live: Directory
  readonly listed: ReadonlyArray<string>
}

const isActive = (user: User): boolean => user.status === 'active'

const liveRows = async (
  store: Pick<Store, 'load' | 'users'>,
  directory: Directory,
  known: Known,
): Promise<E.Either<Failure, Rows>> => {
  const people = await loadOnly(store, [
    ...[...directory.users.keys()].flatMap(
      (id): ReadonlyArray<Key> => [
        { kind: 'user', id },
        { kind: 'absorbed', id },
      ],
    ),
    ...[...directory.installations.keys()].map((id): Key => ({ kind: 'installation', id })),
    ...[...directory.definitions.keys()].map(definitionOf),
    // A name that no attribute can have: what is not there brings the count.
    { kind: 'definition', scope: 'user', name: '{}' },
    { kind: 'definition', scope: 'installation', name: '{}' },
  ])
  if (E.isLeft(people)) return people
  const identities = await loadOnly(
    store,
    [...known.identities].map((key): Key => ({ kind: 'identity', key })),
  )
  if (E.isLeft(identities)) return identities
  const tokens = await loadOnly(
    store,
    [...known.tokens].map((key): Key => ({ kind: 'token', key })),
  )
  if (E.isLeft(tokens)) return tokens
  const listed = await listUsers(store)
  if (E.isLeft(listed)) return listed
  const live: Directory = {
    ...people.right.directory,
    identities: identities.right.directory.identities,
    tokens: tokens.right.directory.tokens,
  }
  return E.right({ live, listed: listed.right })
}

const loadOnly = (
  store: Pick<Store, 'load' | 'users'>,
  keys: ReadonlyArray<Key>,
): Promise<E.Either<Failure, Pick<Snapshot, 'directory'>>> =>
  keys.length === 0
    ? Promise.resolve(E.right({ directory: emptyDirectory }))
    : store.load(keys, () => [])()

const definitionOf = (key: string): Key => {
  const [scope = '', ...name] = key.split(':')
  return {
    kind: 'definition',
    scope: scope === 'user' ? 'user' : 'installation',
    name: name.join(':'),
  }
}

const listUsers = async (
  store: Pick<Store, 'users'>,
): Promise<E.Either<Failure, ReadonlyArray<string>>> => {
  const listed: string[] = []
  for (let after: Parameters<Store['users']>[0] = null; ; ) {
    const page = await store.users(after, usersAPage)()
    if (E.isLeft(page)) return page
    listed.push(...[...page.right.directory.users.values()].filter(isActive).map(({ id }) => id))
    if (page.right.next === null) return E.right(listed.sort())
    after = page.right.next
  }
}
