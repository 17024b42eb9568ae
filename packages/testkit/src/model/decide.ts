// What each command does to the model's world, or the code it is refused with: domain.md sections 4 to
// 9, in their order. The world is the caller's own copy: what a refused command did to it is dropped.

import type { RefusalCode } from '@selfsame/core'
import { logOut, register, saveInstallation, setPrimary } from './installations.js'
import { merge, unmerge } from './merging.js'
import { active, type Given, isFuture, type Of, referred, userOf } from './naming.js'
import { type Parsed, same } from './values.js'
import {
  devicesOf,
  externalOf,
  isAnonymous,
  markOf,
  type Person,
  personOf,
  typeOf,
  type World,
} from './world.js'
import {
  attach,
  clear,
  clearPersonal,
  createPerson,
  define,
  expire,
  hasOther,
  link,
  mark,
  namedIn,
  ownersOf,
  replace,
  typedIn,
  writeAttributes,
} from './writing.js'

/** Changes the world, or says why not. */
export const decide = (world: World, command: Parsed, given: Given): RefusalCode | null => {
  switch (command.type) {
    case 'RegisterInstallation':
      return register(world, command, given)
    case 'SaveInstallation':
      return saveInstallation(world, command)
    case 'SetPrimary':
      return setPrimary(world, command)
    case 'Personalize':
      return personalize(world, command, given)
    case 'Depersonalize': {
      const device = active(world, command.pushRegistrationId)
      return device === undefined ? 'NO_REGISTRATION' : logOut(world, device, given)
    }
    case 'DepersonalizeInstallation': {
      const caller = active(world, command.pushRegistrationId)
      const device = active(world, command.targetPushRegistrationId)
      if (caller === undefined || device === undefined) return 'NO_REGISTRATION'
      return caller.userId === device.userId
        ? logOut(world, device, given)
        : 'INSTALLATION_NOT_OWNED'
    }
    case 'SaveUser':
      return saveUser(world, command)
    case 'CreateUser':
      return createUser(world, command, given)
    case 'MergeUsers':
      return mergeUsers(world, command, given)
    case 'UnmergeUsers':
      return unmergeUsers(world, command)
    case 'EraseUser':
      return eraseUser(world, command, given)
    case 'ExpireInstallation': {
      const device = world.devices.get(command.pushRegistrationId)
      if (device === undefined) return 'NO_REGISTRATION'
      if (device.userId !== null) expire(world, device)
      return null
    }
    case 'DefineAttribute':
      return defineAttribute(world, command)
  }
}

/** The table of section 5. Row 2 is refused where values are parsed. */
const personalize = (
  world: World,
  command: Of<'Personalize'>,
  given: Given,
): RefusalCode | null => {
  const identities = namedIn(command.userIdentity)
  if (identities.length === 0) return 'USER_IDENTITY_INVALID' // row 1
  const device = active(world, command.pushRegistrationId)
  if (device === undefined) return 'NO_REGISTRATION' // row 10
  const attributes = command.userAttributes ?? {}
  const typed = typedIn(world, 'user', attributes.customAttributes)
  if (isFuture(world, attributes.birthday)) return 'REQUEST_FORMAT_INVALID'
  if (typeof typed === 'string') return typed

  const owners = ownersOf(world, identities)
  if (owners.length > 1) return 'AMBIGUOUS_PERSONALIZE_CANDIDATES' // row 3
  const u0 = userOf(world, device)
  const c1 = world.people.get(owners[0] ?? '')
  const matched = identities.flatMap(({ key }) => world.identities.get(key)?.link ?? [])
  const isForced = command.forceDepersonalize ?? false
  const isExtended = given.rules.personalizeUnknownIdentity === 'extend'

  let target = u0 // rows 4 and 6
  if (isAnonymous(world, u0)) {
    if (c1 !== undefined) {
      target = c1 // row 5
      if (devicesOf(world, u0).length === 1) {
        const dataLeft = given.rules.anonymousData === 'leave'
        const terms = { policy: 'survivor-first', overrides: new Map(), earlier: [], dataLeft }
        const refused = merge(world, c1, u0, { ...terms, matched })
        if (refused !== null) return refused
      } else {
        const keepsMark = markOf(world, u0)?.id === device.id && markOf(world, c1) === null
        mark(world, device, false)
        attach(world, device, c1, matched)
        if (keepsMark) mark(world, device, true)
      }
    }
  } else if (c1 !== u0) {
    if (isForced) {
      target = c1 ?? createPerson(world, given.newUser(), 'LEAD') // row 9
      clear(world, device)
      attach(world, device, target, matched)
    } else if (c1 !== undefined || !isExtended) return 'PERSONALIZATION_IMPOSSIBLE' // rows 7, 8
  }
  if (hasOther(world, target, identities)) return 'PERSONALIZATION_IMPOSSIBLE'

  link(world, target, identities)
  if (command.keepAsLead !== true) target.promotedAt ??= world.now
  writeAttributes(world, target, attributes, typed)
  if (command.setAsPrimary === true) mark(world, device, true)
  return null
}

const saveUser = (world: World, { target, user: patch }: Of<'SaveUser'>): RefusalCode | null => {
  const person = referred(world, target)
  if (typeof person === 'string') return person
  const typed = typedIn(world, 'user', patch.customAttributes)
  if (isFuture(world, patch.birthday)) return 'REQUEST_FORMAT_INVALID'
  if (typeof typed === 'string') return typed
  if (ownersOf(world, namedIn(patch)).some((owner) => owner !== person.id))
    return 'USER_MERGE_INTERRUPTED'
  replace(world, person, patch)
  writeAttributes(world, person, patch, typed)
  return null
}

const createUser = (world: World, command: Of<'CreateUser'>, given: Given): RefusalCode | null => {
  const identities = namedIn(command.userIdentity)
  if (identities.length === 0) return 'USER_IDENTITY_INVALID'
  const attributes = command.userAttributes ?? {}
  const typed = typedIn(world, 'user', attributes.customAttributes)
  if (isFuture(world, attributes.birthday)) return 'REQUEST_FORMAT_INVALID'
  if (typeof typed === 'string') return typed
  if (ownersOf(world, identities).length > 0) return 'USER_MERGE_INTERRUPTED'
  const person = createPerson(world, given.newUser(), command.userType ?? 'CUSTOMER')
  link(world, person, identities)
  writeAttributes(world, person, attributes, typed)
  return null
}

const policies = ['survivor-first', 'latest-wins']

const mergeUsers = (world: World, command: Of<'MergeUsers'>, given: Given): RefusalCode | null => {
  const named = new Set<Person>()
  for (const reference of command.users) {
    const person = referred(world, reference)
    if (typeof person === 'string') return person
    named.add(person)
  }
  const asked = command.survivor == null ? null : referred(world, command.survivor)
  if (typeof asked === 'string') return asked
  const parties = [...world.people.values()].filter((person) => named.has(person))
  const customer = parties.find((person) => typeOf(person) === 'CUSTOMER')
  const survivor = asked ?? customer ?? parties[0]
  const policy = command.policy ?? 'survivor-first'
  const overrides = new Map<string, string>()
  for (const [field, id] of Object.entries(command.overrides ?? {})) {
    const person = personOf(world, id)
    if (person === undefined || !named.has(person)) return 'REQUEST_FORMAT_INVALID'
    // Who has none cannot be the one whose externalUserId stays.
    if (field !== 'externalUserId' || externalOf(world, person) !== undefined)
      overrides.set(field, person.id)
  }
  if (survivor === undefined || !named.has(survivor) || !policies.includes(policy))
    return 'REQUEST_FORMAT_INVALID'

  const earlier: string[] = []
  for (const absorbed of parties) {
    if (absorbed === survivor) continue
    const dataLeft = given.rules.anonymousData === 'leave' && isAnonymous(world, absorbed)
    const refused = merge(world, survivor, absorbed, {
      policy,
      overrides,
      earlier: [...earlier],
      dataLeft,
      matched: [],
    })
    if (refused !== null) return refused
    earlier.push(absorbed.id)
  }
  return null
}

const unmergeUsers = (world: World, command: Of<'UnmergeUsers'>): RefusalCode | null => {
  const survivor = referred(world, command.survivor)
  if (typeof survivor === 'string') return survivor
  const absorbed = world.people.get(command.absorbed)
  if (absorbed === undefined) return 'USER_NOT_FOUND'
  return absorbed.status === 'erased' ? 'USER_ERASED' : unmerge(world, survivor, absorbed)
}

const eraseUser = (world: World, command: Of<'EraseUser'>, given: Given): RefusalCode | null => {
  const person = referred(world, command.target)
  if (typeof person === 'string') return person
  const next = devicesOf(world, person)
    .map((device) => ({ device, userId: given.newUser(device.id) }))
    .sort((a, b) => given.orderOf(a.userId) - given.orderOf(b.userId))
  for (const { device, userId } of next) {
    clearPersonal(world, device)
    attach(world, device, createPerson(world, userId, 'LEAD'), [])
  }
  for (const [key, { owner }] of [...world.identities])
    if (owner === person.id) world.identities.delete(key)
  person.status = 'erased'
  person.entries = []
  return null
}

const defineAttribute = (world: World, command: Of<'DefineAttribute'>): RefusalCode | null => {
  const { scope, name, attributeType: type, fields } = command
  const wanted = { type, ...(fields == null ? {} : { fields }) }
  const known = world.definitions.get(`${scope}:${name}`)
  if (known === undefined) return define(world, scope, `${scope}:${name}`, wanted)
  return same({ ...known }, wanted) ? null : 'ATTRIBUTE_CONFLICT'
}
