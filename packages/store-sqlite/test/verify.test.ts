// What a verification finds: each way in which a file can be made to say something else, and where.

import { readFileSync, writeFileSync } from 'node:fs'
import { openTree } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { type EventRow, leafOfRow } from '../src/event-rows.js'
import { nodeChecks } from '../src/index.js'
import { inFile } from './support/files.js'
import { head, kept, original, rehash, verified } from './support/verified.js'

const set = (sql: string) => (db: Database) => db.exec(sql)

it('finds nothing in a file that nobody was at, and tells the sizes it grew from', async () => {
  const report = await verified(() => {})
  expect(report.findings).toEqual([])
  expect(report).toMatchObject({ events: head })
  expect(report.grewFrom).toHaveLength(2)
  expect(report.grewFrom[1]).toBe(head)
  expect(kept[1]).toContain(`\n${report.root}\n`)
})

describe('finds', () => {
  it.each<[string, string, (db: Database) => void, number | undefined]>([
    [
      'an altered payload',
      'leaf',
      set(
        "UPDATE events SET payload = replace(payload, 'i7', 'i8') WHERE position = (SELECT min(position) FROM events WHERE payload LIKE '%\"i7\"%')",
      ),
      undefined,
    ],
    ['another actor', 'leaf', set("UPDATE events SET actor = 'mallory' WHERE position = 5"), 5],
    [
      'another time',
      'time',
      set("UPDATE events SET recorded_at = '2001-01-01T00:00:00.000Z' WHERE position = 5"),
      5,
    ],
    [
      'a payload that is written otherwise',
      'leaf',
      set("UPDATE events SET payload = replace(payload, ':', ': ') WHERE position = 9"),
      9,
    ],
    [
      'another leaf hash',
      'leaf',
      set('UPDATE events SET leaf_hash = zeroblob(32) WHERE position = 6'),
      6,
    ],
    [
      'another commitment',
      'leaf',
      set('UPDATE boxes SET commitment = zeroblob(32) WHERE position = 4'),
      4,
    ],
    ['an altered box', 'box', set('UPDATE boxes SET sealed = zeroblob(80) WHERE position = 4'), 4],
    ['an emptied box', 'box', set('UPDATE boxes SET sealed = NULL WHERE position = 4'), 4],
    ['an event that is gone', 'position', set('DELETE FROM events WHERE position = 11'), 12],
    [
      'a command id that is forgotten',
      'command',
      set("DELETE FROM commands WHERE id = 'login-4'"),
      undefined,
    ],
    [
      'a tile that is altered',
      'tile',
      set('UPDATE tiles SET hashes = zeroblob(8192) WHERE number = 0'),
      1,
    ],
    [
      'a tile whose root is altered',
      'tile',
      set('UPDATE tiles SET root = zeroblob(32) WHERE number = 0'),
      undefined,
    ],
    [
      'a user row that is gone',
      'projection',
      set('DELETE FROM users WHERE id = (SELECT min(id) FROM users)'),
      undefined,
    ],
    [
      'a user row of another',
      'projection',
      set(
        "UPDATE users SET row = (SELECT row FROM users WHERE status = 'active' ORDER BY id DESC LIMIT 1) WHERE id = (SELECT min(id) FROM users WHERE status = 'active')",
      ),
      undefined,
    ],
    [
      'an identity of another',
      'projection',
      set(
        'UPDATE identities SET user_id = (SELECT max(user_id) FROM identities) WHERE key = (SELECT min(key) FROM identities)',
      ),
      undefined,
    ],
    [
      'an installation too many',
      'projection',
      set("INSERT INTO installations VALUES ('i999', NULL, x'7b7d')"),
      undefined,
    ],
    [
      'an installation that is gone',
      'projection',
      set("DELETE FROM installations WHERE id = 'i5'"),
      undefined,
    ],
    [
      'a definition too many',
      'projection',
      set("INSERT INTO definitions VALUES ('user', 'x', '{}')"),
      undefined,
    ],
    [
      'a tag that is missing',
      'tag',
      set("DELETE FROM tags WHERE position = 5 AND tag LIKE 'user:%'"),
      5,
    ],
    ['a tag too many', 'tag', set("INSERT INTO tags VALUES ('user:nobody', 7)"), 7],
    [
      'an identity tag at another event',
      'tag',
      set(
        "UPDATE tags SET position = 9 WHERE tag = (SELECT min(tag) FROM tags WHERE tag LIKE 'identity:%')",
      ),
      9,
    ],
    [
      'a tag of an own event that is missing',
      'tag',
      set("DELETE FROM tags WHERE tag = 'order:1'"),
      undefined,
    ],
    ['a tag of no event', 'tag', set("INSERT INTO tags VALUES ('user:nobody', 99999)"), 99999],
    ['a tag before every event', 'tag', set("INSERT INTO tags VALUES ('user:nobody', -3)"), -3],
    [
      'a user without a key',
      'key',
      set('DELETE FROM user_keys WHERE user_id = (SELECT max(user_id) FROM identities)'),
      undefined,
    ],
    [
      'a key without a user',
      'key',
      set(
        "UPDATE user_keys SET user_id = 'nobody' WHERE user_id = (SELECT max(user_id) FROM identities)",
      ),
      undefined,
    ],
  ])('%s', async (_, what, tamper, position) => {
    const { findings } = await verified(tamper)
    expect(findings).toContainEqual({
      what,
      message: expect.any(String),
      ...(position === undefined ? {} : { position }),
      ...(position === undefined && !['projection', 'key'].includes(what)
        ? { position: expect.any(Number) }
        : {}),
    })
  })

  it('every finding, in the order of positions', async () => {
    const { findings } = await verified((db) => {
      db.exec("UPDATE events SET actor = 'mallory' WHERE position IN (3, 90, 200)")
      db.exec('DELETE FROM identities WHERE key = (SELECT min(key) FROM identities)')
    })
    const leaves = findings.filter(({ what }) => what === 'leaf').map(({ position }) => position)
    expect(leaves).toEqual([3, 90, 200])
    expect(findings.filter(({ what }) => what === 'projection')).toHaveLength(1)
    expect(findings.filter(({ what }) => what === 'checkpoint')).toHaveLength(2)
    expect(findings.filter(({ what }) => what === 'tag')).toEqual([])
    const positions = findings.map(({ position = 0 }) => position)
    expect(positions).toEqual([...positions].sort((a, b) => a - b))
  })
})

describe('a kept checkpoint shows', () => {
  const shown = async (tamper: (db: Database) => void) =>
    (await verified(tamper)).findings.filter(({ what }) => what === 'checkpoint')

  it('an altered event whose hashes were all made again', async () => {
    const tamper = (db: Database): void => {
      db.exec("UPDATE events SET actor = 'mallory' WHERE position = 5")
      rehash(db)
    }
    const { findings } = await verified(tamper, [])
    expect(findings).toEqual([])
    expect(await shown(tamper)).toHaveLength(2)
  })

  it('a tail that was cut, and nothing else of a log that is whole otherwise', async () => {
    const found = await shown((db) => {
      db.exec(
        `DELETE FROM boxes WHERE position > ${head - 1}; DELETE FROM tags WHERE position > ${head - 1}`,
      )
      db.exec(`DELETE FROM events WHERE position > ${head - 1}`)
    })
    expect(found).toEqual([
      {
        what: 'checkpoint',
        message: `the checkpoint is over ${head} events, and only ${head - 1} are there`,
        position: head - 1,
      },
    ])
  })

  it('a checkpoint that somebody else signed, or that is none', async () => {
    const forged = (kept[0] ?? '').replace('\n\n', '1\n\n')
    const { findings, grewFrom } = await verified(() => {}, [forged, 'nonsense', kept[0] ?? ''])
    expect(findings.map(({ what }) => what)).toEqual(['checkpoint', 'checkpoint'])
    expect(grewFrom).toHaveLength(1)
  })
})

it('the root that it tells is that of the leaves', async () => {
  const { root } = await verified(() => {})
  const hashes = inFile(original, (db) => {
    const hashOf = leafOfRow(db)
    return db.prepare<[], EventRow>('SELECT * FROM events ORDER BY position').all().map(hashOf)
  })
  const tree = openTree(nodeChecks.sha256, {
    leaves: (from, to) => hashes.slice(from, to),
    tile: () => undefined,
  })
  expect(Buffer.from(tree.root(head)).toString('base64')).toBe(root)
})

describe('finds in a file that is damaged', () => {
  it('a key', async () => {
    const { findings } = await verified(
      () => {},
      kept,
      (copy) => {
        const keys = readFileSync(`${copy}-keys`)
        keys.fill(0x55, 4096, 4096 + 256)
        writeFileSync(`${copy}-keys`, keys)
      },
    )
    expect(findings.map(({ what }) => what)).toContain('key')
    expect(findings.filter(({ what }) => what === 'checkpoint')).toEqual([])
  })

  it('pages that SQLite cannot read, and tells it', async () => {
    const { findings } = await verified(
      () => {},
      [],
      (copy) => {
        const bytes = readFileSync(copy)
        const at = bytes.indexOf('"i30"')
        bytes.fill(0xff, at - (at % 4096), at - (at % 4096) + 100)
        writeFileSync(copy, bytes)
      },
    )
    expect(findings.map(({ what }) => what)).toContain('sqlite')
  })
})
