// A sound log in which somebody was erased: what no one can tell any more is no finding.

import { expect, it } from 'vitest'
import { openSqliteStore } from '../src/index.js'
import { accept, newFile, openOver, right } from './support/files.js'

it.each([
  ['a value', { middleName: 'M' }, { middleName: null }],
  ['a tag', { tags: ['new'] }, { tags: [] }],
  ['a custom attribute', { customAttributes: { seat: '1' } }, { customAttributes: { seat: null } }],
])('%s that was removed before a merge is not missed after it', async (_, written, removed) => {
  const store = right(await openSqliteStore({ file: newFile() })())
  const engine = openOver(store)
  for (const command of [
    { type: 'CreateUser', userIdentity: { externalUserId: 'a' }, userAttributes: written },
    { type: 'SaveUser', target: { externalUserId: 'a' }, user: removed },
    { type: 'CreateUser', userIdentity: { phones: ['+48600700800'] } },
    { type: 'MergeUsers', users: [{ phone: '+48600700800' }, { externalUserId: 'a' }] },
    { type: 'EraseUser', target: { phone: '+48600700800' }, reason: 'asked' },
  ])
    await accept(engine, command)
  expect(right(await store.verify()()).findings).toEqual([])
  expect(right(await store.check()()).findings).toEqual([])
  await store.close()()
})
