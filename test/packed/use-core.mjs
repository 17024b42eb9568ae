// One real use of core, from its tarball, under plain Node: an engine in memory.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { memoryStore, openEngine } from '@selfsame/core'

/** A UUID v7: 48 bits of time, then chance. */
const idSource = () => {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes[6] = (bytes[6] & 0x0f) | 0x70
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const right = (either) => {
  assert.equal(either._tag, 'Right', JSON.stringify(either.left))
  return either.right
}

const engine = openEngine({ store: memoryStore({ clock: Date.now }), idSource })

const created = right(
  await engine.execute({
    type: 'CreateUser',
    userIdentity: { externalUserId: 'u-1', emails: ['Ada@Example.com'], phones: ['+491701234567'] },
  })(),
)
assert.equal(created.ok, true)
assert.ok(created.events.length > 0)

const found = right(await engine.fetchUser({ email: 'ada@example.com' })())
assert.equal(found.id, created.user.id)

const refused = await engine.execute({ type: 'CreateUser', userIdentity: { externalUserId: '' } })()
assert.equal(refused._tag, 'Left')

const rebuilt = right(await engine.rebuild()())
assert.deepEqual(rebuilt.differences, [])
right(await engine.close()())
console.log(`core: ${created.events.length} events, ${rebuilt.users} user`)
