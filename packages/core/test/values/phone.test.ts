import fc from 'fast-check'
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'
import { describe, expect, it } from 'vitest'
import { Phone } from '../../src/values/phone.js'
import { accepts, parsed, violations } from './parsing.js'

describe('a phone', () => {
  it.each([
    ['48600700800', '48600700800'],
    ['+48600700800', '48600700800'],
    ['+48 600-700.800', '48600700800'],
    ['(+48) 600 700 800', '48600700800'],
    ['+1 (202) 555-0123', '12025550123'],
    [' +48600700800 ', '48600700800'],
    ['+39 06 1234 5678', '390612345678'],
    ['+800 1234 5678', '80012345678'],
  ])('%j is stored as its digits %s', (input, digits) => {
    expect(parsed(Phone, input)).toBe(digits)
  })

  it.each([
    '',
    '000',
    '+000',
    '0',
    '+',
    '0048600700800',
    '++48600700800',
    '48+600700800',
    '48600700800+',
    '1234567890123456',
    '48600/700800',
    '48600700800x1',
    'phone',
    '+48 600\u00a0700 800',
    '+４８600700800',
    '+48600700800\n',
    '٤٨600700800',
  ])('%j is no E.164 number', (input) => {
    expect(violations(Phone, input)).toEqual([
      {
        path: '',
        code: 'PHONE_INVALID',
        message: 'must be an E.164 phone number: at most 15 digits, the first not 0',
        value: input,
      },
    ])
  })

  it.each(['999123456789', '+48 60070', '+1 202 555', '12', '+48 600 700 800 900'])(
    '%j is impossible for its country code',
    (input) => {
      expect(violations(Phone, input)).toMatchObject([
        { code: 'PHONE_INVALID', message: expect.stringContaining('possible'), value: input },
      ])
    },
  )

  it('may be possible without being valid: numbering plans change', () => {
    expect(parsed(Phone, '+1 200 000 0000')).toBe('12000000000')
  })

  it.each(['+44 (0)20 7946 0958', '+49 (0)30 123456', '+7 8 926 123 45 67'])(
    '%j has a prefix that is dialled within the country only, so it would be a second name',
    (input) => {
      expect(violations(Phone, input)[0]).toMatchObject({
        code: 'PHONE_INVALID',
        message: expect.stringContaining('within the country'),
      })
    },
  )

  it.each([48600700800, null, undefined, {}, ['48600700800']])(
    '%j is of another kind, not a bad phone',
    (input) => {
      expect(violations(Phone, input)[0]?.code).toBe('REQUEST_FORMAT_INVALID')
    },
  )

  it('costs little however long it is', () => {
    const started = performance.now()
    expect(accepts(Phone, `${' '.repeat(1_000_000)}x`)).toBe(false)
    expect(accepts(Phone, '1'.repeat(1_000_000))).toBe(false)
    expect(violations(Phone, '('.repeat(1_000_000))[0]?.value).toHaveLength(320)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('once parsed parses to itself, whatever separators stand between its digits', () => {
    const separators = fc.array(fc.constantFrom('', ' ', '-', '.', '(', ')'), {
      minLength: 11,
      maxLength: 11,
    })
    fc.assert(
      fc.property(separators, fc.boolean(), (between, plus) => {
        const digits = [...'48600700800'].map((digit, i) => digit + (between[i] ?? '')).join('')
        const stored = parsed(Phone, (plus ? '+' : '') + digits)
        expect(stored).toBe('48600700800')
        expect(parsed(Phone, stored)).toBe(stored)
      }),
    )
  })

  it('is digits, the first not 0, at most 15 of them, or a refusal', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[+0-9 ().-]{0,20}$/), (input) => {
        if (accepts(Phone, input)) expect(parsed(Phone, input)).toMatch(/^[1-9]\d{0,14}$/)
      }),
    )
  })

  it('is what the library says, of short ones too, though it is not asked about the shortest', () => {
    const agrees = (digits: string): void => {
      const known = parsePhoneNumberFromString(`+${digits}`)
      const isPossible = known?.isPossible() === true && known.number === `+${digits}`
      expect([digits, accepts(Phone, digits)]).toEqual([digits, isPossible])
    }
    for (let n = 1; n < 1000; n += 1) agrees(`${n}`)
    for (const digits of ['2471234', '24712345', '67612345', '6761234']) agrees(digits)
    fc.assert(fc.property(fc.integer({ min: 1000, max: 99_999_999 }), (n) => agrees(`${n}`)))
  })
})
