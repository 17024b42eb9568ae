// Events that the engine would never have recorded, written by somebody who can make every hash again:
// the invariants tell, at their position.

import { canonicalJson } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { EventRow } from '../src/event-rows.js'
import { rehash, verified } from './support/verified.js'

describe('an invariant', () => {
  /** Writes an event of a type that needs no box at the end of the log, hashes and all. */
  const record = (type: string, payload: (db: Database) => object) => (db: Database) => {
    const last = db
      .prepare<[], EventRow>('SELECT * FROM events ORDER BY position DESC LIMIT 1')
      .get()
    if (last === undefined) throw new Error('no event')
    db.prepare(
      `INSERT INTO events (position, id, type, schema_version, recorded_at, occurred_at, payload, leaf_hash)
       VALUES (?, ?, ?, 1, ?, ?, ?, zeroblob(32))`,
    ).run(
      last.position + 1,
      '01a00000-0000-7000-8000-000000000000',
      type,
      last.recorded_at,
      last.recorded_at,
      canonicalJson(JSON.parse(JSON.stringify(payload(db)))),
    )
    rehash(db)
  }
  const userOf = (db: Database, installation: string): unknown =>
    JSON.parse(
      String(
        db
          .prepare(
            "SELECT payload FROM events WHERE type = 'InstallationRegistered' AND payload LIKE ?",
          )
          .pluck()
          .get(`%"${installation}"%`),
      ),
    ).userId
  const erased = (db: Database): unknown =>
    db.prepare("SELECT id FROM users WHERE status = 'erased'").pluck().get()

  it.each<[string, (db: Database) => void, string]>([
    [
      'a promotion of somebody promoted',
      record('ProfilePromoted', (db) => ({ userId: userOf(db, 'i9') })),
      'is no LEAD',
    ],
    [
      'a user created twice',
      record('UserCreated', (db) => ({ userId: userOf(db, 'i9'), userType: 'LEAD' })),
      'exists already',
    ],
    [
      'a mark on an installation of another',
      record('PrimaryAssigned', (db) => ({ userId: userOf(db, 'i9'), pushRegistrationId: 'i8' })),
      'is not one of the user',
    ],
    [
      'an installation that leaves whom it is not with',
      record('InstallationExpired', (db) => ({
        userId: userOf(db, 'i9'),
        pushRegistrationId: 'i8',
        reason: 'gone',
      })),
      'is not one of the user',
    ],
    [
      'an event of somebody erased',
      record('ProfilePromoted', (db) => ({ userId: erased(db) })),
      'is no LEAD',
    ],
    [
      'an identity released that is not owned',
      record('IdentityReleased', (db) => ({ userId: userOf(db, 'i9'), kind: 'email', linked: 1 })),
      'does not own',
    ],
    [
      'an erasure that leaves an installation behind',
      record('UserErased', (db) => ({
        userId: userOf(db, 'i9'),
        absorbed: [],
        identities: [],
        installations: [],
        reason: 'asked',
      })),
      'it loses the installation i9',
    ],
    [
      'an unmerge of somebody who was not absorbed',
      record('UsersUnmerged', (db) => ({
        survivorId: userOf(db, 'i9'),
        absorbedId: userOf(db, 'i8'),
        merged: 3,
        fields: [],
        identities: { returned: [], regained: [] },
        installations: [],
        primary: { survivor: null, absorbed: null },
        userType: 'LEAD',
        createdAt: '2026-01-01T00:00:00.000Z',
        promotedAt: null,
        kept: [],
      })),
      'was not absorbed in',
    ],
    [
      'a definition given twice',
      (db) => {
        record('AttributeDefined', () => ({ scope: 'user', name: 'x', attributeType: 'string' }))(
          db,
        )
        record('AttributeDefined', () => ({ scope: 'user', name: 'x', attributeType: 'number' }))(
          db,
        )
      },
      'is defined already',
    ],
  ])('is broken by %s', async (_, tamper, message) => {
    const { findings, events } = await verified(tamper, [])
    expect(findings).toContainEqual({
      what: 'invariant',
      message: expect.stringContaining(message),
      position: events,
    })
  })

  it('is not asked of an event that cannot be read, which is told', async () => {
    const { findings, events } = await verified(
      record('UserCreated', () => ({ userId: 7 })),
      [],
    )
    expect(findings).toContainEqual({
      what: 'schema',
      message: expect.stringContaining('userId'),
      position: events,
    })
  })
})
