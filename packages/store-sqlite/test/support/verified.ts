// A log with people, a merge, an erasure, an embedder's fact and two kept checkpoints, and copies of it
// that are verified after somebody was at them.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Signer } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { afterAll, beforeAll } from 'vitest'
import { type EventRow, leafOfRow } from '../../src/event-rows.js'
import {
  createSigningKeyFile,
  openSqliteStore,
  signingKeyFile,
  type VerifyReport,
} from '../../src/index.js'
import { accept, inFile, openOver, right } from './files.js'

const folder = mkdtempSync(join(tmpdir(), 'selfsame-verify-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
export const original = join(folder, 'original.db')

let signer: Signer
/** The head of that log, once it is made. */
export let head = 0
export const kept: string[] = []

beforeAll(async () => {
  const store = right(await openSqliteStore({ file: original })())
  right(await createSigningKeyFile(`${original}-signer`, 'example.com/shop')())
  signer = right(await signingKeyFile(`${original}-signer`)())
  const engine = openOver(store)
  const people = async (from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i += 1) {
      await accept(engine, {
        type: 'RegisterInstallation',
        pushRegistrationId: `i${i}`,
        applicationId: 'shop',
      })
      await accept(engine, {
        type: 'Personalize',
        commandId: `login-${i}`,
        pushRegistrationId: `i${i}`,
        userIdentity: { externalUserId: `u${i}`, emails: [`u${i}@example.com`] },
        userAttributes: { firstName: `Ann ${i}`, tags: ['vip'] },
      })
    }
  }
  await people(0, 40)
  await engine.append([{ type: 'shop.OrderPlaced', tags: ['order:1'], payload: { id: 1 } }])()
  kept.push(right(await store.checkpoint(signer)()))
  await people(40, 50)
  await accept(engine, {
    type: 'MergeUsers',
    users: [{ externalUserId: 'u1' }, { externalUserId: 'u2' }],
    overrides: { externalUserId: right(await engine.fetchUser({ externalUserId: 'u1' })()).id },
  })
  await accept(engine, { type: 'EraseUser', target: { externalUserId: 'u3' }, reason: 'asked' })
  kept.push(right(await store.checkpoint(signer)()))
  head = right(await store.read([], {})()).head
  await store.close()()
})

/** Verifies a copy of the file after somebody was at it. */
export const verified = async (
  tamper: (db: Database) => void,
  checkpoints: ReadonlyArray<string> = kept,
  damage: (copy: string) => void = () => {},
): Promise<VerifyReport> => {
  const copy = join(mkdtempSync(join(folder, 'copy-')), 'copy.db')
  for (const suffix of ['', '-keys', '-master']) copyFileSync(original + suffix, copy + suffix)
  inFile(copy, (db) => {
    db.pragma('foreign_keys = OFF')
    tamper(db)
  })
  damage(copy)
  const store = right(await openSqliteStore({ file: copy, mode: 'existing' })())
  const report = right(await store.verify({ key: signer, checkpoints })())
  await store.close()()
  rmSync(dirname(copy), { recursive: true })
  return report
}

/** Writes leaf hashes as they are after a change, and throws the tiles away: all that needs no key. */
export const rehash = (db: Database): void => {
  const hashOf = leafOfRow(db)
  const update = db.prepare('UPDATE events SET leaf_hash = ? WHERE position = ?')
  for (const row of db.prepare<[], EventRow>('SELECT * FROM events').all())
    update.run(hashOf(row), row.position)
  db.exec('DELETE FROM tiles')
}
