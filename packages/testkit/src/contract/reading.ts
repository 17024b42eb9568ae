// Promises about reading a log: queries by types and tags, ranges, and one snapshot for a whole page.

import { type LogEvent, type Query, type Range, type Store, tagsOf } from '@selfsame/core'
import { answer, same } from './broken.js'
import { append, defining, fact, outcomeOf } from './items.js'
import { type PortPromise, readAll, readLog, type Stage } from './stage.js'
import { accept, story } from './story.js'

/** What a query looks at. */
export interface Sight {
  readonly type: string
  readonly tags: ReadonlyArray<string>
}

export const sightOf = (event: LogEvent): Sight => ({
  type: event.type,
  tags: 'tags' in event ? event.tags : tagsOf(event),
})

/** dcb.events in one sentence each, written here a second time. */
export const isMeant = (query: Query, { type, tags }: Sight): boolean => {
  if (query.length === 0) return true
  for (const { types = [], tags: wanted = [] } of query) {
    const isOfType = types.length === 0 || types.includes(type)
    const hasTags = wanted.every((tag) => tags.includes(tag))
    if (isOfType && hasTags) return true
  }
  return false
}

/** Queries over the log that `recordMany` makes. */
export const queries: ReadonlyArray<Query> = [
  [],
  [{}],
  [{ types: [] }],
  [{ tags: [] }],
  [{ types: [], tags: [] }],
  [{ types: ['shop.A'] }],
  [{ types: ['shop.A', 'shop.B', 'shop.A'] }],
  [{ types: ['AttributeDefined'] }],
  [{ types: ['AttributeDefined', 'shop.B'] }],
  [{ tags: ['x'] }],
  [{ tags: ['x', 'y'] }],
  [{ tags: ['x', 'x'] }],
  [{ tags: ['X'] }],
  [{ tags: ['x%'] }],
  [{ tags: ['attribute:user:a'] }],
  [{ types: ['shop.A'], tags: ['x'] }],
  [{ types: ['shop.A', 'shop.B'], tags: ['x', 'z'] }],
  [{ types: ['shop.A'] }, { tags: ['y', 'z'] }],
  [{ tags: ['x'] }, { tags: ['x'] }],
  [
    { types: ['shop.A'], tags: ['x'] },
    { types: ['shop.B'], tags: ['y'] },
  ],
  [{ types: ['shop.a'] }],
  [{ types: ['shop.None'] }],
  [{ tags: ['none'] }],
  [{ tags: ['x', 'none'] }],
  [{ tags: ['none'] }, {}],
]

const subsets: ReadonlyArray<ReadonlyArray<string>> = [
  [],
  ['x'],
  ['y'],
  ['z'],
  ['x', 'y'],
  ['z', 'x'],
  ['y', 'z'],
  ['x', 'y', 'z'],
  ['X'],
  ['xx', 'x%'],
  ['y', 'y'],
]

/** Two types of facts with every set of tags, and definitions between them. */
export const recordMany = async ({ store, newSeed }: Stage): Promise<ReadonlyArray<LogEvent>> => {
  for (const [i, tags] of subsets.entries()) {
    await append(store, newSeed(), [fact('shop.A', tags)])
    if (i % 3 === 0)
      await outcomeOf(
        'an attribute is defined',
        store,
        defining(newSeed(), [['a', 'b', 'c', 'd'][i / 3] ?? 'e']),
      )
    await append(store, newSeed(), [fact('shop.B', tags)])
  }
  return readLog(store)
}

const positions = (events: ReadonlyArray<LogEvent>): ReadonlyArray<number> =>
  events.map(({ position }) => position)

/** Compares a read of both kinds with what the sights of the whole log say. */
const expectRead = async (
  store: Store,
  log: ReadonlyArray<LogEvent>,
  query: Query,
  range: Range,
): Promise<void> => {
  const { after = 0, upTo = log.length, limit = log.length, backwards = false } = range
  const meant = log.filter(
    (event) => event.position > after && event.position <= upTo && isMeant(query, sightOf(event)),
  )
  if (backwards) meant.reverse()
  const asked = `(${JSON.stringify(query)}, ${JSON.stringify(range)})`
  same(
    `log.read${asked}`,
    positions(await readLog(store, query, range)),
    positions(meant).slice(0, limit),
  )
  same(
    `read${asked}`,
    positions(await readAll(store, query, range)),
    positions(meant.filter((event) => !('tags' in event))).slice(0, limit),
  )
}

const absent = undefined
const ranges = (head: number): ReadonlyArray<Range> =>
  [absent, 0, 1, 7, head - 1, head, head + 5].flatMap((after) =>
    [absent, 0, 3, head, head + 5].flatMap((upTo) =>
      [absent, 0, 1, 3, head + 5].flatMap((limit) =>
        [absent, true].map((backwards) => ({
          ...(after === absent ? {} : { after }),
          ...(upTo === absent ? {} : { upTo }),
          ...(limit === absent ? {} : { limit }),
          ...(backwards === absent ? {} : { backwards }),
        })),
      ),
    ),
  )

export const readingPromises: ReadonlyArray<PortPromise> = [
  {
    promise: 'a query without items matches every event',
    check: async (stage) => {
      const log = await recordMany(stage)
      await expectRead(stage.store, log, [], {})
      same('the events of log.read([], {})', log.length, subsets.length * 2 + 4)
    },
  },
  {
    promise: 'an item without types matches every type, an item without tags every tag',
    check: async (stage) => {
      const log = await recordMany(stage)
      for (const query of queries.filter((query) => query.length === 1))
        await expectRead(stage.store, log, query, {})
    },
  },
  {
    promise: 'an event matches an item by one of its types and all of its tags, and comes once',
    check: async (stage) => {
      const log = await recordMany(stage)
      for (const query of queries) {
        await expectRead(stage.store, log, query, {})
        await expectRead(stage.store, log, query, { backwards: true })
      }
    },
  },
  {
    promise: 'a range cuts by after and upTo, and then by limit, from either end',
    check: async (stage) => {
      const log = await recordMany(stage)
      for (const query of queries.filter((_, i) => [0, 5, 8, 9, 17].includes(i)))
        for (const range of ranges(log.length)) await expectRead(stage.store, log, query, range)
    },
  },
  {
    promise: 'an event of Selfsame’s is found by every tag that is derived from it',
    check: async (stage) => {
      await accept(stage.engine(), story)
      const log = await readLog(stage.store)
      const tags = new Set(log.flatMap((event) => sightOf(event).tags))
      for (const tag of tags) await expectRead(stage.store, log, [{ tags: [tag] }], {})
    },
  },
  {
    promise: 'an embedder’s own events are in log.read, and never in read',
    check: async ({ store, newSeed }) => {
      await append(store, newSeed(), [
        fact('UserCreated.shop', [], { userId: 'nobody', userType: 'LEAD' }),
      ])
      const head = await append(store, newSeed(), [fact('shop.UserCreated', ['user:nobody'])])
      same('read([], {}) after two own facts', await readAll(store), [])
      same('log.read([], {}) after two own facts', positions(await readLog(store)), [1, 2])
      const page = answer('read([], {})', await store.read([], {})())
      same('the head that read([], {}) gives', page.head, head)
      const rebuilt = answer('rebuild()', await store.rebuild()())
      same('the users of a rebuild after two own facts', rebuilt.users, 0)
    },
  },
  {
    promise: 'the head and the events of one page are from one snapshot',
    check: async ({ store, newSeed }) => {
      const read = () =>
        Promise.all([store.log.read([], {})(), store.load([noSuchName], () => [])()])
      const writing: Array<Promise<unknown>> = []
      const reading = []
      for (let i = 0; i < 30; i += 1) {
        reading.push(read())
        writing.push(
          i % 2 === 0
            ? store.log.append([fact('shop.A')], newSeed())()
            : store.transact([defining(newSeed(), [`n${i}`])])(),
        )
      }
      const pages = await Promise.all(reading)
      await Promise.all(writing)
      pages.push(await read())
      for (const [log, load] of pages) {
        const { head, events } = answer('log.read([], {}) while others write', log)
        same('the head of log.read([], {}) while others write', head, events.at(-1)?.position ?? 0)
        const { head: loaded, directory } = answer('load while others write', load)
        const defined = (await readAll(store, [], { upTo: loaded })).length
        same(
          `the definitions that load counts at its head ${loaded}, while others write`,
          directory.definitionCounts.user,
          defined,
        )
      }
    },
  },
]

const noSuchName = { kind: 'definition', scope: 'user', name: '{}' } as const
