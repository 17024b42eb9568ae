// Endings that plain stories seldom come to: external ids that merges release and unmerges give back, and
// chains of merges whose links were won by a login.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'
import { few, has, login, merge, register, type Steps, unmerge } from './story-steps.js'

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
