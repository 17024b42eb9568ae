// Merge and unmerge in the model (domain.md sections 7 and 8). A merge adds one entry to the
// survivor's list; an unmerge takes it out again, and what the survivor shows follows from the rest.

import type { RefusalCode } from '@selfsame/core'
import { keptBy } from './kept.js'
import {
  type Brought,
  createdAtOf,
  type Device,
  devicesOf,
  type Entry,
  externalOf,
  type Identity,
  identitiesOf,
  markOf,
  ownTypeOf,
  type Person,
  promotedAtOf,
  rankOf,
  valuesOf,
  type World,
} from './world.js'

export interface Terms {
  readonly policy: string
  /** Field to user id. */
  readonly overrides: ReadonlyMap<string, string>
  /** Whom the same command absorbed before. */
  readonly earlier: ReadonlyArray<string>
  readonly dataLeft: boolean
  /** The identities by which an installation joins with a user that a login absorbs. */
  readonly matched: ReadonlyArray<number>
}

const externalUserId = 'externalUserId'

/** What a user has, as another one gets it: each value with the rank it keeps from now on. */
const broughtBy = (world: World, person: Person): Brought => ({
  values: new Map(
    [...valuesOf(person)].map(([field, held]) => [
      field,
      { ...held, rank: rankOf(held, person.id, ownTypeOf(person)) },
    ]),
  ),
  mark: markOf(world, person),
  identities: identitiesOf(world, person),
  stays: devicesOf(world, person).map(({ id, since, matched }) => ({ id, since, matched })),
  createdAt: createdAtOf(person),
  promotedAt: promotedAtOf(person),
})

/** One user absorbed by another. */
export const merge = (
  world: World,
  survivor: Person,
  absorbed: Person,
  terms: Terms,
): RefusalCode | null => {
  const sides = new Map(
    [...terms.overrides].flatMap(
      ([field, id]): ReadonlyArray<[string, 'survivor' | 'absorbed']> => {
        if (id === absorbed.id) return [[field, 'absorbed']]
        return id === survivor.id || terms.earlier.includes(id) ? [[field, 'survivor']] : []
      },
    ),
  )
  const ours = externalOf(world, survivor)
  const theirs = externalOf(world, absorbed)
  if (ours !== undefined && theirs !== undefined && !terms.overrides.has(externalUserId))
    return 'MERGE_CONFLICT'

  survivor.entries.push({
    kind: 'merge',
    at: ++world.count,
    absorbed: absorbed.id,
    policy: terms.policy,
    sides,
    dataLeft: terms.dataLeft,
    survivorType: ownTypeOf(survivor),
    brought: broughtBy(world, absorbed),
  })
  if (ours !== undefined && theirs !== undefined) {
    const released = sides.get(externalUserId) === 'absorbed' ? ours : theirs
    world.identities.delete(released.key)
    world.freed.add(released.link)
  }
  for (const identity of identitiesOf(world, absorbed)) give(world, identity, survivor)
  for (const device of devicesOf(world, absorbed)) {
    device.userId = survivor.id
    if (terms.matched.length > 0) device.matched = terms.matched
  }
  absorbed.status = 'merged'
  absorbed.into = survivor.id
  return null
}

/** An identity that passes on by a merge or an unmerge: its link stays what it was. */
const give = (world: World, identity: Identity, owner: Person): void => {
  world.identities.set(identity.key, { ...identity, owner: owner.id })
  world.freed.delete(identity.link)
}

const isFree = (world: World, { key, link }: Identity): boolean =>
  !world.identities.has(key) && world.freed.has(link)

/** Undoes a direct merge into a living survivor. */
export const unmerge = (world: World, survivor: Person, absorbed: Person): RefusalCode | null => {
  const undone = survivor.entries.find(
    (entry) => entry.kind === 'merge' && entry.absorbed === absorbed.id,
  )
  if (undone?.kind !== 'merge') return 'UNMERGE_IMPOSSIBLE'
  const { identities, stays } = undone.brought
  const shown = externalOf(world, survivor)
  const owned = new Set(identitiesOf(world, survivor).map(({ link }) => link))
  const returned = identities.filter((one) => owned.has(one.link) || isFree(world, one))
  const links = returned.map(({ link }) => link)
  const stayOf = (device: Device) =>
    stays.find(({ id, since }) => id === device.id && since === device.since)
  const moving = devicesOf(world, survivor).filter(
    (device) =>
      stayOf(device) !== undefined ||
      (device.matched.length > 0 && device.matched.every((link) => links.includes(link))),
  )
  world.kept = keptBy(world, survivor, undone, { links, devices: moving.map(({ id }) => id) })

  survivor.entries = survivor.entries.filter((entry) => entry !== undone)
  absorbed.status = 'active'
  absorbed.into = null
  for (const identity of returned) give(world, identity, absorbed)
  // What somebody took from it meanwhile was written by it once, and it is not kept by it any more.
  absorbed.entries = absorbed.entries.map((entry) =>
    entry.kind === 'externalUserId' &&
    identities.some(({ link }) => link === entry.identity?.link && !links.includes(link))
      ? { ...entry, isGone: true }
      : entry,
  )
  if (returned.some(({ link }) => link === shown?.link)) giveExternalAgain(world, survivor)
  // Its mark went where its installation went, and no other installation becomes primary by that.
  const { mark } = undone.brought
  if (mark !== null && !moving.some((device) => device.id === mark.id && stayOf(device)))
    absorbed.entries.push({ kind: 'mark', mark: null, isGone: true })
  for (const device of moving) {
    const stay = stayOf(device)
    device.userId = absorbed.id
    device.since = stay?.since ?? ++world.count
    device.matched = stay?.matched ?? device.matched
    // The survivor's mark on it is gone for good, even if it comes back.
    survivor.entries = survivor.entries.map((entry) =>
      entry.kind === 'mark' && entry.mark?.id === device.id
        ? { kind: 'mark', mark: null, isGone: true }
        : entry,
    )
  }
  return null
}

/** The externalUserId that the survivor has by the entries that are left, as far as it is free. */
const giveExternalAgain = (world: World, survivor: Person): void => {
  let own: Identity | undefined
  for (const entry of survivor.entries) {
    if (entry.kind === externalUserId) own = free(world, entry.identity ?? undefined)
    if (entry.kind === 'merge') own = externalAfter(world, own, entry)
  }
  if (own !== undefined) give(world, own, survivor)
}

const externalAfter = (
  world: World,
  ours: Identity | undefined,
  { brought, sides }: Extract<Entry, { readonly kind: 'merge' }>,
): Identity | undefined => {
  const theirs = free(
    world,
    brought.identities.find(({ kind }) => kind === externalUserId),
  )
  if (ours === undefined || theirs === undefined) return ours ?? theirs
  return sides.get(externalUserId) === 'absorbed' ? theirs : ours
}

const free = (world: World, identity: Identity | undefined): Identity | undefined =>
  identity !== undefined && isFree(world, identity) ? identity : undefined
