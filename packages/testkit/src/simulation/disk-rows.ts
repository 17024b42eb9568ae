// The projections of a store on a simulated disk: one row of JSON a user, installation, identity,
// token and definition, and one for those whom a user absorbed.

import {
  canonicalJson,
  definitionKey,
  type Installation,
  type Lookup,
  type PushRegistrationId,
  type Rows,
  type User,
  type UserId,
  type Writes,
} from '@selfsame/core'
import type { DiskReader, DiskTransaction } from './disk.js'

const parsed = <A>(text: string | undefined): A | undefined =>
  text === undefined ? undefined : JSON.parse(text)

/** Rows by key, as a decision asks for them. */
export const lookupOn = (disk: DiskReader): Lookup => ({
  user: (id) => parsed<User>(disk.read('users', id)),
  installation: (id) => parsed<Installation>(disk.read('installations', id)),
  identity: (key) => parsed<UserId>(disk.read('identities', key)),
  token: (key) => parsed<PushRegistrationId>(disk.read('tokens', key)),
  definition: (scope, name) =>
    parsed<NonNullable<ReturnType<Lookup['definition']>>>(
      disk.read('definitions', definitionKey(scope, name)),
    ),
  definitionCount: (scope) =>
    disk.keys('definitions').filter((key) => key.startsWith(`${scope}:`)).length,
  absorbed: (id) => parsed<ReadonlyArray<UserId>>(disk.read('absorbed', id)) ?? [],
})

/** Writes the rows that a decision changed. */
export const writeRows = (disk: DiskTransaction, changes: Writes['changes']): void => {
  const put = (table: string, key: string, value: unknown): void =>
    disk.write(table, key, value === null ? null : JSON.stringify(value))
  for (const passed of [changes.identities, changes.tokens])
    for (const { key, from, to } of passed) {
      const table = passed === changes.identities ? 'identities' : 'tokens'
      if ((parsed(disk.read(table, key)) ?? null) !== from)
        throw new Error('an identity or a token is held by another than was decided on')
      put(table, key, to)
    }
  const survivors = new Set<UserId>()
  for (const user of changes.users) {
    const before = parsed<User>(disk.read('users', user.id))
    for (const one of [before, user]) if (one?.status === 'merged') survivors.add(one.into)
    put('users', user.id, user)
  }
  for (const id of survivors) put('absorbed', id, absorbedIn(disk, id))
  for (const one of changes.installations) put('installations', one.id, one)
  for (const [key, definition] of changes.definitions) put('definitions', key, definition)
}

/** Those absorbed in a user directly, in the order of their merges. */
const absorbedIn = (disk: DiskReader, survivor: UserId): ReadonlyArray<UserId> | null => {
  const ids = disk
    .keys('users')
    .flatMap((id) => parsed<User>(disk.read('users', id)) ?? [])
    .flatMap((user) => (user.status === 'merged' && user.into === survivor ? [user] : []))
    .sort((a, b) => a.merge.position - b.merge.position)
    .map(({ id }) => id)
  return ids.length === 0 ? null : ids
}

const tables = ['users', 'installations', 'identities', 'tokens', 'definitions', 'absorbed']

/** All rows, as `rowsOf` gives those of a directory. */
export const rowsOn = (disk: DiskReader): Rows =>
  new Map(
    tables.map((table) => [
      table,
      new Map(
        disk
          .keys(table)
          .map((key) => [key, canonicalJson(JSON.parse(disk.read(table, key) ?? 'null'))]),
      ),
    ]),
  )

/** Puts other rows in the place of those on the disk, table by table. */
export const replaceRows = async (
  disk: DiskTransaction,
  rows: Rows,
  between: () => void | Promise<void>,
): Promise<void> => {
  for (const table of tables) {
    for (const key of disk.keys(table)) disk.write(table, key, null)
    for (const [key, text] of rows.get(table) ?? []) disk.write(table, key, text)
    await between()
  }
}
