// Every limit of domain.md section 3: exactly at it passes, one above is LIMIT_EXCEEDED.

import { describe, expect, it } from 'vitest'
import {
  createByPhone,
  createUser,
  define,
  emailNos,
  merge,
  personalize,
  phoneNo,
  phoneNos,
  register,
  saveInstallation,
  saveUser,
} from '../support/commands.js'
import { type Given, given, openWorld, type World } from '../support/world.js'

const made = [createUser('a'), register('i')]
const save = (user: object): Given => saveUser({ externalUserId: 'a' }, { ...user })
const names = (count: number, prefix = 'n'): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`)
const record = (count: number, prefix = 'n'): object =>
  Object.fromEntries(names(count, prefix).map((name) => [name, 1]))

const passes = async (command: unknown, story = made): Promise<void> => {
  expect((await given(story).when(command).receipt()).ok).toBe(true)
}
const exceeds = async (command: unknown, story = made): Promise<void> => {
  expect(await given(story).when(command).code()).toBe('LIMIT_EXCEEDED')
}

describe('phones and emails: up to 100 each', () => {
  it('in a patch', async () => {
    await passes(save({ phones: phoneNos(100), emails: emailNos(100) }))
    await exceeds(save({ phones: phoneNos(101) }))
    await exceeds(save({ emails: emailNos(101) }))
  })

  it('in a Personalize and a CreateUser', async () => {
    await passes(personalize('i', { phones: phoneNos(100) }))
    await exceeds(personalize('i', { phones: phoneNos(101) }))
    await exceeds({ type: 'CreateUser', userIdentity: { emails: emailNos(101) } })
  })

  it('count normalised values: duplicates, nulls and empty strings are none', async () => {
    await passes(
      save({
        emails: [...emailNos(100), ...emailNos(50).map((one) => one.toUpperCase()), null, ''],
      }),
    )
  })

  it('count the result: those a user has and those that are linked', async () => {
    const story = [register('i'), personalize('i', { phones: phoneNos(60) })]
    await passes(personalize('i', { phones: [phoneNo(0), ...phoneNos(40, 60)] }), story)
    await exceeds(personalize('i', { phones: [phoneNo(0), ...phoneNos(41, 60)] }), story)
  })
})

describe('tags: at most 1,000', () => {
  it('in a patch', async () => {
    await passes(save({ tags: names(1000) }))
    await exceeds(save({ tags: names(1001) }))
    await passes(save({ tags: [...names(1000), 'n0', null, ''] }))
  })

  it('in the result of a merge', async () => {
    const tagged = (n: number, tags: ReadonlyArray<string>) =>
      createByPhone(phoneNo(n), { userAttributes: { tags } })
    const both = merge([{ phone: phoneNo(1) }, { phone: phoneNo(2) }])
    await passes(both, [tagged(1, names(600)), tagged(2, [...names(600), ...names(400, 'm')])])
    await exceeds(both, [tagged(1, names(600)), tagged(2, names(401, 'm'))])
  })
})

describe('custom attributes: at most 1,000 per user or installation', () => {
  it('in a patch of a user', async () => {
    await passes(save({ customAttributes: record(1000) }))
    await exceeds(save({ customAttributes: record(1001) }))
  })

  it('in a patch of an installation', async () => {
    await passes(register('j', { customAttributes: record(1000) }))
    await exceeds(register('j', { customAttributes: record(1001) }))
    await exceeds(saveInstallation('i', { customAttributes: record(1001) }))
  })

  it('in the result: one above what it has, one for another', async () => {
    const story = [...made, save({ customAttributes: record(1000) })]
    await exceeds(save({ customAttributes: { more: 1 } }), story)
    await passes(save({ customAttributes: { more: 1, n0: null } }), story)
    const onInstallation = [...made, saveInstallation('i', { customAttributes: record(1000) })]
    await exceeds(saveInstallation('i', { customAttributes: { more: 1 } }), onInstallation)
  })
})

describe('definitions: 10,000 per account and scope', () => {
  const full = async (): Promise<World> => {
    const world = openWorld()
    await world.run(createUser('a'))
    for (let i = 0; i < 10; i += 1) {
      await world.run(save({ customAttributes: record(i === 9 ? 999 : 1000, `s${i}.`) }))
      await world.run(save({ customAttributes: null }))
    }
    return world
  }

  it('by values and by DefineAttribute', async () => {
    const world = await full()
    expect((await world.refused(save({ customAttributes: { x: 1, y: 1 } }))).error.code).toBe(
      'LIMIT_EXCEEDED',
    )
    await world.run(save({ customAttributes: { x: 1 } }))
    expect((await world.refused(save({ customAttributes: { y: 1 } }))).error.code).toBe(
      'LIMIT_EXCEEDED',
    )
    expect((await world.refused(define('y', 'string'))).error.code).toBe('LIMIT_EXCEEDED')
    await world.run(save({ customAttributes: { 's0.0': 1, x: 2 } }))
    await world.run(define('x', 'number'))
    await world.run(define('y', 'string', { scope: 'installation' }))
    expect((await world.directory()).definitionCounts).toEqual({ user: 10_000, installation: 1 })
  })
})

describe('a merge: 2 to 50 references', () => {
  it('fifty pass, fifty-one are too many', async () => {
    const references = (count: number) => Array(count).fill({ externalUserId: 'a' })
    await passes(merge(references(50)))
    await exceeds(merge(references(51)))
  })
})

describe('a whole command: at most 1 MiB, 32 levels deep', () => {
  it('bytes of its JSON', async () => {
    const sized = (bytes: number) => {
      const command = save({ firstName: null, nope: '' })
      const bare = JSON.stringify(command).length
      return { ...command, user: { firstName: null, nope: 'x'.repeat(bytes - bare) } }
    }
    expect(await given(made).when(sized(1_048_576)).code()).toBe('REQUEST_FORMAT_INVALID')
    await exceeds(sized(1_048_577))
  })

  it('levels', async () => {
    const deep = (levels: number): unknown => (levels === 1 ? [] : [deep(levels - 1)])
    const at = (levels: number) => save({ customAttributes: { x: deep(levels - 3) } })
    expect(await given(made).when(at(32)).code()).toBe('REQUEST_FORMAT_INVALID')
    await exceeds(at(33))
  })

  it('a cycle is too deep', async () => {
    const cycle: Record<string, unknown> = { ...save({}) }
    cycle.user = cycle
    await exceeds(cycle)
  })
})

it('custom attributes above the limit are told before an identity that another user owns', async () => {
  const story = [...made, createUser('b'), save({ customAttributes: record(1000) })]
  const both = { externalUserId: 'b', customAttributes: { more: 1 } }
  expect(await given(story).when(save(both)).code()).toBe('LIMIT_EXCEEDED')
  const removes = { externalUserId: 'b', customAttributes: { more: 1, n0: null } }
  expect(await given(story).when(save(removes)).code()).toBe('USER_MERGE_INTERRUPTED')
})
