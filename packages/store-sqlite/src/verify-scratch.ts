// The directory that a verification replays: shelves of rows, sealed where they leave memory, under a
// key that is never written down, in a file that SQLite removes.

import type { Changes, Installation, Lookup, User, UserId } from '@selfsame/core'
import Sqlite from 'better-sqlite3'
import { rowText, type Vault } from './vault.js'
import { openShelf } from './verify-shelf.js'
import { openStream } from './verify-stream.js'
import type { Sums } from './verify-sums.js'

/**
 * Rows at hand: more than a page of events touches, and so few that most are put away while they are
 * young. Rows that grow old in memory are copied twice by V8, and then have to be searched for.
 */
const rowsMax = 2000
const holdersMax = 4000
const cacheKibibytes = 8 * 1024

/** The tables that have one row for each person, installation, identity or token. */
export const tables = ['users', 'installations', 'identities', 'tokens', 'definitions'] as const
export type Table = (typeof tables)[number]

export interface Scratch {
  readonly lookup: Lookup
  readonly write: (changes: Changes) => void
  /** Counts every row into the sum of its table. Only at the end, and once. */
  readonly countRest: () => void
  /** The text by which a row is compared; keys of identities and tokens are digests, in hex. */
  readonly textOf: (table: Table, key: string) => string | undefined
  /** The keys of all rows, in the same form. */
  readonly keysOf: (table: Table) => Iterable<string>
  readonly close: () => void
}

/** The text of a user's row together with its columns. */
export const userText = (
  status: string,
  into: string | null,
  merged: number | null,
  row: string,
): string => `${status}\n${into ?? ''}\n${merged ?? ''}\n${row}`

const textOfUser = (user: User, row: string): string =>
  user.status === 'merged'
    ? userText(user.status, user.into, user.merge.position, row)
    : userText(user.status, null, null, row)

export const openScratch = (digest: Vault['digest'], { count }: Sums): Scratch => {
  const db = new Sqlite('')
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma(`cache_size = -${cacheKibibytes}`)
  // One transaction that never ends: to commit each page would only cost time.
  db.exec('BEGIN')
  const stream = openStream()
  const sealedRows = <Row extends object>(
    table: 'users' | 'installations',
    compared: (row: Row, text: string) => string,
  ) =>
    openShelf<Row>(db, {
      table,
      max: rowsMax,
      textOf: rowText,
      rowOf: JSON.parse,
      ...stream,
      count: (id, row, text) => count(table, id, compared(row, text)),
    })
  const holders = (table: 'identities' | 'tokens') =>
    openShelf<string>(db, {
      table,
      max: holdersMax,
      textOf: String,
      rowOf: String,
      seal: (names) => names,
      open: String,
      count: (name, holder) => count(table, name, holder),
    })
  // Everyone who was ever absorbed in a user; whether somebody still is, the own row tells.
  db.exec('CREATE TABLE absorbed (into_id TEXT, id TEXT, PRIMARY KEY (into_id, id)) WITHOUT ROWID')
  const putAbsorbed = db.prepare('INSERT OR IGNORE INTO absorbed (into_id, id) VALUES (?, ?)')
  const everAbsorbed = db
    .prepare<[UserId], UserId>('SELECT id FROM absorbed WHERE into_id = ?')
    .pluck()
  const definitions = new Map<string, string>()
  const shelves = {
    users: sealedRows<User>('users', textOfUser),
    installations: sealedRows<Installation>('installations', (_, text) => text),
    identities: holders('identities'),
    tokens: holders('tokens'),
  }
  const { users, installations, identities, tokens } = shelves
  const counts = { user: 0, installation: 0 }

  /** Digests of a page, of which each is asked for several times. */
  const digests = new Map<string, string>()
  const digestOf = (use: 'identity' | 'token', name: string): string => {
    const known = digests.get(`${use}:${name}`) ?? digest(use, name).toString('hex')
    digests.set(`${use}:${name}`, known)
    return known
  }

  const pass = (use: 'identity' | 'token', changes: Changes['identities'] | Changes['tokens']) => {
    const held = use === 'identity' ? identities : tokens
    for (const { key: name, from, to } of changes) {
      const hex = digestOf(use, name)
      if (to !== null) held.put(hex, to)
      else if (held.get(hex) === from) held.remove(hex)
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
    digests.clear()
    for (const shelf of Object.values(shelves)) shelf.tidy()
  }

  return {
    lookup: {
      user: users.get,
      installation: installations.get,
      identity: (name) => identities.get(digestOf('identity', name)) as UserId | undefined,
      token: (name) => tokens.get(digestOf('token', name)) as Installation['id'] | undefined,
      definition: (scope, name) => {
        const row = definitions.get(`${scope}:${name}`)
        return row === undefined ? undefined : JSON.parse(row)
      },
      definitionCount: (scope) => counts[scope],
      absorbed,
    },
    write,
    countRest: () => {
      for (const shelf of Object.values(shelves)) shelf.countRest()
      for (const [name, row] of definitions) count('definitions', name, row)
    },
    textOf: (table, name) => {
      if (table === 'definitions') return definitions.get(name)
      if (table === 'identities' || table === 'tokens') return shelves[table].peek(name)
      if (table === 'installations') {
        const row = installations.peek(name)
        return row && rowText(row)
      }
      const row = users.peek(name)
      return row && textOfUser(row, rowText(row))
    },
    keysOf: (table) => (table === 'definitions' ? definitions.keys() : shelves[table].keys()),
    close: () => {
      stream.end()
      db.close()
    },
  }
}
