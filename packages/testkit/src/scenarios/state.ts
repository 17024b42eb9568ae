// The state after a scenario, as the engine shows it: every user and installation that the log knows,
// under readable names.

import type {
  Engine,
  Failure,
  InstallationView,
  Json,
  Recorded,
  Refusal,
  RefusalCode,
  UserView,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { isObject } from '../arbitraries/symbols.js'
import type { Readable } from './facts.js'
import type { Names } from './names.js'

/** What the engine shows of each name, or the code with which it refuses to. */
export interface State {
  readonly users: Readonly<Record<string, Json>>
  readonly installations: Readonly<Record<string, Json>>
}

type ShownUser = Readable<Omit<UserView, 'installations'>> & {
  /** Their ids. */
  readonly installations: ReadonlyArray<string>
}

/**
 * The state that should be left behind, by the ids that the test uses: of a user or an installation the
 * keys that are named must be equal (a user's installations are a list of their ids), or the code
 * with which it cannot be fetched, as `USER_ERASED`. The id of an absorbed user shows its survivor.
 *
 * @since 0.1.0
 * @category Scenarios
 */
export interface ExpectedState {
  readonly users?: Readonly<Record<string, Partial<ShownUser> | RefusalCode>>
  readonly installations?: Readonly<
    Record<string, Partial<Readable<InstallationView>> | RefusalCode>
  >
}

/** Asks the engine for everybody whom the log knows. */
export const stateOf = async (
  engine: Engine,
  events: ReadonlyArray<Recorded>,
  names: Names,
): Promise<State> => {
  const users = events.flatMap((event) =>
    event.type === 'UserCreated' ? [event.payload.userId] : [],
  )
  const installations = events.flatMap((event) =>
    event.type === 'InstallationRegistered' ? [event.payload.pushRegistrationId] : [],
  )
  const shown = async (
    ids: ReadonlyArray<string>,
    fetch: (id: string) => Promise<E.Either<Refusal | Failure, object>>,
  ): Promise<Readonly<Record<string, Json>>> => {
    const entries: Array<readonly [string, Json]> = []
    for (const id of ids)
      entries.push([String(names.shown(id)), names.shown(answered(await fetch(id)))])
    return Object.fromEntries(entries)
  }
  return {
    users: await shown(users, async (userId) =>
      E.map(withInstallationIds)(await engine.fetchUser({ userId })()),
    ),
    installations: await shown(installations, (id) => engine.fetchInstallation(id)()),
  }
}

const withInstallationIds = (user: UserView): object => ({
  ...user,
  installations: user.installations.map((one) => one.pushRegistrationId),
})

const answered = (answer: E.Either<Refusal | Failure, object>): object | string => {
  if (E.isRight(answer)) return answer.right
  return 'error' in answer.left ? answer.left.error.code : `failure: ${answer.left.message}`
}

const isEmpty = (value: Json): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0)

/** What is there of a view, on one line: what is empty, or plain from the name, is left out. */
const shortly = (name: string, view: Json): string => {
  if (!isObject(view)) return String(view)
  if (typeof view.id === 'string' && view.id !== name) return `absorbed in ${view.id}`
  const entries = Object.entries(view)
    .map(([key, value]): readonly [string, Json] => [
      key,
      key === 'device' ? present(value) : value,
    ])
    .filter(([key, value]) => !isEmpty(value) && !unsaid.has(key) && value !== 'active')
  return JSON.stringify(Object.fromEntries(entries))
}

const unsaid: ReadonlySet<string> = new Set(['id', 'pushRegistrationId'])

const present = (json: Json): Json =>
  isObject(json)
    ? Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null))
    : json

/** The state as a person reads it, line by line. */
export const stateLines = ({ users, installations }: State): ReadonlyArray<string> => {
  const lines = [
    ...Object.entries(users).map(([name, view]) => `user ${name}: ${shortly(name, view)}`),
    ...Object.entries(installations).map(
      ([name, view]) => `installation ${name}: ${shortly(name, view)}`,
    ),
  ]
  return lines.length === 0 ? ['nobody'] : lines
}
