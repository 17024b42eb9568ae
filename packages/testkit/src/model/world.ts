// The model's whole state: plain objects and maps, copied whole before each command. A user remembers
// everything that was ever written on it and every merge that still counts; what it shows is told by
// going through that list from the start, each time anew.

import type { Json } from '@selfsame/core'

export type UserType = 'LEAD' | 'CUSTOMER'

/** A value with who wrote it, when (a number that only grows), and the type it ranks by in a merge. */
export interface Held {
  readonly value: Json
  readonly at: number
  readonly by: string
  readonly rank: UserType
}

/** An installation marked as primary, in one stay with its user. */
export interface Mark {
  readonly id: string
  readonly since: number
}

/** An identity as it was linked; `link` names that moment. */
export interface Identity {
  readonly key: string
  readonly kind: 'externalUserId' | 'phone' | 'email'
  readonly value: string
  readonly link: number
}

/** A stay of an installation with a user, and the links of the identities by which it joined. */
export interface Stay extends Mark {
  readonly matched: ReadonlyArray<number>
}

/** What a user was at the moment it was absorbed. */
export interface Brought {
  readonly values: ReadonlyMap<string, Held>
  readonly mark: Mark | null
  readonly identities: ReadonlyArray<Identity>
  readonly stays: ReadonlyArray<Stay>
  readonly createdAt: string
  readonly promotedAt: string | null
}

/**
 * One entry of a user's list: a write of its own (null removes), a mark (gone where an unmerge took its
 * installation away), an externalUserId (gone where the user came back without it), or a merge into it.
 */
export type Entry =
  | { readonly kind: 'write'; readonly field: string; readonly held: Held | null }
  | { readonly kind: 'mark'; readonly mark: Mark | null; readonly isGone?: true }
  | {
      readonly kind: 'externalUserId'
      readonly identity: Identity | null
      readonly isGone?: true
    }
  | {
      readonly kind: 'merge'
      readonly at: number
      readonly absorbed: string
      readonly policy: string
      /** Which side an override chose, by field. */
      readonly sides: ReadonlyMap<string, 'survivor' | 'absorbed'>
      readonly dataLeft: boolean
      /** The survivor's own type then: its own values rank by it. */
      readonly survivorType: UserType
      readonly brought: Brought
    }

export interface Person {
  readonly id: string
  readonly createdAt: string
  /** When it became CUSTOMER by itself. */
  promotedAt: string | null
  status: 'active' | 'merged' | 'erased'
  into: string | null
  entries: Entry[]
}

export interface Device {
  readonly id: string
  readonly applicationId: string
  userId: string | null
  since: number
  matched: ReadonlyArray<number>
  applicationUserId: string | null
  isPushRegistrationEnabled: boolean
  notificationsEnabled: boolean
  custom: Map<string, Json>
  device: Map<string, Json>
}

export interface Definition {
  readonly type: string
  readonly fields?: Readonly<Record<string, string>>
}

/** One thing that an unmerge leaves with the survivor: the field, and its value or null. */
export type Kept = readonly [field: string, value: Json]

export interface World {
  /** In the order of their creation. */
  readonly people: Map<string, Person>
  readonly devices: Map<string, Device>
  /** By key; who is the owner stands beside the identity. */
  readonly identities: Map<string, Identity & { readonly owner: string }>
  /** Links that a merge released, and nobody else since. */
  readonly freed: Set<number>
  readonly definitions: Map<string, Definition>
  /** Command ids that succeeded, each with the content of its command. */
  readonly remembered: Map<string, string>
  /** What the last command left with the survivor, being an unmerge. */
  kept: ReadonlyArray<Kept>
  now: string
  count: number
}

export const emptyWorld = (): World => ({
  people: new Map(),
  devices: new Map(),
  identities: new Map(),
  freed: new Set(),
  definitions: new Map(),
  remembered: new Map(),
  kept: [],
  now: '',
  count: 0,
})

/** The user that an id means today. */
export const personOf = (world: World, id: string): Person | undefined => {
  const person = world.people.get(id)
  return person?.status === 'merged' && person.into !== null ? personOf(world, person.into) : person
}

export const devicesOf = (world: World, person: Person): ReadonlyArray<Device> =>
  [...world.devices.values()].filter((one) => one.userId === person.id)

export const identitiesOf = (world: World, person: Person): ReadonlyArray<Identity> =>
  [...world.identities.values()]
    .filter(({ owner }) => owner === person.id)
    .map(({ key, kind, value, link }) => ({ key, kind, value, link }))

export const externalOf = (world: World, person: Person): Identity | undefined =>
  identitiesOf(world, person).find(({ kind }) => kind === 'externalUserId')

const merges = (person: Person) =>
  person.entries.flatMap((entry) => (entry.kind === 'merge' ? [entry.brought] : []))

const earliest = (times: ReadonlyArray<string | null>): string | null =>
  times.flatMap((time) => time ?? []).sort()[0] ?? null

export const promotedAtOf = (person: Person): string | null =>
  earliest([person.promotedAt, ...merges(person).map((one) => one.promotedAt)])

export const createdAtOf = (person: Person): string =>
  earliest([person.createdAt, ...merges(person).map((one) => one.createdAt)]) ?? ''

export const typeOf = (person: Person): UserType =>
  promotedAtOf(person) === null ? 'LEAD' : 'CUSTOMER'

export const ownTypeOf = (person: Person): UserType =>
  person.promotedAt === null ? 'LEAD' : 'CUSTOMER'

export const isAnonymous = (world: World, person: Person): boolean =>
  typeOf(person) === 'LEAD' && identitiesOf(world, person).length === 0

/** A value's own rank, or CUSTOMER where its writer is one by itself at the merge. */
export const rankOf = (held: Held, userId: string, ownType: UserType): UserType =>
  held.by === userId && ownType === 'CUSTOMER' ? 'CUSTOMER' : held.rank

/** Single values, `customAttributes.NAME` and `tags.TAG` as the user shows them. */
export const valuesOf = (person: Person): ReadonlyMap<string, Held> => {
  const shown = new Map<string, Held>()
  for (const entry of person.entries) {
    if (entry.kind === 'write') {
      if (entry.held === null) shown.delete(entry.field)
      else shown.set(entry.field, entry.held)
    }
    if (entry.kind !== 'merge') continue
    const { brought, sides, dataLeft } = entry
    for (const field of new Set([...shown.keys(), ...brought.values.keys()])) {
      const ours = shown.get(field)
      const theirs = brought.values.get(field)
      const side = sides.get(field)
      const byRule = dataLeft ? ours : better(ours, theirs, person, entry)
      const chosen = side === undefined ? byRule : side === 'survivor' ? ours : theirs
      if (chosen === undefined) shown.delete(field)
      else shown.set(field, chosen)
    }
  }
  return shown
}

const better = (
  ours: Held | undefined,
  theirs: Held | undefined,
  person: Person,
  { policy, survivorType }: Extract<Entry, { readonly kind: 'merge' }>,
): Held | undefined => {
  if (ours === undefined || theirs === undefined) return ours ?? theirs
  const rank = rankOf(ours, person.id, survivorType)
  if (rank !== theirs.rank) return rank === 'CUSTOMER' ? ours : theirs
  return policy === 'latest-wins' && theirs.at > ours.at ? theirs : ours
}

/** The primary mark: the last one of its own, else that of the first absorbed who brought one. */
export const markOf = (world: World, person: Person): Mark | null => {
  const stays = (mark: Mark | null): Mark | null => {
    const device = mark === null ? undefined : world.devices.get(mark.id)
    return device?.userId === person.id && device.since === mark?.since ? mark : null
  }
  let shown: Mark | null = null
  for (const entry of person.entries) {
    if (entry.kind === 'mark') shown = stays(entry.mark)
    if (entry.kind === 'merge') shown ??= stays(entry.brought.mark)
  }
  return shown
}
