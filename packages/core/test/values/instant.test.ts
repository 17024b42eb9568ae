import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Day,
  dayOf,
  instantFromMillis,
  isDay,
  millisOf,
  OccurredAt,
  parseDateTime,
} from '../../src/values/instant.js'
import { accepts, parsed, violations } from './parsing.js'

const MIN = Date.parse('0001-01-01T00:00:00.000Z')
const MAX = Date.parse('9999-12-31T23:59:59.999Z')
const anyMillis = fc.integer({ min: MIN, max: MAX })

describe('an instant', () => {
  it('is ISO 8601 in UTC with milliseconds', () => {
    expect(instantFromMillis(0)).toBe('1970-01-01T00:00:00.000Z')
    expect(instantFromMillis(1)).toBe('1970-01-01T00:00:00.001Z')
  })

  it('sorts as text as it does in time', () => {
    fc.assert(
      fc.property(anyMillis, anyMillis, (a, b) => {
        expect(instantFromMillis(a) < instantFromMillis(b)).toBe(a < b)
      }),
    )
  })

  it('gives its milliseconds and its UTC day back', () => {
    fc.assert(
      fc.property(anyMillis, (ms) => {
        const instant = instantFromMillis(ms)
        expect(millisOf(instant)).toBe(ms)
        expect(isDay(dayOf(instant))).toBe(true)
      }),
    )
    expect(dayOf(instantFromMillis(-1))).toBe('1969-12-31')
  })

  it.each([MIN - 1, MAX + 1, Number.NaN, Number.POSITIVE_INFINITY])(
    'is none outside the years 1 to 9999: %d',
    (ms) => {
      expect(() => instantFromMillis(ms)).toThrow(RangeError)
    },
  )
})

describe('a day', () => {
  it.each(['2024-02-29', '2000-02-29', '2023-12-31', '0001-01-01', '9999-12-31'])(
    'is a real calendar day: %s',
    (day) => {
      expect(parsed(Day, day)).toBe(day)
    },
  )

  it.each([
    '2023-02-29',
    '1900-02-29',
    '2023-04-31',
    '2023-13-01',
    '2023-00-10',
    '2023-01-00',
    '0000-01-01',
    '2023-1-1',
    '20230101',
    '2023-01-01 ',
    '2023-01-01T00:00:00Z',
    '+02023-01-01',
    '２０２３-01-01',
    '',
    20230101,
    null,
  ])('is not %j', (input) => {
    expect(violations(Day, input)[0]?.message).toBe('must be a real day, YYYY-MM-DD')
  })

  it('agrees with the calendar of ECMAScript on every day of a leap cycle', () => {
    for (let year = 1996; year <= 2004; year += 1) {
      for (let month = 1; month <= 12; month += 1) {
        for (let day = 1; day <= 31; day += 1) {
          const written = `${year}-${`${month}`.padStart(2, '0')}-${`${day}`.padStart(2, '0')}`
          const real = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
          expect(isDay(written)).toBe(real)
        }
      }
    }
  })
})

describe('a datetime', () => {
  it.each([
    ['2026-11-24T10:00:00Z', '2026-11-24T10:00:00Z'],
    ['2026-11-24T10:00:00.999999999Z', '2026-11-24T10:00:00Z'],
    ['2026-11-24T12:30:00+02:30', '2026-11-24T10:00:00Z'],
    ['2026-11-24T00:00:00-11:00', '2026-11-24T11:00:00Z'],
    ['2026-12-31T23:30:00-01:00', '2027-01-01T00:30:00Z'],
    ['2026-11-24t10:00:00z', '2026-11-24T10:00:00Z'],
    ['2026-11-24T10:00:00-00:00', '2026-11-24T10:00:00Z'],
    ['0000-12-31T23:30:00-01:00', '0001-01-01T00:30:00Z'],
    ['0099-01-01T00:00:00Z', '0099-01-01T00:00:00Z'],
    ['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59Z'],
  ])('%s is stored as %s', (input, stored) => {
    expect(parseDateTime(input)).toBe(stored)
  })

  it.each([
    '2026-11-24T10:00:60Z',
    '2016-12-31T23:59:60Z',
    '2026-11-24T24:00:00Z',
    '2026-11-24T10:60:00Z',
    '2026-02-30T10:00:00Z',
    '2026-11-24T10:00:00',
    '2026-11-24 10:00:00Z',
    '2026-11-24T10:00Z',
    '2026-11-24T10:00:00.Z',
    '2026-11-24T10:00:00,5Z',
    '2026-11-24T10:00:00+2:00',
    '2026-11-24T10:00:00+24:00',
    '2026-11-24T10:00:00+0200',
    '2026-11-24T10:00:00+02:60',
    '2026-11-24',
    ' 2026-11-24T10:00:00Z',
    '2026-11-24T10:00:00Z\n',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:30:00-01:00',
    'now',
    '',
  ])('is not %j', (input) => {
    expect(parseDateTime(input)).toBeUndefined()
  })

  it('means the same moment whatever the offset it is written with', () => {
    const minutes = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 })
    const ms = fc.integer({ min: MIN + 90_000_000, max: MAX - 90_000_000 })
    fc.assert(
      fc.property(ms, minutes, (at, offset) => {
        const local = new Date(at + offset * 60_000).toISOString().slice(0, -1)
        const two = (n: number) => `${Math.trunc(Math.abs(n))}`.padStart(2, '0')
        const written = `${local}${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`
        expect(parsed(OccurredAt, written)).toBe(new Date(at).toISOString())
        expect(parseDateTime(written)).toBe(`${new Date(at).toISOString().slice(0, 19)}Z`)
      }),
    )
  })
})

describe('when something happened', () => {
  it('is an instant, its fraction cut to milliseconds', () => {
    expect(parsed(OccurredAt, '2026-11-24T12:00:00+02:00')).toBe('2026-11-24T10:00:00.000Z')
    expect(parsed(OccurredAt, '2026-11-24T10:00:00.9999Z')).toBe('2026-11-24T10:00:00.999Z')
    expect(parsed(OccurredAt, '2026-11-24T10:00:00.5Z')).toBe('2026-11-24T10:00:00.500Z')
  })

  it.each(['2026-11-24', '2026-11-24T10:00:00', '2016-12-31T23:59:60Z', 0, null, ''])(
    'is not %j',
    (input) => {
      expect(accepts(OccurredAt, input)).toBe(false)
    },
  )
})
