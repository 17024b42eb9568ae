// What a refusal has to name for a program (domain.md section 11), told by the model from the world as
// the command found it.

import type { Json, RefusalCode } from '@selfsame/core'
import { active, type Given, isFuture, type Of, referred, userOf } from './naming.js'
import {
  type CustomPatch,
  entriesIn,
  fitted,
  type Parsed,
  type Reference,
  typeOfValue,
} from './values.js'
import {
  externalOf,
  type Identity,
  isAnonymous,
  type Person,
  personOf,
  typeOf,
  type World,
} from './world.js'
import { namedIn } from './writing.js'

/** The details of a refusal; undefined where the model leaves them open. */
export const detailsOf = (
  world: World,
  command: Parsed,
  code: RefusalCode,
  given: Given,
): Json | undefined => {
  switch (code) {
    case 'NO_REGISTRATION':
    case 'USER_NOT_FOUND':
    case 'USER_ERASED':
      return notThere(world, command, code)
    case 'REQUEST_FORMAT_INVALID':
      return { violations: wrongPaths(world, command).map((path) => ({ path })) }
    case 'USER_IDENTITY_INVALID':
      return {}
    case 'AMBIGUOUS_PERSONALIZE_CANDIDATES':
      return { candidates: ownersIn(world, identitiesOf(command), null) }
    case 'USER_MERGE_INTERRUPTED':
      return { owners: ownersIn(world, identitiesOf(command), targetOf(world, command)) }
    case 'PERSONALIZATION_IMPOSSIBLE':
      return command.type === 'Personalize' ? impossible(world, command, given) : undefined
    case 'INSTALLATION_NOT_OWNED':
      return notOwned(command)
    case 'MERGE_CONFLICT':
      return command.type === 'MergeUsers' ? conflict(world, command) : undefined
    case 'UNMERGE_IMPOSSIBLE':
      return command.type === 'UnmergeUsers' ? notAbsorbed(world, command) : undefined
    case 'ATTRIBUTE_CONFLICT':
      return command.type === 'DefineAttribute' ? declared(world, command) : undefined
    default:
      return undefined
  }
}

/** Everybody and everything that a command names, in the order in which it is looked up. */
const namesIn = (command: Parsed): ReadonlyArray<Reference> => {
  switch (command.type) {
    case 'RegisterInstallation':
    case 'CreateUser':
    case 'DefineAttribute':
      return []
    case 'SaveUser':
    case 'EraseUser':
      return [command.target]
    case 'MergeUsers':
      return [...command.users, ...(command.survivor == null ? [] : [command.survivor])]
    case 'UnmergeUsers':
      return [command.survivor]
    default: {
      const { pushRegistrationId } = command
      const other =
        command.type === 'SetPrimary'
          ? command.requestedBy
          : command.type === 'DepersonalizeInstallation'
            ? command.targetPushRegistrationId
            : null
      return [{ pushRegistrationId }, ...(other == null ? [] : [{ pushRegistrationId: other }])]
    }
  }
}

const notThere = (world: World, command: Parsed, code: RefusalCode): Json | undefined => {
  if (command.type === 'RegisterInstallation')
    return { pushRegistrationId: command.pushRegistrationId ?? null }
  const missing = namesIn(command).find((one) => referred(world, one) === code)
  if (missing === undefined)
    return command.type === 'UnmergeUsers' ? { userId: command.absorbed } : undefined
  if (missing.pushRegistrationId !== undefined)
    return { pushRegistrationId: missing.pushRegistrationId }
  return code === 'USER_NOT_FOUND'
    ? { reference: { ...missing } }
    : { userId: personOf(world, missing.userId ?? '')?.id ?? null }
}

const identitiesOf = (command: Parsed): ReadonlyArray<Identity> =>
  command.type === 'SaveUser'
    ? namedIn(command.user)
    : command.type === 'Personalize' || command.type === 'CreateUser'
      ? namedIn(command.userIdentity)
      : []

const targetOf = (world: World, command: Parsed): string | null => {
  const person = command.type === 'SaveUser' ? referred(world, command.target) : null
  return person === null || typeof person === 'string' ? null : person.id
}

/** Whose each identity is, as the command named it; those of one user left out. */
const ownersIn = (
  world: World,
  identities: ReadonlyArray<Identity>,
  except: string | null,
): ReadonlyArray<Json> => {
  const owners = new Map<string, Json[]>()
  for (const { key, kind, value } of identities) {
    const owner = world.identities.get(key)?.owner
    if (owner === undefined || owner === except) continue
    owners.set(owner, [...(owners.get(owner) ?? []), { kind, value }])
  }
  return [...owners].map(([userId, named]) => ({ userId, identities: named }))
}

const impossible = (world: World, command: Of<'Personalize'>, { rules }: Given): Json => {
  const device = active(world, command.pushRegistrationId)
  const identities = namedIn(command.userIdentity)
  const owners = ownersIn(world, identities, null)
  const [c1] = identities.flatMap(({ key }) => world.identities.get(key)?.owner ?? [])
  const u0 = device === undefined ? undefined : userOf(world, device)
  if (u0 !== undefined && !isAnonymous(world, u0) && command.forceDepersonalize !== true) {
    if (c1 !== undefined && c1 !== u0.id) return { userId: u0.id, candidate: c1, owners }
    if (c1 === undefined && rules.personalizeUnknownIdentity === 'refuse') return { userId: u0.id }
  }
  const target = world.people.get(c1 ?? u0?.id ?? '')
  const has = target === undefined ? undefined : externalOf(world, target)
  return { userId: target?.id ?? null, externalUserId: has?.value ?? null }
}

const notOwned = (command: Parsed): Json | undefined => {
  if (command.type === 'SetPrimary')
    return {
      pushRegistrationId: command.pushRegistrationId,
      requestedBy: command.requestedBy ?? null,
    }
  return command.type === 'DepersonalizeInstallation'
    ? {
        pushRegistrationId: command.targetPushRegistrationId,
        requestedBy: command.pushRegistrationId,
      }
    : undefined
}

/** The users of a merge in the order of their creation, and the one that stays. */
const partiesOf = (world: World, command: Of<'MergeUsers'>) => {
  const people = (references: ReadonlyArray<Reference>): ReadonlyArray<Person> =>
    references.flatMap((one) => {
      const person = referred(world, one)
      return typeof person === 'string' ? [] : [person]
    })
  const named = new Set(people(command.users))
  const parties = [...world.people.values()].filter((person) => named.has(person))
  const [asked] = people(command.survivor == null ? [] : [command.survivor])
  const survivor = asked ?? parties.find((person) => typeOf(person) === 'CUSTOMER') ?? parties[0]
  return { parties, survivor }
}

/** The first externalUserId that meets another one. */
const conflict = (world: World, command: Of<'MergeUsers'>): Json | undefined => {
  const { parties, survivor } = partiesOf(world, command)
  if (survivor === undefined) return undefined
  let ours = externalOf(world, survivor)
  for (const one of parties) {
    const theirs = one === survivor ? undefined : externalOf(world, one)
    if (ours !== undefined && theirs !== undefined)
      return {
        field: 'externalUserId',
        candidates: [
          { userId: survivor.id, externalUserId: ours.value },
          { userId: one.id, externalUserId: theirs.value },
        ],
      }
    ours ??= theirs
  }
  return undefined
}

const notAbsorbed = (world: World, command: Of<'UnmergeUsers'>): Json | undefined => {
  const survivor = referred(world, command.survivor)
  if (typeof survivor === 'string') return undefined
  const chain = [command.absorbed]
  for (let one = world.people.get(command.absorbed); one?.into != null; ) {
    chain.push(one.into)
    one = world.people.get(one.into)
  }
  return { survivor: survivor.id, absorbed: command.absorbed, chain }
}

const declared = (world: World, { scope, name }: Of<'DefineAttribute'>): Json => {
  const known = world.definitions.get(`${scope}:${name}`)
  return { scope, name, declared: known === undefined ? null : { ...known } }
}

/** The paths of what does not fit the world: nothing of a command alone, which core has parsed. */
const wrongPaths = (world: World, command: Parsed): ReadonlyArray<string> => {
  switch (command.type) {
    case 'SaveUser':
      return wrongAttributes(world, 'user', command.user, '/user')
    case 'Personalize':
    case 'CreateUser':
      return wrongAttributes(world, 'user', command.userAttributes ?? {}, '/userAttributes')
    case 'RegisterInstallation': {
      const known = active(world, command.pushRegistrationId ?? '')
      const isElsewhere = known !== undefined && known.applicationId !== command.applicationId
      return [
        ...(isElsewhere ? ['/applicationId'] : []),
        ...wrongAttributes(world, 'installation', command, ''),
      ]
    }
    case 'SaveInstallation':
      return wrongAttributes(world, 'installation', command, '')
    case 'MergeUsers': {
      const { parties, survivor } = partiesOf(world, command)
      const isParty = (person: Person | undefined): boolean => parties.some((one) => one === person)
      return [
        ...(isParty(survivor) ? [] : ['/survivor']),
        ...Object.entries(command.overrides ?? {}).flatMap(([field, id]) =>
          isParty(personOf(world, id)) ? [] : [`/overrides/${escaped(field)}`],
        ),
        ...(['survivor-first', 'latest-wins', null].includes(command.policy ?? null)
          ? []
          : ['/policy']),
      ]
    }
    default:
      return []
  }
}

const wrongAttributes = (
  world: World,
  scope: 'user' | 'installation',
  patch: { readonly birthday?: string | null; readonly customAttributes?: CustomPatch },
  path: string,
): ReadonlyArray<string> => [
  ...(isFuture(world, patch.birthday) ? [`${path}/birthday`] : []),
  ...entriesIn(patch.customAttributes).flatMap(([name, raw]) => {
    if (raw === null) return []
    const type = typeOfValue(raw)
    const known = world.definitions.get(`${scope}:${name}`)
    const definition = known ?? (type === undefined ? undefined : { type })
    const fits = definition !== undefined && fitted(raw, definition) !== undefined
    return fits ? [] : [`${path}/customAttributes/${escaped(name)}`]
  }),
]

const escaped = (segment: string): string => segment.replaceAll('~', '~0').replaceAll('/', '~1')
