// Endings that plain stories seldom come to: two who share an app before either is known, external ids
// that merges release and unmerges give back, and chains of merges whose links were won by a login.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'
import { isObject } from './symbols.js'

type Steps = ReadonlyArray<Json>

const user = (n: number): Json => ({ userId: { $living: n } })
const few = fc.nat({ max: 3 })

const register = (id: string): Json => ({
  type: 'RegisterInstallation',
  pushRegistrationId: id,
  applicationId: 'shop',
})
const login = (
  id: string,
  userIdentity: Json,
  more: Readonly<Record<string, Json>> = {},
): Json => ({
  type: 'Personalize',
  pushRegistrationId: id,
  userIdentity,
  ...more,
})
const merge = (users: Steps, more: Readonly<Record<string, Json>> = {}): Json => ({
  type: 'MergeUsers',
  users,
  ...more,
})
/** The n-th merge that still stands is undone. */
const unmerge = (n: number): Json => ({
  type: 'UnmergeUsers',
  survivor: { userId: { $survivor: n } },
  absorbed: { $absorbed: n },
})
const has = (id: string): Json => ({ pushRegistrationId: id })

/**
 * Two installations of nobody known, held together; one of them, marked or not, logs in as somebody
 * who is known or new, and who may have a mark already.
 */
export const sharedBeforeLogin: fc.Arbitrary<Steps> = fc
  .record({
    marked: fc.constantFrom<Json>('lent-1', 'lent-1', 'lent-2'),
    hasMark: fc.boolean(),
    hasData: fc.boolean(),
    who: fc.constantFrom<Json>({ externalUserId: 'crm-lender' }, { phones: ['48600700899'] }),
    isKnown: fc.constantFrom(true, true, false),
    keepAsLead: fc.boolean(),
  })
  .map(({ marked, hasMark, hasData, who, isKnown, keepAsLead }) => [
    register('lent-1'),
    register('lent-2'),
    register('own'),
    ...(hasData
      ? [{ type: 'SaveUser', target: has('lent-2'), user: { tags: ['new'], gender: 'Male' } }]
      : []),
    merge([has('lent-1'), has('lent-2')]),
    { type: 'SetPrimary', pushRegistrationId: marked, isPrimary: true },
    ...(isKnown ? [login('own', who, { setAsPrimary: hasMark, keepAsLead })] : []),
    login('lent-1', who, { keepAsLead }),
    { type: 'SetPrimary', pushRegistrationId: 'lent-2', isPrimary: true },
    login('lent-2', who),
    { type: 'Depersonalize', pushRegistrationId: 'lent-1' },
  ])

const idStep: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        parties: fc.uniqueArray(few, { minLength: 2, maxLength: 3 }),
        survivor: fc.nat({ max: 1 }),
        stays: fc.nat({ max: 2 }),
      })
      .map(({ parties, survivor, stays }) =>
        merge(
          parties.map((n) => has(`id-${n}`)),
          {
            survivor: has(`id-${parties[survivor] ?? 0}`),
            overrides: { externalUserId: { $userOf: `id-${parties[stays] ?? parties[0] ?? 0}` } },
          },
        ),
      ),
  },
  { weight: 5, arbitrary: few.map(unmerge) },
  {
    weight: 3,
    arbitrary: fc.tuple(few, fc.constantFrom<Json>('ext-0', 'ext-1', 'ext-2', 'ext-9', null)).map(
      ([n, externalUserId]): Json => ({
        type: 'SaveUser',
        target: has(`id-${n}`),
        user: { externalUserId },
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: few.map((n): Json => ({ type: 'Depersonalize', pushRegistrationId: `id-${n}` })),
  },
)

/** One of two external ids is released by a merge; somebody takes it meanwhile, or nobody; they part. */
const takenMeanwhile: fc.Arbitrary<Steps> = fc
  .record({
    stays: fc.nat({ max: 1 }),
    takenBy: fc.constantFrom(2, 2, null),
    taken: fc.nat({ max: 1 }),
    third: fc.constantFrom(3, 3, null),
  })
  .map(({ stays, takenBy, taken, third }) => {
    const into = (n: number, stay: number): Json =>
      merge([has('id-0'), has(`id-${n}`)], {
        survivor: has('id-0'),
        overrides: { externalUserId: { $userOf: `id-${stay}` } },
      })
    return [
      into(1, stays),
      ...(third === null ? [] : [into(third, third)]),
      ...(takenBy === null
        ? []
        : [
            {
              type: 'SaveUser',
              target: has(`id-${takenBy}`),
              user: { externalUserId: `ext-${taken}` },
            },
          ]),
      ...[1, 0, 0].map(unmerge),
    ]
  })

/** Four people with a phone and an external id each: merged, renamed and parted again. */
export const externalIdsReleased: fc.Arbitrary<Steps> = fc
  .tuple(
    fc.option(takenMeanwhile, { freq: 1 }),
    fc.array(idStep, { minLength: 6, maxLength: 20, size: 'max' }),
  )
  .map(([first, steps]) => [...(first ?? []), ...steps])
  .map((steps) => [
    ...[0, 1, 2, 3].flatMap((n) => [
      register(`id-${n}`),
      login(`id-${n}`, { phones: [`4860070088${n}`], externalUserId: `ext-${n}` }),
    ]),
    ...steps,
  ])

/**
 * A user in a user in a user, an installation that logs in by what the innermost brought, and the
 * chain undone from without; or two in one. The tags of all of them are few, and an override may say
 * whose name stays.
 */
export const chainUndone: fc.Arbitrary<Steps> = fc
  .record({
    tags: fc.array(fc.subarray(['vip', 'new']), { minLength: 4, maxLength: 4 }),
    joinsBy: fc.nat({ max: 2 }),
    marks: fc.subarray(['link-0', 'link-1', 'link-2', 'joiner']),
    later: fc.subarray<Json>([
      { type: 'SaveUser', target: has('link-0'), user: { tags: [] } },
      { type: 'SaveUser', target: has('link-0'), user: { tags: ['vip'], firstName: 'Z' } },
      { type: 'Depersonalize', pushRegistrationId: 'link-1' },
    ]),
    order: fc.array(few, { minLength: 4, maxLength: 4 }),
    isChain: fc.boolean(),
    isLastKnown: fc.boolean(),
    stays: fc.array(fc.constantFrom('absorbed', 'survivor', null), { minLength: 2, maxLength: 2 }),
    policy: fc.constantFrom('survivor-first', 'latest-wins'),
  })
  .map(({ tags, joinsBy, marks, later, order, isChain, isLastKnown, stays, policy }) => {
    const mark = (id: string): Json => ({
      type: 'SetPrimary',
      pushRegistrationId: id,
      isPrimary: true,
    })
    const into = (absorbed: string, survivor: string, side: string | null = null): Json => {
      const named: Readonly<Record<string, string>> = { absorbed, survivor }
      const id = side === null ? undefined : named[side]
      return merge([has(absorbed), has(survivor)], {
        survivor: has(survivor),
        policy,
        ...(id === undefined ? {} : { overrides: { firstName: { $userOf: id } } }),
      })
    }
    const [one = null, other = null] = stays
    return [
      ...[0, 1, 2].flatMap((n) => [
        register(`link-${n}`),
        ...(n === 2 && !isLastKnown
          ? []
          : [login(`link-${n}`, { emails: [`link-${n}@example.com`] })]),
        {
          type: 'SaveUser',
          target: has(`link-${n}`),
          user: { tags: tags[n] ?? [], firstName: `L${n}` },
        },
        ...(marks.includes(`link-${n}`) ? [mark(`link-${n}`)] : []),
      ]),
      ...(isChain
        ? [into('link-2', 'link-1', one), into('link-1', 'link-0', other)]
        : [into('link-1', 'link-0', one), into('link-2', 'link-0', other)]),
      register('joiner'),
      login('joiner', { emails: [`link-${joinsBy}@example.com`] }),
      ...(marks.includes('joiner') ? [mark('joiner')] : []),
      ...later,
      ...order.map(unmerge),
      into('joiner', 'link-0'),
      unmerge(order[0] ?? 0),
    ]
  })

/**
 * An app installed again on the same device: its push token comes with the new installation, or later,
 * or under another push service, and the old one is somebody's and perhaps marked.
 */
export const reinstalled: fc.Arbitrary<Steps> = fc
  .record({
    services: fc.array(fc.constantFrom<Json>('fcm', 'fcm', 'apns', null), {
      minLength: 3,
      maxLength: 3,
    }),
    setAsPrimary: fc.boolean(),
    isLater: fc.boolean(),
    last: fc.constantFrom<Json>('token-of-device', null, 'another-token'),
    application: fc.constantFrom('shop', 'shop', 'blog'),
  })
  .map(({ services, setAsPrimary, isLater, last, application }) => {
    const [first = null, second = null, third = null] = services
    const device = (pushServiceType: Json, pushServiceToken: Json): Json => ({
      device: { pushServiceType, pushServiceToken, deviceName: 'Phone' },
    })
    const save = (id: string, more: Json): Json => ({
      ...(isObject(more) ? more : {}),
      type: 'SaveInstallation',
      pushRegistrationId: id,
    })
    const again = device(second, 'token-of-device')
    const fresh = {
      type: 'RegisterInstallation',
      pushRegistrationId: 'new',
      applicationId: application,
    }
    return [
      register('old'),
      save('old', device(first, 'token-of-device')),
      login('old', { externalUserId: 'crm-again' }, { setAsPrimary }),
      ...(isLater
        ? [fresh, save('new', again)]
        : [{ ...fresh, ...(isObject(again) ? again : {}) }]),
      login('new', { externalUserId: 'crm-again' }),
      save('new', device(third, last)),
      save('old', device(first, 'token-of-device')),
      save('new', { device: { pushServiceType: first } }),
      save('new', { device: null, isPushRegistrationEnabled: false }),
      save('new', { isPushRegistrationEnabled: null, notificationsEnabled: null }),
      { type: 'ExpireInstallation', pushRegistrationId: 'new', reason: 'uninstalled' },
    ]
  })

/** A name given a value of one type, and then values of others, on whoever has it. */
export const misfitting: fc.Arbitrary<Steps> = fc
  .record({
    first: fc.constantFrom<Json>(7, 'text', true, '2020-02-29'),
    second: fc.constantFrom<Json>('text', 8, false, '2020-02-30', [{ a: 1 }], [{ a: [] }], {}),
    n: few,
  })
  .map(({ first, second, n }) => [
    {
      type: 'SaveInstallation',
      pushRegistrationId: { $installation: n },
      customAttributes: { odd: first },
    },
    { type: 'SaveUser', target: user(n), user: { customAttributes: { odd: first } } },
    {
      type: 'SaveInstallation',
      pushRegistrationId: { $installation: n },
      customAttributes: { odd: second, even: 1 },
    },
    {
      type: 'RegisterInstallation',
      pushRegistrationId: { $installation: n },
      applicationId: 'shop',
      customAttributes: { odd: second },
    },
    { type: 'RegisterInstallation', applicationId: 'shop', customAttributes: { odd: second } },
    {
      type: 'CreateUser',
      userIdentity: { externalUserId: 'odd' },
      userAttributes: { customAttributes: { odd: second } },
    },
    login('odd', { externalUserId: 'odd' }),
    {
      type: 'Personalize',
      pushRegistrationId: { $installation: n },
      userIdentity: { externalUserId: 'odd' },
      userAttributes: { customAttributes: { odd: second }, birthday: '2999-01-01' },
    },
    { type: 'DefineAttribute', scope: 'user', name: 'odd', attributeType: 'string' },
    {
      type: 'DefineAttribute',
      scope: 'user',
      name: 'odd',
      attributeType: 'list',
      fields: { a: 'number' },
    },
    {
      type: 'DefineAttribute',
      scope: 'user',
      name: 'many',
      attributeType: 'list',
      fields: { a: 'number' },
    },
    {
      type: 'DefineAttribute',
      scope: 'user',
      name: 'many',
      attributeType: 'list',
      fields: { a: 'string' },
    },
    { type: 'DefineAttribute', scope: 'user', name: 'many', attributeType: 'list' },
    {
      type: 'DefineAttribute',
      scope: 'user',
      name: 'few',
      attributeType: 'date',
      fields: { a: 'string' },
    },
  ])
