// What a caller may hand to `execute` that is no command: arbitrary values, and valid commands of
// which a part was replaced, renamed, removed or added.

import fc from 'fast-check'
import {
  createUser,
  define,
  depersonalize,
  erase,
  expire,
  merge,
  personalize,
  phoneNo,
  register,
  saveInstallation,
  saveUser,
  setPrimary,
  unmerge,
} from './commands.js'
import { userOf } from './world.js'

/** The people of the world that hostile input meets. */
export const people = [
  register('i1', { device: { pushServiceToken: 't1' }, customAttributes: { seat: 'x' } }),
  personalize('i1', { externalUserId: 'a', phones: [phoneNo(1)], emails: ['a@b.pl'] }),
  register('i2'),
  createUser('b', { userType: 'LEAD', userAttributes: { firstName: 'Bea', tags: ['t'] } }),
  createUser('', { userIdentity: { phones: [phoneNo(2)] } }),
  merge([{ externalUserId: 'a' }, { phone: phoneNo(2) }]),
  define('orders', 'list', { fields: { sku: 'string' } }),
]

/** Well-formed commands of every type, with every key that they may have, and a plan. */
export const commands = [
  register('i3', {
    isPushRegistrationEnabled: true,
    device: {
      os: 'x',
      deviceSecure: true,
      deviceTimezoneOffset: 'GMT+01:00',
      pushServiceToken: 't1',
    },
  }),
  saveInstallation('i1', {
    applicationUserId: 'au',
    notificationsEnabled: null,
    customAttributes: { seat: null },
    device: { os: null },
  }),
  setPrimary('i1', true, { requestedBy: 'i1' }),
  personalize(
    'i2',
    { externalUserId: 'a', phones: [phoneNo(1)], emails: ['q@r.pl'] },
    {
      forceDepersonalize: true,
      keepAsLead: false,
      setAsPrimary: true,
      userAttributes: {
        firstName: 'Jo',
        birthday: '1990-01-01',
        gender: 'Male',
        tags: ['x'],
        customAttributes: { n: 1 },
      },
    },
  ),
  depersonalize('i1'),
  { type: 'DepersonalizeInstallation', pushRegistrationId: 'i1', targetPushRegistrationId: 'i2' },
  saveUser(
    { externalUserId: 'b' },
    {
      phones: [phoneNo(3)],
      tags: ['x', null],
      customAttributes: { orders: [{ sku: 'x' }], d: '2026-01-01', e: '' },
    },
  ),
  createUser('c', {
    userAttributes: { lastName: 'Lee' },
    commandId: 'c1',
    actor: 'me',
    occurredAt: '2026-01-01T00:00:00Z',
  }),
  merge([{ externalUserId: 'a' }, { externalUserId: 'b' }], {
    survivor: { externalUserId: 'a' },
    policy: 'latest-wins',
    overrides: { externalUserId: userOf(4), firstName: userOf(4), 'customAttributes.n': userOf(4) },
  }),
  unmerge({ externalUserId: 'a' }, userOf(5)),
  erase({ externalUserId: 'b' }),
  expire('i2'),
  define('y', 'list', { scope: 'installation', fields: { a: 'number' } }),
  {
    type: 'Plan',
    command: createUser('p'),
    seed: '018fffff-0000-7000-8000-000000000000',
    position: 3,
    events: [{ id: 'x', type: 'UserCreated', payload: {} }],
    receipt: {},
  },
]

const nest = (levels: number, leaf: unknown, wrap: (inner: unknown) => unknown): unknown => {
  let value = leaf
  for (let i = 0; i < levels; i += 1) value = wrap(value)
  return value
}

const prototypeNames = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
)

const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    '',
    'null',
    '\ud800',
    'a\udfffb',
    '\u0000',
    '\u0000erased',
    'erased:1',
    '__proto__',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    1e308,
    Number.MAX_SAFE_INTEGER + 2,
    '2026-02-30',
    '+48 600 700 800',
    'A@B.PL',
    [],
    {},
    [null],
    [[]],
    Symbol('s'),
    () => 1,
    new Date(0),
    new Map([[1, 2]]),
    /x/,
  ),
  prototypeNames.map((name) => Object.fromEntries([[name, { polluted: true }]])),
  prototypeNames.map((name) => JSON.parse(`{"${name}":{"polluted":"yes"}}`)),
  fc.constantFrom(10, 31, 32, 33, 20_000).map((n) => nest(n, 1, (inner) => [inner])),
  fc.constantFrom(10, 31, 32, 33, 20_000).map((n) => nest(n, 1, (inner) => ({ x: inner }))),
  fc.constantFrom(255, 256, 257, 4096, 4097, 200_000, 1_100_000).map((n) => 'x'.repeat(n)),
  fc.constantFrom(255, 4097, 100_000).map((n) => '\u0301'.repeat(n)),
  fc.constantFrom(101, 1001, 20_000).map((n) => Array.from({ length: n }, (_, i) => `v${i}`)),
  fc
    .constantFrom(1001, 20_000)
    .map((n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]))),
  fc.constant(0).map(() =>
    Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    }),
  ),
  fc.constant(0).map(
    () =>
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no')
          },
        },
      ),
  ),
  fc.constant(0).map(() => {
    const cycle: Record<string, unknown> = {}
    cycle.x = cycle
    return cycle
  }),
)

const anything: fc.Arbitrary<unknown> = fc.anything({
  maxDepth: 4,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withObjectString: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: true,
} as fc.ObjectConstraints)

const jsonLike = fc.oneof(
  fc.jsonValue({ maxDepth: 5 }),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.bigInt(),
)

interface Mutation {
  readonly at: ReadonlyArray<number>
  readonly how: 'replace' | 'remove' | 'add' | 'rename'
  readonly key: string
  readonly value: unknown
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'rename'),
  key: fc.oneof(
    prototypeNames,
    fc.string({ unit: 'grapheme', maxLength: 5 }),
    fc.constantFrom('userId', 'type', 'phones', 'commandId'),
  ),
  value: fc.oneof(nasty, nasty, anything, jsonLike),
})

const own = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** A copy of a command with one part changed; `at` picks a key at each level, going on where it can. */
const mutate = (value: unknown, { at, how, key, value: other }: Mutation): unknown => {
  const [first = 0, ...rest] = at
  if (!isObject(value)) return other
  const copy: object = Array.isArray(value) ? [...value] : Object.fromEntries(Object.entries(value))
  const names = Object.keys(copy)
  const name = names[first % Math.max(1, names.length)]
  if (how === 'add' && rest.length === 0)
    own(copy, Array.isArray(copy) ? `${names.length}` : key, other)
  if (name === undefined || (how === 'add' && rest.length === 0)) return copy
  const held = (value as Record<string, unknown>)[name]
  if (rest.length > 0 && isObject(held))
    own(copy, name, mutate(held, { at: rest, how, key, value: other }))
  else if (how === 'replace' || Array.isArray(copy)) own(copy, name, other)
  else {
    Reflect.deleteProperty(copy, name)
    if (how === 'rename') own(copy, key, held)
  }
  return copy
}

/** As `mutate`; a part that cannot be read is replaced as a whole. */
const changed = (value: unknown, mutation: Mutation): unknown => {
  try {
    return mutate(value, mutation)
  } catch {
    return mutation.value
  }
}

const mutated = fc
  .tuple(fc.constantFrom(...commands), fc.array(mutation, { maxLength: 3 }))
  .map(([command, mutations]) => mutations.reduce<unknown>(changed, command))

/** Anything a caller may hand to `execute`; about half of it looks like a command. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: mutated },
  { weight: 2, arbitrary: anything },
  { weight: 2, arbitrary: jsonLike },
  { weight: 1, arbitrary: nasty },
)
