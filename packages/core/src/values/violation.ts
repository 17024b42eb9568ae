// What is wrong with a value, and where: the one error type of every codec in this folder. It
// travels inside io-ts errors, so that all violations of one command come out together.

import { E, t } from '../prelude.js'

/**
 * What kind of rule a value breaks (domain.md section 11).
 *
 * @category Values
 * @since 0.1.0
 */
export type ViolationCode =
  | 'REQUEST_FORMAT_INVALID'
  | 'PHONE_INVALID'
  | 'EMAIL_INVALID'
  | 'LIMIT_EXCEEDED'

/**
 * One broken rule. `path` is a JSON Pointer (RFC 6901), `''` being the whole command. `message`
 * continues the path as a sentence and never repeats a value; `value` stands only for a phone or an
 * email, as it was given, cut at 320 code points.
 *
 * @category Values
 * @since 0.1.0
 */
export interface Violation {
  readonly path: string
  readonly code: ViolationCode
  readonly message: string
  readonly value?: string
}

/**
 * Everything that is wrong with one input; never empty.
 *
 * @category Values
 * @since 0.1.0
 */
export type Violations = ReadonlyArray<Violation>

interface Rejection extends t.ValidationError {
  readonly code: ViolationCode
  readonly given: string | undefined
}

const VALUE_LENGTH_MAX = 320

/**
 * A JSON Pointer (RFC 6901) from keys and indices: `pointer(['a/b', 0])` is `/a~1b/0`.
 *
 * @category Values
 * @since 0.1.0
 */
export const pointer = (segments: ReadonlyArray<string | number>): string => {
  let path = ''
  for (const segment of segments) path += `/${escaped(`${segment}`)}`
  return path
}

const escaped = (segment: string): string =>
  segment.includes('~') || segment.includes('/')
    ? segment.replaceAll('~', '~0').replaceAll('/', '~1')
    : segment

/** The context of a key or an index inside the value that `context` stands for. */
export const at = (
  context: t.Context,
  key: string | number,
  codec: t.Mixed,
  actual: unknown,
): t.Context => t.appendContext(context, `${key}`, codec, actual)

/** Fails a codec with one violation at the place that `context` stands for. */
export const reject = (
  input: unknown,
  context: t.Context,
  message: string,
  code: ViolationCode = 'REQUEST_FORMAT_INVALID',
  value?: string,
): t.Validation<never> => {
  const rejection: Rejection = { value: input, context, message, code, given: value }
  return E.left([rejection])
}

/**
 * The violations in the errors of a `decode`, in the order they were found, each once.
 *
 * @category Values
 * @since 0.1.0
 */
export const toViolations = (errors: t.Errors): Violations => {
  if (errors.length === 1) return errors.map(toViolation)
  const byText = new Map<string, Violation>()
  for (const error of errors) {
    const violation = toViolation(error)
    const text = `${violation.path}\n${violation.message}`
    if (!byText.has(text)) byText.set(text, violation)
  }
  return [...byText.values()]
}

const toViolation = (error: t.ValidationError): Violation => {
  // The first entry of a context is the codec itself: a path begins below it.
  const path = pointer(error.context.slice(1).map((entry) => entry.key))
  const message = error.message ?? `must be ${error.context.at(-1)?.type.name ?? 'another value'}`
  if (!isRejection(error)) return { path, code: 'REQUEST_FORMAT_INVALID', message }
  const { code, given } = error
  return given === undefined ? { path, code, message } : { path, code, message, value: cut(given) }
}

const isRejection = (error: t.ValidationError): error is Rejection => 'code' in error

const cut = (value: string): string =>
  // Twice as many UTF-16 units hold that many code points for sure; the rest is not even walked.
  Array.from(value.slice(0, 2 * VALUE_LENGTH_MAX))
    .slice(0, VALUE_LENGTH_MAX)
    .join('')
