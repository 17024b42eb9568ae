// Who held an identity, and from when to when. An identity is found by its tag; from the position that
// linked it on, whatever passes it to somebody else or frees it names that position.

import { type Reader, taggedWith } from '../engine/about.js'
import type { Recorded } from '../log/envelope.js'
import { identityTag, linkedTag } from '../log/tags.js'
import type { Failure } from '../ports/failure.js'
import { E, type Either } from '../prelude.js'
import type { Identity } from '../values/identity.js'
import type { Position, UserId } from '../values/token.js'

/**
 * A user who held something, from the position that gave it up to the one that took it, or `until`
 * null for as long as is known. `userId` null is nobody.
 * @since 0.1.0
 * @category Audit
 */
export interface Holding {
  readonly userId: UserId | null
  readonly from: Position
  readonly until: Position | null
}

/** Every event that gave or took an identity, up to a position, and what follows from them. */
export interface Holders {
  readonly events: ReadonlyArray<Recorded>
  readonly holdings: ReadonlyArray<Holding>
  /** The position that linked the identity that stands at the end. */
  readonly linked: Position | null
}

/** Reads the holders of an identity. What was erased is found no more: its tag went with it. */
export const holdersOf = async (
  reader: Reader,
  identity: Identity,
  upTo: Position,
): Promise<Either<Failure, Holders>> => {
  const links = await taggedWith(reader, [identityTag(identity.key)], upTo)
  if (E.isLeft(links)) return links
  const positions = links.right.map(({ position }) => position)
  const passed = await taggedWith(reader, positions.map(linkedTag), upTo)
  if (E.isLeft(passed)) return passed
  const ours = new Set(positions)
  const steps = [...links.right, ...passed.right]
    .flatMap((event) =>
      passes(event)
        .filter(({ linked }) => ours.has(linked))
        .map((pass) => ({ event, ...pass })),
    )
    .sort((a, b) => a.event.position - b.event.position)
  return E.right({
    events: steps.map(({ event }) => event),
    holdings: holdings(steps.map(({ event, to }) => [event.position, to])),
    linked: steps.at(-1)?.linked ?? null,
  })
}

/** Steps of (position, holder from there on) as holdings without gaps. */
export const holdings = (
  steps: ReadonlyArray<readonly [Position, UserId | null]>,
): ReadonlyArray<Holding> =>
  steps.map(([from, userId], i) => ({ userId, from, until: steps[i + 1]?.[0] ?? null }))

interface Pass {
  /** The position that linked the identity. */
  readonly linked: Position
  readonly to: UserId | null
}

/** The identities that an event gives to somebody, or frees. */
const passes = (event: Recorded): ReadonlyArray<Pass> => {
  const all = (positions: ReadonlyArray<Position>, to: UserId | null): ReadonlyArray<Pass> =>
    positions.map((linked) => ({ linked, to }))
  switch (event.type) {
    case 'IdentityLinked':
      return all([event.position], event.payload.userId)
    case 'IdentityReleased':
      return all([event.payload.linked], null)
    case 'UsersMerged': {
      const { identities, survivorId } = event.payload
      return [...all(identities.moved, survivorId), ...all(identities.released, null)]
    }
    case 'UsersUnmerged': {
      const { identities, survivorId, absorbedId } = event.payload
      const regained = identities.regained.map(({ position }) => position)
      return [...all(identities.returned, absorbedId), ...all(regained, survivorId)]
    }
    case 'UserErased':
      return all(event.payload.identities, null)
    default:
      return []
  }
}
