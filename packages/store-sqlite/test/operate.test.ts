// What an operator does: rotate keys, back up and restore, count, check, vacuum.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  addMasterKey,
  masterKeyFile,
  openSqliteStore,
  randomIds,
  restore,
  type SqliteStore,
} from '../src/index.js'
import {
  accept,
  countingIds,
  expectFailure,
  inFile,
  newFile,
  openOver,
  right,
} from './support/files.js'

const open = async (file: string): Promise<SqliteStore> => right(await openSqliteStore({ file })())
const canary = 'kanarienvogel'
const story = [
  { type: 'RegisterInstallation', pushRegistrationId: 'i1', applicationId: 'shop' },
  {
    type: 'Personalize',
    pushRegistrationId: 'i1',
    userIdentity: { phones: ['+48600700800'] },
    userAttributes: { firstName: canary, tags: ['vip'] },
  },
  { type: 'CreateUser', userIdentity: { phones: ['+48600700801'], emails: ['bea@example.com'] } },
  { type: 'MergeUsers', users: [{ phone: '+48600700800' }, { phone: '+48600700801' }] },
  { type: 'CreateUser', userIdentity: { phones: ['+48600700802'] }, commandId: 'third' },
]
const erase = { type: 'EraseUser', target: { phone: '+48600700800' }, reason: 'asked' }

const withStory = async (): Promise<{ file: string; store: SqliteStore }> => {
  const file = newFile()
  const store = await open(file)
  const engine = openOver(store)
  for (const command of story) await accept(engine, command)
  return { file, store }
}

describe('rotation', () => {
  it('wraps every key by the new master key, and changes no digest and no box', async () => {
    const { file, store } = await withStory()
    const boxes = () =>
      inFile(file, (db) => JSON.stringify(db.prepare('SELECT * FROM boxes').all()))
    const before = boxes()
    right(await addMasterKey(`${file}-master`)())
    const done: number[] = []
    const report = right(await store.rotate((at) => done.push(at))())
    expect(report).toEqual({ masterVersion: 2, keys: 256 })
    expect(done.at(-1)).toBe(256)
    expect(boxes()).toBe(before)
    await store.close()()

    // The first master key may go: nothing is wrapped by it any more.
    const lines = readFileSync(`${file}-master`, 'utf8').split('\n')
    const { writeFileSync } = await import('node:fs')
    writeFileSync(`${file}-master`, `${lines[1]}\n`)
    const again = await open(file)
    const user = right(await openOver(again).fetchUser({ phone: '+48600700800' })())
    expect(user.firstName).toBe(canary)
    await again.close()()
  })

  it('is told to a process that still has the old master key, and harms it no further', async () => {
    const { file, store } = await withStory()
    const other = await open(file)
    right(await addMasterKey(`${file}-master`)())
    right(await store.rotate()())
    expectFailure(await openOver(other).fetchUser({ phone: '+48600700802' })(), 'key')
    await other.close()()
    await store.close()()
  })
})

describe('backup and restore', () => {
  it('copy the log of a file in use, without keys and projections, and bring it back', async () => {
    const { file, store } = await withStory()
    const report = right(await store.backup(`${file}.backup`)())
    expect(report.head).toBe(right(await store.read([], {})()).head)
    expectFailure(await store.backup(`${file}.backup`)(), 'io')
    right(await store.backupKeys(`${file}.keys-backup`)())
    expect(statSync(`${file}.keys-backup`).mode & 0o077).toBe(0)
    expect(
      inFile(`${file}.backup`, (db) => db.prepare('SELECT count(*) FROM users').pluck().get()),
    ).toBe(0)
    expect(readFileSync(`${file}.backup`, 'latin1')).not.toContain(canary)
    const before = right(await store.read([], {})()).events
    await store.close()()

    const restored = newFile()
    const done = right(
      await restore({
        backup: `${file}.backup`,
        keyBackup: `${file}.keys-backup`,
        file: restored,
        keyRing: masterKeyFile(`${file}-master`),
      })(),
    )
    expect(done).toEqual({ events: report.head, erasedAgain: [] })
    const again = right(
      await openSqliteStore({ file: restored, keyRing: masterKeyFile(`${file}-master`) })(),
    )
    expect(right(await again.read([], {})()).events).toEqual(before)
    expect(right(await again.check()()).findings).toEqual([])
    await accept(openOver(again), story[4])
    expect(right(await again.read([], {})()).head).toBe(report.head)
    await again.close()()
  })

  it('apply every erasure that the current key file knows', async () => {
    const { file, store } = await withStory()
    right(await store.backup(`${file}.backup`)())
    right(await store.backupKeys(`${file}.keys-backup`)())
    await accept(openOver(store, countingLater()), erase)
    await store.close()()

    const restored = newFile()
    const ring = masterKeyFile(`${file}-master`)
    const done = right(
      await restore({
        backup: `${file}.backup`,
        keyBackup: `${file}.keys-backup`,
        knownErasures: `${file}-keys`,
        file: restored,
        keyRing: ring,
      })(),
    )
    expect(done.erasedAgain).toHaveLength(1)
    const again = right(await openSqliteStore({ file: restored, keyRing: ring })())
    expect(JSON.stringify(right(await again.read([], {})()))).not.toContain(canary)
    expect(right(await again.check()()).findings).toEqual([])
    const free = { type: 'CreateUser', userIdentity: { phones: ['+48600700800'] } }
    await accept(openOver(again, countingLater()), free)
    await again.close()()
  })

  it('leave nothing behind where they fail', async () => {
    const { file, store } = await withStory()
    right(await store.backup(`${file}.backup`)())
    await store.close()()
    const restored = newFile()
    expectFailure(await restore({ backup: `${file}.nowhere`, file: restored })(), 'io')
    expectFailure(
      await restore({ backup: `${file}.backup`, keyBackup: `${file}.nowhere`, file: restored })(),
      'io',
    )
    right(await openSqliteStore({ file: `${restored}.other` })())
    expectFailure(
      await restore({
        backup: `${file}.backup`,
        keyBackup: `${file}-keys`,
        file: restored,
        keyRing: masterKeyFile(`${restored}.other-master`),
      })(),
      'key',
    )
    expect(existsSync(restored)).toBe(false)
    expect(existsSync(`${restored}-keys`)).toBe(false)
    for (const misspelt of [
      { knownErasures: `${file}.nowhere`, keyBackup: `${file}-keys` },
      { keyFile: `${file}.nowhere` },
    ])
      expectFailure(
        await restore({ backup: `${file}.backup`, file: restored, ...misspelt })(),
        'io',
      )
    expect(existsSync(`${file}.nowhere`)).toBe(false)
    expect(existsSync(`${restored}-keys`)).toBe(false)
  })
})

const countingLater = () => {
  const next = countingIds()
  return () => next().replace('01980000', '01990000')
}

describe('stats', () => {
  it('count what stands in the file', async () => {
    const { store } = await withStory()
    expect(right(await store.stats()())).toMatchObject({
      schemaVersion: 3,
      users: { active: 2, merged: 1 },
      installations: 1,
      identities: 4,
      keys: { live: 3 },
      commands: 1,
      eventsByType: { UsersMerged: 1, UserCreated: 3 },
    })
    await store.close()()
  })
})

describe('check', () => {
  it.each([
    [
      'UPDATE boxes SET sealed = zeroblob(99) WHERE position = (SELECT min(position) FROM boxes)',
      'event',
    ],
    ["UPDATE events SET recorded_at = '2020-01-01T00:00:00.000Z' WHERE position = 4", 'event'],
    ['DELETE FROM identities', 'projection'],
    ["UPDATE users SET into_id = id WHERE status = 'active'", 'projection'],
    ['DELETE FROM user_keys WHERE slot = 0', 'key'],
    ["UPDATE user_keys SET state = 'doomed' WHERE slot = 2", 'key'],
  ])('finds what %s did', async (sql, what) => {
    const { file, store } = await withStory()
    expect(right(await store.check()()).findings).toEqual([])
    inFile(file, (db) => {
      db.pragma('foreign_keys = OFF')
      db.exec(sql)
    })
    const found = right(await store.check()()).findings.map((finding) => finding.what)
    expect(found).toContain(what)
    await store.close()()
  })

  it('names a missing position', async () => {
    const { file, store } = await withStory()
    inFile(file, (db) => {
      db.pragma('foreign_keys = OFF')
      db.exec('DELETE FROM events WHERE position = 3')
    })
    const { findings } = right(await store.check()())
    expect(findings).toContainEqual({ what: 'position', message: 'expected 3', position: 4 })
    expect(findings.some(({ what }) => what === 'foreign-key')).toBe(true)
    await store.close()()
  })
})

describe('closing', () => {
  const closeAndRemove = async ({ store, file }: { store: SqliteStore; file: string }) => {
    right(await store.close()())
    rmSync(dirname(file), { recursive: true })
    mkdirSync(dirname(file))
  }

  it('waits for what reads the file in another thread', async () => {
    const opened = await withStory()
    const counting = opened.store.stats()()
    await closeAndRemove(opened)
    expect(right(await counting).events).toBeGreaterThan(0)
  })

  // The check gives way to others once more after its thread has answered: closing comes first.
  it('ends a check that would go on after its thread has answered', async () => {
    const opened = await withStory()
    const checking = opened.store.check()()
    await closeAndRemove(opened)
    expectFailure(await checking, 'closed')
  })
})

describe('closing under a backup', () => {
  it('ends it before it answers, and leaves nothing of it', async () => {
    const { store, file } = await withStory()
    await openOver(store, randomIds).executeAll(
      Array.from({ length: 600 }, (_, i) => ({
        type: 'CreateUser',
        userIdentity: { externalUserId: `crowd-${i}` },
      })),
    )()
    const to = `${file}-copy`
    let closed: Promise<unknown> | undefined
    const backup = store.backup(to, () => {
      closed ??= store.close()()
    })()
    await closed
    expect(readdirSync(dirname(file)).filter((name) => name.includes('copy'))).toEqual([])
    expectFailure(await backup, 'closed')
  })
})

describe('a check while others write', () => {
  it('ends, having looked at what stood there when it began', async () => {
    const { store } = await withStory()
    const engine = openOver(store, randomIds)
    let writes = 0
    const done: number[] = []
    const write = async (): Promise<void> => {
      // Each write is followed by the next at once, until the check is over.
      while (done.length < 50 && !isOver) {
        writes += 1
        await accept(engine, { type: 'CreateUser', userIdentity: { externalUserId: `w${writes}` } })
      }
    }
    let isOver = false
    const writing = write()
    const report = right(await store.check((at) => done.push(at))())
    isOver = true
    await writing
    expect(report.findings).toEqual([])
    expect(done.length).toBeLessThan(50)
    await store.close()()
  })
})

describe('vacuum', () => {
  it('gives free pages back', async () => {
    const { file, store } = await withStory()
    inFile(file, (db) => {
      db.exec('CREATE TABLE filler (a)')
      db.exec("INSERT INTO filler SELECT zeroblob(4000) FROM json_each('[1,2,3,4,5,6,7,8,9]')")
      db.exec('DROP TABLE filler')
    })
    expect(right(await store.stats()()).freeBytes).toBeGreaterThan(0)
    right(await store.vacuum()())
    expect(right(await store.stats()()).freeBytes).toBe(0)
    expect(right(await store.check()()).findings).toEqual([])
    await store.close()()
    rmSync(file)
  })
})
