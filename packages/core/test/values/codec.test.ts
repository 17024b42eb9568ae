import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  booleanValue,
  emptyIsNull,
  list,
  literals,
  nullable,
  nullableBoolean,
  object,
} from '../../src/values/codec.js'
import { text } from '../../src/values/text.js'
import { parsed, paths, violations } from './parsing.js'

const word = text('a word', 10)
const Inner = object('an inner', { name: word }, { nick: word })
const Outer = object(
  'an outer',
  { id: word },
  { flag: booleanValue, inner: Inner, many: list(Inner, 'inners') },
  ['createdAt'],
)

describe('an object', () => {
  it('parses its keys and leaves absent ones absent', () => {
    expect(parsed(Outer, { id: 'a', inner: { name: 'n' } })).toStrictEqual({
      id: 'a',
      inner: { name: 'n' },
    })
  })

  it('takes a property that is undefined for absent', () => {
    expect(parsed(Outer, { id: 'a', flag: undefined, other: undefined })).toStrictEqual({ id: 'a' })
    expect(violations(Outer, { id: undefined })).toMatchObject([
      { path: '/id', message: 'is required' },
    ])
  })

  it('reports all violations at once, nested ones too, each with its path', () => {
    const input = {
      flag: 'yes',
      inner: { nick: 1, nack: 2 },
      many: [{ name: 'a' }, 7, { name: '' }],
      extra: null,
    }
    expect(paths(Outer, input)).toEqual([
      '/id',
      '/flag',
      '/inner/name',
      '/inner/nick',
      '/inner/nack',
      '/many/1',
      '/many/2/name',
      '/extra',
    ])
  })

  it('refuses an unknown key and says which one was meant', () => {
    const Command = object('a command', {}, { forceDepersonalize: booleanValue, tags: word })
    expect(violations(Command, { forceDepersonalise: true })).toEqual([
      {
        path: '/forceDepersonalise',
        code: 'REQUEST_FORMAT_INVALID',
        message: 'unknown key, did you mean "forceDepersonalize"?',
      },
    ])
    const message = (key: string) => violations(Command, { [key]: 1 })[0]?.message
    expect(message('ForceDepersonalize')).toContain('"forceDepersonalize"')
    expect(message('tag')).toContain('"tags"')
    expect(message('a')).toBe('unknown key')
    expect(message('somethingElse')).toBe('unknown key')
    expect(message('x'.repeat(10_000))).toBe('unknown key')
  })

  it('allows and drops what it ignores', () => {
    expect(parsed(Outer, { id: 'a', createdAt: { any: 'thing' } })).toStrictEqual({ id: 'a' })
  })

  it.each([null, 'a', 1, true, [], undefined])('refuses %j, which is no object', (input) => {
    expect(paths(Outer, input)).toEqual([''])
  })

  it('never reads or writes through a prototype', () => {
    const Odd = object('odd', { toString: word }, { ['__proto__']: word, constructor: word })
    expect(paths(Odd, {})).toEqual(['/toString'])
    expect(paths(Odd, Object.create({ toString: 'inherited' }))).toEqual(['/toString'])
    const odd = parsed(Odd, JSON.parse('{"toString":"a","__proto__":"b","constructor":"c"}'))
    expect(Object.entries(odd)).toEqual([
      ['toString', 'a'],
      ['__proto__', 'b'],
      ['constructor', 'c'],
    ])
    expect(Object.getPrototypeOf(odd)).toBe(Object.prototype)
    expect(paths(Outer, JSON.parse('{"id":"a","__proto__":{"flag":true}}'))).toEqual(['/__proto__'])
  })

  it('survives a hundred thousand unknown keys and reports each', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`flat${i}`, 1]))
    expect(violations(Outer, { id: 'a', ...many })).toHaveLength(100_000)
  })

  it('has an `is` that holds for what it has parsed and nothing else', () => {
    expect(Outer.is({ id: 'a' })).toBe(true)
    expect(Outer.is({ id: 'e\u0301' })).toBe(false)
    expect(Outer.is({ id: 'a', createdAt: 1 })).toBe(false)
    expect(Outer.is(null)).toBe(false)
  })

  it('encodes to the very value', () => {
    const value = parsed(Outer, { id: 'a' })
    expect(Outer.encode(value)).toBe(value)
  })
})

describe('null', () => {
  it('is null for nullable, and nothing else is', () => {
    expect(parsed(nullable(word), null)).toBeNull()
    expect(parsed(nullable(word), 'a')).toBe('a')
    expect(paths(nullable(word), '')).toEqual([''])
  })

  it('is an empty string, too, in a patch', () => {
    expect(parsed(emptyIsNull(word), null)).toBeNull()
    expect(parsed(emptyIsNull(word), '')).toBeNull()
    expect(parsed(emptyIsNull(word), 'a')).toBe('a')
    expect(paths(emptyIsNull(word), undefined)).toEqual([''])
  })

  it('stands for the default of a boolean', () => {
    expect(parsed(nullableBoolean, null)).toBeNull()
    expect(parsed(nullableBoolean, false)).toBe(false)
    expect(paths(nullableBoolean, '')).toEqual([''])
  })
})

describe('a list', () => {
  it('names the index of every bad element', () => {
    expect(parsed(list(word, 'words'), ['a', 'b'])).toEqual(['a', 'b'])
    expect(paths(list(word, 'words'), ['a', 1, 'b', ''])).toEqual(['/1', '/3'])
    expect(violations(list(word, 'words'), 'a')[0]?.message).toBe('must be words (an array)')
  })

  it('survives half a million bad elements', () => {
    expect(violations(list(word, 'words'), Array(500_000).fill(1))).toHaveLength(500_000)
  })
})

describe('one of a few words', () => {
  it('lists the words it would take', () => {
    const Scope = literals('a scope', ['user', 'installation'])
    expect(parsed(Scope, 'user')).toBe('user')
    expect(violations(Scope, 'User')[0]?.message).toBe('must be one of "user", "installation"')
  })
})

describe('a boolean', () => {
  it('is true or false, no word and no number', () => {
    fc.assert(
      fc.property(fc.anything(), (input) => {
        expect(paths(booleanValue, input)).toEqual(typeof input === 'boolean' ? [] : [''])
      }),
    )
  })
})
