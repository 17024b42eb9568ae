// Invariant 11, as far as a store's answers go: after an erasure nothing it returns holds a value of
// the person who is gone. (Its files are the store's own tests to search.)

import { canonicalJson, type Json, type Recorded, toStored, type UserId } from '@selfsame/core'
import { type Violation, violation } from './violation.js'

/** Personal values that belong to nobody else, to be looked for after an erasure. */
export type Canaries = ReadonlySet<string>

// A shorter text stands in a log by chance.
const lengthMin = 4

/** The texts inside JSON: keys are public names, values may be anybody's. */
const textsIn = (json: Json): ReadonlyArray<string> => {
  if (typeof json === 'string') return json.length >= lengthMin ? [json] : []
  if (typeof json !== 'object' || json === null) return []
  return Object.values(json).flatMap((part: Json) => textsIn(part))
}

const boxesOf = (events: ReadonlyArray<Recorded>) =>
  events.flatMap((event) => toStored(event).boxes)

/**
 * The values of some users that no other user has in the log, nor the log in the clear.
 *
 * @since 0.1.0
 * @category Laws
 */
export const canariesOf = (
  events: ReadonlyArray<Recorded>,
  erased: ReadonlyArray<UserId>,
): Canaries => {
  const boxes = boxesOf(events)
  const others = new Set(
    boxes.filter(({ owner }) => !erased.includes(owner)).flatMap(({ content }) => textsIn(content)),
  )
  const open = events.flatMap((event) => textsIn(toStored(event).payload))
  for (const one of open) others.add(one)
  // An address is compared without case: in a key, another's is the same text.
  for (const one of [...others]) others.add(one.toLowerCase())
  return new Set(
    boxes
      .filter(({ owner }) => erased.includes(owner))
      .flatMap(({ content }) => textsIn(content))
      .filter((one) => !others.has(one) && !others.has(one.toLowerCase()) && one !== 'erased'),
  )
}

/**
 * Looks for canaries in anything that a store returned.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkErased = (
  canaries: Canaries,
  returned: Readonly<Record<string, Json>>,
): ReadonlyArray<Violation> =>
  Object.entries(returned).flatMap(([where, json]) => {
    const text = canonicalJson(json)
    return [...canaries]
      .filter((canary) => found(text, canary))
      .map((canary) => violation(11, `${where} still has ${JSON.stringify(canary)}`))
  })

/** As a value of its own, or as the end of an identity's key. */
const found = (text: string, canary: string): boolean => {
  const quoted = JSON.stringify(canary).slice(1)
  return text.includes(`"${quoted}`) || text.includes(`:${quoted}`)
}
