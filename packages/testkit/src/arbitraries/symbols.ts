// The symbolic names of a sequence and what they mean at a point of its run. A number counts round
// the list it points into; where the list is empty, the name means something that is not there.

import type { Json } from '@selfsame/core'
import type { History } from './history.js'

/** An id that no run ever gives. */
export const nobody = '00000000-0000-7000-8000-000000000000'

const nth = <A>(list: ReadonlyArray<A>, n: number): A | undefined =>
  list.length === 0 ? undefined : list[n % list.length]

/** The identities of a login that names one. */
const requestOf = ({
  kind,
  value,
}: History['identities'][number]): Readonly<Record<string, Json>> =>
  kind === 'externalUserId' ? { [kind]: value } : { [`${kind}s`]: [value] }

type Meaning = (history: History, n: number) => Json

/**
 * `$living`, `$user`, `$erased`, `$survivor`, `$absorbed` mean user ids, `$installation`,
 * `$siblingOf` and `$expired` installations, `$identity` a user reference and `$request` the
 * identities of a login by an identity that was linked, `$requestOfTwo` by two, `$commandId` a command id
 * that was used, `$again` a whole command that was remembered, `$plan` a plan that `$preview` made.
 * `$userOf` names an installation, and means its user.
 * `$phones`, `$emails`, `$tags` and `$attributes` are many: 50100 counts from 50 up to 100, without it.
 */
const meanings: Readonly<Record<string, Meaning>> = {
  $living: ({ living }, n) => nth(living, n) ?? nobody,
  $user: ({ users }, n) => nth(users, n) ?? nobody,
  $erased: ({ erased }, n) => nth(erased, n) ?? nobody,
  $survivor: ({ merges }, n) => nth(merges, n)?.survivor ?? nobody,
  $absorbed: ({ merges }, n) => nth(merges, n)?.absorbed ?? nobody,
  $installation: ({ installations }, n) => nth(installations, n)?.id ?? 'not-registered',
  $expired: ({ expired }, n) => nth(expired, n) ?? 'not-registered',
  $siblingOf: ({ installations }, n) => {
    const one = nth(installations, n)
    const others = installations.filter(({ id, userId }) => userId === one?.userId && id !== one.id)
    return (nth(others, n) ?? one)?.id ?? 'not-registered'
  },
  $identity: ({ identities }, n) => {
    const identity = nth(identities, n)
    return identity === undefined ? { userId: nobody } : { [identity.kind]: identity.value }
  },
  $request: ({ identities }, n) => {
    const identity = nth(identities, n)
    return identity === undefined ? { externalUserId: 'crm-ann' } : requestOf(identity)
  },
  $requestOfTwo: ({ identities }, n) => {
    const [one, other] = [nth(identities, n), nth(identities, n + 1 + (n % 3))]
    return one === undefined || other === undefined
      ? { externalUserId: 'crm-ann' }
      : { ...requestOf(one), ...requestOf(other) }
  },
  $commandId: ({ remembered }, n) => {
    const command = nth(remembered, n)
    return isObject(command) ? (command.commandId ?? null) : null
  },
  $again: ({ remembered }, n) => nth(remembered, n) ?? { type: 'Nothing' },
  $plan: ({ plans }, n) => asJson(nth(plans, n)) ?? { type: 'Nothing' },
  $phones: (_, n) => many(n).map((i) => `48500${100_000 + i}`),
  $emails: (_, n) => many(n).map((i) => `many-${i}@example.com`),
  $tags: (_, n) => many(n).map((i) => `tag-${i}`),
  $attributes: (_, n) => Object.fromEntries(many(n).map((i) => [`name-${i}`, true])),
}

const many = (n: number): ReadonlyArray<number> => {
  const from = Math.floor(n / 10_000)
  return Array.from({ length: Math.max(0, (n % 10_000) - from) }, (_, i) => from + i)
}

/**
 * A command of a sequence with every symbolic name put in the place of what it means now.
 *
 * @since 0.1.0
 * @category Sequences
 */
export const resolveSymbols = (json: Json, history: History): Json => {
  if (Array.isArray(json)) return json.map((item: Json) => resolveSymbols(item, history))
  if (!isObject(json)) return json
  const [entry, ...more] = Object.entries(json)
  if (entry !== undefined && more.length === 0) {
    const [name, n] = entry
    const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined
    if (meaning !== undefined && typeof n === 'number') return meaning(history, n)
    if (name === '$userOf' && typeof n === 'string')
      return history.installations.find(({ id }) => id === n)?.userId ?? nobody
  }
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, resolveSymbols(value, history)]),
  )
}

/** The command that a step only previews, `{ "$preview": command }`. */
export const previewed = (step: Json): Json | undefined =>
  isObject(step) && Object.hasOwn(step, '$preview') ? step.$preview : undefined

/** A JSON object, which an array is not. */
export const isObject = (json: unknown): json is Readonly<Record<string, Json>> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)

const asJson = (value: unknown): Json | undefined => {
  const json: Json | undefined = value === undefined ? undefined : JSON.parse(JSON.stringify(value))
  return json
}
