// What happened, and how things stood (domain.md section 10): histories, the past, differences.

import { describe, expect, it } from 'vitest'
import { auditOf } from '../../src/index.js'
import {
  createByPhone,
  createUser,
  depersonalize,
  erase,
  expire,
  merge,
  personalize,
  phoneNo,
  register,
  saveUser,
  unmerge,
} from '../support/commands.js'
import { openWorld, userOf } from '../support/world.js'
import { ann, ask, at, other, refused, tell, unmergeThem } from './story.js'

const positions = (found: { readonly events: ReadonlyArray<{ readonly position: number }> }) =>
  found.events.map(({ position }) => position)

describe('history', () => {
  it('of a user has the events of those absorbed in it, by any of its names', async () => {
    const { audit } = await tell()
    const history = await ask(audit.history.user({ phone: phoneNo(1) }))
    expect(history).toMatchObject({
      userId: ann,
      status: 'active',
      position: at.coloured,
      absorbed: [{ userId: other, into: ann, from: at.merged, until: null }],
    })
    expect(positions(history)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 11])
    expect(await ask(audit.history.user({ userId: other }))).toEqual(history)
  })

  it('of a user ends for an absorbed one with the unmerge', async () => {
    const { world, audit } = await tell()
    await world.run(unmergeThem)
    await world.run(saveUser({ userId: other }, { firstName: 'Anne' }))
    await world.run(saveUser({ userId: ann }, { lastName: 'Lee' }))
    expect(positions(await ask(audit.history.user({ userId: ann })))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14,
    ])
    expect(positions(await ask(audit.history.user({ userId: other })))).toEqual([
      6, 7, 8, 9, 12, 13,
    ])
  })

  it('of a user reaches through a chain of merges, and ends for all of it with one unmerge', async () => {
    const world = openWorld()
    const [a, b, c] = [userOf(1), userOf(2), userOf(3)]
    await world.runAll([
      ...[1, 2, 3].map((n) => createByPhone(phoneNo(n))),
      merge([{ userId: b }, { userId: c }], { survivor: { userId: b } }),
      merge([{ userId: a }, { userId: b }], { survivor: { userId: a } }),
    ])
    const audit = auditOf(world.store)
    const together = await ask(audit.history.user({ phone: phoneNo(3) }))
    expect(together).toMatchObject({
      userId: a,
      absorbed: [
        { userId: b, into: a, from: 8, until: null },
        { userId: c, into: b, from: 7, until: null },
      ],
    })
    expect(positions(together)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    await world.runAll([unmerge({ userId: a }, b), unmerge({ userId: b }, c)])
    const apart = await ask(audit.history.user({ userId: a }))
    expect(apart.absorbed.map(({ userId, until }) => [userId, until])).toEqual([
      [b, 9],
      [c, 9],
    ])
    expect(positions(apart)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('of an erased user is there by its id, without its values', async () => {
    const { world, audit } = await tell()
    await world.run(erase({ externalUserId: 'ann' }))
    const history = await ask(audit.history.user({ userId: ann }))
    expect(history.status).toBe('erased')
    expect(history.events.at(-1)?.type).toBe('UserErased')
    const text = JSON.stringify(history)
    expect(text).toContain('"firstName":"erased"')
    expect(text).toContain('"erased:3"')
    expect(text).not.toMatch(/"Ann|"red"|u0000/)
    expect(await refused(audit.history.user({ externalUserId: 'ann' }))).toBe('USER_NOT_FOUND')
  })

  it('of an installation names its owners, and nobody once it has expired', async () => {
    const { world, audit } = await tell()
    await world.run(depersonalize('phone'))
    await world.run(expire('phone'))
    const { owners, events } = await ask(audit.history.installation('phone'))
    const fresh = userOf(6)
    expect(owners).toEqual([
      { userId: ann, from: at.phoneRegistered, until: 14 },
      { userId: fresh, from: 14, until: 15 },
      { userId: null, from: 15, until: null },
    ])
    expect(events.at(-1)?.type).toBe('InstallationExpired')
    expect(await refused(audit.history.installation('nothing'))).toBe('NO_REGISTRATION')
  })

  it('of an identity follows it over a merge, its unmerge, a release and the next holder', async () => {
    const { world, audit } = await tell()
    await world.run(unmergeThem)
    await world.run(saveUser({ userId: other }, { phones: [phoneNo(2)] }))
    await world.run(saveUser({ userId: ann }, { phones: [phoneNo(1)] }))
    const { holders, events } = await ask(audit.history.identity({ phone: `+${phoneNo(1)}` }))
    expect(holders).toEqual([
      { userId: other, from: at.otherLinked, until: at.merged },
      { userId: ann, from: at.merged, until: 12 },
      { userId: other, from: 12, until: 13 },
      { userId: null, from: 13, until: 15 },
      { userId: ann, from: 15, until: null },
    ])
    expect(events.map(({ type }) => type)).toEqual([
      'IdentityLinked',
      'UsersMerged',
      'UsersUnmerged',
      'IdentityReleased',
      'IdentityLinked',
    ])
    expect(await ask(audit.asOf(13).owner({ phone: phoneNo(1) }))).toMatchObject({
      owner: null,
      linked: null,
    })
    expect((await ask(audit.history.identity({ email: 'nobody@example.com' }))).holders).toEqual([])
  })
})

describe('as-of', () => {
  it('takes a position or a time, and a name means whom it meant then', async () => {
    const { audit } = await tell()
    const before = await ask(audit.asOf(at.otherWritten).user({ phone: phoneNo(1) }))
    expect(before).toMatchObject({
      position: at.otherWritten,
      userId: other,
      user: { firstName: 'Anna', installations: [] },
      absorbed: [],
    })
    const { recordedAt } = before
    expect(await ask(audit.asOf(recordedAt).user({ phone: phoneNo(1) }))).toEqual(before)
    const now = await ask(audit.asOf().user({ phone: phoneNo(1) }))
    expect(now).toMatchObject({ userId: ann, user: { firstName: 'Ann' }, absorbed: [other] })
  })

  it('reads a time with any offset, before the first event and after the last', async () => {
    const { audit } = await tell()
    const directoryAt = (time: string) => ask(audit.asOf(time).directory())
    expect(await directoryAt('2026-11-24T09:59:59+00:00')).toMatchObject({
      position: 0,
      recordedAt: null,
      users: [],
    })
    expect(await directoryAt('2026-11-24T11:00:01+01:00')).toMatchObject({
      position: 2,
      users: [{ id: ann, type: 'LEAD' }],
    })
    expect((await directoryAt('2100-01-01T00:00:00Z')).position).toBe(at.coloured)
  })

  it('refuses a position beyond the log, and anything that is no moment or no name', async () => {
    const { audit } = await tell()
    const wrong = 'REQUEST_FORMAT_INVALID'
    expect(await refused(audit.asOf(12).user({ userId: ann }))).toBe(wrong)
    expect(await refused(audit.asOf(-1).directory())).toBe(wrong)
    expect(await refused(audit.asOf('yesterday').directory())).toBe(wrong)
    expect(await refused(audit.asOf(1).user({ userId: ann, phone: phoneNo(1) }))).toBe(wrong)
    expect(await refused(audit.asOf(1).owner({ userId: ann }))).toBe(wrong)
    expect(await refused(audit.asOf(1).owner({ phone: phoneNo(1), email: 'a@b.cd' }))).toBe(wrong)
    expect(await refused(audit.asOf(0).user({ userId: ann }))).toBe('USER_NOT_FOUND')
    expect(await refused(audit.asOf(1).installation('phone'))).toBe('NO_REGISTRATION')
  })

  it('counts events of an embedder as positions', async () => {
    const { world, audit } = await tell()
    const fact = { type: 'shop.OrderPlaced', tags: [], payload: {} }
    await world.engine.append([fact])()
    const now = await ask(audit.asOf().user({ userId: ann }))
    expect(now.position).toBe(at.coloured + 1)
    expect(now.recordedAt).not.toBeNull()
  })

  it('needs of a device that many used only the one who has it', async () => {
    const world = openWorld()
    await world.run(register('kiosk'))
    const names = ['a', 'b', 'c', 'd', 'e']
    for (const name of names)
      await world.runAll([
        createUser(name),
        personalize('kiosk', { externalUserId: name }),
        depersonalize('kiosk'),
      ])
    await world.run(personalize('kiosk', { externalUserId: 'e' }))
    const asked: string[] = []
    const audit = auditOf({
      log: world.store.log,
      read: (query, range) => {
        asked.push(...query.flatMap(({ tags }) => tags ?? []))
        return world.store.read(query, range)
      },
    })
    const { user } = await ask(audit.asOf().user({ externalUserId: 'e' }))
    expect(user?.installations.map((one) => one.pushRegistrationId)).toEqual(['kiosk'])
    const others = await Promise.all(
      names.slice(0, 4).map((name) => world.user({ externalUserId: name })),
    )
    for (const { id } of others) expect(asked).not.toContain(`user:${id}`)
  })
})

describe('diff', () => {
  it('names users, installations and identities by what is different', async () => {
    const { audit } = await tell()
    const { users, installations, identities } = await ask(audit.diff(at.otherWritten))
    expect(users).toMatchObject([
      {
        userId: ann,
        before: 'active',
        after: 'active',
        fields: [
          { field: 'phones', before: [], after: [phoneNo(1)] },
          { field: 'gender', before: null, after: 'Female' },
          { field: 'tags', before: [], after: ['news'] },
          { field: 'customAttributes.colour', before: null, after: 'red' },
        ],
      },
      { userId: other, before: 'active', after: 'merged', into: ann },
    ])
    expect(installations).toEqual([])
    expect(identities).toEqual([{ kind: 'phone', value: phoneNo(1), before: other, after: ann }])
  })

  it('is empty between equal moments, and turned around where the moments are', async () => {
    const { audit } = await tell()
    const same = await ask(audit.diff(5, 5))
    expect([same.users, same.installations, same.identities]).toEqual([[], [], []])
    const back = await ask(audit.diff(at.phoneRegistered, 0))
    expect(back.users).toMatchObject([{ userId: ann, before: 'active', after: 'absent' }])
    expect(back.installations).toMatchObject([{ before: 'active', after: 'absent' }])
  })

  it('names whoever is absorbed in somebody else now', async () => {
    const world = openWorld()
    const [a, b, c] = [userOf(1), userOf(2), userOf(3)]
    await world.runAll([
      ...[1, 2, 3].map((n) => createByPhone(phoneNo(n))),
      merge([{ userId: a }, { userId: b }], { survivor: { userId: a } }),
      unmerge({ userId: a }, b),
      merge([{ userId: c }, { userId: b }], { survivor: { userId: c } }),
    ])
    const { users } = await ask(auditOf(world.store).diff(7))
    expect(users.map(({ userId, before, after, into }) => [userId, before, after, into])).toEqual([
      [a, 'active', 'active', null],
      [b, 'merged', 'merged', c],
      [c, 'active', 'active', null],
    ])
  })

  it('says the same of many changes, which it finds by a replay', async () => {
    const world = openWorld()
    await world.engine.executeAll(Array.from({ length: 2100 }, (_, i) => createUser(`u${i}`)))()
    const audit = auditOf(world.store)
    const all = await ask(audit.diff(0))
    expect(all.users).toHaveLength(2100)
    expect(all.identities).toHaveLength(2100)
    const last = await ask(audit.diff(all.to.position - 2))
    expect(last.users).toEqual(all.users.slice(-1))
  })
})
