// A file of every schema version that was ever released opens, with all that stands in it.

import { chmodSync, cpSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqliteStore } from '../src/index.js'
import { schemaVersion } from '../src/migrate.js'
import { accept, inFile, newFile, openOver, right } from './support/files.js'

const stored = join(import.meta.dirname, 'files')
const versions = readdirSync(stored).filter((name) => name.startsWith('v'))

it('there is a stored file of every schema version', () => {
  expect(versions.sort()).toEqual(Array.from({ length: schemaVersion }, (_, i) => `v${i + 1}`))
})

describe.each(versions)('a file of schema %s', (version) => {
  it('opens, is whole, and goes on', async () => {
    const folder = dirname(newFile())
    cpSync(join(stored, version), folder, { recursive: true })
    const file = join(folder, 'people.db')
    chmodSync(`${file}-master`, 0o600)
    chmodSync(`${file}-keys`, 0o600)
    const store = right(await openSqliteStore({ file, mode: 'existing' })())
    const engine = openOver(store, () => '01a00000-0000-7000-8000-000000000000')
    expect(right(await engine.fetchUser({ email: 'ann@example.com' })())).toMatchObject({
      firstName: 'Ann',
      lastName: 'B',
      phones: ['48600700800', '48600700801'],
      tags: ['new', 'vip'],
      customAttributes: { since: '2020-02-29' },
      installations: [
        { pushRegistrationId: 'i1', isPrimaryDevice: true, device: { deviceName: 'Ann’s phone' } },
      ],
    })
    expect(right(await store.check()()).findings).toEqual([])
    expect(right(await engine.readAll([{ tags: ['order:1'] }])()).events).toHaveLength(1)
    const { head } = right(await store.read([], {})())
    const login = {
      type: 'Personalize',
      commandId: 'login',
      pushRegistrationId: 'i1',
      userIdentity: {
        externalUserId: 'ann',
        phones: ['+48600700800'],
        emails: ['Ann@Example.com'],
      },
      userAttributes: {
        firstName: 'Ann',
        tags: ['vip'],
        customAttributes: { since: '2020-02-29' },
      },
      setAsPrimary: true,
    }
    expect((await accept(engine, login)).position).toBeLessThan(head)
    expect(right(await store.read([], {})()).head).toBe(head)
    await accept(engine, { type: 'CreateUser', userIdentity: { phones: ['+48600700802'] } })
    await store.close()()
    inFile(file, (db) => {
      expect(db.pragma('user_version', { simple: true })).toBe(schemaVersion)
    })
  })
})
