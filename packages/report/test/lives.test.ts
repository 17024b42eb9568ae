// Lanes of random lives against the directory at every position: whoever the lanes say had something had
// it, and whatever the person had is on a lane. The page of each of these lives is whole.

import {
  auditOf,
  type Directory,
  emptyDirectory,
  evolve,
  type Position,
  type User,
  type UserId,
} from '@selfsame/core'
import { sequences, tellStory } from '@selfsame/testkit'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type Life, lifeOf, reportHtml } from '../src/index.js'
import { identityLanes, identityText, kindNames } from '../src/lanes/identities.js'
import { installationLanes } from '../src/lanes/installations.js'
import type { Lane, Stretch } from '../src/lanes/lane.js'
import { userLanes } from '../src/lanes/users.js'
import { type Person, personIn } from '../src/person.js'
import { openPage } from './parsed.js'
import { readerOf } from './reader.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const given = Number(process.env.SELFSAME_SEED)
const seed = Number.isInteger(given) && given !== 0 ? given : isLong ? Date.now() % 2 ** 31 : 1
const runs = isLong ? 1000 : 40

/** The stretch of a lane that holds at a position, where it is one of this life. */
const at = ({ stretches }: Lane, position: Position): Stretch | undefined =>
  stretches.find(
    ({ from, until, whose }) =>
      whose !== 'elsewhere' && from <= position && (until === null || position < until),
  )

const readBack = (value: string): string => value.replace('\u0000', '').toLowerCase()

/** Everything that the person had at a position, as `lane: user`. */
const hadAt = (directory: Directory, person: Person, position: Position): ReadonlyArray<string> => {
  const isOurs = (id: UserId): boolean => person.whoseAt(id, position) !== 'elsewhere'
  return [
    ...person.users.filter(isOurs).flatMap((id) => {
      const user = directory.users.get(id)
      return isAlive(directory, user)
        ? [`user ${id}: ${user?.status}${user?.status === 'merged' ? ` ${user.into}` : ''}`]
        : []
    }),
    ...[...directory.installations.values()].flatMap((one) =>
      one.status === 'active' && isOurs(one.userId)
        ? [`installation ${one.id}: ${one.userId}`]
        : [],
    ),
    ...[...directory.users.values()].filter(({ id }) => isOurs(id)).flatMap(identitiesOf),
  ].sort()
}

/** An alias of somebody erased says `merged` still. */
const isAlive = (directory: Directory, user: User | undefined): boolean =>
  user?.status === 'merged'
    ? isAlive(directory, directory.users.get(user.into))
    : user?.status === 'active'

const identitiesOf = (user: User): ReadonlyArray<string> =>
  user.status === 'active'
    ? Object.values(user.identities).map(
        ({ kind, value }) =>
          `${kindNames[kind]} ${readBack(identityText(kind, value))}: ${user.id}`,
      )
    : []

/** The same as the lanes say. */
const shownAt = (life: Life, person: Person, position: Position): ReadonlyArray<string> => {
  const shown = (lanes: ReadonlyArray<Lane>, text: (lane: Lane, one: Stretch) => string) =>
    lanes.flatMap((lane) => {
      const found = at(lane, position)
      return found === undefined ? [] : [text(lane, found)]
    })
  const user = (one: Stretch): string => one.users.join()
  return [
    ...shown(
      userLanes(life, person),
      ({ name }, { into }) => `user ${name}: ${into === null ? 'active' : `merged ${into}`}`,
    ),
    ...shown(
      installationLanes(life, person),
      ({ name }, one) => `installation ${name}: ${user(one)}`,
    ),
    ...shown(
      identityLanes(life, person),
      ({ name, detail }, one) => `${detail} ${name.toLowerCase()}: ${user(one)}`,
    ),
  ].sort()
}

const checkLife = (life: Life, directories: ReadonlyArray<Directory>): void => {
  const person = personIn(life)
  for (const [i, directory] of directories.entries())
    expect({ position: i + 1, lanes: shownAt(life, person, i + 1) }).toEqual({
      position: i + 1,
      lanes: hadAt(directory, person, i + 1),
    })
  const page = openPage(reportHtml(life))
  const ids = page.all('*').flatMap((one) => page.attribute(one, 'id') ?? [])
  expect(ids).toEqual([...new Set(ids)])
  const events = page.all('tbody tr').flatMap((one) => page.attribute(one, 'id') ?? [])
  expect(events).toEqual(life.history.events.map(({ position }) => `event-${position}`))
}

describe(`random lives (seed ${seed})`, { timeout: isLong ? 14_400_000 : 240_000 }, () => {
  it('are told as the directory was at every position', async () => {
    let lives = 0
    await fc.assert(
      fc.asyncProperty(sequences, async (sequence) => {
        const { events } = await tellStory(sequence)
        const directories: Directory[] = []
        let directory = emptyDirectory
        for (const event of events) {
          directory = evolve(directory, event)
          directories.push(directory)
        }
        const audit = auditOf(readerOf(events))
        for (const { id, status } of directory.users.values()) {
          if (status === 'merged') continue
          const life = await lifeOf(audit, { userId: id })()
          if (E.isLeft(life)) throw new Error(JSON.stringify(life.left))
          checkLife(life.right, directories)
          lives += 1
        }
      }),
      { seed, numRuns: runs },
    )
    expect(lives).toBeGreaterThan(runs)
  })
})
