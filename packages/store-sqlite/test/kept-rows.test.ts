// Rows that a process keeps opened: never other than what the file says, whoever wrote to it.

import { openEngine, type UserId, type UserView } from '@selfsame/core'
import { randomIds } from '@selfsame/store-sqlite'
import Sqlite from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { openKept } from '../src/kept-rows.js'
import { openKeyFile } from '../src/key-file.js'
import { openSqliteStore } from '../src/open.js'
import { openUserKeys } from '../src/user-keys.js'
import { accept, inFile, newFile, right } from './support/files.js'

const open = async (file: string) => {
  const store = right(await openSqliteStore({ file })())
  const engine = openEngine({ store, idSource: randomIds })
  const ann = async (): Promise<UserView> =>
    right(await engine.fetchUser({ phone: '+48600700800' })())
  const rename = (firstName: string) =>
    accept(engine, { type: 'SaveUser', target: { phone: '+48600700800' }, user: { firstName } })
  return { store, engine, ann, rename }
}

const withAnn = async (file: string) => {
  const one = await open(file)
  await accept(one.engine, {
    type: 'RegisterInstallation',
    pushRegistrationId: 'phone-1',
    applicationId: 'shop',
  })
  await accept(one.engine, {
    type: 'Personalize',
    pushRegistrationId: 'phone-1',
    userIdentity: { phones: ['+48600700800'] },
    userAttributes: { firstName: 'Ann' },
  })
  return one
}

describe('rows that are kept', () => {
  it('are read from the file once, and what this process writes is shown at once', async () => {
    const file = newFile()
    const one = await withAnn(file)
    expect((await one.ann()).firstName).toBe('Ann')
    await one.rename('Anna')
    expect((await one.ann()).firstName).toBe('Anna')
    expect((await one.ann()).installations?.length).toBe(1)
    await one.store.close()()
  })

  it('are dropped when another process wrote, in a question and in a decision', async () => {
    const file = newFile()
    const [one, other] = [await withAnn(file), await open(file)]
    await one.ann()
    await other.rename('Bea')
    expect((await one.ann()).firstName).toBe('Bea')
    await other.ann()
    await one.rename('Cleo')
    // Decided on the kept row, this would be no change, and nothing would be recorded.
    expect((await other.rename('Bea')).events).toHaveLength(1)
    expect((await one.ann()).firstName).toBe('Bea')
    await one.store.close()()
    await other.store.close()()
  })

  it('are gone with an erasure, here and in another process', async () => {
    const file = newFile()
    const [one, other] = [await withAnn(file), await open(file)]
    const { id } = await other.ann()
    await accept(one.engine, { type: 'EraseUser', target: { userId: id }, reason: 'asked' })
    for (const { engine } of [one, other])
      expect(await engine.fetchUser({ userId: id })()).toMatchObject({
        left: { error: { code: 'USER_ERASED' } },
      })
    await one.store.close()()
    await other.store.close()()
  })

  it('are dropped in the transaction that marks a key to be destroyed', async () => {
    const file = newFile()
    const one = await withAnn(file)
    const { id } = await one.ann()
    await one.store.close()()
    const keyFile = openKeyFile(`${file}-keys`)
    inFile(file, (db) => {
      const none = {
        current: () => ({ version: 1, key: Buffer.alloc(32) }),
        version: () => undefined,
      }
      const keys = openUserKeys(db, keyFile, { ...none, ask: async () => E.right(undefined) })
      let drops = 0
      keys.whenDropped(() => {
        drops += 1
      })
      keys.doom([id as UserId])
      expect(drops).toBe(1)
    })
    keyFile.close()
  })

  it('are dropped when a rebuild swaps the tables', async () => {
    const file = newFile()
    const one = await withAnn(file)
    const { id } = await one.ann()
    await one.store.close()()
    // The row of somebody who is shown otherwise than the log says: a rebuild mends it.
    inFile(file, (db) =>
      db
        .prepare('UPDATE users SET owner = NULL, row = ? WHERE id = ?')
        .run(Buffer.from(`{"id":"${id}","status":"erased"}`), id),
    )
    const again = await open(file)
    expect(await again.engine.fetchUser({ userId: id })()).toMatchObject({
      left: { error: { code: 'USER_ERASED' } },
    })
    expect(right(await again.store.rebuild()()).differences).toHaveLength(1)
    expect((await again.ann()).firstName).toBe('Ann')
    await again.store.close()()
  })

  it('are those of before where a transaction was undone', async () => {
    const file = newFile()
    const one = await withAnn(file)
    await one.ann()
    inFile(file, (db) =>
      db.exec(`CREATE TRIGGER no_more BEFORE INSERT ON commands
               BEGIN SELECT RAISE(ABORT, 'no more'); END`),
    )
    await one.ann()
    // The rows are written, then the command id is refused: all of it is undone.
    const failed = await one.engine.execute({
      type: 'SaveUser',
      commandId: 'c-1',
      target: { phone: '+48600700800' },
      user: { firstName: 'Lost' },
    })()
    expect(failed).toMatchObject({ _tag: 'Left', left: { kind: 'unexpected' } })
    expect((await one.ann()).firstName).toBe('Ann')
    await one.store.close()()
  })

  it('are not many: the oldest goes first, and one that is written again is not the oldest', () => {
    const kept = openKept<string, { readonly n: number }>(2)
    kept.put('a', { n: 1 })
    kept.open('b', '{"n":2}')
    kept.put('a', { n: 3 })
    kept.put('c', { n: 4 })
    expect([kept.get('a'), kept.get('b'), kept.get('c')]).toEqual([{ n: 3 }, undefined, { n: 4 }])
  })

  it('cannot be changed by whoever gets them, read or written', () => {
    const kept = openKept<string, { readonly cells: { n: number } }>()
    kept.put('b', { cells: { n: 1 } })
    for (const row of [kept.open('a', '{"cells":{"n":1}}'), kept.get('a'), kept.get('b')])
      expect(() => {
        if (row !== undefined) row.cells.n = 2
      }).toThrow(TypeError)
  })
})

describe('a database that', () => {
  it('renames a table counts its schema up, which data_version does not tell', () => {
    const db = new Sqlite(':memory:')
    db.exec('CREATE TABLE a (x)')
    const before = [db.pragma('data_version'), db.pragma('schema_version')]
    db.exec('ALTER TABLE a RENAME TO b')
    const after = [db.pragma('data_version'), db.pragma('schema_version')]
    db.close()
    expect(after[0]).toEqual(before[0])
    expect(after[1]).not.toEqual(before[1])
  })
})
