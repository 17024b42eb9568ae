// The lanes of the identities: by whom each was held, and when it was free. An identity that was given
// again after it was free is the same lane; one that was erased cannot be told to be the same.

import type { IdentityKind, Position, Recorded, UserId } from '@selfsame/core'
import type { Life } from '../gather.js'
import type { Person } from '../person.js'
import { type Lane, type Step, stretchesOf } from './lane.js'

/** The kinds of identity in the words of a reader. */
export const kindNames: Readonly<Record<IdentityKind, string>> = {
  externalUserId: 'external id',
  phone: 'phone',
  email: 'email',
}

/** An identity for a reader: a phone with its plus. */
export const identityText = (kind: IdentityKind, value: string): string =>
  kind === 'phone' && /^\d+$/.test(value) ? `+${value}` : value

export const identityLanes = ({ history }: Life, person: Person): ReadonlyArray<Lane> => {
  const lanes = new Map<string, { kind: IdentityKind; value: string; steps: Step[] }>()
  const laneOf = new Map<Position, Step[]>()
  for (const event of history.events) {
    if (event.type === 'IdentityLinked') {
      const { kind, value } = event.payload
      const key = `${kind}:${kind === 'email' ? value.toLowerCase() : value}`
      const lane = lanes.get(key) ?? { kind, value, steps: [] }
      lanes.set(key, lane)
      laneOf.set(event.position, lane.steps)
    }
    for (const [linked, userId] of passesIn(event))
      laneOf.get(linked)?.push({ position: event.position, userId })
  }
  return [...lanes.values()].map(({ kind, value, steps }) => ({
    kind: 'identity',
    name: identityText(kind, value),
    detail: kindNames[kind],
    userId: null,
    stretches: stretchesOf(steps, person.whoseAt),
    marks: [],
  }))
}

/** The identities that an event gives to somebody, or frees (null), each by the position that linked it. */
const passesIn = (event: Recorded): ReadonlyArray<readonly [Position, UserId | null]> => {
  const to = (linked: ReadonlyArray<Position>, userId: UserId | null) =>
    linked.map((position) => [position, userId] as const)
  switch (event.type) {
    case 'IdentityLinked':
      return to([event.position], event.payload.userId)
    case 'IdentityReleased':
      return to([event.payload.linked], null)
    case 'UsersMerged': {
      const { identities, survivorId } = event.payload
      return [...to(identities.moved, survivorId), ...to(identities.released, null)]
    }
    case 'UsersUnmerged': {
      const { identities, survivorId, absorbedId } = event.payload
      const regained = identities.regained.map(({ position }) => position)
      return [...to(identities.returned, absorbedId), ...to(regained, survivorId)]
    }
    case 'UserErased':
      return to(event.payload.identities, null)
    default:
      return []
  }
}
