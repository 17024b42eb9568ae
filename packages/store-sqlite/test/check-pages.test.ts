// A check of a file whose pages SQLite cannot read lists what it finds, and is no failure itself.

import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openSqliteStore } from '../src/index.js'
import { accept, inFile, newFile, openOver, right } from './support/files.js'

/** Overwrites the first page of a table. */
const damage = (file: string, table: string): number => {
  const [page, bytes] = inFile(file, (db) => [
    db
      .prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?')
      .pluck()
      .get(table) ?? 0,
    Number(db.pragma('page_size', { simple: true })),
  ])
  const all = readFileSync(file)
  all.fill(0x55, (page - 1) * bytes, page * bytes)
  writeFileSync(file, all)
  return page
}

it.each(['events', 'boxes', 'users', 'tags'])(
  'a check names the pages of %s that cannot be read, and goes on',
  async (table) => {
    const file = newFile()
    const store = right(await openSqliteStore({ file })())
    await accept(openOver(store), { type: 'CreateUser', userIdentity: { externalUserId: 'ann' } })
    await store.close()()
    const page = damage(file, table)
    const damaged = right(await openSqliteStore({ file, mode: 'existing' })())
    const { findings } = right(await damaged.check()())
    expect(findings).toContainEqual({
      what: 'sqlite',
      message: expect.stringMatching(new RegExp(`\\b(page|Tree) ${page}\\b`)),
    })
    await damaged.close()()
  },
)
