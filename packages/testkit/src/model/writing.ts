// What commands write in the model: attributes by the patch rules and their types (domain.md section
// 3), identities, marks, and installations that change hands.

import type { Json, RefusalCode } from '@selfsame/core'
import {
  type Attributes,
  type CustomPatch,
  clears,
  type DevicePatch,
  entriesIn,
  fitted,
  type Identities,
  keyOf,
  same,
  typeOfValue,
} from './values.js'
import {
  type Definition,
  type Device,
  devicesOf,
  externalOf,
  type Identity,
  identitiesOf,
  markOf,
  type Person,
  typeOf,
  valuesOf,
  type World,
} from './world.js'

const most = { phones: 100, emails: 100, tags: 1000, customAttributes: 1000, definitions: 10_000 }

/** The field names of a custom attribute and a tag. */
export const attributePrefix = 'customAttributes.'
export const tagPrefix = 'tags.'

/** Values of custom attributes under their types; null removes. */
export type Typed = ReadonlyMap<string, Json>

/** Gives every value its type, a new name the type of its first value; or says why it cannot. */
export const typedIn = (
  world: World,
  scope: 'user' | 'installation',
  patch: CustomPatch | undefined,
): Typed | RefusalCode => {
  const typed = new Map<string, Json>()
  const added = new Map<string, Definition>()
  for (const [name, raw] of entriesIn(patch)) {
    if (raw === null) {
      typed.set(name, null)
      continue
    }
    const key = `${scope}:${name}`
    const type = typeOfValue(raw)
    const definition = world.definitions.get(key) ?? (type === undefined ? undefined : { type })
    const value = definition === undefined ? undefined : fitted(raw, definition)
    if (definition === undefined || value === undefined) return 'REQUEST_FORMAT_INVALID'
    typed.set(name, value)
    if (!world.definitions.has(key)) added.set(key, definition)
  }
  for (const [key, definition] of added) {
    const refused = define(world, scope, key, definition)
    if (refused !== null) return refused
  }
  return typed
}

export const define = (
  world: World,
  scope: string,
  key: string,
  definition: Definition,
): RefusalCode | null => {
  const known = [...world.definitions.keys()].filter((one) => one.startsWith(`${scope}:`))
  if (known.length >= most.definitions) return 'LIMIT_EXCEEDED'
  world.definitions.set(key, definition)
  return null
}

/** One write on a user, ranking by what the user is now. */
const write = (world: World, person: Person, field: string, value: Json): void => {
  const held = { value, at: ++world.count, by: person.id, rank: typeOf(person) }
  person.entries.push({ kind: 'write', field, held: value === null ? null : held })
}

const singles = ['firstName', 'lastName', 'middleName', 'gender', 'birthday'] as const

/** Writes what a patch changes of a user; setting an equal value is no write. */
export const writeAttributes = (
  world: World,
  person: Person,
  patch: Attributes,
  typed: Typed,
): void => {
  const wanted = new Map<string, Json>()
  const shown = valuesOf(person)
  for (const field of singles) {
    const value = patch[field]
    if (value !== undefined) wanted.set(field, value)
  }
  for (const field of shown.keys()) {
    if (clears(patch.customAttributes) && field.startsWith(attributePrefix)) wanted.set(field, null)
    if (patch.tags !== undefined && field.startsWith(tagPrefix)) wanted.set(field, null)
  }
  for (const [name, value] of typed) wanted.set(attributePrefix + name, value)
  for (const tag of patch.tags ?? []) wanted.set(tagPrefix + tag, true)
  for (const [field, value] of wanted)
    if (!same(shown.get(field)?.value, value)) write(world, person, field, value)
}

/** The identities that a command names. */
export const namedIn = (given: Identities | null | undefined): ReadonlyArray<Identity> => {
  const { externalUserId = null, phones = [], emails = [] } = given ?? {}
  const one = (kind: Identity['kind'], value: string): Identity => ({
    kind,
    value,
    key: keyOf(kind, value),
    link: 0,
  })
  return [
    ...(externalUserId === null ? [] : [one('externalUserId', externalUserId)]),
    ...phones.map((value) => one('phone', value)),
    ...emails.map((value) => one('email', value)),
  ]
}

/** The owners of identities, each once. */
export const ownersOf = (
  world: World,
  identities: ReadonlyArray<Identity>,
): ReadonlyArray<string> => [
  ...new Set(identities.flatMap(({ key }) => world.identities.get(key)?.owner ?? [])),
]

/** Links what the user does not own yet; an email keeps the casing that was given first. */
export const link = (world: World, person: Person, identities: ReadonlyArray<Identity>): void => {
  for (const one of identities) {
    if (world.identities.has(one.key)) continue
    const identity = { ...one, link: ++world.count }
    world.identities.set(one.key, { ...identity, owner: person.id })
    if (one.kind === 'externalUserId') person.entries.push({ kind: 'externalUserId', identity })
  }
}

/** Makes a user own exactly what a patch names, kind by kind. */
export const replace = (world: World, person: Person, patch: Identities): void => {
  const wanted = namedIn(patch)
  const given = {
    externalUserId: patch.externalUserId,
    phone: patch.phones,
    email: patch.emails,
  }
  for (const { kind, key } of identitiesOf(world, person)) {
    if (given[kind] === undefined || wanted.some((one) => one.key === key)) continue
    world.identities.delete(key)
    if (kind === 'externalUserId') person.entries.push({ kind, identity: null })
  }
  link(world, person, wanted)
}

/** Whether a login names another externalUserId than the user has. */
export const hasOther = (
  world: World,
  person: Person,
  identities: ReadonlyArray<Identity>,
): boolean => {
  const has = externalOf(world, person)
  const asked = identities.find(({ kind }) => kind === 'externalUserId')
  return has !== undefined && asked !== undefined && has.key !== asked.key
}

export const createPerson = (world: World, id: string, type: 'LEAD' | 'CUSTOMER'): Person => {
  const { now } = world
  const person: Person = {
    id,
    createdAt: now,
    promotedAt: type === 'CUSTOMER' ? now : null,
    status: 'active',
    into: null,
    entries: [],
  }
  world.people.set(id, person)
  return person
}

/** Marks or unmarks an installation as its user's primary one. */
export const mark = (world: World, device: Device, isPrimary: boolean): void => {
  const person = world.people.get(device.userId ?? '')
  if (person === undefined) return
  const isMarked = markOf(world, person)?.id === device.id
  if (isMarked === isPrimary) return
  const { id, since } = device
  person.entries.push({ kind: 'mark', mark: isPrimary ? { id, since } : null })
}

/** An installation that goes to another user. */
export const attach = (
  world: World,
  device: Device,
  person: Person,
  matched: ReadonlyArray<number>,
): void => {
  device.userId = person.id
  device.since = ++world.count
  device.matched = matched
}

/** Detached: its mark and what it held for its user are cleared. */
export const clear = (world: World, device: Device): void => {
  mark(world, device, false)
  device.applicationUserId = null
  device.custom.clear()
}

/** What an uninstalled app and an erased person leave behind besides. */
export const clearPersonal = (world: World, device: Device): void => {
  clear(world, device)
  device.device.delete('deviceName')
  device.device.delete('pushServiceToken')
}

export const expire = (world: World, device: Device): void => {
  clearPersonal(world, device)
  device.userId = null
}

/** Patches an installation; a push token that it claims expires the one that had it. */
export const patchDevice = (world: World, one: Device, patch: DevicePatch, typed: Typed): void => {
  if (patch.isPushRegistrationEnabled !== undefined)
    one.isPushRegistrationEnabled = patch.isPushRegistrationEnabled ?? true
  if (patch.notificationsEnabled !== undefined)
    one.notificationsEnabled = patch.notificationsEnabled ?? true
  if (patch.applicationUserId !== undefined) one.applicationUserId = patch.applicationUserId
  if (clears(patch.customAttributes)) one.custom.clear()
  for (const [name, value] of typed) {
    if (value === null) one.custom.delete(name)
    else one.custom.set(name, value)
  }
  if (patch.device === null) one.device.clear()
  for (const [field, value] of Object.entries(patch.device ?? {})) {
    if (value === null) one.device.delete(field)
    else one.device.set(field, value)
  }
  for (const other of world.devices.values())
    if (other !== one && other.userId !== null && hasSameToken(one, other)) expire(world, other)
}

const hasSameToken = (a: Device, b: Device): boolean =>
  a.applicationId === b.applicationId &&
  a.device.has('pushServiceToken') &&
  ['pushServiceToken', 'pushServiceType'].every((field) =>
    same(a.device.get(field), b.device.get(field)),
  )

/** What somebody has more of than anybody may have. */
export const overLimit = (world: World): Json | undefined => {
  for (const person of world.people.values()) {
    if (person.status !== 'active') continue
    const kinds = identitiesOf(world, person).map(({ kind }) => kind)
    const fields = [...valuesOf(person).keys()]
    const counts: ReadonlyArray<readonly [keyof typeof most, number]> = [
      ['phones', kinds.filter((kind) => kind === 'phone').length],
      ['emails', kinds.filter((kind) => kind === 'email').length],
      ['tags', fields.filter((field) => field.startsWith(tagPrefix)).length],
      ['customAttributes', fields.filter((field) => field.startsWith(attributePrefix)).length],
      ...devicesOf(world, person).map(({ custom }) => ['customAttributes', custom.size] as const),
    ]
    const above = counts.find(([limit, count]) => count > most[limit])
    if (above === undefined) continue
    const [limit, count] = above
    return { limit, allowed: most[limit], count }
  }
  return undefined
}
