// Bugs of the kind that happen, planted in a store: each is found by random sequences, and the law
// that names it is the one it breaks.

import { type Directory, fold, type Recorded } from '@selfsame/core'
import { type BrokenLaw, type OpenStore, type Promised, storeProperties } from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { altered, withDecisions, withEach, withEvents, withItems, without } from './plant.js'

interface Planted {
  readonly bug: string
  readonly breaks: Promised
  readonly open: OpenStore
}

const phonesOf = (slice: Directory, id: string): ReadonlyArray<number> =>
  [...slice.users.values()].flatMap((user) =>
    user.id === id && user.status === 'active'
      ? Object.values(user.identities).flatMap(({ kind, at }) => (kind === 'phone' ? [at] : []))
      : [],
  )

const forgetPhones = (event: Recorded, slice: Directory): Recorded => {
  if (event.type !== 'UsersMerged') return event
  const phones = phonesOf(slice, event.payload.absorbedId)
  const moved = event.payload.identities.moved.filter((at) => !phones.includes(at))
  return {
    ...event,
    payload: { ...event.payload, identities: { ...event.payload.identities, moved } },
  }
}

const stale: OpenStore = (clock) => {
  const seen = new Map<string, Directory>()
  return withItems((item) => ({
    ...item,
    decide: (slice, at) => {
      const roots = JSON.stringify(item.roots)
      const old = seen.get(roots) ?? slice
      if (!seen.has(roots)) seen.set(roots, slice)
      return item.decide(old, at)
    },
  }))(clock)
}

/** Every command of a batch is decided on the state before the batch, as if nobody else wrote. */
const lostUpdate = altered((store) => ({
  transact: (items) => async () => {
    const before = await Promise.all(items.map((item) => store.load(item.roots, item.next)()))
    return store.transact(
      items.map((item, i) => ({
        ...item,
        decide: (slice, at) => {
          const seen = before[i]
          return item.decide(
            seen !== undefined && E.isRight(seen) ? seen.right.directory : slice,
            at,
          )
        },
      })),
    )()
  },
}))

const leakingErasure = altered((store) => {
  const asRecorded = new Map<number, Recorded>()
  return {
    read: (query, range) => async () => {
      const page = await store.read(query, range)()
      if (E.isLeft(page)) return page
      for (const event of page.right.events)
        if (!asRecorded.has(event.position)) asRecorded.set(event.position, event)
      return E.right({
        ...page.right,
        events: page.right.events.map((event) => asRecorded.get(event.position) ?? event),
      })
    },
  }
})

const traceOfRefusal = altered((store) => ({
  transact: (items) => async () => {
    const outcomes = await store.transact(items)()
    const [item] = items
    const [outcome] = outcomes
    if (item === undefined || outcome === undefined || E.isLeft(outcome)) return outcomes
    if (outcome.right._tag !== 'Refused') return outcomes
    await store.transact([
      {
        ...item,
        commandId: null,
        decide: (slice, { head, now }) => {
          const event: Recorded = {
            position: head + 1,
            id: `trace-${head}` as Recorded['id'],
            schemaVersion: 1,
            recordedAt: now,
            occurredAt: now,
            commandId: null,
            actor: null,
            correlationId: null,
            causationId: null,
            type: 'AttributeDefined',
            payload: { scope: 'user', name: `trace-${head}`, attributeType: 'string' },
          }
          return E.right({
            events: [event],
            directory: fold(slice, [event]),
            subject: { userId: null, installationId: null },
          })
        },
      },
    ])()
    return outcomes
  },
}))

const planted: ReadonlyArray<Planted> = [
  { bug: 'a merge forgets the phones', breaks: 7, open: withEach(forgetPhones) },
  {
    bug: 'an identity is not released when another takes its place',
    breaks: 1,
    open: without((event) => event.type === 'IdentityReleased'),
  },
  {
    bug: 'two primaries: marking one does not unmark the other',
    breaks: 4,
    open: without(
      (event, i, all) => event.type === 'PrimaryCleared' && all[i + 1]?.type === 'PrimaryAssigned',
    ),
  },
  {
    bug: 'a moved installation is made primary beside another one',
    breaks: 4,
    open: withEach((event) =>
      event.type === 'InstallationAttached'
        ? { ...event, payload: { ...event.payload, isPrimaryDevice: true } }
        : event,
    ),
  },
  {
    bug: 'the projections apply an event twice',
    breaks: 6,
    open: withDecisions((decision, slice) => ({
      ...decision,
      directory: fold(slice, [...decision.events, ...decision.events]),
    })),
  },
  {
    bug: 'the projections lose a tag in a merge',
    breaks: 6,
    open: withDecisions((decision, slice) => ({
      ...decision,
      directory: fold(
        slice,
        decision.events.map((event) =>
          event.type === 'UsersMerged'
            ? { ...event, payload: { ...event.payload, dataLeft: true } }
            : event,
        ),
      ),
    })),
  },
  {
    bug: 'a merge makes a CUSTOMER of two LEADs',
    breaks: 5,
    open: withEach((event) =>
      event.type === 'UsersMerged' && event.payload.userType === 'LEAD'
        ? {
            ...event,
            payload: { ...event.payload, userType: 'CUSTOMER', promotedAt: event.recordedAt },
          }
        : event,
    ),
  },
  {
    bug: 'a user is promoted twice',
    breaks: 5,
    open: withEvents((events) =>
      events.flatMap(
        (event): ReadonlyArray<Recorded> =>
          event.type === 'ProfilePromoted'
            ? [event, { ...event, id: `${event.id}-again` as Recorded['id'] }]
            : [event],
      ),
    ),
  },
  { bug: 'a refused command leaves an event', breaks: 9, open: traceOfRefusal },
  {
    bug: 'a command is done again under its command id',
    breaks: 8,
    open: withItems((item) => ({ ...item, commandId: null })),
  },
  {
    bug: 'an installation that moves stays with its old user too',
    breaks: 2,
    open: withEach((event) =>
      event.type === 'InstallationAttached'
        ? { ...event, payload: { ...event.payload, fromUserId: event.payload.userId } }
        : event,
    ),
  },
  {
    bug: 'an erased user keeps its identities',
    breaks: 3,
    open: withEach((event) =>
      event.type === 'UserErased'
        ? { ...event, payload: { ...event.payload, identities: [] } }
        : event,
    ),
  },
  {
    bug: 'an unmerge leaves the installations behind',
    breaks: 10,
    open: withEach((event) =>
      event.type === 'UsersUnmerged'
        ? { ...event, payload: { ...event.payload, installations: [], carried: [] } }
        : event,
    ),
  },
  {
    bug: 'an event id is drawn at random',
    breaks: 12,
    open: withEach((event) => ({ ...event, id: `${event.id}.${Math.random()}` as Recorded['id'] })),
  },
  { bug: 'what was erased can still be read', breaks: 11, open: leakingErasure },
  { bug: 'a decision sees an old state', breaks: 6, open: stale },
  { bug: 'an update is lost: what a batch wrote before is not seen', breaks: 12, open: lostUpdate },
  {
    bug: 'a push token stands on two installations',
    breaks: 'token',
    open: without(
      (event) => event.type === 'InstallationExpired' && event.payload.reason === 'token-taken',
    ),
  },
  {
    bug: 'the log has a gap',
    breaks: 'log',
    open: withDecisions((decision) => ({
      ...decision,
      events: decision.events.map((event, i) => ({ ...event, position: event.position + i })),
    })),
  },
  {
    bug: 'a living user is missing from the list of users',
    breaks: 6,
    open: altered((store) => ({
      users: (after, limit) => async () => {
        const page = await store.users(after, limit)()
        if (E.isLeft(page)) return page
        const [first, ...others] = page.right.directory.users
        const users = new Map(page.right.next === null && first !== undefined ? others : [])
        return E.right({ ...page.right, directory: { ...page.right.directory, users } })
      },
    })),
  },
  {
    bug: 'a receipt tells a position that is not the last one recorded',
    breaks: 'receipt',
    open: altered((store) => ({
      transact: (items) => async () =>
        (await store.transact(items)()).map((outcome) =>
          E.isRight(outcome) && outcome.right._tag === 'Recorded'
            ? E.right({ ...outcome.right, position: outcome.right.position + 1 })
            : outcome,
        ),
    })),
  },
]

/** What the properties find in a store, at the first sequence that fails. */
const findIn = async (open: OpenStore): Promise<BrokenLaw | undefined> => {
  for (const { check } of storeProperties({ open, reference: open })) {
    try {
      await check({ runs: 200, seed: 20_260_103, shrink: false })
    } catch (error) {
      return error as BrokenLaw
    }
  }
  return undefined
}

describe('a planted bug', () => {
  test.each(planted)('$bug: breaks $breaks', async ({ bug, open, breaks }) => {
    const start = Date.now()
    const found = await findIn(open)
    const seconds = ((Date.now() - start) / 1000).toFixed(1)
    const path = /path: "([^"]*)"/.exec(found?.message ?? '')?.[1]
    console.info(`| ${bug} | ${breaks} | ${found?.seed}, "${path}" | ${seconds} |`)
    const broken = [...new Set(found?.violations.map(({ invariant }) => invariant))]
    expect(broken).toContain(breaks)
    expect(found?.message).toContain('run it again with { seed: 20260103')
  })
})
