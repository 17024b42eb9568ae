// The lanes of the person and of everyone who was ever absorbed in them, and what joins these lanes.

import type { Position, Recorded, UserId } from '@selfsame/core'
import type { Life } from '../gather.js'
import type { Person } from '../person.js'
import { byName, type Join, type Lane, type Mark, type MarkKind, type Stretch } from './lane.js'

export const userLanes = ({ history }: Life, person: Person): ReadonlyArray<Lane> => {
  const byUser = byName(history.events, usersIn)
  return person.users.map((userId) => {
    const events = byUser.get(userId) ?? []
    return {
      kind: 'user',
      name: userId,
      detail: userId === person.self ? 'this person' : '',
      userId,
      stretches: stretchesIn(events, person, userId),
      marks: events.flatMap((event): ReadonlyArray<Mark> => {
        const kind = markOn(event, userId)
        return kind === null ? [] : [{ position: event.position, kind }]
      }),
    }
  })
}

/** The users whose lanes an event may show on. */
const usersIn = ({ type, payload }: Recorded): ReadonlyArray<UserId> => {
  switch (type) {
    case 'UsersMerged':
    case 'UsersUnmerged':
      return [payload.absorbedId]
    case 'UserErased':
      return [payload.userId, ...payload.absorbed]
    case 'AttributeDefined':
      return []
    default:
      return [payload.userId]
  }
}

const stretchesIn = (
  events: ReadonlyArray<Recorded>,
  person: Person,
  userId: UserId,
): ReadonlyArray<Stretch> => {
  const turns = events.flatMap((event) => {
    const state = stateAfter(event, userId)
    return state === undefined ? [] : [{ from: event.position, ...state }]
  })
  return turns.flatMap(({ from, isGone, into }, i): ReadonlyArray<Stretch> => {
    if (isGone) return []
    const until = turns[i + 1]?.from ?? null
    const stretch = (first: Position, end: Position | null): Stretch => ({
      from: first,
      until: end,
      users: [userId],
      whose: person.whoseAt(userId, first),
      into,
    })
    // Whoever it is absorbed in may leave this life, and it with them.
    const left = person.leftAt(userId)
    return from < left && left < (until ?? Number.POSITIVE_INFINITY)
      ? [stretch(from, left), stretch(left, until)]
      : [stretch(from, until)]
  })
}

interface State {
  readonly isGone: boolean
  /** Whom it is absorbed in. */
  readonly into: UserId | null
}

const alive: State = { isGone: false, into: null }

/** How a user stands after an event that turns its life. */
const stateAfter = (event: Recorded, userId: UserId): State | undefined => {
  switch (event.type) {
    case 'UserCreated':
      return event.payload.userId === userId ? alive : undefined
    case 'UsersMerged':
      return event.payload.absorbedId === userId
        ? { isGone: false, into: event.payload.survivorId }
        : undefined
    case 'UsersUnmerged':
      return event.payload.absorbedId === userId ? alive : undefined
    case 'UserErased':
      return [event.payload.userId, ...event.payload.absorbed].includes(userId)
        ? { isGone: true, into: null }
        : undefined
    default:
      return undefined
  }
}

const markOn = (event: Recorded, userId: UserId): MarkKind | null => {
  switch (event.type) {
    case 'UserCreated':
      return event.payload.userId === userId ? 'created' : null
    case 'UserAttributesChanged':
      return event.payload.userId === userId ? 'changed' : null
    case 'ProfilePromoted':
      return event.payload.userId === userId ? 'promoted' : null
    case 'UserErased':
      return stateAfter(event, userId)?.isGone === true ? 'erased' : null
    default:
      return null
  }
}

/** Merges and unmerges between two lanes of the life. */
export const joinsIn = ({ history }: Life, person: Person): ReadonlyArray<Join> =>
  history.events.flatMap((event): ReadonlyArray<Join> => {
    if (event.type !== 'UsersMerged' && event.type !== 'UsersUnmerged') return []
    const { survivorId, absorbedId } = event.payload
    if (person.letterOf(survivorId) === null || person.letterOf(absorbedId) === null) return []
    const { position } = event
    return [
      event.type === 'UsersMerged'
        ? { position, kind: 'merged', from: absorbedId, to: survivorId }
        : { position, kind: 'unmerged', from: survivorId, to: absorbedId },
    ]
  })
