// A rebuild makes the projections from the log alone, and tells every row that differed.

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
    [
      "UPDATE identities SET user_id = 'nobody' WHERE key LIKE 'phone:%'",
      'identities',
      'phone:48600700800',
    ],
    ['DELETE FROM tokens', 'tokens', '["shop",null,"t"]'],
    [
      "UPDATE users SET row = json_set(row, '$.standing.type', 'LEAD') WHERE status = 'active' AND row LIKE '%ann%'",
      'users',
      undefined,
    ],
    ["DELETE FROM installations WHERE id = 'i1'", 'installations', 'i1'],
    ["INSERT INTO definitions VALUES ('user', 'forged', '{}')", 'definitions', 'user:forged'],
  ])('reports and puts right what %s did', async (sql, table, key) => {
    const file = await withStory()
    inFile(file, (db) => db.exec(sql))
    const store = await openStore(file)
    const report = right(await store.rebuild()())
    expect(report.differences.length).toBeGreaterThan(0)
    expect(report.differences.every((one) => one.table === table)).toBe(true)
    if (key !== undefined) expect(report.differences[0]?.key).toBe(key)
    expect(right(await store.rebuild()()).differences).toEqual([])
    await store.close()()
  })

  it('proves that no two users own one identity, and changes nothing where they do', async () => {
    const file = await withStory()
    inFile(file, (db) => {
      const next = Number(db.prepare('SELECT max(position) FROM events').pluck().get()) + 1
      const other = db
        .prepare(
          "SELECT json_extract(payload, '$.userId') FROM events WHERE type = 'UserCreated' ORDER BY position DESC",
        )
        .pluck()
        .get()
      db.prepare(`INSERT INTO events SELECT ?, 'forged', type, 1, recorded_at, occurred_at, NULL, NULL, NULL, NULL,
        json_set(payload, '$.userId', ?) FROM events WHERE type = 'IdentityLinked' ORDER BY position LIMIT 1`).run(
        next,
        other,
      )
      db.prepare(`INSERT INTO boxes SELECT ?, ?, content FROM boxes WHERE position =
        (SELECT min(position) FROM events WHERE type = 'IdentityLinked')`).run(next, other)
    })
    const before = count(file, 'identities')
    const store = await openStore(file)
    expectFailure(await store.rebuild()(), 'unexpected')
    await store.close()()
    expect(count(file, 'identities')).toBe(before)
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
      const all = ['boxes', 'tags', 'users', 'identities', 'events'].map((table) =>
        JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all()),
      )
      expect(all.join('')).not.toContain('48600700801')
      expect(all.join('')).toContain('48600700800')
    })
  })
})
