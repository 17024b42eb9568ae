// A person's export: everything of theirs with its sources, nothing of anybody else's, and valid under
// the schema that is published with it.

import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { auditOf, exportPerson, jsonSchema, type PersonExport } from '../../src/index.js'
import {
  createByPhone,
  depersonalize,
  erase,
  merge,
  personalize,
  phoneNo,
  register,
  saveInstallation,
  unmerge,
} from '../support/commands.js'
import {
  openWorld,
  propertyTimeout_ms,
  refusalOf,
  successOf,
  userOf,
  type World,
} from '../support/world.js'
import { played, steps } from './partings.js'
import { ann, at, other, tell, unmergeThem } from './story.js'

const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
  jsonSchema('export') ?? false,
)

/** The export as it is printed, once the schema has taken it. */
const exported = async (world: World, reference: unknown): Promise<PersonExport> => {
  const copy = await successOf(exportPerson(world.store, reference))
  const isValid = validate(JSON.parse(JSON.stringify(copy)))
  expect(validate.errors ?? []).toEqual([])
  expect(isValid).toBe(true)
  return copy
}

describe('an export', () => {
  it('holds the user, what absorbed users brought, and the events with who did it', async () => {
    const { world } = await tell()
    const copy = await exported(world, { externalUserId: 'ann' })
    expect(copy.user).toMatchObject({ firstName: 'Ann', gender: 'Female', tags: ['news'] })
    expect(copy.absorbed).toMatchObject([
      { userId: other, into: ann, from: at.merged, brought: { firstName: 'Anna' } },
    ])
    expect(copy.events.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 11])
    expect(copy.events.find(({ position }) => position === at.merged)?.actor).toBe('support')
    expect(copy.events.flatMap(({ withheld }) => withheld)).toEqual([])
    expect(copy.sources.find(({ field }) => field === 'gender')).toEqual({
      field: 'gender',
      value: 'Female',
      positions: [at.annCreated, at.otherCreated, at.otherWritten, at.merged],
    })
  })

  it('names a user that is separated again, and shows nothing of theirs', async () => {
    const { world } = await tell()
    await world.run(unmergeThem)
    const copy = await exported(world, { externalUserId: 'ann' })
    expect(copy.separated).toMatchObject([{ userId: other, from: at.merged, until: 12 }])
    expect(copy.absorbed).toEqual([])
    expect(JSON.stringify(copy)).not.toMatch(/Anna|Female|48600701001/)
    const theirs = JSON.stringify(await exported(world, { userId: other }))
    expect(theirs).toMatch(/Anna.*Female/)
    expect(theirs).not.toMatch(/"Ann"|"red"/)
  })

  it('withholds what another device brought into a merge that was undone', async () => {
    const world = openWorld()
    await world.runAll([
      createByPhone(phoneNo(1)),
      createByPhone(phoneNo(2)),
      register('bens', { device: { deviceName: "Ben's phone", pushServiceToken: 'bens-token' } }),
      personalize('bens', { phones: [phoneNo(2)] }),
      merge([{ userId: userOf(1) }, { userId: userOf(2) }]),
      saveInstallation('bens', { customAttributes: { seat: 'bens-seat' } }),
      unmerge({ userId: userOf(1) }, userOf(2)),
    ])
    const first = await exported(world, { userId: userOf(1) })
    expect(JSON.stringify(first)).not.toMatch(/Ben's|bens-token|bens-seat/)
    expect(first.events.flatMap(({ withheld }) => withheld)).toEqual([
      '/payload/carried/0/deviceName',
      '/payload/carried/0/pushServiceToken',
      '/payload/values/customAttributes.seat',
      '/payload/carried/0/customAttributes.seat',
      '/payload/carried/0/deviceName',
      '/payload/carried/0/pushServiceToken',
    ])
    const second = await exported(world, { userId: userOf(2) })
    expect(JSON.stringify(second.events)).toMatch(/Ben's phone.*bens-seat/)
    expect(second.events.flatMap(({ withheld }) => withheld)).toEqual([])
  })

  it('gives a device that joined by an identity that went back to whom it went with', async () => {
    const world = openWorld()
    await world.runAll([
      createByPhone(phoneNo(1)),
      createByPhone(phoneNo(2)),
      merge([{ userId: userOf(1) }, { userId: userOf(2) }]),
      register('shared'),
      register('kiosk', { device: { deviceName: 'bens-kiosk' } }),
      personalize('shared', { phones: [phoneNo(1)] }),
      personalize('kiosk', { phones: [phoneNo(2)] }),
      unmerge({ userId: userOf(1) }, userOf(2)),
    ])
    expect((await world.user({ userId: userOf(2) })).installations).toHaveLength(1)
    const first = JSON.stringify(await exported(world, { userId: userOf(1) }))
    expect(first).not.toContain('bens-kiosk')
    expect(JSON.stringify(await exported(world, { userId: userOf(2) }))).toContain('bens-kiosk')
  })

  it('withholds what a device keeps for whoever has it next', async () => {
    const world = openWorld()
    await world.runAll([
      createByPhone(phoneNo(1)),
      register('tablet', { device: { deviceName: 'first-name' } }),
      personalize('tablet', { phones: [phoneNo(1)] }),
      depersonalize('tablet'),
      saveInstallation('tablet', { device: { deviceName: 'next-name' } }),
    ])
    const copy = await exported(world, { userId: userOf(1) })
    expect(copy.user.installations).toEqual([])
    expect(JSON.stringify(copy)).toContain('first-name')
    expect(JSON.stringify(copy)).not.toContain('next-name')
  })

  it('holds the facts of the embedder that are tagged with the person', async () => {
    const { world } = await tell()
    const fact = (id: string) => ({
      type: 'shop.OrderPlaced',
      tags: [`user:${id}`],
      payload: { order: id },
    })
    await world.engine.append([fact(ann), fact(other), fact('somebody')])()
    const { facts } = await exported(world, { userId: other })
    expect(facts.map(({ payload }) => payload.order)).toEqual([ann, other])
  })

  it('is refused for the erased and for nobody', async () => {
    const { world } = await tell()
    await world.run(erase({ userId: ann }))
    const codes = [{ userId: ann }, { userId: other }, { userId: 'nobody' }, {}].map(
      async (reference) => (await refusalOf(exportPerson(world.store, reference))).error.code,
    )
    expect(await Promise.all(codes)).toEqual([
      'USER_ERASED',
      'USER_ERASED',
      'USER_NOT_FOUND',
      'REQUEST_FORMAT_INVALID',
    ])
  })
})

const seed = 51_126
const runs = process.env.SELFSAME_LONG ? 10_000 : 300

describe(`random merges (seed ${seed})`, { timeout: propertyTimeout_ms }, () => {
  it('everybody gets every value of theirs, and none of anybody else', async () => {
    let separated = 0
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        const { world, users, written } = await played(story)
        for (const userId of users) {
          const now = await successOf(auditOf(world.store).asOf().user({ userId }))
          const parts: ReadonlyArray<string> = [now.userId, ...now.absorbed]
          const copy = await exported(world, { userId })
          separated += copy.separated.length
          const said = JSON.stringify(copy)
          for (const { text, of } of written)
            expect([text, of, said.includes(text)]).toEqual([text, of, parts.includes(of)])
        }
      }),
      { seed, numRuns: runs },
    )
    expect(separated).toBeGreaterThan(runs)
  })
})
