// Leaves on their way from schema version 1 to 2: long payloads stand by their digest from then on,
// and what was altered before stays altered.

import { canonicalJson, leafHashOf, leafPayloadBytesMax } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { expect, it } from 'vitest'
import { nodeChecks } from '../src/index.js'
import { schemaVersion } from '../src/migrate.js'
import { accept, inFile, newFile, openOver, openStore, right } from './support/files.js'

const leafHashes = (file: string): ReadonlyArray<unknown> =>
  inFile(file, (db) => db.prepare('SELECT leaf_hash FROM events ORDER BY position').pluck().all())

/** Takes a file back to version 1, whose leaves held every payload. */
const toVersion1 = (db: Database): void => {
  db.exec('DROP TABLE tiles')
  db.pragma('user_version = 1')
  const update = db.prepare('UPDATE events SET leaf_hash = ? WHERE position = ?')
  for (const row of db.prepare<[], Record<string, never>>('SELECT * FROM events').all()) {
    const boxes = db
      .prepare<[number], { owner: string; sha256: string }>(
        'SELECT owner, lower(hex(commitment)) AS sha256 FROM boxes WHERE position = ? ORDER BY owner',
      )
      .all(row.position ?? 0)
    const leaf = canonicalJson({
      actor: row.actor ?? null,
      boxes: boxes.map(({ owner, sha256 }) => ({ owner, sha256 })),
      causationId: row.causation_id ?? null,
      commandId: row.command_id ?? null,
      correlationId: row.correlation_id ?? null,
      id: row.id ?? null,
      occurredAt: row.occurred_at ?? null,
      payload: JSON.parse(row.payload ?? ''),
      position: row.position ?? null,
      recordedAt: row.recorded_at ?? null,
      schemaVersion: row.schema_version ?? null,
      type: row.type ?? null,
    })
    update.run(leafHashOf(nodeChecks.sha256, Buffer.from(leaf)), row.position)
  }
}

it('the leaf hashes of a migrated file are those of a new one, but not where an event was altered', async () => {
  const file = newFile()
  const store = await openStore(file)
  const engine = openOver(store)
  await accept(engine, { type: 'CreateUser', userIdentity: { externalUserId: 'ann' } })
  const names = Array.from({ length: 300 }, (_, i) => `${'é'.repeat(200)}${i}`)
  await accept(engine, {
    type: 'SaveUser',
    target: { externalUserId: 'ann' },
    user: { customAttributes: Object.fromEntries(names.map((name) => [name, 1])) },
  })
  for (const text of ['short', '€'.repeat(40_000), '€'.repeat(40_001)])
    await engine.append([{ type: 'shop.Note', tags: ['note'], payload: { text } }])()
  await store.close()()
  const today = leafHashes(file)
  const last = today.length
  inFile(file, (db) => {
    const long = db
      .prepare('SELECT count(*) FROM events WHERE length(CAST(payload AS BLOB)) > ?')
      .pluck()
      .get(leafPayloadBytesMax)
    expect(long).toBe(3)
    toVersion1(db)
  })
  expect(
    leafHashes(file).filter((hash, i) => !Buffer.from(hash as Buffer).equals(today[i] as Buffer)),
  ).toHaveLength(3)
  inFile(file, (db) => db.exec(`UPDATE events SET actor = 'mallory' WHERE position = ${last}`))

  const migrated = await openStore(file)
  const opened = openOver(migrated)
  expect(right(await opened.readAll([], { after: last - 2, limit: 1 })()).events).toHaveLength(1)
  expect(E.isLeft(await opened.readAll([], { after: last - 1 })())).toBe(true)
  await migrated.close()()
  expect(inFile(file, (db) => db.pragma('user_version', { simple: true }))).toBe(schemaVersion)
  expect(leafHashes(file).slice(0, -1)).toEqual(today.slice(0, -1))
  expect(leafHashes(file).at(-1)).not.toEqual(today.at(-1))
})
