// Whose a personal value is today. The box of an event names the user under whose key it stands, and
// events of the first schema sealed all that they said of an installation for the user who had it then:
// what it brought into a merge that was undone since is not the survivor's, although it stands there.

import { givenTo } from '../engine/about.js'
import type { Recorded } from '../log/envelope.js'
import type {
  InstallationAttached,
  InstallationRegistered,
  InstallationUpdated,
  PersonalValues,
  UserAttributesChanged,
  UsersMerged,
  UsersUnmerged,
} from '../log/event.js'
import type { Position, PushRegistrationId, UserId } from '../values/token.js'
import { pointer } from '../values/violation.js'

/** What stands in place of a value of somebody else. */
export const WITHHELD = 'withheld'

/** An event as a person may see it, and the JSON Pointers of the values in it that are not theirs. */
export type Shown = Recorded & { readonly withheld: ReadonlyArray<string> }

/** The time of an installation from where it was attached on, and whose its values of that time are. */
interface Stay {
  readonly from: Position
  readonly belongs: UserId | null
}

/** Tells whose the values of an installation are that were recorded at a position. */
export type Owners = (id: PushRegistrationId, at: Position) => UserId | null

/**
 * An installation's values are those of the user it was attached to, through all merges since; where it
 * joined by an identity that an unmerge gave back, of the user to whom it went with that.
 */
export const ownersIn = (events: ReadonlyArray<Recorded>): Owners => {
  const stays = new Map<PushRegistrationId, ReadonlyArray<Stay>>()
  const begin = (id: PushRegistrationId, from: Position, belongs: UserId | null) =>
    stays.set(id, [...(stays.get(id) ?? []), { from, belongs }])
  for (const event of events) {
    const { position } = event
    switch (event.type) {
      case 'InstallationRegistered':
      case 'InstallationAttached':
      case 'InstallationExpired': {
        const { pushRegistrationId: id } = event.payload
        begin(id, position, givenTo(event, id) ?? null)
        break
      }
      case 'UserErased':
        for (const moved of event.payload.installations)
          begin(moved.pushRegistrationId, position, moved.userId)
        break
      case 'UsersUnmerged':
        for (const { pushRegistrationId: id, joinedSince } of event.payload.installations) {
          const known = stays.get(id) ?? []
          const last = known.at(-1)
          if (joinedSince && last !== undefined)
            stays.set(id, [...known.slice(0, -1), { ...last, belongs: event.payload.absorbedId }])
        }
        break
      default:
        break
    }
  }
  return (id, at) => stays.get(id)?.findLast(({ from }) => from <= at)?.belongs ?? null
}

/** The users that the personal values of an event belong to. */
export const ownersOfValues = (event: Recorded, owners: Owners): ReadonlyArray<UserId | null> => {
  switch (event.type) {
    case 'IdentityLinked':
    case 'UserAttributesChanged':
      return [event.payload.userId]
    case 'InstallationRegistered':
    case 'InstallationUpdated':
    case 'InstallationAttached':
      return [owners(event.payload.pushRegistrationId, event.position)]
    case 'UsersMerged':
      return event.payload.installations.map((one) =>
        owners(one.pushRegistrationId, event.position),
      )
    case 'UsersUnmerged':
      return [...event.payload.installations, ...event.payload.remaining].map((one) =>
        owners(one.pushRegistrationId, event.position),
      )
    default:
      return []
  }
}

/** Of these, the users that the values in one box of an event belong to. */
export const ownersOfBox = (
  event: Recorded,
  box: UserId,
  owners: Owners,
): ReadonlyArray<UserId | null> => {
  const all = ownersOfValues(event, owners)
  switch (event.type) {
    case 'UsersMerged':
      return all.filter((_, i) => event.payload.installations[i]?.ownerId === box)
    case 'UsersUnmerged': {
      const { installations, survivorId } = event.payload
      return all.filter((_, i) => (installations[i]?.ownerId ?? survivorId) === box)
    }
    default:
      return all
  }
}

/** An event without the values of anybody but these users. */
export const withoutOthers = (
  event: Recorded,
  owners: Owners,
  theirs: ReadonlySet<UserId>,
): Shown => {
  const isTheirs = ownersOfValues(event, owners).map((id) => id !== null && theirs.has(id))
  if (isTheirs.every((one) => one)) return { ...event, withheld: [] }
  switch (event.type) {
    case 'IdentityLinked': {
      const payload = { ...event.payload, value: WITHHELD }
      return { ...event, payload, withheld: [pointer(['payload', 'value'])] }
    }
    case 'UserAttributesChanged':
    case 'InstallationRegistered':
    case 'InstallationUpdated':
    case 'InstallationAttached':
      return withoutValues(event)
    case 'UsersMerged':
    case 'UsersUnmerged':
      return withoutCarried(event, isTheirs)
    default:
      return { ...event, withheld: [] }
  }
}

const withheld = (values: PersonalValues): PersonalValues =>
  Object.fromEntries(Object.keys(values).map((field) => [field, WITHHELD]))

type OfValues = Recorded<
  UserAttributesChanged | InstallationRegistered | InstallationUpdated | InstallationAttached
>

const withoutValues = <Event extends OfValues>(event: Event) => ({
  ...event,
  payload: { ...event.payload, values: withheld(event.payload.values) },
  withheld: Object.keys(event.payload.values).map((field) => pointer(['payload', 'values', field])),
})

const withoutCarried = <Event extends Recorded<UsersMerged | UsersUnmerged>>(
  event: Event,
  isTheirs: ReadonlyArray<boolean>,
) => {
  const { carried } = event.payload
  return {
    ...event,
    payload: {
      ...event.payload,
      carried: carried.map((values, i) => (isTheirs[i] ? values : withheld(values))),
    },
    withheld: carried.flatMap((values, i) =>
      isTheirs[i]
        ? []
        : Object.keys(values).map((field) => pointer(['payload', 'carried', i, field])),
    ),
  }
}
