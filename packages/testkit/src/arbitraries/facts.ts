// Every event type as an arbitrary of facts: shapes as the log has them, whether or not they could have
// happened. For logs that did happen, play `sequences` with `tellStory`.

import {
  catalog,
  type EventOf,
  type EventType,
  instantFromMillis,
  type Json,
  nthId,
  type Recorded,
} from '@selfsame/core'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { firstSeed, startMs } from '../ports.js'
import { valuesOf } from './values.js'

type Payload = Readonly<Record<string, fc.Arbitrary<unknown>>>

const userId = fc.constantFrom('user-1', 'user-2', 'user-3', 'user-4')
const pushRegistrationId = fc.constantFrom('inst-1', 'inst-2', 'inst-3')
const position = fc.integer({ min: 1, max: 999 })
const positions = fc.array(position, { maxLength: 3 })
const instant = fc.nat({ max: 10_000 }).map((n) => instantFromMillis(startMs + n * 1000))
const userType = fc.constantFrom('LEAD', 'CUSTOMER')
const source = fc.record({ userId, position: fc.option(position) })
const sources = fc.array(source, { maxLength: 2 })
const field = fc.constantFrom('firstName', 'customAttributes.plan', 'customAttributes.a.b')
const reason = fc.constantFrom('asked', 'uninstalled', 'token-taken')

const values = fc.record(
  {
    firstName: fc.oneof(valuesOf.firstName.valid, fc.constant(null)),
    birthday: valuesOf.birthday.valid,
    'customAttributes.plan': fc.oneof(
      valuesOf.attributeString.valid,
      valuesOf.attributeNumber.valid,
      valuesOf.attributeBoolean.valid,
      valuesOf.attributeList.valid,
    ),
    tags: fc.record({
      added: fc.array(valuesOf.tag.valid, { maxLength: 2 }),
      removed: fc.array(valuesOf.tag.valid, { maxLength: 2 }),
    }),
  },
  { requiredKeys: [] },
)

const device = fc.record(
  {
    os: fc.constantFrom('Android', 'iOS', null),
    deviceSecure: fc.boolean(),
    deviceTimezoneOffset: valuesOf.deviceTimezoneOffset.valid,
  },
  { requiredKeys: [] },
)

/** A payload of these fields; `fields` names what is in `values`, as it does in every log. */
const payloadOf = (
  fields: Payload,
  optional: ReadonlyArray<string> = [],
): fc.Arbitrary<Readonly<Record<string, unknown>>> =>
  fc
    .record(fields, { requiredKeys: Object.keys(fields).filter((key) => !optional.includes(key)) })
    .map((payload) =>
      typeof payload.values === 'object' && payload.values !== null
        ? { ...payload, fields: Object.keys(payload.values) }
        : payload,
    )

const ofInstallation = { pushRegistrationId, userId }

/** Installations that move with an event, and what each of them keeps, in the same order. */
const moving = (more: Payload) =>
  fc
    .array(fc.record({ pushRegistrationId, ownerId: userId, values, ...more }), { maxLength: 2 })
    .map((moved) => ({ installations: moved.map(withFields), carried: moved.map(carriedOf) }))

/** The same with some that stay with the survivor. */
const parting = fc
  .tuple(
    moving({ joinedSince: fc.boolean() }),
    fc.array(fc.record({ pushRegistrationId, values }), { maxLength: 2 }),
  )
  .map(([{ installations, carried }, staying]) => ({
    installations,
    remaining: staying.map(withFields),
    carried: [...carried, ...staying.map(carriedOf)],
  }))

type Carrying = { readonly values: object }

const withFields = <Moved extends Carrying>({ values: kept, ...one }: Moved) => ({
  ...one,
  fields: Object.keys(kept),
})

const carriedOf = (one: Carrying) => one.values

const payloads: Readonly<Record<EventType, fc.Arbitrary<Readonly<Record<string, unknown>>>>> = {
  UserCreated: payloadOf({ userId, userType }),
  InstallationRegistered: payloadOf({
    ...ofInstallation,
    applicationId: fc.constantFrom('shop', 'blog'),
    isPushRegistrationEnabled: fc.boolean(),
    device,
    values,
  }),
  InstallationUpdated: payloadOf(
    {
      ...ofInstallation,
      isPushRegistrationEnabled: fc.boolean(),
      notificationsEnabled: fc.boolean(),
      device,
      values,
      ownerId: userId,
    },
    ['isPushRegistrationEnabled', 'notificationsEnabled', 'ownerId'],
  ),
  InstallationAttached: payloadOf(
    {
      ...ofInstallation,
      fromUserId: userId,
      isPrimaryDevice: fc.boolean(),
      identities: positions,
      values,
      ownerId: userId,
    },
    ['ownerId'],
  ),
  InstallationDetached: payloadOf(ofInstallation),
  InstallationExpired: payloadOf({ ...ofInstallation, reason }),
  PrimaryAssigned: payloadOf(ofInstallation),
  PrimaryCleared: payloadOf(ofInstallation),
  IdentityLinked: fc.oneof(
    payloadOf({ userId, kind: fc.constant('externalUserId'), value: fc.constant('crm-1') }),
    payloadOf({
      userId,
      kind: fc.constant('phone'),
      value: fc.nat({ max: 9 }).map((n) => `4860070080${n}`),
    }),
    payloadOf({
      userId,
      kind: fc.constant('email'),
      value: fc.constantFrom('ann@example.com', 'Bob@Example.com'),
    }),
  ),
  IdentityReleased: payloadOf({
    userId,
    kind: fc.constantFrom('externalUserId', 'phone', 'email'),
    linked: position,
  }),
  ProfilePromoted: payloadOf({ userId }),
  UserAttributesChanged: payloadOf({ userId, values }),
  UsersMerged: fc
    .tuple(
      payloadOf({
        survivorId: userId,
        absorbedId: userId,
        policy: fc.constantFrom('survivor-first', 'latest-wins'),
        overrides: fc.dictionary(field, userId, { maxKeys: 1 }),
        dataLeft: fc.boolean(),
        fields: fc.array(
          fc.record({
            field,
            taken: fc.constantFrom('survivor', 'absorbed'),
            chosen: source,
            rejected: source,
            settledBy: fc.constantFrom('only', 'policy', 'override', 'left'),
          }),
          { maxLength: 2 },
        ),
        tags: fc.record({ chosen: sources, rejected: sources }),
        identities: fc.record({ moved: positions, released: positions }),
        matched: positions,
        userType,
        createdAt: instant,
        promotedAt: fc.option(instant),
      }),
      moving({}),
    )
    .map(([payload, moved]) => ({ ...payload, ...moved })),
  UsersUnmerged: fc
    .tuple(
      payloadOf({
        survivorId: userId,
        absorbedId: userId,
        merged: position,
        fields: fc.array(fc.record({ field, from: fc.option(userId), source: fc.option(source) }), {
          maxLength: 2,
        }),
        identities: fc.record({
          returned: positions,
          regained: fc.array(fc.record({ position, from: userId }), { maxLength: 2 }),
        }),
        primary: fc.record({
          survivor: fc.option(pushRegistrationId),
          absorbed: fc.option(pushRegistrationId),
        }),
        userType,
        createdAt: instant,
        promotedAt: fc.option(instant),
        kept: fc.array(fc.record({ field, position, removed: fc.boolean() }), { maxLength: 2 }),
      }),
      parting,
    )
    .map(([payload, moved]) => ({ ...payload, ...moved })),
  UserErased: payloadOf({
    userId,
    absorbed: fc.array(userId, { maxLength: 2 }),
    identities: positions,
    installations: fc.array(fc.record(ofInstallation), { maxLength: 2 }),
    reason,
  }),
  AttributeDefined: fc.oneof(
    payloadOf({
      scope: fc.constantFrom('user', 'installation'),
      name: valuesOf.attributeName.valid,
      attributeType: fc.constantFrom('string', 'number', 'boolean', 'date', 'datetime'),
    }),
    payloadOf({
      scope: fc.constantFrom('user', 'installation'),
      name: fc.constant('orders'),
      attributeType: fc.constant('list'),
      fields: fc.constant({ sku: 'string', price: 'number' }),
    }),
  ),
}

const eventTypes = Object.keys(payloads) as ReadonlyArray<EventType>

/**
 * Facts of one type, or of any where no type is given: of the shape that core's catalogue has for it,
 * as a consumer of the log must be able to read them.
 *
 * @example
 * fc.assert(fc.property(factsOf('UsersMerged'), ({ payload }) => reads(payload)))
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const factsOf = <Type extends EventType = EventType>(
  type?: Type,
): fc.Arbitrary<EventOf<Type>> => {
  const one = (of: EventType): fc.Arbitrary<EventOf<EventType>> =>
    payloads[of].map((payload) => ({ type: of, payload }) as EventOf<EventType>)
  return (type === undefined ? fc.oneof(...eventTypes.map(one)) : one(type)) as fc.Arbitrary<
    EventOf<Type>
  >
}

/**
 * Facts with one thing wrong in their payload: a key that is missing, or what no value of it can be.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const wrongFacts: fc.Arbitrary<{ readonly type: EventType; readonly payload: Json }> = fc
  .tuple(fc.constantFrom(...eventTypes), fc.nat(), fc.boolean())
  .chain(([type, n, isMissing]) =>
    payloads[type].map((payload) => {
      const plain: Readonly<Record<string, Json>> = JSON.parse(JSON.stringify(payload))
      const keys = Object.keys(plain)
      const key = keys[n % keys.length] ?? ''
      const { [key]: _, ...less } = plain
      const isRefused = E.isLeft(catalog[type].payload.decode(less))
      return { type, payload: isMissing && isRefused ? less : { ...plain, [key]: [[0]] } }
    }),
  )

/**
 * Events as a log has them: a fact of any type in an envelope.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const events: fc.Arbitrary<Recorded> = fc
  .record({
    fact: factsOf(),
    position,
    recordedAt: instant,
    occurredAt: instant,
    commandId: fc.option(fc.nat({ max: 99 }).map((n) => `cmd-${n}`)),
    actor: fc.constantFrom(null, 'app', 'support'),
    correlationId: fc.option(valuesOf.token.valid),
    causationId: fc.constantFrom(null, 'cause-1'),
  })
  .map(
    ({ fact, ...envelope }) =>
      ({
        ...envelope,
        id: nthId(firstSeed, envelope.position),
        schemaVersion: catalog[fact.type].version,
        ...fact,
      }) as Recorded,
  )
