// What was written since a merge stays with the survivor, and the receipt lists it (section 8).

import { describe, expect, it } from 'vitest'
import {
  createByPhone,
  merge,
  personalize,
  phoneNo,
  register,
  saveUser,
  setPrimary,
  unmerge,
} from '../support/commands.js'
import { type Given, openWorld, userOf } from '../support/world.js'

const [A, B] = [userOf(1), userOf(2)]
const attributes = { firstName: 'Bea', tags: ['x', 'y'], customAttributes: { a: 1, b: 2 } }

const undone = async (...since: ReadonlyArray<Given>) => {
  const world = openWorld()
  await world.runAll([
    createByPhone(phoneNo(1)),
    createByPhone(phoneNo(2), { userAttributes: attributes }),
    merge([{ userId: A }, { userId: B }], { survivor: { userId: A } }),
  ])
  const receipts = await world.runAll(since)
  const { user, kept = [], events } = await world.run(unmerge({ userId: A }, B))
  await world.rows()
  const position = receipts.at(-1)?.position
  return { user, kept, events, position, back: await world.user({ userId: B }) }
}

describe('what was written since stays with the survivor, and the receipt lists it (kept)', () => {
  it('nothing where nothing was written', async () => {
    expect((await undone()).kept).toEqual([])
  })

  it('a single attribute', async () => {
    const { user, kept, position, back } = await undone(
      saveUser({ userId: A }, { firstName: 'Ann' }),
    )
    expect(user?.firstName).toBe('Ann')
    expect(back.firstName).toBe('Bea')
    expect(kept).toEqual([{ field: 'firstName', value: 'Ann', position }])
  })

  it('each custom attribute is judged by itself', async () => {
    const { user, kept, position, back } = await undone(
      saveUser({ userId: A }, { customAttributes: { b: 3 } }),
    )
    expect(user?.customAttributes).toEqual({ b: 3 })
    expect(back.customAttributes).toEqual({ a: 1, b: 2 })
    expect(kept).toEqual([{ field: 'customAttributes.b', value: 3, position }])
  })

  it('each tag is judged by itself', async () => {
    const { user, kept, position, back } = await undone(
      saveUser({ userId: A }, { tags: ['x', 'y', 'z'] }),
    )
    expect(user?.tags).toEqual(['z'])
    expect(back.tags).toEqual(['x', 'y'])
    expect(kept).toEqual([{ field: 'tags', value: 'z', position }])
  })

  it('each identity is judged by itself', async () => {
    const phones = [phoneNo(1), phoneNo(2), phoneNo(3)]
    const { user, kept, position, back } = await undone(saveUser({ userId: A }, { phones }))
    expect(user?.phones).toEqual([phoneNo(1), phoneNo(3)])
    expect(back.phones).toEqual([phoneNo(2)])
    expect(kept).toEqual([{ field: 'phones', value: phoneNo(3), position }])
  })

  it('a removal is a write', async () => {
    const { user, kept, position } = await undone(
      saveUser({ userId: A }, { firstName: null, customAttributes: { a: null } }),
    )
    expect(user).toMatchObject({ firstName: null, customAttributes: {} })
    expect(kept).toEqual([
      { field: 'customAttributes.a', value: null, position },
      { field: 'firstName', value: null, position },
    ])
  })

  it('an identity that was removed is named by the position that had linked it', async () => {
    const { back, kept } = await undone(saveUser({ userId: A }, { phones: [phoneNo(1)] }))
    expect(back.phones).toEqual([])
    expect(kept).toEqual([{ field: 'phones', value: null, position: 4 }])
  })

  it('a value written equal to the one brought is no write, and goes', async () => {
    const { user, kept } = await undone(saveUser({ userId: A }, { firstName: 'Bea' }))
    expect(user?.firstName).toBe(null)
    expect(kept).toEqual([])
  })

  it('a tag removed and added again stays', async () => {
    const { user, kept, position } = await undone(
      saveUser({ userId: A }, { tags: ['y'] }),
      saveUser({ userId: A }, { tags: ['x', 'y'] }),
    )
    expect(user?.tags).toEqual(['x'])
    expect(kept).toEqual([{ field: 'tags', value: 'x', position }])
  })

  it('an installation that joined since by an identity that stays', async () => {
    const { user, kept } = await undone(
      register('i'),
      personalize('i', { externalUserId: 'other' }),
      personalize('i', { phones: [phoneNo(1)] }, { forceDepersonalize: true, setAsPrimary: true }),
    )
    expect(user?.installations.map((one) => one.isPrimaryDevice)).toEqual([true])
    expect(kept.map(({ field, value }) => [field, value])).toEqual([
      ['installations', 'i'],
      ['isPrimaryDevice', 'i'],
    ])
  })

  it('a mark that was written on an installation that goes back goes with neither', async () => {
    const { user, back } = await undone(
      register('i'),
      personalize('i', { phones: [phoneNo(2)] }),
      setPrimary('i'),
    )
    expect(user?.installations).toEqual([])
    expect(back.installations).toMatchObject([{ pushRegistrationId: 'i', isPrimaryDevice: false }])
  })

  it('the event names what is kept by field and position, without values', async () => {
    const { events, position } = await undone(saveUser({ userId: A }, { firstName: 'Ann' }))
    expect(events[0]?.payload).toMatchObject({
      kept: [{ field: 'firstName', position, removed: false }],
    })
  })
})
