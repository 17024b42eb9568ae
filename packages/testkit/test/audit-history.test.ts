// What a history leaves out changed nothing; what a diff leaves out is the same; what a policy does not
// decide it does not change.

import {
  auditOf,
  type Directory,
  emptyDirectory,
  evolve,
  fold,
  type Json,
  latestWins,
  type MergePolicy,
  type Recorded,
  survivorFirst,
  type UserChange,
  type UserId,
  viewUser,
} from '@selfsame/core'
import { sequences } from '@selfsame/testkit'
import { expect, test } from 'vitest'
import { isObject } from '../src/arbitraries/symbols.js'
import { forEveryLog, found, logs, readBack, readerOf, seed, timeout_ms } from './audit-log.js'

/** For each event the users whose rows it changes. */
const rowsChangedBy = (events: ReadonlyArray<Recorded>): ReadonlyArray<ReadonlyArray<UserId>> => {
  let directory: Directory = emptyDirectory
  return events.map((event) => {
    const before = directory
    directory = evolve(directory, event)
    const { users } = directory
    return [...users.keys()].filter((id) => users.get(id) !== before.users.get(id))
  })
}

test('the history of a user has every event that changed it, or anybody in it', {
  timeout: timeout_ms,
}, async () => {
  let events_ = 0
  let absorptions = 0
  await forEveryLog(async (events) => {
    const audit = auditOf(readerOf(events))
    const changed = rowsChangedBy(events)
    for (const user of fold(emptyDirectory, events).users.values()) {
      if (user.status === 'merged') continue
      const history = await found(audit.history.user({ userId: user.id }))
      const positions = history.events.map(({ position }) => position)
      for (const [i, ids] of changed.entries()) {
        const until = (id: UserId): number =>
          id === user.id
            ? events.length
            : Math.max(
                0,
                ...history.absorbed
                  .filter((one) => one.userId === id)
                  .map((one) => one.until ?? events.length),
              )
        if (ids.some((id) => i + 1 <= until(id))) expect(positions).toContain(i + 1)
      }
      events_ += positions.length
      absorptions += history.absorbed.length
    }
  })
  console.info(`history, seed ${seed}: ${logs} logs, ${events_} events, ${absorptions} absorptions`)
  expect(absorptions).toBeGreaterThan(0)
})

type Shown = Readonly<Record<string, unknown>>

/** A living user as a diff names its fields. */
const fieldsOf = (directory: Directory, id: UserId): Shown => {
  const user = directory.users.get(id)
  if (user?.status !== 'active') return {}
  const view = readBack(viewUser(directory, user)) as ReturnType<typeof viewUser>
  const { id: _id, status: _status, customAttributes, installations, ...fields } = view
  return present({
    ...fields,
    ...Object.fromEntries(
      Object.entries(customAttributes).map(([name, value]) => [`customAttributes.${name}`, value]),
    ),
    installations: installations.map((one) => one.pushRegistrationId),
  })
}

const present = (fields: Shown): Shown =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && `${value}` !== ''),
  )

const applied = (fields: Shown, change: UserChange | undefined): Shown =>
  present({
    ...fields,
    ...Object.fromEntries((change?.fields ?? []).map(({ field, after }) => [field, after])),
  })

test('a diff, applied to the one side, gives the other', { timeout: timeout_ms }, async () => {
  let changes = 0
  await forEveryLog(async (events) => {
    const audit = auditOf(readerOf(events))
    for (const part of [0, 0.3, 0.6, 0.9]) {
      const from = Math.floor(events.length * part)
      for (const to of [from, Math.min(from + 3, events.length), events.length]) {
        const [a, b] = [from, to].map((at) => fold(emptyDirectory, events.slice(0, at)))
        if (a === undefined || b === undefined) throw new Error('two directories')
        for (const [before, after, first, last] of [
          [a, b, from, to],
          [b, a, to, from],
        ] as const) {
          const diff = await found(audit.diff(first, last))
          for (const id of new Set([...before.users.keys(), ...after.users.keys()])) {
            const change = diff.users.find(({ userId }) => userId === id)
            expect(applied(fieldsOf(before, id), change)).toEqual(fieldsOf(after, id))
            const statuses = [before, after].map((one) => one.users.get(id)?.status ?? 'absent')
            if (statuses[0] !== statuses[1])
              expect([change?.before, change?.after]).toEqual(statuses)
          }
          const held = new Map([...before.identities].map(([key, id]) => [readBack(key), id]))
          for (const { kind, value, before: was, after: is } of diff.identities) {
            const key = value.startsWith('erased:')
              ? value
              : `${kind}:${kind === 'email' ? value.toLowerCase() : value}`
            expect(held.get(key) ?? null).toBe(was)
            if (is === null) held.delete(key)
            else held.set(key, is)
          }
          expect(held).toEqual(
            new Map([...after.identities].map(([key, id]) => [readBack(key), id])),
          )
          for (const id of after.installations.keys()) {
            const change = diff.installations.find((one) => one.pushRegistrationId === id)
            const [was, is] = [before, after].map((one) => ownerOf(one, id))
            const owner = change?.fields.find(({ field }) => field === 'userId')
            expect([owner?.before ?? was, owner === undefined ? was : owner.after]).toEqual([
              was,
              is,
            ])
          }
          changes += diff.users.length
        }
      }
    }
  })
  console.info(`diff, seed ${seed}: ${logs} logs, ${changes} users changed`)
  expect(changes).toBeGreaterThan(logs)
})

const ownerOf = (directory: Directory, id: string): UserId | null => {
  const one = [...directory.installations.values()].find((installation) => installation.id === id)
  return one?.status === 'active' ? one.userId : null
}

/** The same stories, every merge that a command asks for under one policy. */
const under = ({ name }: MergePolicy) =>
  sequences.map((sequence) => ({
    ...sequence,
    steps: sequence.steps.map((step) => withPolicy(step, name)),
  }))

const withPolicy = (step: Json, policy: string): Json =>
  isObject(step) && step.type === 'MergeUsers' ? { ...step, policy } : step

test('under the policy that a log was made with nothing would differ', {
  timeout: timeout_ms,
}, async () => {
  let merges = 0
  await forEveryLog(async (events) => {
    const { differing, notDecidedAgain, users, ...rest } = await found(
      auditOf(readerOf(events)).whatIf(survivorFirst),
    )
    expect({ differing, notDecidedAgain, users }).toEqual({
      differing: [],
      notDecidedAgain: [],
      users: [],
    })
    merges += rest.merges
  }, under(survivorFirst))
  expect(merges).toBeGreaterThan(logs / 10)
})

test('a log under another policy differs in values that merges settle, and in nothing else', {
  timeout: timeout_ms,
}, async () => {
  let differing = 0
  await forEveryLog(async (events) => {
    const { users, notDecidedAgain, ...rest } = await found(
      auditOf(readerOf(events)).whatIf(latestWins),
    )
    expect(notDecidedAgain).toEqual([])
    for (const { before, after, fields } of users) {
      expect(before).toBe(after)
      for (const { field } of fields)
        expect(field).toMatch(
          /^(firstName|lastName|middleName|gender|birthday|customAttributes\..*)$/s,
        )
    }
    differing += rest.differing.length
  }, under(survivorFirst))
  console.info(`what-if, seed ${seed}: ${logs} logs, ${differing} merges would differ`)
  expect(differing).toBeGreaterThan(0)
})
