// Promises about the rows that a store answers from: they are what the log gives, they can be thrown
// away and built again, and users are listed page by page.

import {
  type Difference,
  emptyDirectory,
  fold,
  type Json,
  type RebuildReport,
  type Store,
  type UserId,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { checkProjections } from '../laws/projections.js'
import { violationText } from '../laws/violation.js'
import { answer, holds, same } from './broken.js'
import { append, defining, definitionOf, fact, outcomeOf } from './items.js'
import { type PortPromise, readAll, type Stage } from './stage.js'
import { accept, erasure, story } from './story.js'

/** Holds the rows of a store to the fold of its log. */
export const expectRows = async (when: string, store: Store): Promise<void> => {
  const log = await readAll(store)
  const found = await checkProjections(store, fold(emptyDirectory, log))
  same(`the rows in load and users, against the log, ${when}`, found.map(violationText), [])
}

/** Rebuilds, and expects no difference. */
export const expectRebuilt = async (when: string, store: Store): Promise<RebuildReport> => {
  const report = answer(`rebuild() ${when}`, await store.rebuild()())
  same(`the differences of rebuild() ${when}`, report.differences, [])
  return report
}

const create = (i: number): Json => ({
  type: 'CreateUser',
  userIdentity: { phones: [`486007${10_000 + i}`] },
  userAttributes: { firstName: `name ${i}` },
})

/** Twenty-four users, some of them merged and one erased, and an installation for every fourth. */
const populate = async (stage: Stage): Promise<ReadonlyArray<UserId>> => {
  const engine = stage.engine()
  const phone = (i: number): Json => ({ phone: `486007${10_000 + i}` })
  await accept(
    engine,
    Array.from({ length: 21 }, (_, i) => create(i)),
  )
  await accept(
    engine,
    Array.from({ length: 6 }, (_, i) => ({
      type: 'RegisterInstallation',
      pushRegistrationId: `phone-${i}`,
      applicationId: 'shop',
    })),
  )
  await accept(engine, [
    { type: 'MergeUsers', users: [phone(3), phone(4)] },
    { type: 'MergeUsers', users: [phone(5), phone(3)] },
    { type: 'EraseUser', target: phone(7), reason: 'asked' },
  ])
  const directory = fold(emptyDirectory, await readAll(stage.store))
  return [...directory.users.values()]
    .flatMap((user) => (user.status === 'active' ? [user.id] : []))
    .sort()
}

/** Goes through all pages of a size; the promises of each page are held on the way. */
const pagesOf = async (store: Store, limit: number): Promise<ReadonlyArray<string>> => {
  const listed: string[] = []
  let after: UserId | null = null
  for (let pages = 0; ; pages += 1) {
    const done = `users(${JSON.stringify(after)}, ${limit})`
    holds(done, pages <= 100, 'a last page', `page ${pages}`)
    const page: { readonly next: UserId | null; readonly directory: typeof emptyDirectory } =
      answer(done, await store.users(after, limit)())
    const users = [...page.directory.users.values()]
    const living = users.flatMap((user) => (user.status === 'active' ? [user] : []))
    const ids = living.map(({ id }) => id).sort()
    holds(done, ids.length <= limit, `at most ${limit} users`, ids)
    holds(done, page.next === null || ids.length === limit, 'a whole page before the last', ids)
    holds(
      done,
      ids.every((id) => after === null || id > after),
      `users after ${after}`,
      ids,
    )
    same(`the users of ${done} that are not living`, users.length - living.length, 0)
    for (const user of living)
      for (const { id } of user.installations)
        holds(done, page.directory.installations.has(id), `the installation ${id}`, 'none')
    listed.push(...ids)
    if (page.next === null) return listed
    same(`next of ${done}`, page.next, ids.at(-1))
    after = page.next
  }
}

export const projectionPromises: ReadonlyArray<PortPromise> = [
  {
    promise: 'load and users give the rows that the log makes, after every command',
    check: async (stage) => {
      const engine = stage.engine()
      for (const command of [...story, erasure]) {
        await accept(engine, [command])
        await expectRows(`after ${JSON.stringify(command)}`, stage.store)
      }
    },
  },
  {
    promise: 'users pages through all living users in the order of their ids, each once',
    check: async (stage) => {
      same('a page of a store without users', await pagesOf(stage.store, 5), [])
      const living = await populate(stage)
      for (const limit of [1, 2, 7, living.length - 1, living.length, living.length + 1, 1000])
        same(`all pages of users(.., ${limit})`, await pagesOf(stage.store, limit), living)
    },
  },
  {
    promise: 'a rebuild of good rows finds no difference, and says how many there are of each',
    check: async (stage) => {
      await accept(stage.engine(), [...story, erasure])
      await append(stage.store, stage.newSeed(), [fact('shop.A')])
      const log = await readAll(stage.store)
      const { users, installations, identities } = fold(emptyDirectory, log)
      const progress: Array<readonly [number, number]> = []
      const report = answer(
        'rebuild()',
        await stage.store.rebuild((done, of) => progress.push([done, of]))(),
      )
      same('the report of rebuild()', report, {
        events: log.length + 1,
        users: users.size,
        installations: installations.size,
        identities: identities.size,
        isSwapped: true,
        differing: 0,
        differences: [],
      })
      same('what rebuild() tells of its progress, at last', progress.at(-1), [
        log.length + 1,
        log.length + 1,
      ])
    },
  },
  {
    promise: 'after a rebuild everything reads as before',
    check: async (stage) => {
      await accept(stage.engine(), story)
      const before = await readAll(stage.store)
      await expectRebuilt('after the story', stage.store)
      same('read([], {}) after rebuild()', await readAll(stage.store), before)
      await expectRows('after rebuild()', stage.store)
      await accept(stage.engine(), [erasure])
      await expectRows('after rebuild() and one more command', stage.store)
      await expectRebuilt('once more', stage.store)
    },
  },
  {
    promise: 'a rebuild reports the rows that differ from the log, and puts them right',
    check: async ({ store, newSeed }) => {
      // The rows that this decision leaves are not what its event says.
      const plain = defining(newSeed(), ['a'])
      await outcomeOf('an item whose rows are not what its event says', store, {
        ...plain,
        decide: (slice, at) => {
          const decided = plain.decide(slice, at)
          if (E.isLeft(decided)) return decided
          const definitions = new Map([
            ...slice.definitions,
            ['user:a', { type: 'number' }] as const,
          ])
          return E.right({
            ...decided.right,
            directory: { ...decided.right.directory, definitions },
          })
        },
      })
      const wrong = await typeOf(store, 'a')
      const { differing, differences } = answer('rebuild()', await store.rebuild()())
      // A store that makes its rows from the events alone had nothing wrong, and nothing to report.
      const expected: ReadonlyArray<Pick<Difference, 'table' | 'key'>> =
        wrong === 'string' ? [] : [{ table: 'definitions', key: 'user:a' }]
      same(
        `the differences of rebuild(), where a definition is a ${wrong} and was recorded as a string`,
        differences.map(({ table, key }) => ({ table, key })),
        expected,
      )
      same('how many rows differ, as rebuild() says', differing, expected.length)
      same('the type of that definition after rebuild()', await typeOf(store, 'a'), 'string')
      await expectRebuilt('once more', store)
    },
  },
]

const typeOf = async (store: Store, name: string): Promise<string | undefined> =>
  answer('load', await store.load([definitionOf(name)], () => [])()).directory.definitions.get(
    `user:${name}`,
  )?.type
