import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { E } from '../../src/prelude.js'
import {
  type AttributeDefinition,
  type AttributeValue,
  inferType,
  sameDefinition,
  typed,
} from '../../src/values/attribute-type.js'

const value = (raw: AttributeValue, definition: AttributeDefinition): AttributeValue => {
  const result = typed(raw, definition)
  if (E.isRight(result)) return result.right
  throw new Error(result.left)
}

const message = (raw: AttributeValue, definition: AttributeDefinition): string => {
  const result = typed(raw, definition)
  return E.isLeft(result) ? result.left : `accepted ${JSON.stringify(result.right)}`
}

describe('the first value of a name fixes its type', () => {
  it.each<[AttributeValue, string | undefined]>([
    ['2026-11-24', 'date'],
    ['2026-11-24T10:00:00+02:00', 'datetime'],
    ['2026-02-30', 'string'],
    ['2026-02-30T10:00:00Z', 'string'],
    ['2026-11-24 ', 'string'],
    ['', 'string'],
    ['true', 'string'],
    ['12', 'string'],
    [12, 'number'],
    [0, 'number'],
    [false, 'boolean'],
    [[{ a: 1 }], undefined],
  ])('%j makes a %s', (raw, type) => {
    expect(inferType(raw)).toBe(type)
  })

  it('and fits the type it makes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.double({ noNaN: true, noDefaultInfinity: true }),
          fc.boolean(),
          fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        ),
        (raw) => {
          const type = inferType(raw)
          expect(type !== undefined && E.isRight(typed(raw, { type }))).toBe(true)
        },
      ),
    )
  })
})

describe('a value under its type', () => {
  it('stays a string under string, whatever it looks like', () => {
    for (const raw of ['', '2026-11-24', '2026-11-24T10:00:00+02:00', '12', 'true']) {
      expect(value(raw, { type: 'string' })).toBe(raw)
    }
  })

  it('is stored as a UTC datetime with seconds under datetime', () => {
    expect(value('2026-11-24T12:00:00.5+02:00', { type: 'datetime' })).toBe('2026-11-24T10:00:00Z')
  })

  it('stays a date under date, a number under number, a boolean under boolean', () => {
    expect(value('2024-02-29', { type: 'date' })).toBe('2024-02-29')
    expect(value(1.5, { type: 'number' })).toBe(1.5)
    expect(value(false, { type: 'boolean' })).toBe(false)
  })

  it.each<[AttributeValue, AttributeDefinition, string]>([
    [1, { type: 'string' }, 'must be a string'],
    [[{ a: 1 }], { type: 'string' }, 'must be a string'],
    ['1', { type: 'number' }, 'must be a number'],
    [true, { type: 'number' }, 'must be a number'],
    ['true', { type: 'boolean' }, 'must be a boolean'],
    [1, { type: 'boolean' }, 'must be a boolean'],
    ['2026-02-30', { type: 'date' }, 'must be a date, YYYY-MM-DD'],
    ['2026-11-24T10:00:00Z', { type: 'date' }, 'must be a date, YYYY-MM-DD'],
    ['', { type: 'date' }, 'must be a date, YYYY-MM-DD'],
    ['2026-11-24', { type: 'datetime' }, 'must be a datetime (RFC 3339)'],
    [0, { type: 'datetime' }, 'must be a datetime (RFC 3339)'],
    ['a', { type: 'list', fields: { a: 'string' } }, 'must be a list of objects'],
  ])('%j under %j is refused with the type it should have', (raw, definition, expected) => {
    expect(message(raw, definition)).toBe(expected)
  })
})

describe('a list of objects', () => {
  const definition: AttributeDefinition = {
    type: 'list',
    fields: { name: 'string', at: 'datetime', count: 'number' },
  }

  it('has exactly the declared fields with their types', () => {
    expect(value([{ count: 1, name: 'a', at: '2026-11-24T12:00:00+02:00' }], definition)).toEqual([
      { count: 1, name: 'a', at: '2026-11-24T10:00:00Z' },
    ])
  })

  it.each<[AttributeValue, string]>([
    [[{ name: 'a', at: '2026-11-24T10:00:00Z' }], '0, "count" is missing'],
    [
      [{ name: 'a', at: '2026-11-24T10:00:00Z', count: 1, more: 1 }],
      '0, "more" is not a declared field',
    ],
    [
      [
        { name: 'a', at: '2026-11-24T10:00:00Z', count: 1 },
        { name: 'a', at: '2026-11-24', count: 1 },
      ],
      '1, "at" must be a datetime (RFC 3339)',
    ],
    [[{ toString: 'a' }], '0, "toString" is not a declared field'],
  ])('%j is refused at the object and the field', (raw, expected) => {
    expect(message(raw, definition)).toBe(`must be a list of objects: ${expected}`)
  })

  it('has at most 4096 characters as JSON, counted in code points', () => {
    const fields: AttributeDefinition = { type: 'list', fields: { a: 'string' } }
    const room = 4096 - '[{"a":""}]'.length
    expect(E.isRight(typed([{ a: '😀'.repeat(room) }], fields))).toBe(true)
    expect(message([{ a: '😀'.repeat(room + 1) }], fields)).toContain('4096')
    expect(message([{ a: 'x'.repeat(room + 1) }], fields)).toContain('4096')
    expect(message(Array(1000).fill({ a: 'x' }), fields)).toContain('4096')
  })

  it('may have a field named __proto__', () => {
    const fields: AttributeDefinition = JSON.parse(
      '{"type":"list","fields":{"__proto__":"number","constructor":"string"}}',
    )
    const read = value(JSON.parse('[{"__proto__":1,"constructor":"a"}]'), fields)
    expect(JSON.stringify(read)).toBe('[{"__proto__":1,"constructor":"a"}]')
    expect(message([{ constructor: 'a' }], fields)).toContain('"__proto__" is missing')
  })
})

describe('two definitions', () => {
  it('are the same where type and fields are, whatever their order', () => {
    expect(sameDefinition({ type: 'string' }, { type: 'string' })).toBe(true)
    expect(
      sameDefinition(
        { type: 'list', fields: { a: 'string', b: 'number' } },
        { type: 'list', fields: { b: 'number', a: 'string' } },
      ),
    ).toBe(true)
  })

  it('differ in a type, a field or a field type', () => {
    const one: AttributeDefinition = { type: 'list', fields: { a: 'string' } }
    expect(sameDefinition({ type: 'string' }, { type: 'number' })).toBe(false)
    expect(sameDefinition(one, { type: 'list' })).toBe(false)
    expect(sameDefinition({ type: 'list' }, one)).toBe(false)
    expect(sameDefinition(one, { type: 'list', fields: { b: 'string' } })).toBe(false)
    expect(sameDefinition(one, { type: 'list', fields: { a: 'number' } })).toBe(false)
    expect(sameDefinition(one, { type: 'list', fields: { a: 'string', b: 'string' } })).toBe(false)
  })
})
