// Where a verification keeps the rows that it replays: tables in a temporary file that SQLite removes,
// sealed under a key that is never written down, so that memory does not grow with the log.

import { randomBytes } from 'node:crypto'
import type { Changes, DefinitionKey, Installation, Lookup, User, UserId } from '@selfsame/core'
import Sqlite, { type Database } from 'better-sqlite3'
import { keyBytes, seal, unseal } from './cipher.js'
import { rowText, type Vault } from './vault.js'

const cacheKibibytes = 32 * 1024

const tables = `
CREATE TABLE users (
  id TEXT PRIMARY KEY, status TEXT NOT NULL, into_id TEXT, merged INTEGER, row BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX users_absorbed ON users (into_id, merged) WHERE into_id IS NOT NULL;
CREATE TABLE installations (id TEXT PRIMARY KEY, row BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE identities (key BLOB PRIMARY KEY, user_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tokens (key BLOB PRIMARY KEY, installation_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE definitions (
  key TEXT PRIMARY KEY, scope TEXT NOT NULL, row TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`

export interface Scratch {
  readonly db: Database
  readonly lookup: Lookup
  readonly write: (changes: Changes) => void
  /** The text of a sealed row. */
  readonly open: (row: Buffer) => string
  readonly close: () => void
}

export const openScratch = (vault: Vault): Scratch => {
  const db = new Sqlite('')
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma(`cache_size = -${cacheKibibytes}`)
  db.exec(tables)
  const key = randomBytes(keyBytes)
  const sealed = (row: object): Buffer => seal(key, Buffer.from(rowText(row)), '')
  const open = (row: Buffer): string => {
    const text = unseal(key, row, '')
    if (text === undefined) throw new Error('a temporary row does not open')
    return text.toString()
  }
  const one = <Row>(sql: string) => db.prepare<[string | Buffer], Row>(sql).pluck()
  const user = one<Buffer>('SELECT row FROM users WHERE id = ?')
  const absorbed = one<UserId>('SELECT id FROM users WHERE into_id = ? ORDER BY merged')
  const installation = one<Buffer>('SELECT row FROM installations WHERE id = ?')
  const identity = one<UserId>('SELECT user_id FROM identities WHERE key = ?')
  const token = one<Installation['id']>('SELECT installation_id FROM tokens WHERE key = ?')
  const definition = one<string>('SELECT row FROM definitions WHERE key = ?')
  const definitionCount = one<number>('SELECT count(*) FROM definitions WHERE scope = ?')
  const putUser = db.prepare(
    'INSERT OR REPLACE INTO users (id, status, into_id, merged, row) VALUES (?, ?, ?, ?, ?)',
  )
  const putInstallation = db.prepare('INSERT OR REPLACE INTO installations (id, row) VALUES (?, ?)')
  const putDefinition = db.prepare(
    'INSERT OR REPLACE INTO definitions (key, scope, row) VALUES (?, ?, ?)',
  )
  const holding = (table: string, column: string) => ({
    put: db.prepare(`INSERT OR REPLACE INTO ${table} (key, ${column}) VALUES (?, ?)`),
    free: db.prepare(`DELETE FROM ${table} WHERE key = ? AND ${column} = ?`),
  })
  const held = {
    identity: holding('identities', 'user_id'),
    token: holding('tokens', 'installation_id'),
  }
  const parsed = <Row>(row: Buffer | undefined): Row | undefined =>
    row === undefined ? undefined : JSON.parse(open(row))
  const keyOf = (key_: DefinitionKey): string => key_

  const pass = (kind: 'identity' | 'token', changes: Changes['identities'] | Changes['tokens']) => {
    for (const { key: name, from, to } of changes) {
      const digest = vault.digest(kind, name)
      if (to !== null) held[kind].put.run(digest, to)
      else held[kind].free.run(digest, from)
    }
  }

  const write = (changes: Changes): void => {
    for (const row of changes.users) {
      const merged: Partial<Extract<User, { status: 'merged' }>> =
        row.status === 'merged' ? row : {}
      const position = merged.merge?.position ?? null
      putUser.run(row.id, row.status, merged.into ?? null, position, sealed(row))
    }
    for (const row of changes.installations) putInstallation.run(row.id, sealed(row))
    pass('identity', changes.identities)
    pass('token', changes.tokens)
    for (const [name, row] of changes.definitions)
      putDefinition.run(keyOf(name), name.slice(0, name.indexOf(':')), rowText(row))
  }

  return {
    db,
    lookup: {
      user: (id) => parsed<User>(user.get(id)),
      installation: (id) => parsed<Installation>(installation.get(id)),
      identity: (name) => identity.get(vault.digest('identity', name)),
      token: (name) => token.get(vault.digest('token', name)),
      definition: (scope, name) => {
        const row = definition.get(`${scope}:${name}`)
        return row === undefined ? undefined : JSON.parse(row)
      },
      definitionCount: (scope) => definitionCount.get(scope) ?? 0,
      absorbed: (id) => absorbed.all(id),
    },
    write: db.transaction(write),
    open,
    close: () => {
      key.fill(0)
      db.close()
    },
  }
}
