// A command in other words: what its caller may write differently and mean the same by. Under its
// command id it is the same command (domain.md section 4).

import type { Json } from '@selfsame/core'
import { isObject } from '../arbitraries/symbols.js'

/** What each command means by a key that is absent, or null. */
const defaults: Readonly<Record<string, Readonly<Record<string, Json>>>> = {
  RegisterInstallation: { pushRegistrationId: null },
  SetPrimary: { requestedBy: null },
  Personalize: {
    forceDepersonalize: false,
    keepAsLead: false,
    setAsPrimary: false,
    userAttributes: null,
  },
  CreateUser: { userType: 'CUSTOMER', userAttributes: null },
  MergeUsers: { survivor: null, overrides: null, policy: null },
  DefineAttribute: { fields: null },
}

/** What a command means by the keys that it leaves out; a list's fields are not left out. */
export const defaultsOf = (
  command: Readonly<Record<string, Json>>,
): Readonly<Record<string, Json>> => {
  const known = Object.hasOwn(defaults, String(command.type)) ? defaults[String(command.type)] : {}
  return Object.fromEntries(
    Object.entries(known ?? {}).filter(([key]) => !Object.hasOwn(command, key)),
  )
}

const sets = new Set(['phones', 'emails', 'tags'])

/** The same command by another caller: defaults told or left out, sets in another order. */
export const reworded = (command: Json): Json => {
  if (!isObject(command) || typeof command.type !== 'string') return command
  if (command.type === 'Plan') return command
  const known = Object.hasOwn(defaults, command.type) ? (defaults[command.type] ?? {}) : {}
  const told = defaultsOf(command)
  const nothing = Object.keys(known).filter((key) => command[key] === known[key])
  return {
    ...reversed(command),
    ...told,
    ...Object.fromEntries(nothing.map((key) => [key, null])),
    actor: 'another-caller',
    correlationId: 'another-visit',
    causationId: 'another-cause',
    occurredAt: '2026-02-03T04:05:06Z',
  }
}

const reversed = (given: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    Object.entries(given)
      .reverse()
      .map(([key, value]): readonly [string, Json] => {
        if (sets.has(key) && Array.isArray(value)) return [key, otherOrder(value)]
        return [key, isObject(value) && key !== 'overrides' ? reversed(value) : value]
      }),
  )

/** Of several casings of one email the first is kept: in another order they mean another value. */
const otherOrder = (set: ReadonlyArray<Json>): ReadonlyArray<Json> => {
  const spellings = [...new Set(set)]
  const uncased = spellings.map((one) =>
    typeof one === 'string' ? one.normalize('NFC').toLowerCase() : one,
  )
  return new Set(uncased).size === spellings.length ? [...set].reverse() : set
}
