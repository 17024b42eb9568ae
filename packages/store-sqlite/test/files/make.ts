// Makes the stored file of today's schema version: `tsx --conditions=development make.ts`, once a
// version, before its first release. What is stored is never made again.

import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { openSqliteEngine, openSqliteStore } from '../../src/index.js'
import { schemaVersion } from '../../src/migrate.js'

const story: ReadonlyArray<object> = [
  {
    type: 'RegisterInstallation',
    pushRegistrationId: 'i1',
    applicationId: 'shop',
    device: { os: 'iOS', deviceName: 'Ann’s phone', pushServiceToken: 'token-1' },
  },
  {
    type: 'Personalize',
    commandId: 'login',
    pushRegistrationId: 'i1',
    userIdentity: { externalUserId: 'ann', phones: ['+48600700800'], emails: ['Ann@Example.com'] },
    userAttributes: { firstName: 'Ann', tags: ['vip'], customAttributes: { since: '2020-02-29' } },
    setAsPrimary: true,
  },
  {
    type: 'CreateUser',
    userIdentity: { phones: ['+48600700801'] },
    userAttributes: { firstName: 'Bea', lastName: 'B', tags: ['new'] },
  },
  { type: 'MergeUsers', users: [{ externalUserId: 'ann' }, { phone: '+48600700801' }] },
  { type: 'CreateUser', userIdentity: { phones: ['+48600700802'] } },
  { type: 'EraseUser', target: { phone: '+48600700802' }, reason: 'asked' },
]

const folder = join(import.meta.dirname, `v${schemaVersion}`)
if (existsSync(folder)) throw new Error(`${folder} exists: a stored file is never made again`)
mkdirSync(folder)
const file = join(folder, 'people.db')
const engine = await openSqliteEngine({ file })()
if (E.isLeft(engine)) throw new Error(engine.left.message)
for (const command of story) {
  const result = await engine.right.execute(command)()
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
}
await engine.right.append([{ type: 'shop.OrderPlaced', tags: ['order:1'], payload: { id: 1 } }])()
await engine.right.close()()
const store = await openSqliteStore({ file })()
if (E.isRight(store)) await store.right.vacuum()()
if (E.isRight(store)) await store.right.close()()
