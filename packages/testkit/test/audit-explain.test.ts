// Every explanation rests on its events: folded alone, those of a chain give the value that it explains.

import {
  auditOf,
  type Explained,
  emptyDirectory,
  evolve,
  fold,
  type Recorded,
  type UserView,
  viewUser,
} from '@selfsame/core'
import { expect, test } from 'vitest'
import { forEveryLog, found, logs, readBack, readerOf, seed, timeout_ms } from './audit-log.js'

/** Everything that a user shows, as the fields that an explanation names. */
const shownBy = (view: UserView): ReadonlyArray<string> => {
  const single = ['firstName', 'lastName', 'middleName', 'gender', 'birthday'] as const
  const primary = view.installations.find((one) => one.isPrimaryDevice)
  return [
    ['type', view.type],
    ['createdAt', view.createdAt],
    ['promotedAt', view.promotedAt],
    ['externalUserId', view.externalUserId],
    ...view.phones.map((phone) => ['phones', phone]),
    ...view.emails.map((email) => ['emails', email]),
    ...single.map((field) => [field, view[field]]),
    ...view.tags.map((tag) => [`tags.${tag}`, true]),
    ...Object.entries(view.customAttributes).map(([name, value]) => [
      `customAttributes.${name}`,
      value,
    ]),
    ['primary', primary?.pushRegistrationId ?? null],
    ...view.installations.map((one) => ['installations', one.pushRegistrationId]),
  ]
    .filter(([, value]) => value !== null)
    .map((pair) => JSON.stringify(pair))
    .sort()
}

const pairOf = ({ field, value }: Explained): string => JSON.stringify([field, value])

/** What a user shows by the events of a chain alone. */
const shownByChain = (
  events: ReadonlyArray<Recorded>,
  userId: string,
  { chain }: Explained,
): ReadonlyArray<string> => {
  const positions = chain.map(({ position }) => position)
  const directory = fold(
    emptyDirectory,
    events.filter(({ position }) => positions.includes(position)),
  )
  const user = [...directory.users.values()].find(({ id }) => id === userId)
  if (user?.status !== 'active') return [`${userId} is ${user?.status}`]
  return shownBy(readBack(viewUser(directory, user)) as UserView)
}

test('the events of every chain, folded alone, give the value it explains', {
  timeout: timeout_ms,
}, async () => {
  const start = Date.now()
  let values = 0
  let byMerge = 0
  let byUnmerge = 0
  let upheld = 0
  await forEveryLog(async (events) => {
    const audit = auditOf(readerOf(events))
    let directory = emptyDirectory
    for (const event of events) {
      directory = evolve(directory, event)
      // Of every position those whom merges concern, and everybody at the end.
      if (!/^Users/.test(event.type) && event.position < events.length) continue
      for (const user of directory.users.values()) {
        if (user.status !== 'active') continue
        const { fields } = await found(audit.explain.user({ userId: user.id }, event.position))
        const shown = readBack(viewUser(directory, user)) as UserView
        expect(fields.map(pairOf).sort()).toEqual(shownBy(shown))
        for (const one of fields) {
          expect(one.chain.map(({ position }) => position)).toEqual(
            one.chain.map(({ position }) => position).toSorted((a, b) => a - b),
          )
          expect(shownByChain(events, user.id, one)).toContain(pairOf(one))
          values += 1
          byMerge += one.chain.some(({ type }) => type === 'UsersMerged') ? 1 : 0
          byUnmerge += one.chain.some(({ type }) => type === 'UsersUnmerged') ? 1 : 0
          upheld += one.upheld.length
        }
      }
    }
  })
  console.info(
    `explain, seed ${seed}: ${logs} logs, ${values} values, ${byMerge} by a merge, ` +
      `${byUnmerge} by an unmerge, ${upheld} times upheld, ${Date.now() - start} ms`,
  )
  expect(Math.min(byMerge, byUnmerge, upheld)).toBeGreaterThan(0)
})
