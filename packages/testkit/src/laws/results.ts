// Section 11: what a receipt and a refusal look like, and that a receipt given again is the first
// one, apart from what an erasure has made unreadable since.

import {
  canonicalJson,
  type Directory,
  type Json,
  type Receipt,
  type Recorded,
  type Refusal,
  refusalCodes,
  viewInstallation,
  viewUser,
} from '@selfsame/core'
import { type Violation, violation } from './violation.js'

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value))
const text = (value: unknown): string => canonicalJson(plain(value))

const wrong = (messages: ReadonlyArray<string | null>): ReadonlyArray<Violation> =>
  messages.flatMap((message) => (message === null ? [] : [violation('receipt', message)]))

const unless = (holds: boolean, message: string): string | null => (holds ? null : message)

const receiptKeys = new Set([
  'ok',
  'commandId',
  'position',
  'events',
  'user',
  'installation',
  'absorbed',
  'kept',
])

/**
 * Checks the receipt of a command that was decided now, against what the log has of it and the
 * directory after it.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkReceipt = (
  command: Json,
  receipt: Receipt,
  recorded: ReadonlyArray<Recorded>,
  head: number,
  directory: Directory,
): ReadonlyArray<Violation> => {
  const { user, installation } = receipt
  const held = user === undefined ? undefined : directory.users.get(user.id)
  const kept =
    installation === undefined
      ? undefined
      : directory.installations.get(installation.pushRegistrationId)
  return wrong([
    unless(receipt.ok, 'a receipt is ok'),
    ...Object.keys(receipt).map((key) => unless(receiptKeys.has(key), `unknown key ${key}`)),
    unless(receipt.position === head, `position is ${receipt.position}, not the head ${head}`),
    unless(text(receipt.commandId ?? null) === text(commandIdOf(command)), 'another commandId'),
    unless(text(receipt.events) === text(recorded), 'its events are not those in the log'),
    ...recorded.map((event) => unless(isOf(command, event), `${event.type} is told as another's`)),
    unless(
      user === undefined ||
        (held?.status === 'active' && text(viewUser(directory, held)) === text(user)),
      'its user is not the one in the directory',
    ),
    unless(
      installation === undefined ||
        (kept !== undefined && text(viewInstallation(directory, kept)) === text(installation)),
      'its installation is not the one in the directory',
    ),
    unless(
      installation?.userId == null || user?.id === installation.userId,
      'user is not the present user of the installation',
    ),
  ])
}

/**
 * Checks a refusal: one of the codes, a message for a person, plain details; of values that are
 * wrong, each with its path.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkRefusal = (command: Json, refusal: Refusal): ReadonlyArray<Violation> => {
  const { code, message, details } = refusal.error
  const { violations } = details
  return wrong([
    unless(!refusal.ok, 'a refusal is not ok'),
    unless(refusalCodes.includes(code), `unknown code ${code}`),
    unless(message.length > 10, `the message "${message}" says nothing`),
    unless(typeof details === 'object' && details !== null, 'details are no object'),
    unless(refusal.commandId === tokenIn(commandIdOf(command)), 'another commandId'),
    unless(
      violations === undefined || (Array.isArray(violations) && violations.every(hasPath)),
      'a violation without a path',
    ),
    unless(
      !Array.isArray(violations) || code === codeOf(violations),
      `the code is ${code}, which its violations do not make it`,
    ),
  ])
}

/** The code of several violations: a format before a phone, a phone before an email. */
const codeOf = (violations: ReadonlyArray<Json>): Json => {
  const codes = violations.map((one) =>
    typeof one === 'object' && one !== null && 'code' in one ? (one.code ?? null) : null,
  )
  if (codes.every((code) => code === 'LIMIT_EXCEEDED')) return 'LIMIT_EXCEEDED'
  const isContact = (code: Json): boolean => code === 'PHONE_INVALID' || code === 'EMAIL_INVALID'
  if (!codes.every(isContact)) return 'REQUEST_FORMAT_INVALID'
  return codes.includes('PHONE_INVALID') ? 'PHONE_INVALID' : 'EMAIL_INVALID'
}

/** Whether an event says of itself whose command recorded it, for what, and when it occurred. */
const isOf = (command: Json, event: Recorded): boolean => {
  const inner = innerOf(command)
  const named = (['commandId', 'actor', 'correlationId', 'causationId'] as const).every(
    (key) => (inner[key] ?? null) === event[key],
  )
  const { occurredAt } = inner
  const occurred =
    typeof occurredAt === 'string' ? Date.parse(occurredAt) : Date.parse(event.recordedAt)
  return named && Math.trunc(occurred / 1000) === Math.trunc(Date.parse(event.occurredAt) / 1000)
}

/** A command, or the one that a plan carries. */
const innerOf = (command: Json): Readonly<Record<string, Json>> => {
  if (typeof command !== 'object' || command === null || Array.isArray(command)) return {}
  const given = plainObject(command)
  return given.type === 'Plan' && given.command !== undefined ? innerOf(given.command) : given
}

/** A command id that can be named: of another form it is one of the violations. */
const tokenIn = (commandId: Json): string | undefined =>
  typeof commandId === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(commandId)
    ? commandId
    : undefined

const hasPath = (one: Json): boolean => {
  const path = typeof one === 'object' && one !== null && 'path' in one ? one.path : undefined
  return typeof path === 'string' && (path === '' || path.startsWith('/'))
}

/** The command id that a command or a plan carries. */
export const commandIdOf = (command: Json): Json => {
  if (typeof command !== 'object' || command === null || Array.isArray(command)) return null
  const given: Readonly<Record<string, Json>> = plainObject(command)
  if (given.type === 'Plan' && given.command !== undefined) return commandIdOf(given.command)
  return given.commandId ?? null
}

const plainObject = (json: object): Readonly<Record<string, Json>> =>
  Object.fromEntries(Object.entries(json))

/**
 * Invariant 8: a receipt given again is the first one. Where something was erased since, `erased`
 * may stand for any value, and once for several.
 *
 * @since 0.1.0
 * @category Laws
 */
export const sameReceipt = (first: Receipt, again: Receipt): boolean =>
  sameButErased(plain(first), plain(again))

/** Where two values differ first, as `/path: one, not other`. */
export const firstDifference = (first: unknown, again: unknown): string => {
  const walk = (a: Json, b: Json, path: string): string | undefined => {
    if (sameButErased(a, b)) return undefined
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
      return `${path}: ${JSON.stringify(b)}, not ${JSON.stringify(a)}`
    const [before, now] = [plainObject(a), plainObject(b)]
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const found = walk(before[key] ?? null, now[key] ?? null, `${path}/${key}`)
      if (found !== undefined) return found
    }
    return `${path}: ${JSON.stringify(b)}, not ${JSON.stringify(a)}`
  }
  return walk(plain(first), plain(again), '') ?? 'nowhere'
}

/** Equal JSON, `erased` standing for any value. */
export const sameButErased = (first: Json, again: Json): boolean => {
  if (isErased(again)) return true
  if (Array.isArray(again)) {
    if (!Array.isArray(first)) return false
    // A set is shown in order, in which `erased` has another place than what it stands for.
    if (again.some(isErased))
      return again.every((item: Json) => isErased(item) || first.includes(item))
    return first.length === again.length
      ? again.every((item: Json, i) => sameButErased(first[i] ?? null, item))
      : again.some(holdsErased)
  }
  if (typeof again !== 'object' || again === null) return first === again
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return false
  const [a, b] = [plainObject(first), plainObject(again)]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) =>
    sameButErased(a[key] ?? null, b[key] ?? null),
  )
}

const isErased = (json: Json): boolean =>
  typeof json === 'string' && /^\0?erased(:\d+)?$/.test(json)

const holdsErased = (json: Json): boolean =>
  isErased(json) ||
  (typeof json === 'object' &&
    json !== null &&
    Object.values(json).some((part: Json) => holdsErased(part)))
