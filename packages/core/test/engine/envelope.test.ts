// The envelope of every event (domain.md section 10), and batches.

import { describe, expect, it } from 'vitest'
import { canonicalJson, nthId } from '../../src/index.js'
import { E } from '../../src/prelude.js'
import { jsonOf } from '../../src/values/json.js'
import { createUser, personalize, register, saveUser } from '../support/commands.js'
import { given, idOf, openWorld, seedOf, userOf } from '../support/world.js'

const withEveryField = {
  ...createUser('a', { userType: 'LEAD' }),
  commandId: 'c-1',
  actor: 'support:7',
  correlationId: 'corr',
  causationId: 'cause',
  occurredAt: '2026-11-20T12:00:00.1234+02:00',
}

describe('an event', () => {
  it('has position, id, type, schemaVersion, recordedAt, occurredAt, commandId, actor, correlationId, causationId, payload', async () => {
    const events = await given().when(withEveryField).events()
    expect(events[0]).toEqual({
      position: 1,
      id: idOf(1, 1),
      type: 'UserCreated',
      schemaVersion: 1,
      recordedAt: '2026-11-24T10:00:01.000Z',
      occurredAt: '2026-11-20T10:00:00.123Z',
      commandId: 'c-1',
      actor: 'support:7',
      correlationId: 'corr',
      causationId: 'cause',
      payload: { userId: userOf(1), userType: 'LEAD' },
    })
    expect(events.map(({ commandId }) => commandId)).toEqual(['c-1', 'c-1'])
  })

  it('is the same byte for byte for the same commands, ids and times', async () => {
    const then = given([register('i')]).when(personalize('i', { externalUserId: 'a' }))
    expect(canonicalJson(jsonOf(await then.events()))).toBe(
      '[{"actor":null,"causationId":null,"commandId":null,"correlationId":null,"id":"018f0002-0000-7000-8000-000000000000","occurredAt":"2026-11-24T10:00:02.000Z","payload":{"kind":"externalUserId","userId":"018f0001-0000-7000-8000-000000000000","value":"a"},"position":3,"recordedAt":"2026-11-24T10:00:02.000Z","schemaVersion":1,"type":"IdentityLinked"},{"actor":null,"causationId":null,"commandId":null,"correlationId":null,"id":"018f0002-0000-7000-8100-000000000000","occurredAt":"2026-11-24T10:00:02.000Z","payload":{"userId":"018f0001-0000-7000-8000-000000000000"},"position":4,"recordedAt":"2026-11-24T10:00:02.000Z","schemaVersion":1,"type":"ProfilePromoted"}]',
    )
  })

  it('position: 1, 2, 3 ... without gaps, in commit order, refused commands leaving none', async () => {
    const world = openWorld()
    for (let n = 0; n < 5; n += 1) {
      await world.run(createUser(`u${n}`))
      await world.refused(createUser(`u${n}`))
      await world.run(saveUser({ externalUserId: `u${n}` }, {}))
    }
    expect((await world.log()).map(({ position }) => position)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
  })

  it('recordedAt never decreases, even when the clock goes back', async () => {
    const world = openWorld()
    await world.run(createUser('a'))
    world.clockAt(-3600)
    await world.run(createUser('b'))
    world.clockAt(60)
    await world.run(createUser('c'))
    const times = (await world.log()).map(({ recordedAt }) => recordedAt)
    expect([...new Set(times)]).toEqual(['2026-11-24T10:00:01.000Z', '2026-11-24T10:01:01.000Z'])
    expect((await world.user({ externalUserId: 'b' })).createdAt).toBe('2026-11-24T10:00:01.000Z')
  })

  it('occurredAt is carried for the reader, decides nothing; default recordedAt', async () => {
    const world = openWorld()
    const { user } = await world.run({ ...createUser('a'), occurredAt: '1999-01-01T00:00:00Z' })
    expect(user?.createdAt).toBe('2026-11-24T10:00:01.000Z')
    const { events } = await world.run(createUser('b'))
    expect(events[0]?.occurredAt).toBe(events[0]?.recordedAt)
    const future = {
      ...saveUser({ externalUserId: 'a' }, { birthday: '2027-01-01' }),
      occurredAt: '2030-01-01T00:00:00Z',
    }
    expect((await world.refused(future)).error.code).toBe('REQUEST_FORMAT_INVALID')
  })

  it('null in a carried field is none', async () => {
    const none = {
      commandId: null,
      actor: null,
      correlationId: null,
      causationId: null,
      occurredAt: null,
    }
    const { events, commandId } = await given()
      .when({ ...createUser('a'), ...none })
      .receipt()
    expect(events[0]).toMatchObject({ ...none, occurredAt: '2026-11-24T10:00:01.000Z' })
    expect(commandId).toBeUndefined()
  })
})

describe('ids', () => {
  it('of one command derive from one seed, in order, and in order with those of later commands', () => {
    const ids = [0, 1, 63, 64, 65, 4095, 4096, 2 ** 18 - 1, 2 ** 18].map((n) => nthId(seedOf(1), n))
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
    expect(
      ids.every((id) =>
        /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id),
      ),
    ).toBe(true)
    expect(nthId(seedOf(2), 0) > nthId(seedOf(1), 2 ** 18)).toBe(true)
  })
})

describe('executeAll', () => {
  it('executes in order, each seeing the ones before it; each succeeds or fails alone', async () => {
    const world = openWorld()
    const results = await world.engine.executeAll([
      register('i'),
      'nonsense',
      personalize('i', { externalUserId: 'a' }),
      createUser('a'),
      saveUser({ externalUserId: 'a' }, { firstName: 'Ann' }),
    ])()
    expect(
      results.map((one) =>
        E.isRight(one) ? one.right.position : 'error' in one.left && one.left.error.code,
      ),
    ).toEqual([2, 'REQUEST_FORMAT_INVALID', 4, 'USER_MERGE_INTERRUPTED', 5])
  })

  it('of nothing gives nothing', async () => {
    expect(await openWorld().engine.executeAll([])()).toEqual([])
  })
})

describe('the typed methods', () => {
  it('execute the command of their name', async () => {
    const { engine } = openWorld()
    const results = [
      await engine.registerInstallation({ pushRegistrationId: 'i', applicationId: 'shop' })(),
      await engine.personalize({
        pushRegistrationId: 'i',
        userIdentity: { externalUserId: 'a' },
      })(),
      await engine.saveInstallation({ pushRegistrationId: 'i', applicationUserId: 'au' })(),
      await engine.setPrimary({ pushRegistrationId: 'i', isPrimary: true })(),
      await engine.saveUser({ target: { externalUserId: 'a' }, user: { firstName: 'Ann' } })(),
      await engine.createUser({ userIdentity: { emails: ['a@b.pl'] } })(),
      await engine.mergeUsers({ users: [{ externalUserId: 'a' }, { email: 'a@b.pl' }] })(),
      await engine.unmergeUsers({ survivor: { externalUserId: 'a' }, absorbed: userOf(6) })(),
      await engine.depersonalizeInstallation({
        pushRegistrationId: 'i',
        targetPushRegistrationId: 'i',
      })(),
      await engine.depersonalize({ pushRegistrationId: 'i' })(),
      await engine.eraseUser({ target: { externalUserId: 'a' }, reason: 'gdpr' })(),
      await engine.expireInstallation({ pushRegistrationId: 'i', reason: 'gone' })(),
      await engine.defineAttribute({ scope: 'user', name: 'x', attributeType: 'date' })(),
    ]
    expect(results.filter(E.isLeft)).toEqual([])
  })
})
