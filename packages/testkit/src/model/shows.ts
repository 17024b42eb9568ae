// Whom a receipt shows (domain.md section 11), told by the model from the world before a command and
// after it.

import { isDeepStrictEqual } from 'node:util'
import { type Given, referred } from './naming.js'
import type { Parsed } from './values.js'
import type { Kept, Person, World } from './world.js'

/** The user, the installation and the absorbed users of a receipt by their ids, and what is kept. */
export interface Shown {
  readonly user: string | null
  readonly installation: string | null
  readonly absorbed: ReadonlyArray<string>
  readonly kept: ReadonlyArray<Kept>
  /** Attributes that got their type, as `scope:name type`. */
  readonly defined: ReadonlyArray<string>
  /** Whether anything is recorded: what changes nothing is no write. */
  readonly isRecorded: boolean
}

export const shownBy = (before: World, after: World, command: Parsed, given: Given): Shown => {
  const installation = installationOf(command, given)
  const living = (id: string | null | undefined): string | null =>
    after.people.get(id ?? '')?.status === 'active' ? (id ?? null) : null
  const user =
    installation === null ? userOf(before, after, command) : after.devices.get(installation)?.userId
  return {
    user: living(user),
    installation,
    absorbed: absorbedBy(before, after, command),
    kept: after.kept,
    defined: [...after.definitions].flatMap(([key, { type }]) =>
      before.definitions.has(key) ? [] : [`${key} ${type}`],
    ),
    isRecorded: !isSameWorld(before, after),
  }
}

const installationOf = (command: Parsed, given: Given): string | null => {
  switch (command.type) {
    case 'RegisterInstallation':
      return command.pushRegistrationId ?? given.newInstallation()
    case 'DepersonalizeInstallation':
      return command.targetPushRegistrationId
    default:
      return 'pushRegistrationId' in command ? command.pushRegistrationId : null
  }
}

/** The target, the survivor or the new user of a command about users. */
const userOf = (before: World, after: World, command: Parsed): string | null => {
  switch (command.type) {
    case 'SaveUser':
      return idOf(referred(before, command.target))
    case 'UnmergeUsers':
      return idOf(referred(before, command.survivor))
    case 'CreateUser':
      return [...after.people.keys()].find((id) => !before.people.has(id)) ?? null
    case 'MergeUsers': {
      const [first] = command.users
      return first === undefined ? null : idOf(referred(after, first))
    }
    default:
      return null
  }
}

const idOf = (person: ReturnType<typeof referred>): string | null =>
  typeof person === 'string' ? null : person.id

/** Who was absorbed by the command, was brought back by it, or ends with the one it erases. */
const absorbedBy = (before: World, after: World, command: Parsed): ReadonlyArray<string> => {
  if (command.type === 'EraseUser') {
    const ended = idOf(referred(before, command.target))
    const endsIn = (one: Person): boolean => {
      const into = one.into === null ? undefined : before.people.get(one.into)
      return into !== undefined && (into.id === ended || endsIn(into))
    }
    return [...before.people.values()].filter(endsIn).map(({ id }) => id)
  }
  return [...before.people.values()]
    .filter((one) => (after.people.get(one.id)?.into ?? null) !== one.into)
    .map(({ id }) => id)
}

/** Whether nothing was recorded between two worlds. */
const isSameWorld = (before: World, after: World): boolean =>
  (['people', 'devices', 'identities', 'definitions'] as const).every((part) =>
    isDeepStrictEqual(before[part], after[part]),
  )
