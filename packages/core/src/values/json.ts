// Plain JSON: a safe deep copy of whatever a caller hands in, the canonical text that hashes are
// made of, and equality. Own names such as `__proto__` are data here and never reach a prototype.

import { E, type Either } from '../prelude.js'
import { pointer, type Violation, type Violations } from './violation.js'

/**
 * A JSON value.
 *
 * @category Values
 * @since 0.1.0
 */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject

/**
 * A JSON object.
 *
 * @category Values
 * @since 0.1.0
 */
export interface JsonObject {
  readonly [key: string]: Json
}

/** Whole commands are at most 1 MiB of UTF-8 JSON and 32 levels deep (domain.md section 3). */
const BYTES_MAX = 1_048_576
const DEPTH_MAX = 32
const LISTED_MAX = 100
const OVER_BYTES = 'is over 1 MiB of JSON'
const UNREADABLE = 'cannot be read: it throws'

type Frame = ListFrame | ObjectFrame

interface ListFrame {
  readonly keys?: undefined
  readonly source: ReadonlyArray<unknown>
  readonly length: number
  readonly target: Array<Json>
  next: number
}

interface ObjectFrame {
  readonly keys: ReadonlyArray<string>
  readonly source: Readonly<Record<string, unknown>>
  readonly length: number
  readonly target: Record<string, Json>
  next: number
  placed: number
}

/**
 * A deep copy of plain JSON: objects (own enumerable string keys; `undefined` ones are left out),
 * arrays, strings, finite numbers (`-0` becomes `0`), booleans, null. Anything else is a violation
 * at its path, at most 100 of them; what throws when it is read is one too.
 *
 * Over 32 levels (a cycle is that, too) or over 1 MiB as UTF-8 JSON there is one `LIMIT_EXCEEDED`
 * and the walk stops there, so that no input costs more than that much work (domain.md section 3).
 *
 * @example
 * parseJson({ a: [1, undefined] }) // left: [{ path: '/a/1', message: 'must not be undefined', ...}]
 *
 * @category Values
 * @since 0.1.0
 */
export const parseJson = (input: unknown): Either<Violations, Json> => {
  const stack: Array<Frame> = []
  const found: Array<Violation> = []
  let root: Json = null
  let exceeded: Violation | undefined
  let bytes = 0
  let steps = 0

  const here = (): string => pointer(stack.map((f) => f.keys?.[f.next - 1] ?? f.next - 1))
  const wrong = (message: string): void => {
    found.push({ path: here(), code: 'REQUEST_FORMAT_INVALID', message })
  }
  const exceed = (path: string, message: string): void => {
    exceeded = { path, code: 'LIMIT_EXCEEDED', message }
  }
  const put = (value: Json, size: number): void => {
    bytes += size
    const top = stack.at(-1)
    if (top === undefined) root = value
    else if (top.keys === undefined) top.target.push(value)
    else {
      const key = top.keys[top.next - 1] ?? ''
      // A name, a colon, and a comma where it is not the first.
      bytes += jsonSize(key) + (top.placed === 0 ? 1 : 2)
      top.placed += 1
      setOwn(top.target, key, value)
    }
  }
  const open = (value: object): void => {
    const frame = stack.length < DEPTH_MAX ? frameOf(value) : undefined
    if (frame === undefined) exceed(here(), `is over ${DEPTH_MAX} levels deep`)
    else if (typeof frame === 'string') wrong(frame)
    else {
      put(frame.target, 2 + (frame.keys === undefined ? Math.max(0, frame.length - 1) : 0))
      stack.push(frame)
    }
  }
  const take = (value: unknown): void => {
    if (typeof value === 'string') put(value, jsonSize(value))
    else if (typeof value === 'boolean') put(value, value ? 4 : 5)
    else if (value === null) put(null, 4)
    else if (typeof value === 'object') open(value)
    else if (typeof value !== 'number') wrong(`must be JSON, not ${typeof value}`)
    else if (!Number.isFinite(value)) wrong('must be a finite number')
    else put(value === 0 ? 0 : value, `${value}`.length)
  }

  take(input)
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    steps += 1
    if (Math.max(bytes, steps, frame.length) > BYTES_MAX) exceed('', OVER_BYTES)
    if (exceeded !== undefined || found.length === LISTED_MAX) break
    if (frame.next === frame.length) stack.pop()
    else {
      frame.next += 1
      const read = readAt(frame)
      if (read === unreadable) wrong(UNREADABLE)
      else if (read !== undefined || frame.keys === undefined) take(read)
    }
  }
  if (bytes > BYTES_MAX) exceed('', OVER_BYTES)
  if (exceeded !== undefined) return E.left([exceeded])
  return found.length > 0 ? E.left(found) : E.right(root)
}

/**
 * The canonical text of a JSON value by RFC 8785: keys sorted by UTF-16 code units, numbers as
 * ECMAScript writes them, no white space. Equal values have equal texts.
 *
 * @category Values
 * @since 0.1.0
 */
export const canonicalJson = (value: Json): string => {
  if (typeof value === 'string') return quoted(value)
  if (value === null || typeof value !== 'object') return `${value}`
  if (isList(value)) {
    let text = '['
    for (let i = 0; i < value.length; i += 1)
      text += (i === 0 ? '' : ',') + canonicalJson(value[i] ?? null)
    return `${text}]`
  }
  let text = '{'
  for (const key of sortedKeys(value)) {
    const member = value[key]
    if (member === undefined) continue
    text += `${text === '{' ? '' : ','}${quoted(key)}:${canonicalJson(member)}`
  }
  return `${text}}`
}

/**
 * Plain data made inside the engine, seen as JSON. Throws where it is not JSON: that is a bug.
 *
 * @category Values
 * @since 0.1.0
 */
export const jsonOf = (value: unknown): Json => {
  if (isJson(value)) return value
  throw new TypeError('not JSON: a value that no codec has parsed came this far')
}

/**
 * Whether two JSON values are equal, whatever the order of their keys.
 *
 * @category Values
 * @since 0.1.0
 */
export const equalJson = (a: Json, b: Json): boolean => equalData(a, b)

/** `equalJson` for values not known to be JSON yet. */
export const equalData = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (isList(a)) {
    return isList(b) && a.length === b.length && a.every((item, i) => equalData(item, b[i]))
  }
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equalData(a[key], b[key]))
  )
}

/** `Array.isArray` that keeps the type of a read-only array. */
export const isList = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value)

/** An object that is no array; its inherited properties must not be read. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same of what is JSON already. */
export const isJsonObject = (value: Json | undefined): value is JsonObject => isRecord(value)

/** Gives `target` an own property, under names that the prototype has (`__proto__`) too. */
export const setOwn = <A>(target: Record<string, A>, key: string, value: A): void => {
  if (key in target)
    Object.defineProperty(target, key, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    })
  else target[key] = value
}

const isJson = (value: unknown): value is Json => {
  if (typeof value === 'number') return Number.isFinite(value)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (isList(value)) return value.every(isJson)
  return isRecord(value) && isPlain(value) && Object.values(value).every(isJson)
}

// Most strings need no escape, and asking so is cheaper than JSON.stringify.
const quoted = (text: string): string => (ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`)

const ESCAPED = /["\\\p{Cc}\p{Cs}]/u

/** The keys of an object in the order of canonical JSON. */
export const sortedKeys = (value: object): ReadonlyArray<string> => {
  const keys = Object.keys(value)
  if (keys.length > INSERTION_MAX) return keys.sort()
  // A few keys, often in order already: insertion takes a third of what `sort` does.
  for (let i = 1; i < keys.length; i += 1) {
    const key = keys[i] ?? ''
    let j = i
    for (; j > 0 && (keys[j - 1] ?? '') > key; j -= 1) keys[j] = keys[j - 1] ?? ''
    keys[j] = key
  }
  return keys
}

const INSERTION_MAX = 32

const unreadable = Symbol('unreadable')

const readAt = (frame: Frame): unknown => {
  try {
    return frame.keys === undefined
      ? frame.source[frame.next - 1]
      : frame.source[frame.keys[frame.next - 1] ?? '']
  } catch {
    return unreadable
  }
}

/** The walk over a container, or what is wrong with it. Any step may run a caller's code. */
const frameOf = (value: object): Frame | string => {
  try {
    if (Array.isArray(value)) {
      const source: ReadonlyArray<unknown> = value
      return { source, length: source.length, target: [], next: 0 }
    }
    if (!isPlain(value)) return 'must be plain JSON, not an instance of a class'
    const keys = Object.keys(value)
    return { source: value, keys, length: keys.length, target: {}, next: 0, placed: 0 }
  } catch {
    return UNREADABLE
  }
}

const isPlain = (value: object): value is Readonly<Record<string, unknown>> => {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null || prototype === Object.prototype) return true
  // The Object.prototype of another realm (a test runner's sandbox, a vm context).
  return (
    isRecord(prototype) &&
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  )
}

/** Bytes of a string as UTF-8 JSON; at least as many as its units, so a huge one is not walked. */
const jsonSize = (text: string): number => {
  let size = text.length + 2
  if (size > BYTES_MAX) return size
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x20) size += '\b\t\n\f\r'.includes(text.charAt(i)) ? 1 : 5
    else if (unit < 0x80) size += unit === 0x22 || unit === 0x5c ? 1 : 0
    else if (unit < 0x800) size += 1
    else if (unit < 0xd800 || unit > 0xdfff) size += 2
    else if ((text.codePointAt(i) ?? 0) > 0xffff) {
      size += 2
      i += 1
    } else size += 5
  }
  return size
}
