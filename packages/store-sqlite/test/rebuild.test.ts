// A rebuild makes the projections from the log alone, and tells every row that differed.

import { evolve, nthId, type Recorded, type Store, type WorkItem } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  accept,
  count,
  expectFailure,
  inFile,
  newFile,
  openOver,
  openStore,
  right,
} from './support/files.js'

const story: ReadonlyArray<object> = [
  {
    type: 'RegisterInstallation',
    pushRegistrationId: 'i1',
    applicationId: 'shop',
    device: { pushServiceToken: 't', deviceName: 'Ann' },
  },
  {
    type: 'Personalize',
    pushRegistrationId: 'i1',
    userIdentity: { phones: ['+48600700800'], externalUserId: 'ann' },
    userAttributes: { tags: ['vip'], customAttributes: { plan: 'gold' } },
  },
  {
    type: 'CreateUser',
    userIdentity: { emails: ['bob@example.com'] },
    userAttributes: { firstName: 'Bob' },
  },
  { type: 'MergeUsers', users: [{ externalUserId: 'ann' }, { email: 'bob@example.com' }] },
  { type: 'RegisterInstallation', pushRegistrationId: 'i2', applicationId: 'shop' },
  { type: 'Personalize', pushRegistrationId: 'i2', userIdentity: { phones: ['+48600700801'] } },
  { type: 'EraseUser', target: { phone: '+48600700801' }, reason: 'asked' },
]

const withStory = async (): Promise<string> => {
  const file = newFile()
  const store = await openStore(file)
  const engine = openOver(store)
  for (const command of story) await accept(engine, command)
  await store.close()()
  return file
}

describe('rebuild', () => {
  it('finds the live projections equal to the log', async () => {
    const store = await openStore(await withStory())
    const done: Array<readonly [number, number]> = []
    const report = right(await store.rebuild((at, of) => done.push([at, of]))())
    expect(report).toMatchObject({ users: 4, installations: 2, identities: 3, differences: [] })
    expect(done.at(-1)).toEqual([report.events, report.events])
    await store.close()()
  })

  it.each([
    ["UPDATE identities SET user_id = 'nobody'", 'identities'],
    ['DELETE FROM tokens', 'tokens'],
    ["UPDATE users SET row = zeroblob(200) WHERE status = 'active'", 'users'],
    ["DELETE FROM installations WHERE id = 'i1'", 'installations'],
    ["INSERT INTO definitions VALUES ('user', 'forged', '{}')", 'definitions'],
  ])('reports and puts right what %s did', async (sql, table) => {
    const file = await withStory()
    inFile(file, (db) => db.exec(sql))
    const store = await openStore(file)
    const told: number[] = []
    const refused = right(
      await store.rebuild(undefined, (differing, differences) => {
        told.push(differing, differences.length)
        return false
      })(),
    )
    expect(refused.isSwapped).toBe(false)
    const report = right(await store.rebuild()())
    expect(report.isSwapped).toBe(true)
    expect(report.differences).toEqual(refused.differences)
    expect(told).toEqual([report.differing, report.differences.length])
    expect(report.differences.length).toBeGreaterThan(0)
    expect(report.differences.every((one) => one.table === table)).toBe(true)
    expect(right(await store.rebuild()()).differences).toEqual([])
    await store.close()()
  })

  it('proves that no two users own one identity, and changes nothing where they do', async () => {
    const file = await withStory()
    const forged = async () => {
      const store = await openStore(file)
      const results = await store.transact([await linkTwice(store)])()
      return { store, result: results[0] ?? E.left(null) }
    }
    const refused = await forged()
    expectFailure(refused.result, 'unexpected')
    await refused.store.close()()

    inFile(file, (db) => db.exec('DELETE FROM identities'))
    const taken = await forged()
    expect(E.isRight(taken.result)).toBe(true)
    expectFailure(await taken.store.rebuild()(), 'corrupt')
    await taken.store.close()()
    expect(count(file, 'identities')).toBe(1)
  })

  it('names the position of an event that cannot be read', async () => {
    const file = await withStory()
    inFile(file, (db) => db.exec(`UPDATE events SET payload = '{"userId":7}' WHERE position = 3`))
    const store = await openStore(file)
    const result = await store.rebuild()()
    expectFailure(result, 'corrupt')
    expect(JSON.stringify(result)).toContain('position 3')
    await store.close()()
  })
})

describe('erasure', () => {
  it('leaves no box, identity tag or row of the person', async () => {
    const file = await withStory()
    inFile(file, (db) => {
      const sealed = db.prepare('SELECT owner FROM boxes WHERE sealed IS NOT NULL').pluck().all()
      const erased = db.prepare("SELECT id FROM users WHERE status = 'erased'").pluck().get()
      expect(sealed).not.toContain(erased)
      expect(db.prepare('SELECT state FROM user_keys WHERE user_id = ?').pluck().get(erased)).toBe(
        'erased',
      )
      const all = ['boxes', 'tags', 'users', 'identities', 'events'].map((table) =>
        JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all()),
      )
      expect(all.join('')).not.toContain('48600700801')
    })
  })
})

/** A decision that gives Ann's phone to the second user without asking who owns it. */
const linkTwice = async (store: Store): Promise<WorkItem> => {
  const log = right(await store.read([{ types: ['UserCreated'] }], {})())
  const [, , , other] = log.events.flatMap((event) =>
    event.type === 'UserCreated' ? [event.payload.userId] : [],
  )
  if (other === undefined) throw new Error('the story has four users')
  return {
    commandId: null,
    contentDigest: '',
    roots: [{ kind: 'user', id: other }],
    next: () => [],
    decide: (slice, { now, head }) => {
      const event: Recorded = {
        position: head + 1,
        id: nthId('01980000-0000-7000-8000-0000000000ff', 0),
        schemaVersion: 1,
        recordedAt: now,
        occurredAt: now,
        commandId: null,
        actor: null,
        correlationId: null,
        causationId: null,
        type: 'IdentityLinked',
        payload: { userId: other, kind: 'phone', value: '48600700800' },
      }
      return E.right({
        events: [event],
        directory: evolve(slice, event),
        subject: { userId: other, installationId: null },
      })
    },
  }
}

describe('a rebuild beside the live tables', () => {
  const crowd = Array.from({ length: 600 }, (_, i) => ({
    type: 'CreateUser',
    userIdentity: { phones: [`+486007${String(10_000 + i)}`] },
  }))

  it('lets writes go on, and takes them in', async () => {
    const file = newFile()
    const store = await openStore(file)
    const engine = openOver(store)
    await engine.executeAll(crowd)()
    const positions: number[] = []
    const writes: Array<Promise<unknown>> = []
    const report = right(
      await store.rebuild((at) => {
        positions.push(at)
        const phone = `+486008${String(10_000 + positions.length)}`
        writes.push(accept(engine, { type: 'CreateUser', userIdentity: { phones: [phone] } }))
      })(),
    )
    await Promise.all(writes)
    expect(positions.length).toBeGreaterThan(3)
    expect(report.differences).toEqual([])
    expect(right(await store.rebuild()()).differences).toEqual([])
    expect(right(await store.rebuild()()).users).toBe(600 + writes.length)
    await store.close()()
  })

  it('goes over an embedder’s own facts page by page as well', async () => {
    const store = await openStore(newFile())
    const engine = openOver(store)
    const facts = Array.from({ length: 400 }, () => ({ type: 'shop.Seen', tags: [], payload: {} }))
    for (const command of [crowd[0], crowd[1]]) {
      right(await engine.append(facts)())
      await accept(engine, command)
    }
    right(await engine.append(facts)())
    const done: number[] = []
    const report = right(await store.rebuild((at) => done.push(at))())
    expect(report).toMatchObject({ events: 1204, users: 2, differences: [] })
    expect(done).toEqual([250, 500, 750, 1000, 1204])
    await store.close()()
  })

  it('begins again where somebody is erased under it, and goes on where it was stopped', async () => {
    const file = newFile()
    const store = await openStore(file)
    const engine = openOver(store)
    await engine.executeAll(crowd)()
    let erased: Promise<unknown> | undefined
    const positions: number[] = []
    const report = right(
      await store.rebuild((at) => {
        positions.push(at)
        erased ??= accept(engine, {
          type: 'EraseUser',
          target: { phone: '+48600710000' },
          reason: 'asked',
        })
      })(),
    )
    await erased
    expect(report.differences).toEqual([])
    expect(positions.filter((at, i) => at <= (positions[i - 1] ?? 0))).toHaveLength(1)

    await store.close()()
    inFile(file, (db) => db.exec('UPDATE events SET leaf_hash = zeroblob(32) WHERE position = 400'))
    const broken = await openStore(file)
    expectFailure(await broken.rebuild()(), 'corrupt')
    await broken.close()()
    expect(count(file, 'rebuild')).toBe(1)
  })

  const tablesWith = (file: string, suffix: string): unknown =>
    inFile(file, (db) =>
      db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE ?")
        .pluck()
        .all(`%${suffix}`),
    )

  it('leaves nothing of what it replaced or gave up', async () => {
    const file = newFile()
    const store = await openStore(file)
    await openOver(store).executeAll(crowd)()
    right(await store.rebuild()())
    await store.close()()
    expect(tablesWith(file, '_old')).toEqual([])
    expect(tablesWith(file, '_new')).toEqual([])
  })

  it('has what a crash left of it cleared when the file is opened', async () => {
    const file = newFile()
    const store = await openStore(file)
    const engine = openOver(store)
    await engine.executeAll(crowd)()
    let closing: Promise<unknown> | undefined
    const stopped = store.rebuild((at) => {
      if (at > 500) closing ??= store.close()()
    })()
    expectFailure(await stopped, 'closed')
    await closing
    expect(tablesWith(file, '_new')).toHaveLength(5)
    inFile(file, (db) => {
      db.exec('UPDATE rebuild SET stale = 1')
      db.exec('CREATE TABLE tokens_old (key BLOB PRIMARY KEY, installation_id TEXT NOT NULL)')
    })
    await (await openStore(file)).close()()
    expect(tablesWith(file, '_old')).toEqual([])
    expect(tablesWith(file, '_new')).toEqual([])
  })

  it('ends as closed where the store is closed under it', async () => {
    const file = newFile()
    const store = await openStore(file)
    await openOver(store).executeAll(crowd)()
    let closing: Promise<unknown> | undefined
    const rebuilding = store.rebuild(() => {
      closing ??= store.close()()
    })()
    expectFailure(await rebuilding, 'closed')
    await closing
    const again = await openStore(file)
    // It goes on where it was stopped.
    const done: number[] = []
    expect(right(await again.rebuild((at) => done.push(at))()).differences).toEqual([])
    expect(done[0]).toBe(500)
    await again.close()()
  })

  it('leaves a file that another rebuild works on', async () => {
    const file = await withStory()
    const store = await openStore(file)
    for (let round = 0; round < 3; round += 1)
      expect(right(await store.rebuild()()).differences).toEqual([])
    await store.close()()
    expect(count(file, 'rebuild')).toBe(0)
  })
})
