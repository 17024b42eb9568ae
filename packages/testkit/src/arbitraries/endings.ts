// How the stories end that are played against the model: in merges and unmerges of few people who write
// the same fields, or at a limit. Both are what plain sequences seldom come to.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'
import { misfitting, reinstalled, sharedBeforeLogin } from './device-stories.js'
import { family } from './kin-stories.js'
import { chainUndone, externalIdsReleased } from './partings.js'
import { command, oneOf, orNothing, some, symbol, userReferences } from './references.js'
import { type Sequence, sequences } from './sequences.js'
import { almostRight, toldTwice } from './shape-stories.js'
import { droppable } from './story-steps.js'
import { tokensClaimed } from './token-stories.js'

/** Field, symbol, and the most that anybody may have. */
const crowds = [
  ['phones', '$phones', 100],
  ['emails', '$emails', 100],
  ['tags', '$tags', 1000],
  ['customAttributes', '$attributes', 1000],
] as const

const user = (n: number): Json => ({ userId: { $living: n } })
const saveUser = (n: number, patch: Json): Json => ({
  type: 'SaveUser',
  target: user(n),
  user: patch,
})

/** Two users who have, merged, exactly as many as anybody may have, or one more. */
const crowdOfTwo: fc.Arbitrary<ReadonlyArray<Json>> = fc
  .record({
    crowd: fc.constantFrom(...crowds, ...crowds.slice(0, 2), ...crowds.slice(0, 2)),
    one: some,
    other: some,
    excess: fc.constantFrom(0, 1, 1),
  })
  .map(({ crowd: [field, manySymbol, most], one, other, excess }) => {
    const half = most / 2
    return [
      saveUser(one, { tags: [], customAttributes: null }),
      saveUser(other, { tags: [], customAttributes: null }),
      saveUser(one, { [field]: { [manySymbol]: half } }),
      saveUser(other, { [field]: { [manySymbol]: half * 10_000 + most + excess } }),
      { type: 'MergeUsers', users: [user(one), user(other)] },
    ]
  })

/** One installation that has as many custom attributes as it may have, and is given another. */
const crowdOnOne: fc.Arbitrary<ReadonlyArray<Json>> = some.map((n) =>
  [null, { $attributes: 1000 }, { plan: 'gold' }].map(
    (customAttributes): Json => ({
      type: 'SaveInstallation',
      pushRegistrationId: { $installation: n },
      customAttributes,
    }),
  ),
)

const few = fc.nat({ max: 4 })
const attributes: fc.Arbitrary<Json> = fc
  .record(
    {
      firstName: fc.constantFrom<Json>('A', 'B', 'C', null),
      tags: fc.subarray(['vip', 'new', 'shop']).map((tags): Json => tags),
      customAttributes: fc
        .constantFrom<Json>('gold', 'silver', 'tin', null)
        .map((plan): Json => ({ plan })),
    },
    { requiredKeys: ['firstName'] },
  )
  .map((patch): Json => patch)

const merge: fc.Arbitrary<Json> = fc
  .record({
    parties: fc.uniqueArray(few, { minLength: 2, maxLength: 3 }),
    survivor: fc.constantFrom(0, 1, null),
    policy: fc.constantFrom('survivor-first', 'latest-wins', 'latest-wins'),
    externalFrom: fc.nat({ max: 1 }),
    overrides: fc.dictionary(
      fc.constantFrom('firstName', 'customAttributes.plan'),
      fc.nat({ max: 1 }),
      { maxKeys: 1 },
    ),
  })
  .map(({ parties, survivor, policy, externalFrom, overrides }): Json => {
    const id = (n: number): Json => ({ $living: parties[n] ?? 0 })
    return {
      type: 'MergeUsers',
      users: parties.map(user),
      ...(survivor === null ? {} : { survivor: user(parties[survivor] ?? 0) }),
      overrides: Object.fromEntries(
        Object.entries({ ...overrides, externalUserId: externalFrom }).map(([field, n]) => [
          field,
          id(n),
        ]),
      ),
      policy,
    }
  })

const unmerge: fc.Arbitrary<Json> = few.map((n) => ({
  type: 'UnmergeUsers',
  survivor: { userId: { $survivor: n } },
  absorbed: { $absorbed: n },
}))

const login = command('Personalize', {
  pushRegistrationId: symbol('$installation'),
  userIdentity: oneOf([3, symbol('$request')], [1, symbol('$requestOfTwo')]),
  userAttributes: orNothing(5, attributes),
  forceDepersonalize: fc.boolean(),
  keepAsLead: fc.boolean(),
  setAsPrimary: fc.boolean(),
})

/** Values of several kinds that are wrong in one command, and how that is told. */
const wrongTogether: fc.Arbitrary<Json> = fc
  .record(
    {
      phones: fc.constantFrom<Json>(['000'], ['000', 'six hundred']),
      emails: fc.constantFrom<Json>(['nobody'], ['ann@localhost']),
      externalUserId: fc.constantFrom<Json>('crm-ann', 7),
    },
    { requiredKeys: [] },
  )
  .chain((userIdentity) =>
    command('Personalize', {
      pushRegistrationId: symbol('$installation'),
      userIdentity: fc.constant<Json>({ ...userIdentity }),
    }),
  )

/** A user and an installation as they are fetched, saved back with one change. */
const savedBack: fc.Arbitrary<Json> = oneOf(
  [
    1,
    few.map((n) =>
      saveUser(n, {
        id: 'u',
        userId: 'u',
        type: 'LEAD',
        status: 'active',
        createdAt: '2026-01-01T00:00:00Z',
        promotedAt: null,
        installations: [],
        firstName: 'B',
      }),
    ),
  ],
  [
    1,
    command('SaveInstallation', {
      pushRegistrationId: symbol('$installation'),
      userId: fc.constant('u'),
      applicationId: fc.constant('shop'),
      status: fc.constant('active'),
      notificationsEnabled: fc.constantFrom<Json>(true, false, null),
      isPushRegistrationEnabled: fc.constantFrom<Json>(true, false, null),
      isPrimaryDevice: fc.constantFrom<Json>(true, false, null),
    }),
  ],
)

/** As many references as a merge may name, or one more; they are one user's. */
const crowdedMerge: fc.Arbitrary<Json> = fc
  .tuple(few, fc.constantFrom(50, 51))
  .map(([n, times]) => ({ type: 'MergeUsers', users: Array(times).fill(user(n)) }))

/** An override that may name who is no party, or what is no field. */
const strangersChoice: fc.Arbitrary<Json> = fc
  .tuple(few, few, few, fc.constantFrom('firstName', 'firstName', 'nickname', 'tags.vip'))
  .map(
    ([one, other, chosen, field]): Json => ({
      type: 'MergeUsers',
      users: [user(one), user(other)],
      overrides: { [field]: { $living: chosen }, externalUserId: { $living: one } },
    }),
  )

/** Values that do not fit the type that their name was given. */
const misfits: fc.Arbitrary<Json> = fc
  .tuple(
    few,
    fc.constantFrom<Json>({ plan: 7 }, { plan: true, score: 'high' }, { plan: [{ a: 1 }] }),
  )
  .map(([n, customAttributes]) => saveUser(n, { customAttributes }))

/** Who is named twice over, by keys that agree or not. */
const namedTwice: Json = {
  type: 'MergeUsers',
  users: [user(0), { userId: { $living: 1 }, email: 'ann@example.com' }],
}

/** Born on the day of the story, or the day after it began. */
const bornToday: fc.Arbitrary<Json> = fc
  .tuple(few, fc.constantFrom('2026-01-01', '2026-01-02', '2026-01-03'))
  .map(([n, birthday]) => saveUser(n, { birthday }))

const steps: fc.Arbitrary<Json> = oneOf(
  [
    4,
    oneOf(
      [2, wrongTogether],
      [3, savedBack],
      [1, crowdedMerge],
      [2, strangersChoice],
      [2, bornToday],
      [2, misfits],
      [1, fc.constant(namedTwice)],
    ),
  ],
  [6, fc.tuple(few, attributes).map(([n, patch]) => saveUser(n, patch))],
  [6, merge],
  [5, unmerge],
  [4, login],
  [1, command('Depersonalize', { pushRegistrationId: symbol('$installation') })],
  [
    5,
    command('SetPrimary', {
      pushRegistrationId: symbol('$installation'),
      isPrimary: fc.constantFrom(true, true, true, false),
    }),
  ],
  [
    3,
    command('SaveUser', {
      target: userReferences,
      user: fc.constantFrom<Json>(
        { externalUserId: 'crm-ann' },
        { externalUserId: 'crm-bob' },
        { externalUserId: null },
        { phones: [] },
      ),
    }),
  ],
)

/** People who are merged and come apart again, again and again, and write in between. */
const reunion: fc.Arbitrary<ReadonlyArray<Json>> = fc.array(steps, {
  minLength: 8,
  maxLength: 24,
  size: 'max',
})

const dwelling: fc.Arbitrary<ReadonlyArray<Json>> = fc.oneof(
  { weight: 18, arbitrary: family },
  { weight: 6, arbitrary: tokensClaimed },
  { weight: 3, arbitrary: externalIdsReleased },
  { weight: 4, arbitrary: chainUndone },
  { weight: 2, arbitrary: reinstalled },
  { weight: 2, arbitrary: sharedBeforeLogin },
  { weight: 3, arbitrary: almostRight },
  { weight: 2, arbitrary: toldTwice },
)

/** The worlds before endings that dwell on their own people. */
const shortWorlds: fc.Arbitrary<Sequence> = sequences.map((world) => ({
  ...world,
  steps: world.steps.slice(0, 8),
}))

const endingIn = (
  worlds: fc.Arbitrary<Sequence>,
  endings: fc.Arbitrary<ReadonlyArray<Json>>,
): fc.Arbitrary<Sequence> =>
  fc
    .tuple(worlds, endings)
    .map(([sequence, ending]) => ({ ...sequence, steps: [...sequence.steps, ...ending] }))

/** Short worlds, each with an ending that dwells on one thing. */
export const dwellingStories: fc.Arbitrary<Sequence> = fc.noBias(
  endingIn(shortWorlds, droppable(dwelling)),
)

/** Plain sequences, and stories that dwell on one thing. */
export const plainAndDwelling: fc.Arbitrary<Sequence> = fc.noBias(
  fc.oneof(sequences, dwellingStories),
)

const reunited: fc.Arbitrary<Sequence> = endingIn(
  sequences,
  fc.oneof(
    { weight: 10, arbitrary: reunion },
    { weight: 1, arbitrary: misfitting },
    { weight: 2, arbitrary: crowdOfTwo },
    { weight: 1, arbitrary: crowdOnOne },
  ),
)

/**
 * As `sequences`, each with an ending.
 *
 * @since 0.1.0
 * @category Sequences
 */
export const stories: fc.Arbitrary<Sequence> = fc.noBias(
  fc.oneof({ weight: 1, arbitrary: reunited }, { weight: 1, arbitrary: dwellingStories }),
)
