// The projections as rows: looked up by key for a decision, and written where a decision changed them.

import {
  type Changes,
  type CommandId,
  canonicalJson,
  type DefinitionKey,
  type Installation,
  type Json,
  type Lookup,
  type Passed,
  type Remembered,
  type User,
  type UserId,
} from '@selfsame/core'
import type { Database, Statement } from 'better-sqlite3'

export interface Projections {
  readonly lookup: Lookup
  readonly write: (changes: Changes) => void
  readonly remember: (remembered: Remembered) => void
  readonly remembered: (id: CommandId) => Remembered | undefined
  /** Living users after an id, in order. */
  readonly livingUsers: (after: string, limit: number) => ReadonlyArray<UserId>
}

interface CommandRow {
  readonly digest: string
  readonly position: number
  readonly count: number
  readonly user_id: Remembered['subject']['userId']
  readonly installation_id: Remembered['subject']['installationId']
}

/** Scope and name of a definition from its key. */
const scopeAndName = (key: DefinitionKey) => {
  const at = key.indexOf(':')
  return [key.slice(0, at), key.slice(at + 1)] as const
}

const text = (row: User | Installation | Changes['definitions'][number][1]): string =>
  canonicalJson(row as unknown as Json)

export const openProjections = (db: Database): Projections => {
  const one = <Row>(sql: string) => db.prepare<[string], Row>(sql).pluck()
  const user = one<string>('SELECT row FROM users WHERE id = ?')
  const installation = one<string>('SELECT row FROM installations WHERE id = ?')
  const identity = one<UserId>('SELECT user_id FROM identities WHERE key = ?')
  const token = one<Installation['id']>('SELECT installation_id FROM tokens WHERE key = ?')
  const definition = db
    .prepare<[string, string], string>('SELECT row FROM definitions WHERE scope = ? AND name = ?')
    .pluck()
  const definitionCount = one<number>('SELECT count(*) FROM definitions WHERE scope = ?')
  const absorbed = one<UserId>('SELECT id FROM users WHERE into_id = ? ORDER BY merged')
  const living = db
    .prepare<[string, number], UserId>(
      "SELECT id FROM users WHERE id > ? AND status = 'active' ORDER BY id LIMIT ?",
    )
    .pluck()
  const command = db.prepare<[string], CommandRow>('SELECT * FROM commands WHERE id = ?')

  const putUser = db.prepare(
    `INSERT INTO users (id, status, into_id, merged, row) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, into_id = excluded.into_id,
       merged = excluded.merged, row = excluded.row`,
  )
  const putInstallation = db.prepare(
    'INSERT INTO installations (id, row) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET row = excluded.row',
  )
  const putDefinition = db.prepare('INSERT INTO definitions (scope, name, row) VALUES (?, ?, ?)')
  const putCommand = db.prepare(
    `INSERT INTO commands (id, digest, position, count, user_id, installation_id)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const passIdentity = passing(db, 'identities', 'user_id')
  const passToken = passing(db, 'tokens', 'installation_id')

  return {
    lookup: {
      user: (id) => parsed<User>(user.get(id)),
      installation: (id) => parsed<Installation>(installation.get(id)),
      identity: (key) => identity.get(key),
      token: (key) => token.get(key),
      definition: (scope, name) => parsed(definition.get(scope, name)),
      definitionCount: (scope) => definitionCount.get(scope) ?? 0,
      absorbed: (id) => absorbed.all(id),
    },
    write: (changes) => {
      for (const row of changes.users) {
        const merged = row.status === 'merged' ? row : undefined
        putUser.run(
          row.id,
          row.status,
          merged?.into ?? null,
          merged?.merge.position ?? null,
          text(row),
        )
      }
      for (const row of changes.installations) putInstallation.run(row.id, text(row))
      passIdentity(changes.identities)
      passToken(changes.tokens)
      for (const [key, row] of changes.definitions)
        putDefinition.run(...scopeAndName(key), text(row))
    },
    remember: ({ commandId, contentDigest, position, count, subject }) => {
      putCommand.run(
        commandId,
        contentDigest,
        position,
        count,
        subject.userId,
        subject.installationId,
      )
    },
    remembered: (commandId) => {
      const row = command.get(commandId)
      return (
        row && {
          commandId,
          contentDigest: row.digest,
          position: row.position,
          count: row.count,
          subject: { userId: row.user_id, installationId: row.installation_id },
        }
      )
    },
    livingUsers: (after, limit) => living.all(after, limit),
  }
}

const parsed = <Row>(row: string | undefined): Row | undefined =>
  row === undefined ? undefined : JSON.parse(row)

/**
 * Writes rows that passed from holder to holder. Only the holder that the decision saw is replaced:
 * a key that somebody else holds breaks the unique index, or changes no row, and undoes the commit.
 */
const passing = (db: Database, table: string, column: string) => {
  const take = db.prepare(`INSERT INTO ${table} (key, ${column}) VALUES (?, ?)`)
  const pass = db.prepare(`UPDATE ${table} SET ${column} = ? WHERE key = ? AND ${column} = ?`)
  const free = db.prepare(`DELETE FROM ${table} WHERE key = ? AND ${column} = ?`)
  const run = (statement: Statement, key: string, ...values: ReadonlyArray<string>): void => {
    if (statement.run(...values).changes !== 1)
      throw new Error(
        `a row of ${table} is held by another than was decided on: ${key.slice(0, 8)}`,
      )
  }
  return (changes: ReadonlyArray<Passed<string, string>>): void => {
    for (const { key, from, to } of changes)
      if (to === null && from !== null) run(free, key, key, from)
    for (const { key, from, to } of changes) {
      if (to === null) continue
      if (from === null) run(take, key, key, to)
      else run(pass, key, to, key, from)
    }
  }
}
