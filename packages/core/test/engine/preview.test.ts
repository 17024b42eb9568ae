// preview and execute(plan) (domain.md section 4).

import { describe, expect, it } from 'vitest'
import type { Plan } from '../../src/index.js'
import {
  createByPhone,
  createUser,
  depersonalize,
  erase,
  merge,
  personalize,
  phoneNo,
  register,
  saveUser,
  unmerge,
} from '../support/commands.js'
import {
  factsOf,
  type Given,
  openWorld,
  successOf,
  traces,
  userOf,
  type World,
} from '../support/world.js'

const planOf = async (world: World, command: unknown): Promise<Plan> => {
  const preview = await successOf(world.engine.preview(command))
  if (preview.outcome === 'planned') return preview.plan
  throw new Error(`no plan: ${JSON.stringify(preview, null, 2)}`)
}

describe('preview', () => {
  it('returns a plan: the events with their ids, the resulting state, the position it stands on', async () => {
    const world = openWorld()
    await world.run(register('i'))
    const plan = await planOf(world, personalize('i', { externalUserId: 'a' }))
    expect(plan.position).toBe(2)
    expect(factsOf(plan.events)).toEqual([
      ['IdentityLinked', { userId: userOf(1), kind: 'externalUserId', value: 'a' }],
      ['ProfilePromoted', { userId: userOf(1) }],
    ])
    expect(plan.events.map(({ id }) => typeof id)).toEqual(['string', 'string'])
    expect(plan.receipt).toMatchObject({
      ok: true,
      position: 4,
      user: { externalUserId: 'a', type: 'CUSTOMER' },
    })
  })

  it('or the refusal', async () => {
    const world = openWorld()
    const refused = async (command: unknown) => {
      const preview = await successOf(world.engine.preview(command))
      return preview.outcome === 'refused' ? preview.refusal : preview
    }
    expect(await refused({ ...depersonalize('i'), commandId: 'c' })).toMatchObject({
      commandId: 'c',
      error: { code: 'NO_REGISTRATION' },
    })
    for (const nonsense of [null, undefined, 5n, 'x', { type: 'x' }, Symbol('x')])
      expect(await refused(nonsense)).toMatchObject({ error: { code: 'REQUEST_FORMAT_INVALID' } })
    await world.run({ ...createUser('a'), commandId: 'c' })
    expect(await refused({ ...createUser('b'), commandId: 'c' })).toMatchObject({
      error: { code: 'COMMAND_ID_REUSED' },
    })
  })

  it('or the remembered receipt', async () => {
    const world = openWorld()
    const command = { ...createUser('a'), commandId: 'c' }
    const receipt = await world.run(command)
    expect(await successOf(world.engine.preview(command))).toEqual({
      outcome: 'remembered',
      receipt,
    })
  })

  it('remembers nothing and fixes no attribute', async () => {
    const world = openWorld()
    await world.run(register('i'))
    const before = await traces(world)
    const command = {
      ...createUser('a', { userAttributes: { customAttributes: { x: 1 } } }),
      commandId: 'c',
    }
    await planOf(world, command)
    expect(await traces(world)).toBe(before)
    await world.run({
      ...createUser('b', { userAttributes: { customAttributes: { x: 'text' } } }),
      commandId: 'c',
    })
  })

  it('takes a command with keys that are undefined', async () => {
    const plan = await planOf(openWorld(), {
      ...createUser('a'),
      commandId: undefined,
      userAttributes: undefined,
    })
    expect(plan.command).toEqual(createUser('a'))
  })
})

describe('execute(plan)', () => {
  const story = [
    register('i'),
    personalize('i', { externalUserId: 'a' }),
    createByPhone(phoneNo(1), { userAttributes: { firstName: 'Bea' } }),
  ]
  const commands: ReadonlyArray<Given> = [
    register('j', { customAttributes: { x: 1 } }),
    { type: 'RegisterInstallation', applicationId: 'shop' },
    depersonalize('i'),
    createUser('n'),
    saveUser({ externalUserId: 'a' }, { firstName: 'Ann' }),
    saveUser({ externalUserId: 'a' }, {}),
    merge([{ externalUserId: 'a' }, { phone: phoneNo(1) }]),
    personalize('i', { externalUserId: 'z' }, { forceDepersonalize: true }),
    erase({ externalUserId: 'a' }),
  ]

  it('records the same events, times and positions aside', async () => {
    for (const command of commands) {
      const world = openWorld()
      await world.runAll(story)
      const plan = await planOf(world, command)
      await world.run(createUser('meanwhile'))
      const receipt = await world.run(JSON.parse(JSON.stringify(plan)))
      const essence = (events: Plan['events']) =>
        events.map(({ id, type, payload }) => ({ id, type, payload }))
      expect(essence(receipt.events)).toEqual(essence(plan.events))
      await world.rows()
    }
  })

  it('any other outcome is STALE_PREVIEW with the difference', async () => {
    const world = openWorld()
    await world.runAll(story)
    const plan = await planOf(
      world,
      saveUser({ externalUserId: 'a' }, { firstName: 'Ann', lastName: 'Lee' }),
    )
    await world.run(saveUser({ externalUserId: 'a' }, { lastName: 'Lee' }))
    const before = await traces(world)
    const refusal = await world.refused(plan)
    expect(refusal.error.code).toBe('STALE_PREVIEW')
    expect(refusal.error.details).toMatchObject({
      expected: {
        events: [{ type: 'UserAttributesChanged', payload: { fields: ['firstName', 'lastName'] } }],
      },
      found: { events: [{ type: 'UserAttributesChanged', payload: { fields: ['firstName'] } }] },
    })
    expect(await traces(world)).toBe(before)
  })

  it('a refusal now is a difference too', async () => {
    const world = openWorld()
    await world.runAll(story)
    const plan = await planOf(world, createUser('n'))
    await world.run(createUser('n'))
    expect((await world.refused(plan)).error).toMatchObject({
      code: 'STALE_PREVIEW',
      details: { found: { refusal: { code: 'USER_MERGE_INTERRUPTED' } } },
    })
  })

  it('with a commandId is remembered as the command is', async () => {
    const world = openWorld()
    const command = { ...createUser('a'), commandId: 'c' }
    const plan = await planOf(world, command)
    const receipt = await world.run(plan)
    expect(await world.run(plan)).toEqual(receipt)
    expect(await world.run(command)).toEqual(receipt)
    expect(receipt.commandId).toBe('c')
  })

  it('twice gives its first receipt: its ids are recorded once', async () => {
    for (const command of [
      createUser('n'),
      saveUser({ externalUserId: 'a' }, { firstName: 'Ann' }),
    ]) {
      const world = openWorld()
      await world.runAll(story)
      const plan = await planOf(world, command)
      const receipt = await world.run(plan)
      const log = await world.log()
      expect(await world.run(plan)).toEqual(receipt)
      expect(await world.log()).toEqual(log)
    }
  })

  it('its refusals name the commandId', async () => {
    const world = openWorld()
    const plan = await planOf(world, { ...createUser('a'), commandId: 'c' })
    await world.run(createUser('a'))
    expect((await world.refused(plan)).commandId).toBe('c')
  })

  it('of an unmerge is as good as any', async () => {
    const world = openWorld()
    await world.runAll([...story, merge([{ externalUserId: 'a' }, { phone: phoneNo(1) }])])
    const plan = await planOf(world, unmerge({ externalUserId: 'a' }, userOf(3)))
    expect((await world.run(plan)).events).toEqual(
      plan.events.map((event) => ({
        ...event,
        recordedAt: expect.any(String),
        occurredAt: expect.any(String),
      })),
    )
  })

  it('refuses what is no plan of preview, naming the path', async () => {
    const world = openWorld()
    const plan = await planOf(world, createUser('a'))
    const { seed: _, ...seedless } = plan
    for (const [wrong, path] of [
      [seedless, '/seed'],
      [{ ...plan, seed: 'x' }, '/seed'],
      [{ ...plan, more: 1 }, '/more'],
      [{ ...plan, events: [null] }, '/events/0'],
      [{ ...plan, events: [{}] }, '/events/0/id'],
      [{ ...plan, events: 'x' }, '/events'],
    ] as const) {
      const { error } = await world.refused(wrong)
      expect(error.code).toBe('REQUEST_FORMAT_INVALID')
      expect(JSON.stringify(error.details)).toContain(`"path":"${path}"`)
    }
    expect((await world.refused({ ...plan, command: { type: 'x' } })).error.code).toBe(
      'REQUEST_FORMAT_INVALID',
    )
  })
})
