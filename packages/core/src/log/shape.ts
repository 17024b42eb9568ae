// Small codecs for what stands in the log. They check shape, never today's validity: a newer phone
// or email library must not make an old log unreadable.

import { t } from '../prelude.js'
import { type Description, described } from '../values/described.js'
import type { Instant } from '../values/instant.js'
import type { ApplicationId, PushRegistrationId, UserId } from '../values/token.js'
import type { PersonalValue, PersonalValues } from './event.js'

type Shape<A> = t.Type<A, A, unknown>

const brandedString = <A extends string>(
  name: string,
  schema: Description = () => ({ type: 'string' }),
): Shape<A> => {
  const is = (input: unknown): input is A => typeof input === 'string'
  const validate: t.Validate<unknown, A> = (i, c) => (is(i) ? t.success(i) : t.failure(i, c))
  return described(new t.Type<A, A, unknown>(name, is, validate, t.identity), schema)
}

export const userIdShape = brandedString<UserId>('UserId')
export const pushRegistrationIdShape = brandedString<PushRegistrationId>('PushRegistrationId')
export const applicationIdShape = brandedString<ApplicationId>('ApplicationId')
export const instantShape = brandedString<Instant>('Instant', () => ({
  type: 'string',
  format: 'date-time',
}))
export const positionShape = described(new t.NumberType(), () => ({ type: 'integer', minimum: 1 }))
export const positionsShape = t.readonlyArray(positionShape)
export const fieldsShape = t.readonlyArray(t.string)
export const orNull = <A>(shape: Shape<A>): Shape<A | null> => t.union([shape, t.null])

const isRecord = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null && !Array.isArray(input)

const isFlat = (input: unknown): boolean =>
  typeof input === 'string' || typeof input === 'number' || typeof input === 'boolean'

const isPersonalValue = (input: unknown): input is PersonalValue =>
  input === null ||
  isFlat(input) ||
  (Array.isArray(input)
    ? input.every((row) => isRecord(row) && Object.values(row).every(isFlat))
    : isRecord(input) && [input.added, input.removed].every((part) => Array.isArray(part)))

const isValues = (input: unknown): input is PersonalValues =>
  isRecord(input) && Object.values(input).every(isPersonalValue)

/** A record of personal values. Own keys of any name are data: none is read through a prototype. */
export const valuesShape: Shape<PersonalValues> = described(
  new t.Type<PersonalValues, PersonalValues, unknown>(
    'PersonalValues',
    isValues,
    (i, c) => (isValues(i) ? t.success(i) : t.failure(i, c)),
    t.identity,
  ),
  () => ({ type: 'object', additionalProperties: personalValue }),
)

const flat = { type: ['string', 'number', 'boolean'] }
const texts = { type: 'array', items: { type: 'string' } }
const personalValue = {
  anyOf: [
    { type: ['string', 'number', 'boolean', 'null'] },
    { type: 'array', items: { type: 'object', additionalProperties: flat } },
    {
      type: 'object',
      required: ['added', 'removed'],
      properties: { added: texts, removed: texts },
      additionalProperties: false,
      description: 'Tags, and only those.',
    },
  ],
}

export const recordShape = <A>(shape: Shape<A>): Shape<Readonly<Record<string, A>>> => {
  const is = (input: unknown): input is Readonly<Record<string, A>> =>
    isRecord(input) && Object.values(input).every(shape.is)
  const validate: t.Validate<unknown, Readonly<Record<string, A>>> = (i, c) =>
    is(i) ? t.success(i) : t.failure(i, c)
  return described(
    new t.Type<Readonly<Record<string, A>>, Readonly<Record<string, A>>, unknown>(
      `Record<${shape.name}>`,
      is,
      validate,
      t.identity,
    ),
    (of) => ({ type: 'object', additionalProperties: of(shape) }),
  )
}
