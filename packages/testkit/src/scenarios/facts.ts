// Facts as a test writes them: readable ids, and of a payload only what the story is about. What is
// left out is the plainest there is, and the codec of core's catalogue has the last word.

import { catalog, type DomainEvent, type EventType } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'

/** A value as plain JSON: of what core brands, only the string is left. */
export type Readable<A> = A extends string
  ? [keyof A] extends [keyof string]
    ? A
    : string
  : A extends ReadonlyArray<infer Element>
    ? ReadonlyArray<Readable<Element>>
    : A extends object
      ? { readonly [K in keyof A]: Readable<A[K]> }
      : A

type PayloadOf<Type extends EventType> = Readable<
  Extract<DomainEvent, { readonly type: Type }>['payload']
>

/** The keys of a payload that a test need not write. */
type Filled =
  | 'userType'
  | 'isPushRegistrationEnabled'
  | 'isPrimaryDevice'
  | 'device'
  | 'fields'
  | 'values'
  | 'identities'
  | 'absorbed'
  | 'installations'
  | 'reason'

type Short<Payload> = Omit<Payload, Filled> & Partial<Pick<Payload, Filled & keyof Payload>>

type FactOf<Type extends EventType> = Type extends 'UsersMerged' | 'UsersUnmerged'
  ? { readonly type: Type; readonly payload: PayloadOf<Type> }
  : { readonly type: Type; readonly payload: Short<PayloadOf<Type>> }

/**
 * Something that has happened, as it stands in the log: a phone is digits, an email has the casing
 * given first. Ids are the test's own and as short as it likes. Left out, `userType` is LEAD, `reason`
 * is `asked`, a boolean is its default, `values`, `device` and lists are empty; `fields` always follows
 * from `values`. A merge or an unmerge is told whole; the command that makes it is shorter.
 *
 * @since 0.1.0
 * @category Scenarios
 */
export type GivenFact = { readonly [Type in EventType]: FactOf<Type> }[EventType]

/**
 * An event that should be recorded: of its payload, the keys that are named must be equal, and the
 * others may be anything.
 *
 * @since 0.1.0
 * @category Scenarios
 */
export type ExpectedFact = {
  readonly [Type in EventType]: {
    readonly type: Type
    readonly payload?: Partial<PayloadOf<Type>>
  }
}[EventType]

const plainest: Readonly<Partial<Record<EventType, object>>> = {
  UserCreated: { userType: 'LEAD' },
  InstallationRegistered: { isPushRegistrationEnabled: true, device: {}, values: {} },
  InstallationUpdated: { device: {}, values: {} },
  InstallationAttached: { isPrimaryDevice: false, identities: [], values: {} },
  InstallationExpired: { reason: 'asked' },
  UserAttributesChanged: { values: {} },
  UserErased: { absorbed: [], identities: [], installations: [], reason: 'asked' },
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether something given names an event type, whatever else is wrong with it. */
export const namesEvent = (given: unknown): given is { readonly type: EventType } =>
  isObject(given) &&
  'type' in given &&
  typeof given.type === 'string' &&
  Object.hasOwn(catalog, given.type)

/** Completes a fact; the left side says what is wrong with it. */
export const completeFact = (given: {
  readonly type: EventType
  readonly payload?: unknown
}): E.Either<string, DomainEvent> => {
  const { type, payload } = given
  const told = { ...plainest[type], ...(isObject(payload) ? payload : {}) }
  const values = 'values' in told && isObject(told.values) ? Object.keys(told.values) : undefined
  const whole = values === undefined ? told : { ...told, fields: values }
  const decoded = catalog[type].payload.decode(whole)
  if (E.isLeft(decoded)) {
    const places = decoded.left.map(({ context }) => context.map(({ key }) => key).join('/'))
    return E.left(`${type} is wrong at ${[...new Set(places)].join(', ')}`)
  }
  const misspelt = Object.keys(whole).filter((key) => !payloadKeys(type).has(key))
  if (misspelt.length > 0) return E.left(`${type} has no ${misspelt.join(', ')}`)
  const fact = { type, payload: decoded.right } as DomainEvent
  if (fact.type === 'IdentityLinked' && fact.payload.kind === 'phone')
    if (!/^[1-9]\d*$/.test(fact.payload.value))
      return E.left(`a phone is recorded as digits, not as ${fact.payload.value}`)
  return E.right(fact)
}

/** The keys that the payload of a type may have, by its codec. */
export const payloadKeys = (type: EventType): ReadonlySet<string> =>
  new Set(keysIn(catalog[type].payload))

const keysIn = (codec: object): ReadonlyArray<string> => {
  if ('props' in codec && isObject(codec.props)) return Object.keys(codec.props)
  if ('types' in codec && Array.isArray(codec.types)) return codec.types.flatMap(keysIn)
  return []
}
