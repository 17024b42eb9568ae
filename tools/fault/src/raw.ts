// The raw program that ours is measured against: better-sqlite3 alone, writing rows of the same shape
// as a SaveUser of one field does, with the same settings, one transaction a command.

import { randomBytes } from 'node:crypto'
import Sqlite, { type Database } from 'better-sqlite3'
import { generator } from './random.js'
import { eventsOfPerson } from './shop.js'

const schema = `
CREATE TABLE IF NOT EXISTS events (position INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL,
  schema_version INTEGER NOT NULL, recorded_at TEXT NOT NULL, occurred_at TEXT NOT NULL,
  command_id TEXT, actor TEXT, correlation_id TEXT, causation_id TEXT, payload TEXT NOT NULL,
  leaf_hash BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS boxes (position INTEGER NOT NULL REFERENCES events (position),
  owner TEXT NOT NULL, commitment BLOB NOT NULL, sealed BLOB, PRIMARY KEY (position, owner)
  ) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS boxes_by_owner ON boxes (owner) WHERE sealed IS NOT NULL;
CREATE TABLE IF NOT EXISTS tags (tag TEXT NOT NULL, position INTEGER NOT NULL
  REFERENCES events (position), PRIMARY KEY (tag, position)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, status TEXT NOT NULL, into_id TEXT,
  merged INTEGER, owner TEXT, row BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS identities (key BLOB PRIMARY KEY, user_id TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`
const moment = '2026-11-24T12:00:00.000Z'
const payload = JSON.stringify({
  userId: '01980000-0000-7000-8000-000000000000',
  fields: ['firstName'],
})
const [boxBytes, rowBytes, hashBytes] = [96, 620, 32]
const groupUsers = 256

const idOf = (n: number, part: string): string =>
  `0198${n
    .toString(16)
    .padStart(8, '0')
    .replace(/(.{4})(.{4})/, '$1-$2')}-7${part}-8000-${'0'.repeat(12)}`
const userOf = (n: number): string => idOf(n, '000')

/** Scattered as a digest is. */
const keyOf = (n: number): Buffer => {
  const key = Buffer.alloc(hashBytes)
  for (let i = 0; i < 8; i += 1)
    key.writeUInt32LE(Math.imul(n * 8 + i + 1, 0x9e3779b1) >>> 0, i * 4)
  return key
}

const connect = (file: string): Database => {
  const db = new Sqlite(file)
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
    'secure_delete = ON',
  ])
    db.pragma(pragma)
  db.exec(schema)
  return db
}

const writer = (db: Database) => {
  const event = db.prepare(
    'INSERT INTO events VALUES (?, ?, ?, 1, ?, ?, NULL, NULL, NULL, NULL, ?, ?)',
  )
  const box = db.prepare('INSERT INTO boxes VALUES (?, ?, ?, ?)')
  const tag = db.prepare('INSERT INTO tags VALUES (?, ?)')
  const user = db.prepare(
    `INSERT INTO users VALUES (?, 'active', NULL, NULL, ?, ?)
     ON CONFLICT (id) DO UPDATE SET row = excluded.row`,
  )
  const identity = db.prepare('INSERT INTO identities VALUES (?, ?)')
  const owner = db.prepare<[Buffer], string>('SELECT user_id FROM identities WHERE key = ?').pluck()
  const row = db.prepare<[string], Buffer>('SELECT row FROM users WHERE id = ?').pluck()
  const last = db
    .prepare<[], number>('SELECT position FROM events ORDER BY position DESC LIMIT 1')
    .pluck()
  const append = (id: string, type: string, isIdentity: boolean, n: number): void => {
    const position = (last.get() ?? 0) + 1
    event.run(
      position,
      idOf(position, '001'),
      type,
      moment,
      moment,
      payload,
      randomBytes(hashBytes),
    )
    box.run(position, id, randomBytes(hashBytes), randomBytes(boxBytes))
    tag.run(`user:${id}`, position)
    if (isIdentity) tag.run(`identity:${keyOf(n).toString('hex')}`, position)
  }
  return {
    create: (n: number): void => {
      const id = userOf(n)
      for (let i = 0; i < eventsOfPerson; i += 1) append(id, 'UserCreated', i === 1, n)
      user.run(id, id, randomBytes(rowBytes))
      identity.run(keyOf(n), id)
    },
    save: (n: number): void => {
      const id = owner.get(keyOf(n))
      if (id === undefined || row.get(id) === undefined) throw new Error(`no raw user ${n}`)
      append(id, 'UserAttributesChanged', false, n)
      user.run(id, id, randomBytes(rowBytes))
    },
  }
}

export const rawFill = ({ file, from, to }: { file: string; from: number; to: number }): number => {
  const db = connect(file)
  const { create } = writer(db)
  for (let first = from; first < to; first += groupUsers)
    db.transaction(() => {
      for (let n = first; n < Math.min(to, first + groupUsers); n += 1) create(n)
    }).immediate()
  db.close()
  return to - from
}

/** Milliseconds of single saves, one transaction each. */
export const rawTimes = ({
  file,
  events,
  count,
  turn,
}: {
  file: string
  events: number
  count: number
  turn: number
}): ReadonlyArray<number> => {
  const db = connect(file)
  const { save } = writer(db)
  const users = Math.floor(events / eventsOfPerson)
  const random = generator(users + turn)
  const times = Array.from({ length: count }, () => {
    const n = random.below(users)
    const start = process.hrtime.bigint()
    db.transaction(() => save(n)).immediate()
    return Number(process.hrtime.bigint() - start) / 1e6
  })
  db.close()
  return times
}

/** The schema of a file as SQLite sees it: its version, and every table and index. */
export const rawSchema = ({ file }: { readonly file: string }): string => {
  const db = new Sqlite(file)
  try {
    const made = db.prepare<[], string>('SELECT sql FROM sqlite_schema ORDER BY name').pluck().all()
    return `${db.pragma('user_version', { simple: true })}: ${made.join('; ')}`
  } finally {
    db.close()
  }
}
