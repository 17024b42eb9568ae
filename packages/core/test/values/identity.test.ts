import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Email } from '../../src/values/email.js'
import { ExternalUserId } from '../../src/values/external-user-id.js'
import {
  EmailsPatch,
  ERASED,
  emailIdentity,
  erasedIdentity,
  erasedValue,
  externalUserIdentity,
  PhonesPatch,
  phoneIdentity,
  readBack,
  readBackOf,
  recordedIdentity,
} from '../../src/values/identity.js'
import type { Json } from '../../src/values/json.js'
import { Phone } from '../../src/values/phone.js'
import { text } from '../../src/values/text.js'
import { accepts, parsed, paths, violations } from './parsing.js'

const phones = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, i) => `+48 600 700 ${100 + i}`)

describe('an identity', () => {
  it('has a key of its kind and its value', () => {
    expect(externalUserIdentity(parsed(ExternalUserId, 'U1'))).toEqual({
      kind: 'externalUserId',
      value: 'U1',
      key: 'externalUserId:U1',
    })
    expect(phoneIdentity(parsed(Phone, '+48 600 700 800'))).toEqual({
      kind: 'phone',
      value: '48600700800',
      key: 'phone:48600700800',
    })
    expect(emailIdentity(parsed(Email, 'John@Example.com'))).toEqual({
      kind: 'email',
      value: 'John@Example.com',
      key: 'email:john@example.com',
    })
  })

  it('is the same again when it is read from the log', () => {
    const email = emailIdentity(parsed(Email, 'John@Example.com'))
    expect(recordedIdentity('email', email.value, 3)).toEqual(email)
    expect(recordedIdentity('phone', '48600700800', 3)).toEqual(
      phoneIdentity(parsed(Phone, '48600700800')),
    )
    expect(recordedIdentity('externalUserId', 'U1', 3)).toEqual(
      externalUserIdentity(parsed(ExternalUserId, 'U1')),
    )
  })
})

describe('an erased identity', () => {
  it('is named by the position that gave it', () => {
    expect(erasedIdentity('phone', 7)).toEqual({
      kind: 'phone',
      value: erasedValue(7),
      key: erasedValue(7),
    })
    expect(recordedIdentity('phone', erasedValue(7), 7)).toEqual(erasedIdentity('phone', 7))
    expect(recordedIdentity('phone', ERASED, 7)).toEqual(erasedIdentity('phone', 7))
    expect(readBack(erasedIdentity('phone', 7).value)).toBe('erased:7')
  })

  it('equals no other: nobody can send its value or its key', () => {
    expect(accepts(text('a value', 256), ERASED)).toBe(false)
    expect(accepts(ExternalUserId, erasedValue(7))).toBe(false)
    expect(accepts(Email, `${ERASED}@example.com`)).toBe(false)
    expect(externalUserIdentity(parsed(ExternalUserId, 'erased:7')).key).not.toBe(
      erasedIdentity('externalUserId', 7).key,
    )
    expect(erasedIdentity('phone', 7).key).not.toBe(erasedIdentity('phone', 8).key)
  })
})

describe('what a caller reads', () => {
  it('has erased for an erased value and erased:<position> for an erased identity', () => {
    expect(readBack({ a: ERASED, b: [erasedValue(12), 'x', { c: ERASED }], d: null })).toEqual({
      a: 'erased',
      b: ['erased:12', 'x', { c: 'erased' }],
      d: null,
    })
  })

  it('is the very JSON where nothing in it is erased', () => {
    const json = { a: ['erased', 1, { b: true }], c: null }
    expect(readBack(json)).toBe(json)
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read: Json = JSON.parse(JSON.stringify(value))
        expect(readBack(read)).toBe(read)
      }),
    )
  })

  it('keeps its type where a value of the engine is read back', () => {
    expect(readBackOf({ name: ERASED, count: 1 }).name).toBe('erased')
  })

  it('keeps __proto__ as data', () => {
    const read = readBack(JSON.parse(`{"__proto__":${JSON.stringify(ERASED)}}`))
    expect(JSON.stringify(read)).toBe('{"__proto__":"erased"}')
  })
})

describe('the phones of a patch', () => {
  it('are none for null and for an empty set', () => {
    expect(parsed(PhonesPatch, null)).toEqual([])
    expect(parsed(PhonesPatch, [])).toEqual([])
    expect(parsed(PhonesPatch, [null, '', null])).toEqual([])
  })

  it('lose nulls, empty strings and duplicates', () => {
    expect(
      parsed(PhonesPatch, ['+48 600 700 800', null, '48600700800', '', '12025550123']),
    ).toEqual(['48600700800', '12025550123'])
  })

  it('report every bad element with its index', () => {
    expect(violations(PhonesPatch, ['000', '48600700800', 7, '000', {}])).toMatchObject([
      { path: '/0', code: 'PHONE_INVALID', value: '000' },
      { path: '/2', code: 'REQUEST_FORMAT_INVALID' },
      { path: '/3', code: 'PHONE_INVALID', value: '000' },
      { path: '/4', code: 'REQUEST_FORMAT_INVALID' },
    ])
  })

  it('are at most 100, counted after that', () => {
    expect(parsed(PhonesPatch, [...phones(100), ...phones(100), null, ''])).toHaveLength(100)
    expect(violations(PhonesPatch, phones(101))).toEqual([
      { path: '', code: 'LIMIT_EXCEEDED', message: 'must have at most 100 values' },
    ])
    expect(parsed(PhonesPatch, Array(10_000).fill('48600700800'))).toEqual(['48600700800'])
  })

  it.each(['48600700800', {}, 1, undefined])('are not %j', (input) => {
    expect(paths(PhonesPatch, input)).toEqual([''])
  })
})

describe('the emails of a patch', () => {
  it('are compared without case, the casing given first being kept', () => {
    expect(parsed(EmailsPatch, ['John@Example.com', 'john@example.COM', 'a@b.cd'])).toEqual([
      'John@Example.com',
      'a@b.cd',
    ])
  })

  it('report every bad element with its index', () => {
    expect(violations(EmailsPatch, ['a@b.cd', 'nobody', 'a@b'])).toMatchObject([
      { path: '/1', code: 'EMAIL_INVALID', value: 'nobody' },
      { path: '/2', code: 'EMAIL_INVALID', value: 'a@b' },
    ])
  })

  it('are at most 100, however they are spelt', () => {
    const emails = Array.from({ length: 100 }, (_, i) => `a${i}@example.com`)
    const upper = emails.map((email) => email.toUpperCase())
    expect(parsed(EmailsPatch, [...emails, ...upper])).toEqual(emails)
    expect(violations(EmailsPatch, [...emails, 'one@more.com'])[0]?.code).toBe('LIMIT_EXCEEDED')
  })

  it('cost little where each is made to cost much', () => {
    const started = performance.now()
    const hostile = Array.from({ length: 4000 }, (_, i) => `${'('.repeat(240)}${i}@a.b`)
    expect(violations(EmailsPatch, hostile)).toMatchObject([{ code: 'LIMIT_EXCEEDED' }])
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
