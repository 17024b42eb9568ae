// Opening a file: what is made, what is refused and left as it was.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openSqliteEngine, openSqliteStore } from '../src/index.js'
import {
  accept,
  count,
  expectFailure,
  inFile,
  left,
  newFile,
  openOver,
  openStore,
  right,
} from './support/files.js'

const register = { type: 'RegisterInstallation', pushRegistrationId: 'i1', applicationId: 'shop' }

describe('opening a file', () => {
  it('makes it where it is missing, and finds everything again', async () => {
    const file = newFile()
    const store = await openStore(file)
    await accept(openOver(store), register)
    await store.close()()
    const again = right(await openSqliteEngine({ file, mode: 'existing' })())
    expect(right(await again.fetchInstallation('i1')()).applicationId).toBe('shop')
    await again.close()()
  })

  it('refuses to make one where an existing one is asked for', async () => {
    const file = newFile()
    const result = await openSqliteStore({ file, mode: 'existing' })()
    expectFailure(result, 'io')
    expect(left(result).message).toBe(`${file} does not exist`)
    expect(existsSync(file)).toBe(false)
  })

  it('refuses a database that is not ours, and leaves it as it was', async () => {
    const file = newFile()
    inFile(file, (db) => db.exec('CREATE TABLE theirs (a)'))
    const before = readFileSync(file)
    expectFailure(await openSqliteStore({ file })(), 'incompatible')
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('refuses a file that is newer than the program, and leaves it as it was', async () => {
    const file = newFile()
    await (await openStore(file)).close()()
    inFile(file, (db) => db.pragma('user_version = 99'))
    const before = readFileSync(file)
    const failure = left(await openSqliteStore({ file })())
    expect(failure.message).toContain('schema version 99')
    expect(failure.kind).toBe('incompatible')
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('refuses a file that is no database', async () => {
    const file = newFile()
    writeFileSync(
      file,
      'nothing of the kind, but long enough to be looked at as a header of one'.repeat(20),
    )
    expectFailure(await openSqliteStore({ file })(), 'corrupt')
  })

  it('refuses a folder', async () => {
    const file = newFile()
    mkdirSync(file)
    expectFailure(await openSqliteStore({ file })(), 'io')
  })

  it('sets WAL and keeps one row a fact in the log', async () => {
    const file = newFile()
    const store = await openStore(file)
    await accept(openOver(store), { ...register, device: { deviceName: 'J' } })
    await store.close()()
    expect(inFile(file, (db) => db.pragma('journal_mode', { simple: true }))).toBe('wal')
    expect(count(file, 'events')).toBe(2)
    expect(count(file, 'boxes')).toBe(1)
  })

  it('answers everything with a failure once it is closed, and closes twice without one', async () => {
    const store = await openStore(newFile())
    const engine = openOver(store)
    right(await engine.close()())
    right(await engine.close()())
    // At once, too.
    const other = await openStore(newFile())
    for (const closed of await Promise.all([other.close()(), other.close()()])) right(closed)
    expectFailure(await engine.execute(register)(), 'closed')
    expectFailure(await engine.fetchInstallation('i1')(), 'closed')
    expectFailure(await engine.readLog([])(), 'closed')
    expectFailure(await engine.rebuild()(), 'closed')
    expectFailure(await engine.segment({ predicate: { type: 'LEAD' } })(), 'closed')
    expectFailure(await engine.preview({ ...register, commandId: 'c' })(), 'closed')
  })
})

it('an engine whose options are misspelt is a failure, and leaves nothing open', async () => {
  const file = newFile()
  expectFailure(await openSqliteEngine({ file, defaultPolicy: 'nope' })(), 'unexpected')
  // SQLite removes its WAL when the last connection closes.
  expect(existsSync(`${file}-wal`)).toBe(false)
  const engine = right(await openSqliteEngine({ file, mode: 'existing' })())
  await engine.close()()
})
