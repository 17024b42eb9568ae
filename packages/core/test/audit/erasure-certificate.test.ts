// What an erasure would reach, and the certificate that it did.

import { expect, it } from 'vitest'
import {
  type AuditedLog,
  erasureCertificate,
  erasureReach,
  matches,
  type Recorded,
  tagsOf,
} from '../../src/index.js'
import { E } from '../../src/prelude.js'
import { erase, personalize, register, saveUser } from '../support/commands.js'
import { refusalOf, successOf } from '../support/world.js'
import { ann, at, other, tell, unmergeThem } from './story.js'

it('reaches the person and everyone absorbed in it, and only events that hold a value', async () => {
  const { world } = await tell()
  const reach = await successOf(erasureReach(world.store, { externalUserId: 'ann' }))
  expect(reach).toMatchObject({
    userId: ann,
    absorbed: [other],
    installations: ['phone'],
    identities: 2,
    // A registration without a personal value holds none.
    positions: [at.annLinked, at.annNamed, at.otherLinked, at.otherWritten, at.coloured],
  })
})

it('does not reach somebody whose merge was undone', async () => {
  const { world } = await tell()
  await world.run(unmergeThem)
  const reach = await successOf(erasureReach(world.store, { externalUserId: 'ann' }))
  expect(reach.absorbed).toEqual([])
  expect(reach.positions).toEqual([at.annLinked, at.annNamed, at.coloured])
})

it('certifies what was reached, when, by whom and why, without a value', async () => {
  const { world } = await tell()
  await world.run(saveUser({ userId: ann }, { lastName: 'Canary' }))
  const reach = await successOf(erasureReach(world.store, { userId: ann }))
  const receipt = await world.run({ ...erase({ userId: other }), actor: 'dpo', commandId: 'e-1' })
  const certificate = await successOf(erasureCertificate(world.store, ann))
  expect(certificate).toEqual({
    format: 'selfsame-erasure',
    version: 1,
    userId: ann,
    absorbed: [other],
    installations: ['phone'],
    identities: 2,
    position: receipt.position,
    recordedAt: receipt.events.at(-1)?.recordedAt,
    actor: 'dpo',
    commandId: 'e-1',
    reason: 'gdpr',
    positions: reach.positions,
  })
  expect(await successOf(erasureCertificate(world.store, other))).toEqual(certificate)
})

it('stays the same when the installation lives on with somebody else', async () => {
  const { world } = await tell()
  await world.run(erase({ userId: ann }))
  const before = await successOf(erasureCertificate(world.store, ann))
  await world.runAll([
    register('tablet', { device: { deviceName: 'new' } }),
    personalize('phone', { externalUserId: 'ben' }, { userAttributes: { firstName: 'Ben' } }),
  ])
  expect(await successOf(erasureCertificate(world.store, ann))).toEqual(before)
})

it('is refused for the living, for the erased and for nobody', async () => {
  const { world } = await tell()
  const code = async (task: Parameters<typeof refusalOf>[0]) => (await refusalOf(task)).error.code
  expect(await code(erasureCertificate(world.store, ann))).toBe('USER_NOT_FOUND')
  expect(await code(erasureReach(world.store, { userId: 'nobody' }))).toBe('USER_NOT_FOUND')
  await world.run(erase({ userId: ann }))
  expect(await code(erasureReach(world.store, { userId: other }))).toBe('USER_ERASED')
})

it('is a failure where a value can still be read', async () => {
  const { world } = await tell()
  const before = await world.log()
  await world.run(erase({ userId: ann }))
  const after = (await world.log()).slice(before.length)
  const lying = logOf([...before, ...after])
  const certificate = await erasureCertificate(lying, ann)()
  expect(certificate).toMatchObject({
    left: { kind: 'corrupt', message: expect.stringContaining('at 5 positions, first at 3') },
  })
  expect(E.isRight(await erasureCertificate(world.store, ann)())).toBe(true)
})

/** A log that forgot to forget. */
const logOf = (events: ReadonlyArray<Recorded>): AuditedLog => {
  const read: AuditedLog['read'] =
    (query, { upTo = Number.POSITIVE_INFINITY, backwards, limit }) =>
    async () => {
      const found = events.filter(
        (event) => event.position <= upTo && matches(query, event.type, new Set(tagsOf(event))),
      )
      const ordered = backwards === true ? found.toReversed() : found
      return E.right({ head: events.length, events: ordered.slice(0, limit) })
    }
  return { read, log: { read } }
}
