// Commands of all thirteen types over the small world, as plain JSON with symbolic names, weighted so
// that most are accepted and every refusal is reached.

import { type CommandType, commandTypes, type Json } from '@selfsame/core'
import fc from 'fast-check'
import {
  attributeNames,
  customAttributes,
  devices,
  orderFields,
  userAttributes,
} from './attributes.js'
import { emails, externalUserIds, phones } from './people.js'
import {
  command,
  installation,
  installationIds,
  oneOf,
  orNothing,
  some,
  symbol,
  userIdentity,
  userReferences,
} from './references.js'
import { nobody } from './symbols.js'

type Fields = Readonly<Record<string, Json>>

const flag = fc.boolean()
/** null means the default again. */
const flagOrDefault = fc.constantFrom<Json>(true, false, false, null)
const attributes: fc.Arbitrary<Json> = userAttributes.map((patch): Json => patch)

const register = (ids: fc.Arbitrary<Json | undefined>): fc.Arbitrary<Json> =>
  command('RegisterInstallation', {
    pushRegistrationId: ids,
    applicationId: fc.constantFrom('shop', 'shop', 'shop', 'blog'),
    isPushRegistrationEnabled: orNothing(2, flag),
    customAttributes: orNothing(2, customAttributes),
    device: orNothing(4, devices),
  })

const personalize = command('Personalize', {
  pushRegistrationId: installation,
  userIdentity,
  userAttributes: orNothing(3, attributes),
  forceDepersonalize: orNothing(4, flag),
  keepAsLead: orNothing(3, flag),
  setAsPrimary: orNothing(3, flag),
})

const identityPatch: fc.Arbitrary<Fields> = fc.record(
  {
    externalUserId: fc.oneof(
      { weight: 2, arbitrary: externalUserIds },
      { weight: 1, arbitrary: fc.constant(null) },
    ),
    phones: fc.array(fc.oneof(phones, fc.constant('')), { maxLength: 2 }),
    emails: fc.array(emails, { maxLength: 2 }),
  },
  { requiredKeys: [] },
)

/**
 * A patch of a user, as `SaveUser` takes it: attributes, and now and then identities of somebody.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const userPatches: fc.Arbitrary<Json> = fc
  .tuple(
    fc.oneof(
      { weight: 2, arbitrary: fc.constant<Fields>({}) },
      { weight: 1, arbitrary: identityPatch },
    ),
    userAttributes,
  )
  .map(([some, others]): Json => ({ ...others, ...some }))

const mergeUsers: fc.Arbitrary<Json> = fc
  .tuple(
    fc.uniqueArray(some, { minLength: 2, maxLength: 3 }),
    fc.option(userReferences, { freq: 6 }),
    fc.option(fc.nat({ max: 1 }), { freq: 3 }),
    fc.array(
      fc.constantFrom('externalUserId', 'externalUserId', 'firstName', 'customAttributes.plan'),
      { maxLength: 2 },
    ),
    fc.constantFrom('survivor-first', 'latest-wins', null, null, null, 'no-such-policy'),
    fc.nat({ max: 40 }),
  )
  .map(([parties, other, survivor, overridden, policy, rarely]): Json => {
    const named: ReadonlyArray<Json> = parties.map((n) => ({ userId: { $living: n } }))
    const one = parties[survivor ?? 0] ?? 0
    return {
      type: 'MergeUsers',
      users:
        rarely === 0
          ? Array(51).fill({ userId: nobody })
          : other === null
            ? named
            : [...named, other],
      ...(survivor === null ? {} : { survivor: { userId: { $living: one } } }),
      ...(overridden.length === 0
        ? {}
        : { overrides: Object.fromEntries(overridden.map((field) => [field, { $living: one }])) }),
      ...(policy === null ? {} : { policy }),
    }
  })

const unmergeUsers: fc.Arbitrary<Json> = fc.oneof(
  {
    weight: 12,
    arbitrary: some.map(
      (n): Json => ({
        type: 'UnmergeUsers',
        survivor: { userId: { $survivor: n } },
        absorbed: { $absorbed: n },
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: command('UnmergeUsers', {
      survivor: userReferences,
      absorbed: oneOf([2, symbol('$absorbed')], [1, symbol('$user')], [1, symbol('$erased')]),
    }),
  },
)

const depersonalizeInstallation = some.chain((n) =>
  command('DepersonalizeInstallation', {
    pushRegistrationId: fc.constant<Json>({ $installation: n }),
    targetPushRegistrationId: oneOf([6, fc.constant<Json>({ $siblingOf: n })], [1, installation]),
  }),
)

const setPrimary = some.chain((n) =>
  command('SetPrimary', {
    pushRegistrationId: oneOf([8, fc.constant<Json>({ $installation: n })], [1, installation]),
    isPrimary: fc.constantFrom(true, true, true, false),
    requestedBy: orNothing(3, oneOf([3, fc.constant<Json>({ $siblingOf: n })], [1, installation])),
  }),
)

const defineAttribute = oneOf(
  [
    2,
    fc.constantFrom('user', 'installation').map(
      (scope): Json => ({
        type: 'DefineAttribute',
        scope,
        name: 'orders',
        attributeType: 'list',
        fields: orderFields,
      }),
    ),
  ],
  [
    1,
    command('DefineAttribute', {
      scope: fc.constantFrom('user', 'installation'),
      name: fc.constantFrom(...attributeNames),
      attributeType: fc.constantFrom('string', 'number', 'boolean', 'date', 'datetime'),
    }),
  ],
)

const misspelt = fc.constantFrom<Json>(
  { type: 'Personalise' },
  { type: 'Personalize', pushRegistrationId: 'inst-1', forceDepersonalise: true },
  { type: 'SetPrimary', pushRegistrationId: '', isPrimary: 'yes' },
  { type: 'MergeUsers', users: [{ userId: nobody, email: 'ann@example.com' }] },
  null,
  ['RegisterInstallation'],
)

/**
 * Commands of the small world by their type. What they name stands there by symbols
 * (`resolveSymbols`); put values in the place of them, or play them in `sequences`.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const commandsOf: Readonly<Record<CommandType, fc.Arbitrary<Json>>> = {
  RegisterInstallation: register(orNothing(4, fc.constantFrom(...installationIds))),
  SaveInstallation: command('SaveInstallation', {
    pushRegistrationId: installation,
    isPushRegistrationEnabled: orNothing(3, flagOrDefault),
    isPrimaryDevice: orNothing(3, flagOrDefault),
    notificationsEnabled: orNothing(3, flagOrDefault),
    applicationUserId: orNothing(3, fc.constantFrom('member-1', 'member-2', '')),
    customAttributes: orNothing(3, customAttributes),
    device: orNothing(4, devices),
  }),
  SetPrimary: setPrimary,
  Personalize: personalize,
  Depersonalize: command('Depersonalize', { pushRegistrationId: installation }),
  DepersonalizeInstallation: depersonalizeInstallation,
  SaveUser: command('SaveUser', { target: userReferences, user: userPatches }),
  CreateUser: command('CreateUser', {
    userType: orNothing(4, fc.constantFrom('LEAD', 'CUSTOMER')),
    userIdentity,
    userAttributes: orNothing(4, attributes),
  }),
  MergeUsers: mergeUsers,
  UnmergeUsers: unmergeUsers,
  EraseUser: command('EraseUser', { target: userReferences, reason: fc.constant('asked') }),
  ExpireInstallation: command('ExpireInstallation', {
    pushRegistrationId: installation,
    reason: fc.constant('uninstalled'),
  }),
  DefineAttribute: defineAttribute,
}

const weights: Readonly<Record<CommandType, number>> = {
  RegisterInstallation: 12,
  SaveInstallation: 12,
  SetPrimary: 10,
  Personalize: 34,
  Depersonalize: 6,
  DepersonalizeInstallation: 6,
  SaveUser: 18,
  CreateUser: 8,
  MergeUsers: 16,
  UnmergeUsers: 14,
  EraseUser: 3,
  ExpireInstallation: 3,
  DefineAttribute: 4,
}

/** A command as any caller may send it, without a command id. */
const bareCommands: fc.Arbitrary<Json> = oneOf(
  ...commandTypes.map((type): readonly [number, fc.Arbitrary<Json>] => [
    weights[type],
    commandsOf[type],
  ]),
  [1, misspelt],
)

const commandIds: fc.Arbitrary<Json> = fc.nat({ max: 199 }).map((n): Json => `cmd-${n}`)

const carried = fc.record(
  {
    actor: fc.constantFrom('support', 'app'),
    correlationId: fc.constant('visit:1'),
    causationId: fc.constant('event:1'),
    occurredAt: fc.constantFrom('2025-12-31T23:59:59.5Z', null),
  },
  { requiredKeys: [] },
)

/** What is carried beside a command: mostly an id under which it can be given again. */
const callers: fc.Arbitrary<Fields> = fc
  .tuple(fc.option(commandIds, { freq: 3 }), carried)
  .map(([commandId, rest]) => ({ ...rest, ...(commandId === null ? {} : { commandId }) }))

const withCarried = (given: Json, fields: Fields): Json =>
  typeof given === 'object' && given !== null && !Array.isArray(given)
    ? { ...given, ...fields }
    : given

/**
 * A command of any of the thirteen types, or what is no command at all.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const commands: fc.Arbitrary<Json> = fc.oneof(
  { weight: 1, arbitrary: bareCommands },
  {
    weight: 1,
    arbitrary: fc.tuple(bareCommands, callers).map(([one, fields]) => withCarried(one, fields)),
  },
)

/** Registrations and declarations with which most stories begin. */
export const openings: fc.Arbitrary<ReadonlyArray<Json>> = fc
  .tuple(
    fc
      .subarray(installationIds, { minLength: 2 })
      .chain((ids) => fc.tuple(...ids.map((id) => register(fc.constant(id))))),
    fc.option(defineAttribute, { freq: 1 }),
  )
  .map(([registered, declared]) => [...registered, ...(declared === null ? [] : [declared])])

/** A step of a sequence: a command, one given again, a preview, or a plan executed. */
export const steps: fc.Arbitrary<Json> = oneOf(
  [30, commands],
  [1, symbol('$again')],
  [
    1,
    fc
      .tuple(bareCommands, symbol('$commandId'))
      .map(([one, commandId]) => withCarried(one, { commandId })),
  ],
  [1, commands.map((one): Json => ({ $preview: one }))],
  [1, symbol('$plan')],
)
