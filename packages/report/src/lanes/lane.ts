// A life as lanes: one for each user, installation and identity, with the stretches of time that somebody
// had it, what happened on it, and the merges that join two users' lanes.

import type { Position, Recorded, UserId } from '@selfsame/core'
import type { Whose } from '../person.js'

/**
 * From one position until before another, or for as long as is known (null). `whose` is a user that has
 * it; several, where it went from one to another outside of this life. `into` is
 * whom a user was absorbed in for that time; null everywhere else.
 */
export interface Stretch {
  readonly from: Position
  readonly until: Position | null
  readonly users: ReadonlyArray<UserId>
  readonly whose: Whose
  readonly into: UserId | null
}

export type MarkKind =
  | 'created'
  | 'changed'
  | 'promoted'
  | 'erased'
  | 'updated'
  | 'expired'
  | 'primary'
  | 'not-primary'

export interface Mark {
  readonly position: Position
  readonly kind: MarkKind
}

export interface Lane {
  readonly kind: 'user' | 'installation' | 'identity'
  readonly name: string
  /** What kind of identity, which application; empty where the name says it all. */
  readonly detail: string
  /** Of a user's lane: whose it is. */
  readonly userId: UserId | null
  readonly stretches: ReadonlyArray<Stretch>
  readonly marks: ReadonlyArray<Mark>
}

/** A merge or its undoing: from the lane of one user to that of another. */
export interface Join {
  readonly position: Position
  readonly kind: 'merged' | 'unmerged'
  readonly from: UserId
  readonly to: UserId
}

/** A step on the way of a thing: who has it from a position on; null is nobody. */
export interface Step {
  readonly position: Position
  readonly userId: UserId | null
}

/** Events by each of the names that they mention: a lane looks at its own alone. */
export const byName = (
  events: ReadonlyArray<Recorded>,
  namesIn: (event: Recorded) => ReadonlyArray<string>,
): ReadonlyMap<string, ReadonlyArray<Recorded>> => {
  const found = new Map<string, Recorded[]>()
  for (const event of events)
    for (const name of namesIn(event)) {
      const there = found.get(name)
      if (there === undefined) found.set(name, [event])
      else there.push(event)
    }
  return found
}

/** Stretches from steps in order. What passes among others only is one stretch. */
export const stretchesOf = (
  steps: ReadonlyArray<Step>,
  whoseAt: (user: UserId, position: Position) => Whose,
): ReadonlyArray<Stretch> => {
  const stretches: Stretch[] = []
  for (const [i, { position: from, userId }] of steps.entries()) {
    if (userId === null) continue
    const whose = whoseAt(userId, from)
    const until = steps[i + 1]?.position ?? null
    const last = stretches.at(-1)
    if (last?.until === from && last.whose === 'elsewhere' && whose === 'elsewhere')
      stretches.splice(-1, 1, { ...last, until, users: [...new Set([...last.users, userId])] })
    else stretches.push({ from, until, users: [userId], whose, into: null })
  }
  return stretches
}
