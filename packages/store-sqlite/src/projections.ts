// The projections as rows: looked up by key for a decision, and written where a decision changed them.
// A row with anything personal in it is sealed under its owner's key, a key that is personal a digest.

import type {
  Changes,
  CommandId,
  DefinitionKey,
  Installation,
  Lookup,
  Passed,
  Remembered,
  User,
  UserId,
} from '@selfsame/core'
import type { Database, Statement } from 'better-sqlite3'
import { type Kept, openKept } from './kept-rows.js'
import type { Suffix } from './schema.js'
import type { UserKeys } from './user-keys.js'
import { rowText, type Vault } from './vault.js'

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

/** Whose key a user's row is sealed under; null where nothing personal is left in it. */
const ownerOf = (user: User): UserId | null =>
  user.status === 'erased' || (user.status === 'merged' && user.kept === null) ? null : user.id

type SealedTable = 'users' | 'installations'

/** A row that is sealed under its owner's key, or stands in the open where it has none. */
export interface SealedRow {
  readonly id: string
  readonly owner: UserId | null
  readonly row: Buffer
}

/** The text of a row; undefined where its owner is erased. */
export const openRow = (vault: Vault, table: SealedTable, { id, owner, row }: SealedRow) =>
  owner === null ? row.toString() : vault.openRow(table, id, owner, row)

/** `keys` are given for the live tables only: with them rows are kept, and dropped when keys are. */
export const openProjections = (
  db: Database,
  vault: Vault,
  suffix: Suffix = '',
  keys: Pick<UserKeys, 'whenDropped'> | null = null,
): Projections => {
  const users = keys === null ? null : openKept<string, User>()
  const installations = keys === null ? null : openKept<string, Installation>()
  keys?.whenDropped(() => {
    users?.clear()
    installations?.clear()
  })
  const one = <Row>(sql: string) => db.prepare<[string], Row>(sql).pluck()
  const byDigest = <Row>(sql: string) => db.prepare<[Buffer], Row>(sql).pluck()
  const user = db.prepare<[string], SealedRow>(
    `SELECT id, owner, row FROM users${suffix} WHERE id = ?`,
  )
  const installation = db.prepare<[string], SealedRow>(
    `SELECT id, owner, row FROM installations${suffix} WHERE id = ?`,
  )
  const identity = byDigest<UserId>(`SELECT user_id FROM identities${suffix} WHERE key = ?`)
  const token = byDigest<Installation['id']>(
    `SELECT installation_id FROM tokens${suffix} WHERE key = ?`,
  )
  const definition = db
    .prepare<[string, string], string>(
      `SELECT row FROM definitions${suffix} WHERE scope = ? AND name = ?`,
    )
    .pluck()
  const definitionCount = one<number>(`SELECT count(*) FROM definitions${suffix} WHERE scope = ?`)
  const absorbed = one<UserId>(`SELECT id FROM users${suffix} WHERE into_id = ? ORDER BY merged`)
  const living = db
    .prepare<[string, number], UserId>(
      `SELECT id FROM users${suffix} WHERE id > ? AND status = 'active' ORDER BY id LIMIT ?`,
    )
    .pluck()
  const command = db.prepare<[string], CommandRow>('SELECT * FROM commands WHERE id = ?')

  const putUser = db.prepare(
    `INSERT INTO users${suffix} (id, status, into_id, merged, owner, row) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET status = excluded.status, into_id = excluded.into_id,
       merged = excluded.merged, owner = excluded.owner, row = excluded.row`,
  )
  const putInstallation = db.prepare(
    `INSERT INTO installations${suffix} (id, owner, row) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, row = excluded.row`,
  )
  const putDefinition = db.prepare(
    `INSERT INTO definitions${suffix} (scope, name, row) VALUES (?, ?, ?)`,
  )
  const putCommand = db.prepare(
    `INSERT INTO commands (id, digest, position, count, user_id, installation_id)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const passIdentity = passing(db, `identities${suffix}`, 'user_id')
  const passToken = passing(db, `tokens${suffix}`, 'installation_id')
  const identityDigest = (key: string): Buffer => vault.digest('identity', key)
  const tokenDigest = (key: string): Buffer => vault.digest('token', key)

  /** A row under its owner's key. Once that is destroyed nothing personal is left to seal. */
  const sealed = (table: SealedTable, id: string, owner: UserId | null, row: object) => {
    const text = rowText(row)
    return owner === null || !vault.hasKey(owner)
      ? { owner: null, row: Buffer.from(text) }
      : { owner, row: vault.sealRow(table, id, owner, text) }
  }
  const opened = <Row extends object>(
    table: SealedTable,
    row: SealedRow | undefined,
    kept: Kept<string, Row> | null,
  ): Row | undefined => {
    const text = row && openRow(vault, table, row)
    if (row === undefined || text === undefined) return undefined
    return kept === null ? JSON.parse(text) : kept.open(row.id, text)
  }

  return {
    lookup: {
      user: (id) => users?.get(id) ?? opened('users', user.get(id), users),
      installation: (id) =>
        installations?.get(id) ?? opened('installations', installation.get(id), installations),
      identity: (key) => identity.get(identityDigest(key)),
      token: (key) => token.get(tokenDigest(key)),
      definition: (scope, name) => {
        const row = definition.get(scope, name)
        return row === undefined ? undefined : JSON.parse(row)
      },
      definitionCount: (scope) => definitionCount.get(scope) ?? 0,
      absorbed: (id) => absorbed.all(id),
    },
    write: (changes) => {
      for (const row of changes.users) {
        const merged = row.status === 'merged' ? row : undefined
        const stored = sealed('users', row.id, ownerOf(row), row)
        putUser.run(
          row.id,
          row.status,
          merged?.into ?? null,
          merged?.merge.position ?? null,
          stored.owner,
          stored.row,
        )
        users?.put(row.id, row)
      }
      for (const row of changes.installations) {
        const owner = row.status === 'active' ? row.userId : null
        const stored = sealed('installations', row.id, owner, row)
        putInstallation.run(row.id, stored.owner, stored.row)
        installations?.put(row.id, row)
      }
      passIdentity(changes.identities.map((one) => ({ ...one, key: identityDigest(one.key) })))
      passToken(changes.tokens.map((one) => ({ ...one, key: tokenDigest(one.key) })))
      for (const [key, row] of changes.definitions)
        putDefinition.run(...scopeAndName(key), rowText(row))
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

/**
 * Writes rows that passed from holder to holder. Only the holder that the decision saw is replaced:
 * a key that somebody else holds breaks the unique index, or changes no row, and undoes the commit.
 */
const passing = (db: Database, table: string, column: string) => {
  const take = db.prepare(`INSERT INTO ${table} (key, ${column}) VALUES (?, ?)`)
  const pass = db.prepare(`UPDATE ${table} SET ${column} = ? WHERE key = ? AND ${column} = ?`)
  const free = db.prepare(`DELETE FROM ${table} WHERE key = ? AND ${column} = ?`)
  const run = (statement: Statement, ...values: ReadonlyArray<string | Buffer>): void => {
    if (statement.run(...values).changes !== 1)
      throw new Error(`a row of ${table} is held by another than was decided on`)
  }
  return (changes: ReadonlyArray<Passed<Buffer, string>>): void => {
    for (const { key, from, to } of changes) if (to === null && from !== null) run(free, key, from)
    for (const { key, from, to } of changes) {
      if (to === null) continue
      if (from === null) run(take, key, to)
      else run(pass, to, key, from)
    }
  }
}
