// Types of custom attributes (domain.md section 3) and DefineAttribute (section 4).

import { describe, expect, it } from 'vitest'
import { createUser, define, register, saveInstallation, saveUser } from '../support/commands.js'
import { type Given, given, openWorld } from '../support/world.js'

const save = (customAttributes: object | null): Given =>
  saveUser({ externalUserId: 'a' }, { customAttributes })
const list = (fields: object): Given => define('orders', 'list', { fields })
const made = [createUser('a')]
const typeOf = async (value: unknown): Promise<unknown> => {
  const facts = await given(made)
    .when(save({ x: value }))
    .facts()
  return facts[0]?.[0] === 'AttributeDefined' ? facts[0]?.[1] : undefined
}

describe('one type per name and scope in the account', () => {
  it('the first value given to a new name fixes it, recorded as AttributeDefined in the same append', async () => {
    const types = {
      string: [
        '',
        'x',
        '2023-02-29',
        '2026-1-1',
        ' 2026-01-01',
        '2026-11-24T10:00:00',
        'true',
        '1',
      ],
      date: ['2024-02-29', '0001-01-01'],
      datetime: [
        '2026-11-24T10:00:00Z',
        '2026-11-24t10:00:00.5+02:00',
        '2026-11-24T10:00:00-00:00',
      ],
      number: [0, -1.5, 1e300],
      boolean: [true, false],
    }
    for (const [attributeType, values] of Object.entries(types))
      for (const value of values)
        expect([value, await typeOf(value)]).toEqual([
          value,
          { scope: 'user', name: 'x', attributeType },
        ])
  })

  it('a list of objects must first be declared with DefineAttribute', async () => {
    const then = given(made).when(save({ orders: [{ sku: 'x' }] }))
    expect(await then.code()).toBe('REQUEST_FORMAT_INVALID')
    expect((await then.violations()).map(({ path }) => path)).toEqual([
      '/user/customAttributes/orders',
    ])
  })

  it('the scopes user and installation are apart', async () => {
    const world = openWorld()
    await world.runAll([
      ...made,
      save({ x: 'text' }),
      register('i'),
      saveInstallation('i', { customAttributes: { x: 1 } }),
    ])
    const definitions = [...(await world.directory()).definitions]
    expect(definitions).toEqual([
      ['user:x', { type: 'string' }],
      ['installation:x', { type: 'number' }],
    ])
  })

  it('under a name of type string every string stays a string', async () => {
    const then = given([...made, save({ x: 'text' })]).when(save({ x: '2026-01-01' }))
    expect((await then.receipt()).user?.customAttributes).toEqual({ x: '2026-01-01' })
    expect(await then.types()).toEqual(['UserAttributesChanged'])
  })

  it('a value that does not fit is REQUEST_FORMAT_INVALID with the expected type in the message', async () => {
    const first = { s: 'x', n: 1, b: true, d: '2026-01-01', t: '2026-01-01T00:00:00Z' }
    const then = given([...made, save(first)]).when(
      save({ s: 1, n: '1', b: 'true', d: '2026-02-30', t: '2026-01-01' }),
    )
    expect(await then.code()).toBe('REQUEST_FORMAT_INVALID')
    expect((await then.violations()).map(({ path, message }) => [path, message])).toEqual([
      ['/user/customAttributes/s', 'must be a string'],
      ['/user/customAttributes/n', 'must be a number'],
      ['/user/customAttributes/b', 'must be a boolean'],
      ['/user/customAttributes/d', 'must be a date, YYYY-MM-DD'],
      ['/user/customAttributes/t', 'must be a datetime (RFC 3339)'],
    ])
  })

  it('a refused command fixes no type', async () => {
    const world = openWorld()
    await world.runAll([...made, save({ n: 1 })])
    await world.refused(save({ fresh: 'x', n: 'not a number' }))
    expect((await world.directory()).definitions.size).toBe(1)
  })

  it('removing a name that nobody defined defines nothing', async () => {
    expect(
      await given(made)
        .when(save({ x: null }))
        .events(),
    ).toEqual([])
  })

  it('datetimes are stored in UTC and seconds, so an equal one is no write', async () => {
    const world = openWorld()
    await world.runAll([...made, save({ t: '2026-11-24T12:00:00.9+02:00' })])
    expect((await world.user({ externalUserId: 'a' })).customAttributes).toEqual({
      t: '2026-11-24T10:00:00Z',
    })
    expect((await world.run(save({ t: '2026-11-24T10:00:00.1Z' }))).events).toEqual([])
  })
})

describe('a list of objects', () => {
  const fields = { sku: 'string', count: 'number', on: 'date', at: 'datetime', gift: 'boolean' }
  const row = { sku: 'x', count: 1, on: '2026-01-01', at: '2026-01-01T01:00:00+01:00', gift: true }
  const declared = [...made, list(fields)]

  it('has exactly the declared fields with their types', async () => {
    const then = given(declared).when(save({ orders: [row, row] }))
    const stored = { ...row, at: '2026-01-01T00:00:00Z' }
    expect((await then.receipt()).user?.customAttributes).toEqual({ orders: [stored, stored] })
    const { gift: _, ...missing } = row
    for (const wrong of [missing, { ...row, more: 1 }, { ...row, count: '1' }, { ...row, on: 'x' }])
      expect(
        await given(declared)
          .when(save({ orders: [row, wrong] }))
          .code(),
      ).toBe('REQUEST_FORMAT_INVALID')
  })

  it('at least one flat object; no nesting', async () => {
    for (const wrong of [
      [],
      [1],
      ['x'],
      [[]],
      [{ ...row, sku: { a: 1 } }],
      [{ ...row, sku: null }],
      { 0: row },
    ])
      expect(
        await given(declared)
          .when(save({ orders: wrong }))
          .code(),
      ).toBe('REQUEST_FORMAT_INVALID')
  })

  it('at most 4096 characters as JSON', async () => {
    const of = (length: number) => save({ orders: [{ s: 'x'.repeat(length) }] })
    const world = openWorld()
    await world.runAll([...made, list({ s: 'string' }), of(4096 - '[{"s":""}]'.length)])
    expect((await world.refused(of(4097 - '[{"s":""}]'.length))).error.code).toBe(
      'REQUEST_FORMAT_INVALID',
    )
  })

  it('equal to the one held, whatever the order of its keys, is no write', async () => {
    const world = openWorld()
    await world.runAll([...declared, save({ orders: [row] })])
    const turned = Object.fromEntries(Object.entries(row).reverse())
    expect((await world.run(save({ orders: [turned] }))).events).toEqual([])
  })
})

describe('DefineAttribute', () => {
  it('declares an attribute', async () => {
    expect(
      await given()
        .when(define('x', 'date', { scope: 'installation' }))
        .facts(),
    ).toEqual([['AttributeDefined', { scope: 'installation', name: 'x', attributeType: 'date' }]])
    expect(
      await given()
        .when(list({ sku: 'string' }))
        .facts(),
    ).toEqual([
      [
        'AttributeDefined',
        { scope: 'user', name: 'orders', attributeType: 'list', fields: { sku: 'string' } },
      ],
    ])
    expect((await given().when(define('x', 'date')).receipt()).user).toBeUndefined()
  })

  it('the same again: no event', async () => {
    expect(
      await given([define('x', 'date')])
        .when(define('x', 'date'))
        .events(),
    ).toEqual([])
    const same = list({ n: 'number', sku: 'string' })
    expect(
      await given([list({ sku: 'string', n: 'number' })])
        .when(same)
        .events(),
    ).toEqual([])
    expect(
      await given([...made, save({ x: 'text' })])
        .when(define('x', 'string'))
        .events(),
    ).toEqual([])
  })

  it('a different type: ATTRIBUTE_CONFLICT', async () => {
    const conflicts: ReadonlyArray<readonly [Given, Given]> = [
      [define('x', 'date'), define('x', 'datetime')],
      [list({ sku: 'string' }), list({ sku: 'number' })],
      [list({ sku: 'string' }), list({ sku: 'string', n: 'number' })],
      [list({ sku: 'string' }), define('orders', 'string')],
    ]
    for (const [first, second] of conflicts)
      expect(await given([first]).when(second).code()).toBe('ATTRIBUTE_CONFLICT')
    const then = given([...made, save({ x: 'text' })]).when(define('x', 'number'))
    expect((await then.refusal()).error.details).toMatchObject({ declared: { type: 'string' } })
  })

  it('fields are for a list, and a list has some', async () => {
    for (const wrong of [
      define('x', 'list'),
      define('x', 'list', { fields: {} }),
      define('x', 'list', { fields: { a: 'list' } }),
      define('x', 'string', { fields: { a: 'string' } }),
      define('x', 'text'),
      define('x', 'string', { scope: 'account' }),
    ])
      expect(await given().when(wrong).code()).toBe('REQUEST_FORMAT_INVALID')
  })

  it('a name has 1 to 256 characters, none of {}[]', async () => {
    for (const name of ['x', 'x'.repeat(256), '__proto__', 'a.b', 'ł'.repeat(256)])
      expect(await given().when(define(name, 'string')).types()).toEqual(['AttributeDefined'])
    for (const name of ['', 'x'.repeat(257), 'a{b', 'a}', '[', ']', 'a\u0000b', '\ud800'])
      expect(await given().when(define(name, 'string')).code()).toBe('REQUEST_FORMAT_INVALID')
  })
})

describe('own-property names such as __proto__ are ordinary data and must not reach a prototype', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype']
  const record = (value: unknown): object => Object.fromEntries(names.map((name) => [name, value]))

  it('as names of attributes', async () => {
    const world = openWorld()
    await world.runAll([...made, register('i')])
    const { user } = await world.run(save(record('x')))
    expect(Object.entries(user?.customAttributes ?? {})).toEqual(
      names.sort().map((name) => [name, 'x']),
    )
    const { installation } = await world.run(saveInstallation('i', { customAttributes: record(1) }))
    expect(Object.keys(installation?.customAttributes ?? {})).toEqual(names)
    expect((await world.run(save(record('x')))).events).toEqual([])
    expect((await world.run(save(record(null)))).user?.customAttributes).toEqual({})
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('x')
    await world.rows()
  })

  it('as names of fields in a list', async () => {
    const world = openWorld()
    await world.runAll([...made, list(record('string'))])
    const { user } = await world.run(save({ orders: [record('x')] }))
    const rows = user?.customAttributes.orders
    const row = Array.isArray(rows) ? rows[0] : {}
    expect(Object.entries(row).sort()).toEqual(names.sort().map((name) => [name, 'x']))
    await world.run(saveUser({ externalUserId: 'a' }, { firstName: 'Jo' }))
    expect((await world.run(save({ orders: [record('x')] }))).events).toEqual([])
    await world.rows()
  })

  it('as identities, tags and ids', async () => {
    const world = openWorld()
    for (const name of names) {
      await world.runAll([createUser(name, { userAttributes: { tags: names } }), register(name)])
      expect((await world.user({ externalUserId: name })).tags).toEqual(names.sort())
      expect((await world.user({ pushRegistrationId: name })).installations).toHaveLength(1)
    }
    await world.rows()
  })
})
