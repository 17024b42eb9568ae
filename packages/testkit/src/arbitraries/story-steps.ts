// The commands that endings of stories are made of, by the installations and users that they name.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'

export type Steps = ReadonlyArray<Json>

export const user = (n: number): Json => ({ userId: { $living: n } })
export const few = fc.nat({ max: 3 })

export const register = (id: string): Json => ({
  type: 'RegisterInstallation',
  pushRegistrationId: id,
  applicationId: 'shop',
})
export const login = (
  id: string,
  userIdentity: Json,
  more: Readonly<Record<string, Json>> = {},
): Json => ({
  type: 'Personalize',
  pushRegistrationId: id,
  userIdentity,
  ...more,
})
export const merge = (users: Steps, more: Readonly<Record<string, Json>> = {}): Json => ({
  type: 'MergeUsers',
  users,
  ...more,
})
/** The n-th merge that still stands is undone. */
export const unmerge = (n: number): Json => ({
  type: 'UnmergeUsers',
  survivor: { userId: { $survivor: n } },
  absorbed: { $absorbed: n },
})
export const has = (id: string): Json => ({ pushRegistrationId: id })

const stepsMax = 48

/** Every step is there; a story that fails is shrunk by leaving out any of them. */
const kept = fc.array(fc.option(fc.constant(true), { freq: 2 ** 30 }), {
  minLength: stepsMax,
  maxLength: stepsMax,
})

/** Steps each of which can be left out by shrinking, wherever it stands. */
export const droppable = (steps: fc.Arbitrary<Steps>): fc.Arbitrary<Steps> =>
  fc.tuple(steps, kept).map(([some, isKept]) => some.filter((_, i) => isKept[i] !== null))
