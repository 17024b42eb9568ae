// The past by tags is the past by a full replay: at every position of random logs, of everybody.

import {
  auditOf,
  type Directory,
  emptyDirectory,
  evolve,
  fold,
  type Recorded,
  type UserId,
  viewInstallation,
  viewUser,
} from '@selfsame/core'
import { expect, test } from 'vitest'
import { forEveryLog, found, logs, readBack, readerOf, seed, timeout_ms } from './audit-log.js'

const living = (directory: Directory, id: UserId) => {
  let user = directory.users.get(id)
  while (user?.status === 'merged') user = directory.users.get(user.into)
  return user
}

const expectedUser = (directory: Directory, id: UserId) => {
  const user = living(directory, id)
  return {
    userId: user?.id,
    status: user?.status,
    user: user?.status === 'active' ? readBack(viewUser(directory, user)) : null,
  }
}

/** Holds everybody that there is in a directory to what the auditor says as of its position. */
const checkEverybody = async (
  events: ReadonlyArray<Recorded>,
  position: number,
  directory: Directory,
): Promise<number> => {
  const asOf = auditOf(readerOf(events)).asOf(position)
  let asked = 0
  for (const id of directory.users.keys()) {
    const { userId, status, user } = await found(asOf.user({ userId: id }))
    expect({ userId, status, user }).toEqual(expectedUser(directory, id))
    asked += 1
  }
  for (const [id, one] of directory.installations) {
    const { installation } = await found(asOf.installation(id))
    expect(installation).toEqual(readBack(viewInstallation(directory, one)))
    if (one.status === 'active')
      expect((await found(asOf.user({ pushRegistrationId: id }))).userId).toBe(one.userId)
    asked += 1
  }
  const identities = events.flatMap((event) =>
    event.type === 'IdentityLinked' && !event.payload.value.startsWith('\u0000')
      ? [{ ...event.payload, key: keyOf(event.payload.kind, event.payload.value) }]
      : [],
  )
  for (const { kind, value, key } of identities) {
    const { owner } = await found(asOf.owner({ [kind]: value }))
    const expected = [...directory.identities].find(([held]) => held === key)?.[1] ?? null
    expect({ kind, value, owner }).toEqual({ kind, value, owner: expected })
    asked += 1
  }
  return asked
}

const keyOf = (kind: string, value: string): string =>
  `${kind}:${kind === 'email' ? value.toLowerCase().replaceAll('ς', 'σ').normalize('NFC') : value}`

test('as-of at every position of a random log is the fold of that prefix', {
  timeout: timeout_ms,
}, async () => {
  let asked = 0
  const start = Date.now()
  await forEveryLog(async (events) => {
    let directory = emptyDirectory
    for (const event of events) {
      directory = evolve(directory, event)
      asked += await checkEverybody(events, event.position, directory)
    }
  })
  console.info(`as-of, seed ${seed}: ${logs} logs, ${asked} answers, ${Date.now() - start} ms`)
  expect(asked).toBeGreaterThan(logs * 100)
})

test('as-of a time is as of the last event recorded by then, for the directory too', {
  timeout: timeout_ms,
}, async () => {
  await forEveryLog(async (events) => {
    const audit = auditOf(readerOf(events))
    const { recordedAt } = events[Math.floor(events.length / 2)] ?? {}
    if (recordedAt === undefined) return
    const last = events.findLast((event) => event.recordedAt <= recordedAt)?.position ?? 0
    const { position, users, erased, merged } = await found(audit.asOf(recordedAt).directory())
    const directory = fold(emptyDirectory, events.slice(0, last))
    expect(position).toBe(last)
    const all = [...directory.users.values()]
    expect(users).toEqual(
      all
        .flatMap((user) => (user.status === 'active' ? [readBack(viewUser(directory, user))] : []))
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    )
    expect(erased.length + merged.length + users.length).toBe(all.length)
  })
})
