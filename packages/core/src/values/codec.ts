// The combinators that commands and values are built from. Unlike io-ts' own they find every
// violation, at every depth, refuse unknown keys and read own properties only.

import { E, t } from '../prelude.js'
import { type Description, described, objectSchema } from './described.js'
import { equalData, isList, isRecord, setOwn } from './json.js'
import { at, reject } from './violation.js'

/**
 * A codec from unknown input to a parsed value; its `encode` is the identity. Its name is what a
 * message says a value should have been.
 *
 * @category Values
 * @since 0.1.0
 */
export type Codec<A> = t.Type<A, unknown, unknown>

/**
 * Codecs by key.
 *
 * @category Values
 * @since 0.1.0
 */
export type Props = Readonly<Record<string, t.Mixed>>

/**
 * What `object` parses to. An optional key that was absent stays absent.
 *
 * @category Values
 * @since 0.1.0
 */
export type ObjectOf<R extends Props, O extends Props> = {
  readonly [K in keyof R]: t.TypeOf<R[K]>
} & {
  readonly [K in keyof O]?: t.TypeOf<O[K]>
}

/**
 * A codec from its parse function alone. `is` means: parses, to that very value. `schema` says what it
 * takes (`jsonSchema`).
 *
 * @category Values
 * @since 0.1.0
 */
export const codec = <A>(
  name: string,
  validate: t.Validate<unknown, A>,
  schema?: Description,
): Codec<A> => {
  const type: Codec<A> = new t.Type<A, unknown, unknown>(
    name,
    (input): input is A => {
      const parsed = type.decode(input)
      return E.isRight(parsed) && equalData(parsed.right, input)
    },
    validate,
    (value) => value,
  )
  return schema === undefined ? type : described(type, schema)
}

/**
 * An object with these keys and no other. Keys in `ignored` may stand there and are dropped; an
 * unknown or missing key is a violation at its own path. A property that is `undefined` is absent.
 *
 * @example
 * const Point = object('a point', { x: t.number }, { label: t.string })
 * Point.decode({ x: 1 }) // right: { x: 1 }
 * Point.decode({ lable: 'a' }) // left: /x is required; /lable unknown key, did you mean "label"?
 *
 * @category Values
 * @since 0.1.0
 */
export function object<R extends Props, O extends Props>(
  name: string,
  required: R,
  optional: O,
  ignored?: ReadonlyArray<string>,
): Codec<ObjectOf<R, O>>
export function object(
  name: string,
  required: Props,
  optional: Props,
  ignored: ReadonlyArray<string> = [],
): t.Mixed {
  const props = [...Object.entries(required), ...Object.entries(optional)]
  const names = props.map(([key]) => key)
  const allowed = new Set([...names, ...ignored])
  const validate: t.Validate<unknown, unknown> = (input, context) => {
    if (!isRecord(input)) return reject(input, context, `must be ${name} (an object)`)
    const parsed: Record<string, unknown> = {}
    const errors: t.Errors = []
    for (const [key, prop] of props) {
      const value = Object.hasOwn(input, key) ? input[key] : undefined
      if (value !== undefined) {
        const result = prop.validate(value, at(context, key, prop, value))
        if (E.isRight(result)) setOwn(parsed, key, result.right)
        else addAll(errors, result.left)
      } else if (Object.hasOwn(required, key))
        addErrors(errors, reject(value, at(context, key, prop, value), 'is required'))
    }
    let unknowns = 0
    for (const key of Object.keys(input)) {
      if (allowed.has(key) || input[key] === undefined) continue
      unknowns += 1
      const meant = unknowns > SUGGESTIONS_MAX ? undefined : closest(key, names)
      const message = `unknown key${meant === undefined ? '' : `, did you mean "${meant}"?`}`
      addErrors(errors, reject(input[key], at(context, key, t.unknown, input[key]), message))
    }
    return errors.length > 0 ? t.failures(errors) : t.success(parsed)
  }
  return codec(name, validate, (of) => objectSchema(of, required, optional, ignored))
}

/**
 * Null, or what the codec takes.
 *
 * @category Values
 * @since 0.1.0
 */
export const nullable = <A>(inner: Codec<A>): Codec<A | null> =>
  codec<A | null>(
    `${inner.name} or null`,
    (input, context) => (input === null ? t.success(null) : inner.validate(input, context)),
    (of) => ({ anyOf: [of(inner), { type: 'null' }] }),
  )

/**
 * As `nullable`; an empty string is null, too (domain.md section 3, Patches).
 *
 * @category Values
 * @since 0.1.0
 */
export const emptyIsNull = <A>(inner: Codec<A>): Codec<A | null> =>
  codec<A | null>(
    `${inner.name} or null`,
    (input, context) =>
      input === null || input === '' ? t.success(null) : inner.validate(input, context),
    (of) => ({ anyOf: [of(inner), { enum: [null, ''] }] }),
  )

/**
 * An array of any length; each violation names its index.
 *
 * @category Values
 * @since 0.1.0
 */
export const list = <A>(element: Codec<A>, name: string): Codec<ReadonlyArray<A>> =>
  codec<ReadonlyArray<A>>(
    name,
    (input, context) => {
      if (!isList(input)) return reject(input, context, `must be ${name} (an array)`)
      const parsed: Array<A> = []
      const errors: t.Errors = []
      for (const [index, item] of input.entries()) {
        const result = element.validate(item, at(context, index, element, item))
        if (E.isRight(result)) parsed.push(result.right)
        else addAll(errors, result.left)
      }
      return errors.length > 0 ? t.failures(errors) : t.success(parsed)
    },
    (of) => ({ type: 'array', items: of(element) }),
  )

/**
 * One of a few words, compared exactly.
 *
 * @category Values
 * @since 0.1.0
 */
export const literals = <const V extends ReadonlyArray<string>>(
  name: string,
  values: V,
): Codec<V[number]> => {
  const allowed: ReadonlyArray<V[number]> = values
  const validate: t.Validate<unknown, V[number]> = (input, context) => {
    const value = allowed.find((one) => one === input)
    if (value !== undefined) return t.success(value)
    return reject(input, context, `must be one of ${allowed.map((v) => `"${v}"`).join(', ')}`)
  }
  const [only] = values.length === 1 ? values : []
  return codec<V[number]>(name, validate, () =>
    only === undefined ? { enum: [...values] } : { const: only },
  )
}

/**
 * `true` or `false`, no words and no numbers.
 *
 * @category Values
 * @since 0.1.0
 */
export const booleanValue: Codec<boolean> = codec<boolean>(
  'a boolean',
  (input, context) =>
    typeof input === 'boolean'
      ? t.success(input)
      : reject(input, context, 'must be a boolean: true or false'),
  () => ({ type: 'boolean' }),
)

/**
 * `true`, `false`, or null, which restores a default (domain.md section 3, Patches).
 *
 * @category Values
 * @since 0.1.0
 */
export const nullableBoolean: Codec<boolean | null> = nullable(booleanValue)

/**
 * The same codec, its value branded.
 *
 * @category Values
 * @since 0.1.0
 */
export const branded = <A, B extends A>(inner: Codec<A>, brand: (value: A) => B): Codec<B> =>
  codec<B>(
    inner.name,
    (input, context) => {
      const parsed = inner.validate(input, context)
      return E.isRight(parsed) ? t.success(brand(parsed.right)) : parsed
    },
    (of) => of(inner),
  )

/** Appends in place: a spread into `push` overflows the stack at some 100,000 errors. */
export const addAll = (errors: t.Errors, more: t.Errors): void => {
  for (const error of more) errors.push(error)
}

/** Appends the errors of a validation that failed. */
export const addErrors = (errors: t.Errors, failed: t.Validation<unknown>): void => {
  if (E.isLeft(failed)) addAll(errors, failed.left)
}

// Only the first few unknown keys of an object are compared with the known ones: who sends more
// has not misspelt them.
const SUGGESTIONS_MAX = 20
const KEY_LENGTH_MAX = 64
const DISTANCE_MAX = 2

const closest = (key: string, names: ReadonlyArray<string>): string | undefined => {
  if (key.length > KEY_LENGTH_MAX) return undefined
  const lower = key.toLowerCase()
  let best: string | undefined
  // In a short name two edits are another word.
  let least = Math.min(DISTANCE_MAX, Math.floor(key.length / 3)) + 1
  for (const name of names) {
    const distance = editDistance(lower, name.toLowerCase())
    if (distance < least) {
      least = distance
      best = name
    }
  }
  return best
}

/** Levenshtein's distance: insertions, deletions and substitutions. */
const editDistance = (a: string, b: string): number => {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (above[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(substituted, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    above = row
  }
  return above[b.length] ?? 0
}
