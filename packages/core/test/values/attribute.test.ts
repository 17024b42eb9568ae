import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AttributeFields,
  AttributeName,
  AttributeType,
  CustomAttributesPatch,
} from '../../src/values/attribute.js'
import { accepts, parsed, paths, violations } from './parsing.js'

const entries = (input: unknown) => {
  const patch = parsed(CustomAttributesPatch, input)
  if (patch.clear) throw new Error('clears')
  return patch.entries
}

describe('the name of a custom attribute', () => {
  it('is 1 to 256 characters, in NFC', () => {
    expect(parsed(AttributeName, 'last visit')).toBe('last visit')
    expect(parsed(AttributeName, 'e\u0301')).toBe('é')
    expect(accepts(AttributeName, 'a'.repeat(256))).toBe(true)
    expect(accepts(AttributeName, 'a'.repeat(257))).toBe(false)
    expect(accepts(AttributeName, '')).toBe(false)
    expect(accepts(AttributeName, 1)).toBe(false)
  })

  it.each(['a{', '}', '[0]', 'a]'])('has none of {}[]: %s', (name) => {
    expect(violations(AttributeName, name)[0]?.message).toContain('{ } [ ]')
  })

  it.each(['__proto__', 'constructor', 'toString', 'a.b', '0'])('may be %s', (name) => {
    expect(parsed(AttributeName, name)).toBe(name)
  })
})

describe('the type of a custom attribute', () => {
  it('is one of six', () => {
    for (const type of ['string', 'number', 'boolean', 'date', 'datetime', 'list']) {
      expect(parsed(AttributeType, type)).toBe(type)
    }
    expect(accepts(AttributeType, 'text')).toBe(false)
  })
})

describe('the fields of a list', () => {
  it('are at least one name with a type that is no list', () => {
    expect(parsed(AttributeFields, { a: 'string', b: 'date' })).toEqual({ a: 'string', b: 'date' })
    expect(paths(AttributeFields, {})).toEqual([''])
    expect(paths(AttributeFields, { a: 'list', 'b[': 'string', c: 'number' })).toEqual([
      '/a',
      '/b[',
    ])
  })

  it('may be named __proto__', () => {
    const fields = parsed(AttributeFields, JSON.parse('{"__proto__":"number"}'))
    expect(JSON.stringify(fields)).toBe('{"__proto__":"number"}')
  })
})

describe('a patch of custom attributes', () => {
  it('clears all where it is null and changes nothing where it is empty', () => {
    expect(parsed(CustomAttributesPatch, null)).toEqual({ clear: true })
    expect(parsed(CustomAttributesPatch, {})).toEqual({ clear: false, entries: [] })
  })

  it('keeps null, which removes, and the empty string, which is a value', () => {
    expect(entries({ a: null, b: '', c: 1.5, d: false })).toEqual([
      ['a', null],
      ['b', ''],
      ['c', 1.5],
      ['d', false],
    ])
  })

  it('takes strings of at most 4096 characters, in NFC and without control characters', () => {
    expect(entries({ a: 'e\u0301' })).toEqual([['a', 'é']])
    expect(paths(CustomAttributesPatch, { a: '😀'.repeat(4096) })).toEqual([])
    expect(paths(CustomAttributesPatch, { a: '😀'.repeat(4097), b: 'a\u0000' })).toEqual([
      '/a',
      '/b',
    ])
  })

  it('takes finite numbers, -0 as 0', () => {
    expect(entries({ a: -0 })).toStrictEqual([['a', 0]])
    expect(paths(CustomAttributesPatch, { a: Number.NaN, b: Number.POSITIVE_INFINITY })).toEqual([
      '/a',
      '/b',
    ])
  })

  it('takes lists of flat objects, at least one', () => {
    expect(entries({ a: [{ x: 1, y: 'e\u0301', z: true }] })).toEqual([
      ['a', [{ x: 1, y: 'é', z: true }]],
    ])
    expect(violations(CustomAttributesPatch, { a: [] })).toMatchObject([
      { path: '/a', message: 'must have at least one object' },
    ])
  })

  it('reports every violation with its path', () => {
    const input = {
      a: [{ x: 1 }, { x: null, y: { z: 1 } }, 'no', [1]],
      'b{': 1,
      c: { x: 1 },
      d: [{ 'e]': 1, f: [1] }],
      '': 1,
    }
    expect(paths(CustomAttributesPatch, input)).toEqual([
      '/a/1/x',
      '/a/1/y',
      '/a/2',
      '/a/3',
      '/b{',
      '/c',
      '/d/0/e]',
      '/d/0/f',
      '/',
    ])
  })

  it('refuses two forms of one name', () => {
    expect(violations(CustomAttributesPatch, { é: 1, 'e\u0301': 2 })).toMatchObject([
      { path: '/e\u0301', message: 'stands here twice, in two Unicode forms' },
    ])
    expect(paths(CustomAttributesPatch, { a: [{ é: 1, 'e\u0301': 2 }] })).toEqual(['/a/0/e\u0301'])
  })

  it('sets at most 1,000 attributes, removals not counted', () => {
    const many = (count: number, value: unknown, prefix = 'k') =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, value]))
    expect(entries({ ...many(1000, 1), ...many(1000, null, 'gone') })).toHaveLength(2000)
    expect(violations(CustomAttributesPatch, many(1001, 1))).toMatchObject([
      { path: '', code: 'LIMIT_EXCEEDED' },
    ])
  })

  it('keeps __proto__ and its like as data', () => {
    const input = JSON.parse('{"__proto__":1,"constructor":[{"__proto__":"x","toString":true}]}')
    expect(JSON.stringify(entries(input))).toBe(
      '[["__proto__",1],["constructor",[{"__proto__":"x","toString":true}]]]',
    )
  })

  it.each(['a', 1, [], true, undefined])('is not %j', (input) => {
    expect(paths(CustomAttributesPatch, input)).toEqual([''])
  })

  it('parses to the same again from what it has parsed', () => {
    const field = fc.oneof(fc.string(), fc.integer(), fc.boolean())
    const name = fc.stringMatching(/^[^{}[\]\p{C}]{1,10}$/u).map((s) => s.normalize('NFC'))
    const row = fc.dictionary(name, field, { minKeys: 1, maxKeys: 3 })
    const value = fc.oneof(field, fc.constant(null), fc.array(row, { minLength: 1, maxLength: 3 }))
    fc.assert(
      fc.property(fc.dictionary(name, value), (input) => {
        const once = entries(input)
        expect(entries(Object.fromEntries(once))).toEqual(once)
      }),
    )
  })
})
