// The laws of patches (domain.md section 3): an omitted key keeps, null removes, what changes nothing
// records nothing, and a patch given twice is a patch given once.

import { canonicalJson, type Engine, type Json } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { isObject } from '../arbitraries/symbols.js'
import { type Violation, violation } from './violation.js'

type Fields = Readonly<Record<string, Json>>

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null))
const fieldsOf = (json: Json | undefined): Fields => (isObject(json) ? json : {})
const same = (a: Json | undefined, b: Json | undefined): boolean =>
  canonicalJson(a ?? null) === canonicalJson(b ?? null)

/** A boolean that is removed has its default again. */
const defaults: Fields = {
  isPrimaryDevice: false,
  isPushRegistrationEnabled: true,
  notificationsEnabled: true,
}

/** Sets are empty once they are removed, single values null. */
const sets: ReadonlySet<string> = new Set(['phones', 'emails', 'tags'])

/** Merged key by key. */
const merged: ReadonlySet<string> = new Set(['customAttributes', 'device'])

const carried: ReadonlySet<string> = new Set([
  'type',
  'target',
  'pushRegistrationId',
  'commandId',
  'actor',
  'correlationId',
  'causationId',
  'occurredAt',
])

/**
 * Executes a `SaveUser` or a `SaveInstallation` on a living engine, once, again and empty, and tells
 * which laws of patches that breaks. It writes: give it an engine of a test. A patch that is
 * refused, rightly or not, breaks none.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkPatch = async (
  engine: Pick<Engine, 'execute' | 'fetchUser' | 'fetchInstallation'>,
  command: Json,
): Promise<ReadonlyArray<Violation>> => {
  if (!isObject(command)) return []
  const isUser = command.type === 'SaveUser'
  if (!isUser && command.type !== 'SaveInstallation') return []
  const patch = isUser
    ? fieldsOf(command.user)
    : Object.fromEntries(Object.entries(command).filter(([key]) => !carried.has(key)))
  const before = isUser
    ? await engine.fetchUser(command.target)()
    : await engine.fetchInstallation(command.pushRegistrationId)()
  const first = await engine.execute(command)()
  if (E.isLeft(before) || E.isLeft(first)) return []
  const after = isUser ? first.right.user : first.right.installation
  const target = isUser
    ? { type: command.type, target: { userId: first.right.user?.id ?? '' } }
    : { type: command.type, pushRegistrationId: command.pushRegistrationId ?? '' }
  const again = await engine.execute(
    isUser ? { ...target, user: patch } : { ...target, ...patch },
  )()
  const empty = await engine.execute(isUser ? { ...target, user: {} } : target)()
  const messages = [
    ...keepsAndRemoves(fieldsOf(plain(before.right)), patch, fieldsOf(plain(after))),
    ...recordsNothing('given again', again),
    ...recordsNothing('that is empty', empty),
  ]
  return messages.map((message) => violation('patch', `${command.type} ${message}`))
}

const recordsNothing = (
  what: string,
  answer: Awaited<ReturnType<ReturnType<Engine['execute']>>>,
): ReadonlyArray<string> => {
  if (E.isLeft(answer)) return [`${what} does not succeed: ${JSON.stringify(answer.left)}`]
  const { events } = answer.right
  return events.length === 0 ? [] : [`${what} records ${events.map(({ type }) => type).join(', ')}`]
}

const keepsAndRemoves = (before: Fields, patch: Fields, after: Fields): ReadonlyArray<string> =>
  Object.keys(before).flatMap((key) => {
    const [was, is] = [before[key], after[key]]
    if (!Object.hasOwn(patch, key)) return unlessSame(key, was, is)
    const given = patch[key] ?? null
    if (!merged.has(key)) return removes(key, given, is)
    if (given === null) return clears(key, fieldsOf(is))
    return keepsEach(key, fieldsOf(was), fieldsOf(given), fieldsOf(is))
  })

const unlessSame = (
  key: string,
  was: Json | undefined,
  is: Json | undefined,
): ReadonlyArray<string> =>
  same(was, is)
    ? []
    : [`without ${key} changes it from ${JSON.stringify(was)} to ${JSON.stringify(is)}`]

const removes = (key: string, given: Json, is: Json | undefined): ReadonlyArray<string> => {
  const isRemoval = given === null || given === '' || (Array.isArray(given) && given.length === 0)
  if (!isRemoval) return []
  const nothing = sets.has(key) ? [] : (defaults[key] ?? null)
  return same(is, nothing) ? [] : [`removes ${key}, and ${JSON.stringify(is)} is left`]
}

const clears = (key: string, is: Fields): ReadonlyArray<string> =>
  Object.values(is).every((value) => value === null)
    ? []
    : [`clears ${key}, and ${JSON.stringify(is)} is left`]

const keepsEach = (key: string, was: Fields, given: Fields, is: Fields): ReadonlyArray<string> => [
  ...Object.keys(was)
    .filter((name) => !Object.hasOwn(given, name))
    .flatMap((name) => unlessSame(`${key}.${name}`, was[name], own(is, name))),
  ...Object.entries(given)
    .filter(([name, value]) => value === null && own(is, name) != null)
    .map(([name]) => `removes ${key}.${name}, and ${JSON.stringify(is[name])} is left`),
]

const own = (fields: Fields, name: string): Json | undefined =>
  Object.hasOwn(fields, name) ? fields[name] : undefined
