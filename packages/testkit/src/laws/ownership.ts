// The plain reader's book beside a directory: whoever differs from the other is wrong.

import type { Directory, User } from '@selfsame/core'
import type { Ledger } from './ledger.js'
import { type Promised, type Violation, violation } from './violation.js'

/**
 * Compares a directory with what the plain reader of the same log knows.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkOwnership = (ledger: Ledger, directory: Directory): ReadonlyArray<Violation> => [
  ...compare(1, 'identity', identitiesIn(ledger), new Map(directory.identities)),
  ...compare(2, 'installation', installationsIn(ledger), installationsOf(directory)),
  ...compare(
    3,
    'user',
    columnIn(ledger, 'status'),
    columnOf(directory, (user) => user.status),
  ),
  ...compare(
    3,
    'alias',
    columnIn(ledger, 'into'),
    columnOf(directory, (user) => (user.status === 'merged' ? user.into : null)),
  ),
  ...compare(
    4,
    'primary of',
    columnIn(ledger, 'primary'),
    columnOf(directory, (user) =>
      user.status === 'active' ? String(user.cells.primary?.value ?? '') : null,
    ),
  ),
  ...compare(
    5,
    'type of',
    columnIn(ledger, 'type'),
    columnOf(directory, (user) => (user.status === 'active' ? user.standing.type : null)),
  ),
]

type Column = ReadonlyMap<string, string | null>

const compare = (
  invariant: Promised,
  what: string,
  log: Column,
  directory: Column,
): ReadonlyArray<Violation> =>
  [...new Set([...log.keys(), ...directory.keys()])]
    .filter((key) => (log.get(key) ?? null) !== (directory.get(key) ?? null))
    .map((key) =>
      violation(
        invariant,
        `${what} ${key} is ${directory.get(key) ?? 'nothing'} in the directory, ${log.get(key) ?? 'nothing'} by the log`,
      ),
    )

const identitiesIn = (ledger: Ledger): Column =>
  new Map(
    [...ledger.identities.values()]
      .filter(({ owner }) => owner !== null)
      .map(({ key, owner }) => [key, owner]),
  )

const installationsIn = (ledger: Ledger): Column => ledger.installations

const installationsOf = (directory: Directory): Column =>
  new Map(
    [...directory.installations].map(([id, one]) => [
      id,
      one.status === 'active' ? one.userId : null,
    ]),
  )

/** A column of the book; type and primary are shown of living users only. */
const columnIn = (ledger: Ledger, column: 'status' | 'into' | 'primary' | 'type'): Column =>
  new Map(
    [...ledger.users].map(([id, user]) => {
      const shown = user.status === 'active' || column === 'status' || column === 'into'
      const value = shown ? user[column] : null
      return [id, column === 'primary' && shown ? (value ?? '') : value]
    }),
  )

const columnOf = (directory: Directory, column: (user: User) => string | null): Column =>
  new Map([...directory.users].map(([id, user]) => [id, column(user)]))
