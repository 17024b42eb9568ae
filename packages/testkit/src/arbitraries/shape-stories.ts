// Endings of commands that are almost right: references with no key or two, lists that are none, fields of
// attributes told as null, values at their longest; and of commands told twice under one id.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'
import { few, has, register, type Steps } from './story-steps.js'
import { isObject } from './symbols.js'
import { wrongCommands } from './wrong-commands.js'

const one = has('shape-0')
const other = has('shape-1')
const twice: Json = { pushRegistrationId: 'shape-0', email: 'ann@example.com' }

/** A user as a command may name it, or may not. */
const named: fc.Arbitrary<Json> = fc.constantFrom<Json>(one, other, one, {}, twice, null, 'shape-0')

const merges: fc.Arbitrary<Json> = fc
  .record(
    {
      users: fc.oneof(
        fc.array(named, { maxLength: 3 }).map((some): Json => some),
        fc.constantFrom<Json>([one, other], [one], [], { 0: one, 1: other }, 'shape-0', null),
      ),
      survivor: named,
      overrides: fc.constantFrom<Json>(
        null,
        {},
        { firstName: { $userOf: 'shape-1' } },
        { 'customAttributes.': { $userOf: 'shape-1' } },
        { 'customAttributes.a[0]': { $userOf: 'shape-1' } },
        { firstName: 'stranger', gender: 'stranger' },
      ),
      policy: fc.constantFrom<Json>(null, 'survivor-first', 'no-such-policy'),
    },
    { requiredKeys: ['users'] },
  )
  .map((fields): Json => ({ type: 'MergeUsers', ...fields }))

const targets: fc.Arbitrary<Json> = fc
  .tuple(named, fc.constantFrom('SaveUser', 'EraseUser', 'UnmergeUsers'))
  .map(([target, type]): Json => {
    if (type === 'SaveUser') return { type, target, user: { firstName: 'S' } }
    return type === 'EraseUser'
      ? { type, target, reason: 'asked', actor: 7 }
      : { type, survivor: target, absorbed: { $userOf: 'shape-1' } }
  })

const declares: fc.Arbitrary<Json> = fc
  .record(
    {
      scope: fc.constantFrom('user', 'installation'),
      name: fc.constantFrom('shaped', 'many', 'flag'),
      attributeType: fc.constantFrom('list', 'list', 'date', 'string', 'boolean'),
      fields: fc.constantFrom<Json>(null, { a: 'number' }, { a: 'string' }, {}, []),
    },
    { requiredKeys: ['scope', 'name', 'attributeType'] },
  )
  .map((fields): Json => ({ type: 'DefineAttribute', ...fields }))

/** As long as a text may be, or one longer. */
const longest: fc.Arbitrary<Json> = fc
  .tuple(fc.constantFrom(0, 1), fc.nat({ max: 3 }))
  .map(([more, which]): Json => {
    const text = (most: number): string => 'x'.repeat(most + more)
    const save = { type: 'SaveInstallation', pushRegistrationId: 'shape-0' }
    return (
      [
        { ...save, applicationUserId: text(256) },
        { ...save, device: { pushServiceToken: text(4096) } },
        { ...save, customAttributes: { [text(256)]: true } },
        { type: 'SaveUser', target: one, user: { middleName: text(50), tags: [text(256)] } },
      ][which] ?? save
    )
  })

/** Types of values that do not go together under one name, told by each command that takes values. */
const misfits: fc.Arbitrary<Json> = fc
  .tuple(
    fc.constantFrom<Json>({ shaped: 1 }, { shaped: 'one', flag: 2 }, { flag: true, many: 'few' }),
    fc.nat({ max: 2 }),
  )
  .map(
    ([customAttributes, which]): Json =>
      [
        { type: 'SaveInstallation', pushRegistrationId: 'shape-0', customAttributes },
        {
          type: 'RegisterInstallation',
          pushRegistrationId: 'shape-1',
          applicationId: 'shop',
          customAttributes,
        },
        { type: 'SaveUser', target: one, user: { customAttributes } },
      ][which] ?? null,
  )

/** Commands of another shape than any, beside some that are right. */
export const almostRight: fc.Arbitrary<Steps> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: merges },
      { weight: 3, arbitrary: targets },
      { weight: 4, arbitrary: declares },
      { weight: 2, arbitrary: longest },
      { weight: 3, arbitrary: misfits },
      { weight: 4, arbitrary: wrongCommands },
    ),
    { minLength: 10, maxLength: 20, size: 'max' },
  )
  .map((steps) => [register('shape-0'), register('shape-1'), ...steps])

const attributesOfMany: fc.Arbitrary<Json> = fc
  .record({
    tags: fc.subarray(['vip', 'new', 'shop', 'a']).map((some): Json => some),
    customAttributes: fc.constantFrom<Json>(
      { plan: 'gold', score: 1, flag: true },
      { score: 1, plan: 'tin' },
      { plan: null, flag: null },
      {},
      null,
    ),
  })
  .map((patch): Json => patch)

const underAnId: fc.Arbitrary<Json> = fc
  .tuple(fc.nat({ max: 9 }), attributesOfMany, few, fc.nat({ max: 2 }))
  .map(([n, attributes, person, which]): Json => {
    const commandId = `told-${n}`
    const phones = [`4860070066${person}`, '48600700669']
    const custom = isObject(attributes) ? (attributes.customAttributes ?? null) : null
    return (
      [
        {
          commandId,
          type: 'SaveUser',
          target: has(`shape-${person % 2}`),
          user: { ...(isObject(attributes) ? attributes : {}), phones },
        },
        {
          commandId,
          type: 'Personalize',
          pushRegistrationId: `shape-${person % 2}`,
          userIdentity: { phones },
          userAttributes: attributes,
        },
        {
          commandId,
          type: 'SaveInstallation',
          pushRegistrationId: `shape-${person % 2}`,
          customAttributes: custom,
        },
      ][which] ?? null
    )
  })

/** Commands with values of many under few ids: some are told twice, some ids are used twice. */
export const toldTwice: fc.Arbitrary<Steps> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: underAnId },
      { weight: 2, arbitrary: few.map((n): Json => ({ $again: n })) },
    ),
    { minLength: 6, maxLength: 12, size: 'max' },
  )
  .map((steps) => [register('shape-0'), register('shape-1'), ...steps])
