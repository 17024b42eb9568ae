// The directory that a verification replays: shelves of rows, sealed where they leave memory, under a
// key that is never written down, in a file that SQLite removes.

import { randomBytes } from 'node:crypto'
import type { Changes, Installation, Lookup, User, UserId } from '@selfsame/core'
import Sqlite from 'better-sqlite3'
import { keyBytes, seal, unseal } from './cipher.js'
import { rowText, type Vault } from './vault.js'
import { openShelf, type Shelf } from './verify-shelf.js'

/** Rows at hand: some 100 MB of each kind that is sealed. */
const rowsMax = 40_000
const holdersMax = 100_000
const cacheKibibytes = 16 * 1024

/** The tables that have one row for each person, installation, identity or token. */
export type Table = 'users' | 'installations' | 'identities' | 'tokens' | 'definitions'

export interface Scratch {
  readonly lookup: Lookup
  readonly write: (changes: Changes) => void
  /** The text by which a row is compared; keys of identities and tokens are digests, in hex. */
  readonly textOf: (table: Table, key: string) => string | undefined
  /** The keys of all rows, in the same form. */
  readonly keysOf: (table: Table) => Iterable<string>
  readonly sizes: () => Readonly<Record<Table, number>>
  readonly close: () => void
}

/** The text of a user's row together with its columns. */
export const userText = (
  status: string,
  into: string | null,
  merged: number | null,
  row: string,
): string => [status, into, merged, row].join('\n')

const textOfUser = (user: User): string =>
  user.status === 'merged'
    ? userText(user.status, user.into, user.merge.position, rowText(user))
    : userText(user.status, null, null, rowText(user))

function* keysOn(
  shelf: Pick<Shelf<unknown>, 'atHand' | 'away'>,
  atHand: (name: string) => string,
): Generator<string> {
  for (const name of shelf.atHand.keys()) yield atHand(name)
  for (const name of shelf.away()) yield typeof name === 'string' ? name : name.toString('hex')
}

export const openScratch = (digest: Vault['digest']): Scratch => {
  const db = new Sqlite('')
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma(`cache_size = -${cacheKibibytes}`)
  const key = randomBytes(keyBytes)
  const sealed = <Row extends object>(table: string) => ({
    table,
    max: rowsMax,
    keyOf: (id: string) => id,
    seal: (row: Row) => seal(key, Buffer.from(JSON.stringify(row)), table),
    open: (bytes: string | Buffer): Row => {
      const text = unseal(key, Buffer.from(bytes), table)
      if (text === undefined) throw new Error('a row that was put away does not open')
      return JSON.parse(text.toString())
    },
  })
  // Everyone who was ever absorbed in a user; whether somebody still is, the own row tells.
  db.exec('CREATE TABLE absorbed (into_id TEXT, id TEXT, PRIMARY KEY (into_id, id)) WITHOUT ROWID')
  const putAbsorbed = db.prepare('INSERT OR IGNORE INTO absorbed (into_id, id) VALUES (?, ?)')
  const everAbsorbed = db
    .prepare<[UserId], UserId>('SELECT id FROM absorbed WHERE into_id = ?')
    .pluck()
  const users = openShelf<User>(db, sealed('users'))
  const installations = openShelf<Installation>(db, sealed('installations'))
  const holders = (table: 'identities' | 'tokens', use: string) =>
    openShelf<string>(db, {
      table,
      max: holdersMax,
      keyOf: (name) => digest(use, name),
      seal: (holder) => holder,
      open: String,
    })
  const held = { identity: holders('identities', 'identity'), token: holders('tokens', 'token') }
  const definitions = new Map<string, string>()
  const counts = { user: 0, installation: 0 }

  /** Holders by the digests of their keys: made once everything is replayed. */
  const byDigest = new Map<string, (name: string) => string | undefined>()
  const holderOf = (table: 'identities' | 'tokens', name: string): string | undefined => {
    const known = byDigest.get(table) ?? openDigests(table)
    byDigest.set(table, known)
    return known(name)
  }
  const openDigests = (table: 'identities' | 'tokens') => {
    const kind = table === 'identities' ? 'identity' : 'token'
    const away = db.prepare<[Buffer], string>(`SELECT row FROM ${table} WHERE key = ?`).pluck()
    const atHand = new Map(
      [...held[kind].atHand].map(([name, holder]) => [digest(kind, name).toString('hex'), holder]),
    )
    return (name: string) => atHand.get(name) ?? away.get(Buffer.from(name, 'hex'))
  }

  const pass = (kind: 'identity' | 'token', changes: Changes['identities'] | Changes['tokens']) => {
    for (const { key: name, from, to } of changes) {
      if (to !== null) held[kind].put(name, to)
      else if (held[kind].get(name) === from) held[kind].remove(name)
    }
  }

  const absorbed = (id: UserId): ReadonlyArray<UserId> =>
    everAbsorbed
      .all(id)
      .map(users.get)
      .flatMap((user) => (user?.status === 'merged' && user.into === id ? [user] : []))
      .sort((a, b) => a.merge.position - b.merge.position)
      .map((user) => user.id)

  const write = (changes: Changes): void => {
    for (const row of changes.users) {
      users.put(row.id, row)
      if (row.status === 'merged') putAbsorbed.run(row.into, row.id)
    }
    for (const row of changes.installations) installations.put(row.id, row)
    pass('identity', changes.identities)
    pass('token', changes.tokens)
    for (const [name, row] of changes.definitions) {
      if (!definitions.has(name)) counts[name.startsWith('user:') ? 'user' : 'installation'] += 1
      definitions.set(name, rowText(row))
    }
    for (const shelf of [users, installations, held.identity, held.token]) shelf.tidy()
  }

  return {
    lookup: {
      user: users.get,
      installation: installations.get,
      identity: (name) => held.identity.get(name) as UserId | undefined,
      token: (name) => held.token.get(name) as Installation['id'] | undefined,
      definition: (scope, name) => {
        const row = definitions.get(`${scope}:${name}`)
        return row === undefined ? undefined : JSON.parse(row)
      },
      definitionCount: (scope) => counts[scope],
      absorbed,
    },
    write: db.transaction(write),
    textOf: (table, name) => {
      if (table === 'definitions') return definitions.get(name)
      if (table === 'identities' || table === 'tokens') return holderOf(table, name)
      if (table === 'installations') {
        const row = installations.peek(name)
        return row && rowText(row)
      }
      const row = users.peek(name)
      return row && textOfUser(row)
    },
    keysOf: (table) => {
      if (table === 'definitions') return definitions.keys()
      if (table === 'users') return keysOn(users, String)
      if (table === 'installations') return keysOn(installations, String)
      const kind = table === 'identities' ? 'identity' : 'token'
      return keysOn(held[kind], (name) => digest(kind, name).toString('hex'))
    },
    sizes: () => ({
      users: users.size(),
      installations: installations.size(),
      identities: held.identity.size(),
      tokens: held.token.size(),
      definitions: definitions.size,
    }),
    close: () => {
      key.fill(0)
      db.close()
    },
  }
}
