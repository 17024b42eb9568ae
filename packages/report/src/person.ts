// Who is who on the page: the person is A, everyone who was ever in them B, C and so on, and whoever else
// had something of theirs is somebody else, known by an id alone.

import type { Position, UserId } from '@selfsame/core'
import type { Life } from './gather.js'
import { type Html, html } from './html.js'

/** Whose something was: the person's, that of somebody who was absorbed in them, or neither. */
export type Whose = 'self' | 'part' | 'elsewhere'

export interface Person {
  readonly self: UserId
  /** Everyone with a letter, the person first. */
  readonly users: ReadonlyArray<UserId>
  readonly letterOf: (user: UserId) => string | null
  /** The position at which a user left for good, with whomever it was absorbed in; else infinite. */
  readonly leftAt: (user: UserId) => Position
  readonly whoseAt: (user: UserId, position: Position) => Whose
  /** Whether an event has a row of its own on the page. */
  readonly isTold: (position: Position) => boolean
}

const alphabet = 26

/** A to Z, then AA, AB and so on. */
const letters = (i: number): string =>
  (i < alphabet ? '' : letters(Math.floor(i / alphabet) - 1)) +
  String.fromCharCode(65 + (i % alphabet))

export const personIn = ({ history }: Life): Person => {
  const self = history.userId
  const users = [...new Set([self, ...history.absorbed.map(({ userId }) => userId)])]
  const named = new Map(users.map((id, i) => [id, letters(i)]))
  const left = new Map<UserId, Position>()
  for (const { userId, until } of history.absorbed)
    left.set(userId, Math.max(left.get(userId) ?? 0, until ?? Number.POSITIVE_INFINITY))
  const told = new Set(history.events.map(({ position }) => position))
  return {
    self,
    users,
    letterOf: (user) => named.get(user) ?? null,
    leftAt: (user) => left.get(user) ?? Number.POSITIVE_INFINITY,
    whoseAt: (user, position) => {
      if (user === self) return 'self'
      return position < (left.get(user) ?? 0) ? 'part' : 'elsewhere'
    },
    isTold: (position) => told.has(position),
  }
}

/** A user by letter, or by id where it has none. */
export const who = (person: Person, user: UserId): Html => {
  const letter = person.letterOf(user)
  if (letter === null) return html`<code>${user}</code>`
  const whose = user === person.self ? 'self' : 'part'
  return html`<span class="who ${whose}"><span class="unheard">user </span>${letter}</span>`
}

/** An event by its position, with a way to its row. */
export const eventAt = (person: Person, position: Position): Html =>
  person.isTold(position)
    ? html`<a class="at" href="#event-${position}">#${position}</a>`
    : html`<span class="at">#${position}</span>`
