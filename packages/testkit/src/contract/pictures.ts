// Everything that can be read of a store, as plain JSON: what two stores are compared by.

import {
  type Directory,
  type Engine,
  emptyDirectory,
  type Failure,
  fold,
  type Json,
  type Key,
  leadsTo,
  type Query,
  type Range,
  rowsOf,
  type Store,
  type UserId,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { plain } from './broken.js'
import { sightOf } from './reading.js'

/** What was answered; of a failure its kind alone. */
const answered = <A>(result: E.Either<Failure, A>, show: (answer: A) => unknown): Json =>
  E.isRight(result) ? plain(show(result.right)) : { failure: result.left.kind }

const tailMax = 20

/** The end of the log, by both ways of reading. */
export const newsOf = async (store: Store): Promise<Json> => {
  const range: Range = { backwards: true, limit: tailMax }
  return [
    answered(await store.read([], range)(), (page) => page),
    answered(await store.log.read([], range)(), (page) => page),
  ]
}

const rows = (directory: Directory): Json =>
  plain([...rowsOf(directory)].map(([table, texts]) => [table, [...texts].sort()]))

/** Every key that a directory has, and one that it has not. */
const keysIn = (directory: Directory): ReadonlyArray<Key> => [
  ...[...directory.users.keys()].flatMap(
    (id): ReadonlyArray<Key> => [
      { kind: 'user', id },
      { kind: 'absorbed', id },
    ],
  ),
  ...[...directory.installations.keys()].map((id): Key => ({ kind: 'installation', id })),
  ...[...directory.identities.keys()].map((key): Key => ({ kind: 'identity', key })),
  ...[...directory.tokens.keys()].map((key): Key => ({ kind: 'token', key })),
  { kind: 'definition', scope: 'user', name: '{}' },
  { kind: 'definition', scope: 'installation', name: '{}' },
]

const pages = async (store: Store): Promise<Json> => {
  const found: Json[] = []
  for (let after: UserId | null = null; ; ) {
    const page: Awaited<ReturnType<ReturnType<Store['users']>>> = await store.users(after, 3)()
    found.push(answered(page, ({ next, directory }) => ({ next, rows: rows(directory) })))
    // No store of these has so many users: a page that never ends is shown as it is.
    if (E.isLeft(page) || page.right.next === null || found.length > 1000) return found
    after = page.right.next
  }
}

/** A store read in every way that its port and an engine offer. */
export const everythingOf = async (store: Store, engine: Engine): Promise<Json> => {
  const log = await store.log.read([], {})()
  const own = await store.read([], {})()
  if (E.isLeft(log) || E.isLeft(own)) return { failure: 'the log cannot be read' }
  const { events } = log.right
  const directory = fold(emptyDirectory, own.right.events)
  const loaded = await store.load(keysIn(directory), leadsTo)()
  const tags = [...new Set(events.flatMap((event) => sightOf(event).tags))].sort()
  const types = [...new Set(events.map(({ type }) => type))].sort()
  const queries: ReadonlyArray<Query> = [
    ...tags.map((tag) => [{ tags: [tag] }]),
    ...types.map((type) => [{ types: [type] }]),
    [{ types: types.slice(0, 2), tags: tags.slice(0, 1) }, { tags: tags.slice(1, 3) }],
  ]
  const ranges: ReadonlyArray<Range> = [
    {},
    { backwards: true, limit: 3 },
    { after: Math.floor(events.length / 2), upTo: events.length - 1 },
  ]
  const found: Json[] = []
  for (const [i, query] of queries.entries()) {
    const page = await store.log.read(query, ranges[i % ranges.length] ?? {})()
    found.push(answered(page, ({ head, events: some }) => [head, some.map((one) => one.position)]))
  }
  const commandIds = [...new Set(events.flatMap(({ commandId }) => commandId ?? []))]
  const remembered: Json[] = []
  for (const id of commandIds) {
    const known = await store.remembered(id)()
    remembered.push(answered(known, (one) => (one === null ? null : { ...one, contentDigest: '' })))
  }
  return {
    log: answered(log, (page) => page),
    events: answered(own, (page) => page),
    loaded: answered(loaded, ({ directory: slice, ...moment }) => [moment, rows(slice)]),
    counts: answered(loaded, ({ directory: slice }) => slice.definitionCounts),
    users: await pages(store),
    queries: found,
    remembered,
    people: plain(await engine.segment({ predicate: { and: [] } })()),
    audience: plain(await engine.audience({})()),
    rebuilt: answered(await store.rebuild()(), (report) => report),
    after: await pages(store),
  }
}
