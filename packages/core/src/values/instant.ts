// Times and days as text that sorts as time does. Nothing here asks a clock.

import { t } from '../prelude.js'
import { type Codec, codec } from './codec.js'
import { reject } from './violation.js'

interface InstantBrand {
  readonly Instant: unique symbol
}
interface DayBrand {
  readonly Day: unique symbol
}
interface DateTimeBrand {
  readonly DateTime: unique symbol
}

/**
 * A moment in UTC with exactly milliseconds, `2026-11-24T10:00:00.000Z`; years 0001 to 9999, so
 * that the order of the texts is the order of the moments.
 *
 * @category Values
 * @since 0.1.0
 */
export type Instant = t.Branded<string, InstantBrand>

/**
 * A real calendar day, `2026-11-24` (Gregorian, years 0001 to 9999).
 *
 * @category Values
 * @since 0.1.0
 */
export type Day = t.Branded<string, DayBrand>

/**
 * A moment in UTC with exactly seconds, `2026-11-24T10:00:00Z`: a datetime attribute as stored.
 *
 * @category Values
 * @since 0.1.0
 */
export type DateTime = t.Branded<string, DateTimeBrand>

const instant = (value: string): Instant => value as Instant
const day = (value: string): Day => value as Day
const dateTime = (value: string): DateTime => value as DateTime

/**
 * The instant of a count of milliseconds since 1970, as a clock port gives it. Throws outside the
 * years 0001 to 9999: no clock is there.
 *
 * @category Values
 * @since 0.1.0
 */
export const instantFromMillis = (ms: number): Instant => {
  if (!(ms >= MS_MIN && ms <= MS_MAX)) throw new RangeError(`no clock shows ${ms} ms`)
  return instant(new Date(ms).toISOString())
}

/**
 * Milliseconds since 1970.
 *
 * @category Values
 * @since 0.1.0
 */
export const millisOf = (value: Instant): number => Date.parse(value)

/**
 * The UTC day of an instant.
 *
 * @category Values
 * @since 0.1.0
 */
export const dayOf = (value: Instant): Day => day(value.slice(0, 10))

/**
 * Whether a text is exactly a real day: `2024-02-29` is, `2023-02-29` is not.
 *
 * @category Values
 * @since 0.1.0
 */
export const isDay = (value: string): value is Day => {
  const match = DAY.exec(value)
  return match !== null && match[1] !== '0000' && isDayOfMonth(match)
}

/**
 * Reads an RFC 3339 date-time with any offset and cuts its fraction; undefined where the text is
 * not exactly one, names no real moment (a leap second too) or leaves the years 0001 to 9999.
 *
 * @example
 * parseDateTime('2026-11-24T12:00:00.9+02:00') // '2026-11-24T10:00:00Z'
 *
 * @category Values
 * @since 0.1.0
 */
export const parseDateTime = (value: string): DateTime | undefined => {
  const ms = parseMillis(value)
  return ms === undefined ? undefined : dateTime(`${new Date(ms).toISOString().slice(0, 19)}Z`)
}

/**
 * A day of the calendar, `YYYY-MM-DD` (domain.md section 3).
 *
 * @category Values
 * @since 0.1.0
 */
export const Day: Codec<Day> = codec<Day>(
  'a day',
  (input, context) =>
    typeof input === 'string' && isDay(input)
      ? t.success(input)
      : reject(input, context, 'must be a real day, YYYY-MM-DD'),
  () => ({ type: 'string', format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }),
)

/**
 * When something happened, as the caller says: an RFC 3339 date-time with any offset, its fraction
 * cut to milliseconds (domain.md section 4).
 *
 * @category Values
 * @since 0.1.0
 */
export const OccurredAt: Codec<Instant> = codec<Instant>(
  'a time',
  (input, context) => {
    const ms = typeof input === 'string' ? parseMillis(input) : undefined
    return ms === undefined
      ? reject(input, context, 'must be a real date and time with an offset (RFC 3339)')
      : t.success(instantFromMillis(ms))
  },
  () => ({
    type: 'string',
    format: 'date-time',
    pattern:
      '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:]{8}(?:\\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$',
  }),
)

const DAY = /^(\d{4})-(\d\d)-(\d\d)$/
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i

const MINUTE_MS = 60_000
const MS_MIN = Date.parse('0001-01-01T00:00:00.000Z')
const MS_MAX = Date.parse('9999-12-31T23:59:59.999Z')

const isDayOfMonth = ([, year, month, dayOfMonth]: RegExpExecArray): boolean => {
  const m = Number(month)
  const d = Number(dayOfMonth)
  return m >= 1 && m <= 12 && d >= 1 && d <= daysOf(Number(year), m)
}

const daysOf = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const parseMillis = (value: string): number | undefined => {
  const match = DATE_TIME.exec(value)
  if (match === null || !isDayOfMonth(match)) return undefined
  const [, year, month, dayOfMonth, hour, minute, second, fraction = '', sign, hours, minutes] =
    match
  const local = Date.parse(
    `${year}-${month}-${dayOfMonth}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`,
  )
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -1 : 1)
  const ms = local - offset * MINUTE_MS
  return ms >= MS_MIN && ms <= MS_MAX ? ms : undefined
}
