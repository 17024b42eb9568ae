import { describe, expect, it } from 'vitest'
import { AttributesPatchProps, TagsPatch } from '../../src/values/attributes-patch.js'
import { object } from '../../src/values/codec.js'
import { parsed, paths, violations } from './parsing.js'

const Attributes = object('attributes', {}, AttributesPatchProps)

describe('a patch of attributes', () => {
  it('keeps what is omitted and removes what is null or empty', () => {
    expect(parsed(Attributes, {})).toStrictEqual({})
    expect(
      parsed(Attributes, {
        firstName: '',
        lastName: null,
        middleName: '',
        gender: null,
        birthday: '',
        tags: null,
        customAttributes: null,
      }),
    ).toStrictEqual({
      firstName: null,
      lastName: null,
      middleName: null,
      gender: null,
      birthday: null,
      tags: [],
      customAttributes: { clear: true },
    })
  })

  it('has names of at most 255 and a middle name of at most 50 characters', () => {
    const of = (first: number, last: number, middle: number) => ({
      firstName: 'ö'.repeat(first),
      lastName: '😀'.repeat(last),
      middleName: 'a'.repeat(middle),
    })
    expect(paths(Attributes, of(255, 255, 50))).toEqual([])
    expect(paths(Attributes, of(256, 256, 51))).toEqual(['/firstName', '/lastName', '/middleName'])
    expect(violations(Attributes, of(256, 1, 1))[0]?.code).toBe('REQUEST_FORMAT_INVALID')
  })

  it('has the genders Male and Female, in this casing', () => {
    expect(parsed(Attributes, { gender: 'Female' })).toEqual({ gender: 'Female' })
    expect(paths(Attributes, { gender: 'male' })).toEqual(['/gender'])
  })

  it('has a birthday that is a real day', () => {
    expect(parsed(Attributes, { birthday: '2000-02-29' })).toEqual({ birthday: '2000-02-29' })
    expect(paths(Attributes, { birthday: '1900-02-29' })).toEqual(['/birthday'])
  })

  it('refuses identities inside it', () => {
    expect(paths(Attributes, { phones: [], emails: [], externalUserId: 'a' })).toEqual([
      '/phones',
      '/emails',
      '/externalUserId',
    ])
  })
})

describe('tags', () => {
  it('are a set: null, empty strings and duplicates are dropped', () => {
    expect(parsed(TagsPatch, ['b', null, 'a', '', 'b', 'B', 'e\u0301', 'é'])).toEqual([
      'b',
      'a',
      'B',
      'é',
    ])
    expect(parsed(TagsPatch, [])).toEqual([])
    expect(parsed(TagsPatch, null)).toEqual([])
  })

  it('have 1 to 256 characters each, every bad one being reported', () => {
    expect(paths(TagsPatch, ['a'.repeat(256), 'a'.repeat(257), 7, 'a\n'])).toEqual([
      '/1',
      '/2',
      '/3',
    ])
  })

  it('are at most 1,000, counted after that', () => {
    const tags = Array.from({ length: 1000 }, (_, i) => `t${i}`)
    expect(parsed(TagsPatch, [...tags, ...tags, null])).toEqual(tags)
    expect(violations(TagsPatch, [...tags, 'one more'])).toMatchObject([
      { path: '', code: 'LIMIT_EXCEEDED' },
    ])
  })

  it.each(['a', {}, 1, undefined])('are not %j', (input) => {
    expect(paths(TagsPatch, input)).toEqual([''])
  })
})
