// Endings about four people who are one family: merged into each other, written on, parted again in any
// order, and merged once more. Each story dwells on one thing: external ids, marks, or values and tags.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'
import { few, has, login, merge, register, type Steps, unmerge } from './story-steps.js'

const kin = [0, 1, 2, 3]
const device = (n: number): string => `kin-${n}`
const phoneOf = (n: number): string => `4860070077${n}`
const idOf = (n: number): string => `kin-ext-${n}`

/** One of them is in most of what happens: only who is merged again and again comes apart in two ways. */
const head = fc.constantFrom(0, 0, 0, 1, 2, 3)

const save = (n: number, user: Json): Json => ({ type: 'SaveUser', target: has(device(n)), user })

const ids: fc.Arbitrary<Json> = fc
  .tuple(
    fc.constantFrom(0, 0, 1, 2, 3),
    fc.constantFrom<Json>(idOf(0), idOf(1), idOf(2), idOf(3), 'kin-ext-new', null, null),
  )
  .map(([n, externalUserId]) => save(n, { externalUserId }))

const tags = fc.subarray(['vip', 'new', 'shop']).map((some): Json => some)
const values: fc.Arbitrary<Json> = fc
  .record(
    {
      firstName: fc.constantFrom<Json>('A', 'B', null),
      tags,
      customAttributes: fc.constantFrom<Json>(
        { plan: 'gold' },
        { plan: 'tin', score: 2 },
        { plan: null },
        null,
      ),
    },
    { requiredKeys: [] },
  )
  .map((patch): Json => patch)
const value: fc.Arbitrary<Json> = fc.tuple(head, values).map(([n, patch]) => save(n, patch))

const mark: fc.Arbitrary<Json> = fc
  .tuple(few, fc.constantFrom('', '', '-b'), fc.constantFrom(true, true, true, false))
  .map(([n, second, isPrimary]) => ({
    type: 'SetPrimary',
    pushRegistrationId: `${device(n)}${second}`,
    isPrimary,
  }))

/** An installation goes over to another of them by what that one brought. */
const goesOver: fc.Arbitrary<Json> = fc
  .tuple(few, fc.constantFrom('', '-b', '-b'), few, fc.boolean(), fc.boolean())
  .map(([n, second, to, setAsPrimary, byPhone]) =>
    login(
      `${device(n)}${second}`,
      byPhone ? { phones: [phoneOf(to)] } : { externalUserId: idOf(to) },
      { setAsPrimary, forceDepersonalize: true },
    ),
  )

const leaves: fc.Arbitrary<Json> = fc.tuple(few, fc.constantFrom('', '-b')).map(([n, second]) => ({
  type: 'Depersonalize',
  pushRegistrationId: `${device(n)}${second}`,
}))

const side = fc.option(fc.constantFrom(true, false), { freq: 2 })

interface Terms {
  readonly externalUserId: boolean
  readonly firstName: boolean | null
  readonly plan: boolean | null
  readonly policy: string
}

const terms: fc.Arbitrary<Terms> = fc.record({
  externalUserId: fc.boolean(),
  firstName: side,
  plan: side,
  policy: fc.constantFrom('survivor-first', 'latest-wins'),
})

/** One is absorbed by another, with overrides to either side. */
const into = (
  n: number,
  survivor: number,
  { externalUserId, firstName, plan, policy }: Terms,
): Json => {
  const named = (isAbsorbed: boolean): Json => ({ $userOf: device(isAbsorbed ? n : survivor) })
  return merge([has(device(survivor)), has(device(n))], {
    survivor: has(device(survivor)),
    overrides: {
      externalUserId: named(externalUserId),
      ...(firstName === null ? {} : { firstName: named(firstName) }),
      ...(plan === null ? {} : { 'customAttributes.plan': named(plan) }),
    },
    policy,
  })
}

/** A command of what the story dwells on, or none. */
const between = (dwelt: fc.Arbitrary<Json>): fc.Arbitrary<Steps> =>
  fc.array(dwelt, { maxLength: 2, size: 'max' })

/** All become one, one after another, come apart in any order, and some of them again. */
const reunion = (dwelt: fc.Arbitrary<Json>): fc.Arbitrary<Steps> => {
  const becomeOne = fc
    .tuple(
      fc.shuffledSubarray([1, 2, 3], { minLength: 1 }),
      fc.array(fc.tuple(between(dwelt), terms), { minLength: 3, maxLength: 3 }),
      fc.constantFrom(0, 0, 0, 1),
    )
    .map(([absorbed, links, survivor]) =>
      absorbed.flatMap((n, i) => {
        const [before = [], how] = links[i] ?? []
        return how === undefined ? [] : [...before, into(n, i === 1 ? survivor : 0, how)]
      }),
    )
  const part = fc.tuple(between(dwelt), few).map(([before, n]) => [...before, unmerge(n)])
  const parts = fc.array(part, { maxLength: 4, size: 'max' }).map((some) => some.flat())
  return fc
    .tuple(becomeOne, parts, fc.option(fc.tuple(few, terms), { freq: 2 }), parts)
    .map(([first, apart, again, last]) => [
      ...first,
      ...apart,
      ...(again === null ? [] : [into(again[0], 0, again[1]), ...last]),
    ])
}

const onIds = reunion(ids)
const onMarks = reunion(
  fc.oneof(
    { weight: 3, arbitrary: mark },
    { weight: 2, arbitrary: goesOver },
    { weight: 1, arbitrary: leaves },
  ),
)
const onValues = reunion(value)

interface Relative {
  readonly hasId: boolean
  readonly isKnown: boolean
  readonly keepAsLead: boolean
  readonly setAsPrimary: boolean
  readonly second: boolean
  readonly held: Json
}

const relative: fc.Arbitrary<Relative> = fc.record({
  hasId: fc.constantFrom(true, true, false),
  isKnown: fc.constantFrom(true, true, true, false),
  keepAsLead: fc.boolean(),
  setAsPrimary: fc.boolean(),
  second: fc.boolean(),
  held: values,
})

/** Whom a story does not need it is shrunk without. */
const somebody = fc.option(relative, { freq: 30 })

const begins = (
  n: number,
  { hasId, isKnown, keepAsLead, setAsPrimary, second, held }: Relative,
): Steps => {
  const byPhone = { phones: [phoneOf(n)] }
  return [
    register(device(n)),
    ...(isKnown
      ? [
          login(
            device(n),
            { ...byPhone, ...(hasId ? { externalUserId: idOf(n) } : {}) },
            { userAttributes: held, keepAsLead, setAsPrimary },
          ),
        ]
      : [save(n, held)]),
    ...(second ? [register(`${device(n)}-b`)] : []),
    ...(second && isKnown ? [login(`${device(n)}-b`, byPhone)] : []),
  ]
}

/** One of them is forgotten in the end, with whoever is absorbed in them then. */
const forgotten = fc.option(
  few.map((n): Json => ({ type: 'EraseUser', target: has(device(n)), reason: 'asked' })),
  { freq: 1 },
)

/**
 * Four people, known or not, who are merged and come apart again and again.
 *
 * They become one, one after another, with overrides to either side, and come apart in any order; in
 * between they get and lose external ids, marks, or values and tags, and others take what was released.
 */
export const family: fc.Arbitrary<Steps> = fc
  .tuple(fc.tuple(...kin.map(() => somebody)), fc.oneof(onIds, onMarks, onValues), forgotten)
  .map(([relatives, steps, end]) => [
    ...relatives.flatMap((one, n) => (one === null ? [] : begins(n, one))),
    ...steps,
    ...(end === null ? [] : [end]),
  ])
