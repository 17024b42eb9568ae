// What the arbitraries make: core takes what is valid and refuses what is wrong, at its place; and each
// shrinks to something that a person reads at a glance.

import {
  canonicalJson,
  catalog,
  commandTypes,
  type Engine,
  type EventType,
  fromStored,
  type Json,
  memoryStore,
  openEngine,
  type Preview,
  toStored,
} from '@selfsame/core'
import {
  commandsOf,
  countingIds,
  customAttributes,
  devices,
  emails,
  events,
  externalUserIds,
  factsOf,
  fixedClock,
  identities,
  patchesOf,
  people,
  personNames,
  phones,
  resolveSymbols,
  sequences,
  tags,
  tellStory,
  userAttributes,
  userPatches,
  valuesOf,
  wrongCommands,
  wrongEmails,
  wrongFacts,
  wrongPhones,
} from '@selfsame/testkit'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

const seed = 7
const numRuns = 150

/** An account with one user, one installation and an attribute of each type. */
const openAccount = async (): Promise<Engine> => {
  const engine = openEngine({
    store: memoryStore({ clock: fixedClock() }),
    idSource: countingIds(),
  })
  const types = ['string', 'number', 'boolean', 'date', 'datetime']
  const declared = types.map((type) => ({ name: type, attributeType: type }))
  const list = { attributeType: 'list', fields: { sku: 'string', price: 'number' } }
  const results = await engine.executeAll([
    { type: 'RegisterInstallation', pushRegistrationId: 'inst', applicationId: 'shop' },
    ...[...declared, { name: 'list', ...list }].map((one) => ({
      type: 'DefineAttribute',
      scope: 'user',
      ...one,
    })),
  ])()
  if (results.some(E.isLeft)) throw new Error(JSON.stringify(results))
  return engine
}

interface Answered {
  readonly code: string | null
  readonly paths: ReadonlyArray<string>
}

const answered = (preview: Preview): Answered => {
  if (preview.outcome !== 'refused') return { code: null, paths: [] }
  const { code, details } = preview.refusal.error
  const violations: ReadonlyArray<Json> = Array.isArray(details.violations)
    ? details.violations
    : []
  const paths = violations.flatMap((one) =>
    typeof one === 'object' && one !== null && 'path' in one ? [String(one.path)] : [],
  )
  return { code, paths }
}

const askOf = async (engine: Engine, command: Json): Promise<Answered> => {
  const preview = await engine.preview(command)()
  if (E.isLeft(preview)) throw new Error(preview.left.message)
  return answered(preview.right)
}

const target = { pushRegistrationId: 'inst' }
const saveUser = (user: Json): Json => ({ type: 'SaveUser', target, user })
const saveInstallation = (patch: Readonly<Record<string, Json>>): Json => ({
  type: 'SaveInstallation',
  pushRegistrationId: 'inst',
  ...patch,
})
const attribute = (name: string) => (value: Json) =>
  saveUser({ customAttributes: { [name]: value } })
const inDevice = (name: string) => (value: Json) => saveInstallation({ device: { [name]: value } })

/** How a command holds each value, where it stands, and what it shrinks to, valid and wrong. */
const places: Readonly<
  Record<keyof typeof valuesOf, readonly [(value: Json) => Json, string, Json, Json]>
> = {
  externalUserId: [
    (externalUserId) => saveUser({ externalUserId }),
    '/user/externalUserId',
    'crm-1',
    'x'.repeat(257),
  ],
  phone: [(phone) => saveUser({ phones: [phone] }), '/user/phones/0', '48600700800', '000'],
  email: [(email) => saveUser({ emails: [email] }), '/user/emails/0', 'ann@example.com', 'nobody'],
  firstName: [(firstName) => saveUser({ firstName }), '/user/firstName', 'Ann', 'x'.repeat(256)],
  lastName: [(lastName) => saveUser({ lastName }), '/user/lastName', 'Bobson', 'x'.repeat(256)],
  middleName: [(middleName) => saveUser({ middleName }), '/user/middleName', 'M', 'x'.repeat(51)],
  gender: [(gender) => saveUser({ gender }), '/user/gender', 'Male', 'male'],
  birthday: [(birthday) => saveUser({ birthday }), '/user/birthday', '1990-05-17', '2001-02-29'],
  tag: [(tag) => saveUser({ tags: [tag] }), '/user/tags/0', 'vip', 'x'.repeat(257)],
  attributeName: [
    (name) => saveUser({ customAttributes: { [String(name)]: true } }),
    '/user/customAttributes',
    'plan',
    'a[0]',
  ],
  attributeString: [attribute('string'), '/user/customAttributes/string', 'gold', 'x'.repeat(4097)],
  attributeNumber: [attribute('number'), '/user/customAttributes/number', 0, '7'],
  attributeBoolean: [attribute('boolean'), '/user/customAttributes/boolean', false, 'true'],
  attributeDate: [attribute('date'), '/user/customAttributes/date', '2020-02-29', '2021-02-29'],
  attributeDatetime: [
    attribute('datetime'),
    '/user/customAttributes/datetime',
    '2020-02-29T10:00:00Z',
    '2020-02-29',
  ],
  attributeList: [attribute('list'), '/user/customAttributes/list', [{ sku: 'a0', price: 0 }], []],
  deviceTimezoneOffset: [
    inDevice('deviceTimezoneOffset'),
    '/device/deviceTimezoneOffset',
    'GMT+01:00',
    '+01:00',
  ],
  pushRegistrationId: [
    (pushRegistrationId) => ({
      type: 'RegisterInstallation',
      applicationId: 'shop',
      pushRegistrationId,
    }),
    '/pushRegistrationId',
    'inst-1',
    'x'.repeat(129),
  ],
  pushServiceToken: [
    inDevice('pushServiceToken'),
    '/device/pushServiceToken',
    'push-token-1',
    'x'.repeat(4097),
  ],
  token: [(actor) => ({ ...(saveUser({}) as object), actor }), '/actor', 'a', 'with space'],
  text: [inDevice('os'), '/device/os', 'Android', 'x'.repeat(257)],
}

/** What an arbitrary shrinks to where everything fails. */
const smallest = <A>(arbitrary: fc.Arbitrary<A>): ReadonlyArray<A> =>
  Array.from({ length: 20 }, (_, i) => {
    const property = fc.property<[A]>(arbitrary, () => false)
    const { counterexample } = fc.check(property, { seed: seed + i, numRuns: 1 })
    if (counterexample === null) throw new Error('a property that fails has a counterexample')
    return counterexample[0]
  })

describe.each(Object.entries(places))(
  'a value: %s',
  (name, [hold, path, plainest, plainestWrong]) => {
    const { valid, wrong } = valuesOf[name as keyof typeof valuesOf]

    it('is taken where it is valid', async () => {
      const engine = await openAccount()
      await fc.assert(
        fc.asyncProperty(valid, async (value) => {
          expect(await askOf(engine, hold(value))).toEqual({ code: null, paths: [] })
        }),
        { seed, numRuns },
      )
    })

    it('is refused where it is wrong, at its place', async () => {
      const engine = await openAccount()
      await fc.assert(
        fc.asyncProperty(wrong, async (value) => {
          const { paths } = await askOf(engine, hold(value))
          expect(paths.some((one) => one.startsWith(path))).toBe(true)
        }),
        { seed, numRuns },
      )
    })

    it('shrinks to something plain', () => {
      expect(new Set(smallest(valid))).toEqual(new Set([plainest]))
      expect(new Set(smallest(wrong))).toEqual(new Set([plainestWrong]))
    })
  },
)

describe.each([
  ['user', saveUser],
  ['attributes', saveUser],
  ['installation', saveInstallation],
  ['device', (device: Json) => saveInstallation({ device })],
  ['customAttributes', (customAttributes: Json) => saveUser({ customAttributes })],
] as const)('a patch: %s', (name, hold) => {
  const { valid, wrong } = patchesOf[name]
  const held = hold as (patch: Json) => Json

  it('is taken where it is valid', async () => {
    const engine = await openAccount()
    await fc.assert(
      fc.asyncProperty(valid, async (patch) => {
        expect(await askOf(engine, held(patch))).toEqual({ code: null, paths: [] })
      }),
      { seed, numRuns },
    )
  })

  it('is refused where it is wrong', async () => {
    const engine = await openAccount()
    await fc.assert(
      fc.asyncProperty(wrong, async (patch) => {
        expect((await askOf(engine, held(patch))).paths).not.toEqual([])
      }),
      { seed, numRuns },
    )
  })

  it('shrinks to an empty one', () => {
    expect(new Set(smallest(valid).map((one) => canonicalJson(one)))).toEqual(new Set(['{}']))
  })
})

describe('the small world', () => {
  /** How each of its arbitraries is held by a command, and the smallest share that must be taken. */
  const held: ReadonlyArray<
    readonly [string, fc.Arbitrary<unknown>, (value: Json) => Json, number]
  > = [
    ['phones', phones, (one) => saveUser({ phones: [one] }), 1],
    ['emails', emails, (one) => saveUser({ emails: [one] }), 1],
    ['externalUserIds', externalUserIds, (externalUserId) => saveUser({ externalUserId }), 1],
    ['wrongPhones', wrongPhones, (one) => saveUser({ phones: [one] }), 0],
    ['wrongEmails', wrongEmails, (one) => saveUser({ emails: [one] }), 0],
    ['personNames', personNames, (firstName) => saveUser({ firstName }), 1],
    ['tags', tags, (some) => saveUser({ tags: some }), 1],
    ['devices', devices, (device) => saveInstallation({ device }), 1],
    ['customAttributes', customAttributes, (some) => saveUser({ customAttributes: some }), 0.5],
    ['userAttributes', userAttributes, (patch) => saveUser(patch), 0.6],
    ['identities', identities, (one) => ({ type: 'CreateUser', userIdentity: one }), 1],
  ]

  it.each(held)('has %s', async (_, arbitrary, hold, share) => {
    const engine = await openAccount()
    let taken = 0
    await fc.assert(
      fc.asyncProperty(arbitrary, async (value) => {
        const { code } = await askOf(engine, hold(value as Json))
        if (code === null) taken += 1
      }),
      { seed, numRuns },
    )
    if (share === 0) expect(taken).toBe(0)
    else expect(taken / numRuns).toBeGreaterThanOrEqual(share)
    for (const value of smallest(arbitrary))
      expect(JSON.stringify(value).length).toBeLessThan(share === 0 ? 300 : 70)
  })

  it('has identities that meet: few people, in many spellings', () => {
    const drawn = fc.sample(phones, { seed, numRuns })
    expect(new Set(drawn).size).toBeGreaterThan(30)
    expect(new Set(drawn.map((one) => one.replace(/[^0-9]/g, ''))).size).toBe(16)
    expect(people).toHaveLength(8)
  })

  it('has sequences that shrink to the two installations that they begin with', () => {
    for (const { steps } of smallest(sequences)) expect(steps).toHaveLength(2)
  })
})

it('patches of the small world are taken or refused at their place', async () => {
  const engine = await openAccount()
  let taken = 0
  await fc.assert(
    fc.asyncProperty(userPatches, async (patch) => {
      const { code, paths } = await askOf(engine, saveUser(patch))
      if (code === null) taken += 1
      else if (paths.length > 0) expect(paths.every((one) => one.startsWith('/user/'))).toBe(true)
      else expect(code).toBe('USER_MERGE_INTERRUPTED')
    }),
    { seed, numRuns },
  )
  expect(taken / numRuns).toBeGreaterThan(0.6)
})

describe('commands', () => {
  const nothing = {
    users: [],
    living: [],
    erased: [],
    merges: [],
    installations: [],
    expired: [],
    identities: [],
    remembered: [],
    plans: [],
  }

  it.each(commandTypes)('%s is mostly well-formed', async (type) => {
    const engine = await openAccount()
    let wellFormed = 0
    await fc.assert(
      fc.asyncProperty(commandsOf[type], async (symbolic) => {
        const command = resolveSymbols(symbolic, nothing)
        expect(command).toMatchObject({ type })
        if ((await askOf(engine, command)).code !== 'REQUEST_FORMAT_INVALID') wellFormed += 1
      }),
      { seed, numRuns: 60 },
    )
    expect(wellFormed).toBeGreaterThan(40)
  })

  it('with one thing wrong are refused', async () => {
    const engine = await openAccount()
    await fc.assert(
      fc.asyncProperty(wrongCommands, async (symbolic) => {
        const { code } = await askOf(engine, resolveSymbols(symbolic, nothing))
        expect(code).toBe('REQUEST_FORMAT_INVALID')
      }),
      { seed, numRuns },
    )
    expect(smallest(wrongCommands)[0]).toMatchObject({ misspelt: true })
  })
})

describe('events', () => {
  const types = Object.keys(catalog) as ReadonlyArray<EventType>

  it.each(types)('%s has the shape that the catalogue tells', (type) => {
    fc.assert(
      fc.property(factsOf(type), (fact) => {
        expect(fact.type).toBe(type)
        const read: E.Either<unknown, unknown> = catalog[type].payload.decode(fact.payload)
        expect(E.isRight(read)).toBe(true)
      }),
      { seed, numRuns },
    )
    const [small] = smallest(factsOf(type))
    expect(JSON.stringify(small).length).toBeLessThan(450)
  })

  it('are read back from a store as they are', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(events, (event) => {
        seen.add(event.type)
        const read = fromStored(toStored(event))
        expect(E.isRight(read) && canonicalJson(JSON.parse(JSON.stringify(read.right)))).toBe(
          canonicalJson(JSON.parse(JSON.stringify(event))),
        )
      }),
      { seed, numRuns: 400 },
    )
    expect([...seen].sort()).toEqual([...types].sort())
  })

  it('with one thing wrong are refused by the catalogue', () => {
    fc.assert(
      fc.property(wrongFacts, ({ type, payload }) => {
        const read: E.Either<unknown, unknown> = catalog[type].payload.decode(payload)
        expect(E.isLeft(read)).toBe(true)
      }),
      { seed, numRuns: 400 },
    )
  })

  it('of played sequences are the same each time, and hold a merge now and then', async () => {
    let merges = 0
    await fc.assert(
      fc.asyncProperty(sequences, async (sequence) => {
        const [one, other] = [await tellStory(sequence), await tellStory(sequence)]
        expect(other).toEqual(one)
        merges += one.events.filter(({ type }) => type === 'UsersMerged').length
      }),
      { seed, numRuns: 15 },
    )
    expect(merges).toBeGreaterThan(5)
  })
})
