// Faults of the kind that happen to whoever writes a store, each with the promises of the contract
// that it breaks.

import {
  emptyDirectory,
  type Failure,
  instantFromMillis,
  isOwnType,
  isPersonalTag,
  type Json,
  type Log,
  type LogEvent,
  type LogPage,
  type Outcome,
  type Query,
  type Range,
  type Recorded,
  type Store,
  tagsOf,
  type WorkItem,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Planted } from './contract-disk.js'

export interface Fault extends Planted {
  readonly fault: string
  readonly breaks: ReadonlyArray<string>
}

type Told = ReadonlyArray<E.Either<Failure, Outcome>>

/** Rewrites the items that a store is given. */
const items =
  (rewrite: (item: WorkItem, i: number) => WorkItem) =>
  (store: Store): Store => ({
    ...store,
    transact: (given) => store.transact(given.map(rewrite)),
  })

/** Rewrites what a store answers to a batch. */
const outcomes =
  (rewrite: (told: Told) => Told) =>
  (store: Store): Store => ({
    ...store,
    transact: (given) => async () => rewrite(await store.transact(given)()),
  })

/** Rewrites what is asked of a log, and what of it is shown. */
const reads =
  (
    ask: (query: Query, range: Range) => readonly [Query, Range],
    show: (page: LogPage, query: Query) => ReadonlyArray<LogEvent> = ({ events }) => events,
  ) =>
  (store: Store): Store => ({
    ...store,
    read: (query, range) => async () => {
      const page = await store.read(...ask(query, range))()
      if (E.isLeft(page)) return page
      return E.right({ ...page.right, events: show(page.right, query).filter(isSelfsames) })
    },
    log: {
      ...store.log,
      read: (query, range) => async () => {
        const page = await store.log.read(...ask(query, range))()
        return E.isLeft(page) ? page : E.right({ ...page.right, events: show(page.right, query) })
      },
    },
  })

const isSelfsames = (event: LogEvent): event is Recorded => !isOwnType(event.type)
const asAsked = (query: Query, range: Range): readonly [Query, Range] => [query, range]

/** Rewrites how a store appends. */
const appends =
  (append: (log: Log) => Log['append']) =>
  (store: Store): Store => ({ ...store, log: { ...store.log, append: append(store.log) } })

/** Gives a command another id where it is to be taken for one that was never given. */
const forgetting =
  (isForgotten: (item: WorkItem, known: ReadonlyArray<WorkItem>) => boolean) =>
  (store: Store): Store => {
    const known: WorkItem[] = []
    let renamed = 0
    return items((item) => {
      const isOne = item.commandId !== null && isForgotten(item, known)
      known.push(item)
      renamed += 1
      return isOne
        ? { ...item, commandId: `${item.commandId}-${renamed}` as WorkItem['commandId'] }
        : item
    })(store)
  }

const firstOf = (item: WorkItem, known: ReadonlyArray<WorkItem>): WorkItem | undefined =>
  known.find(({ commandId }) => commandId === item.commandId)

const normalized = (json: Json): Json => JSON.parse(JSON.stringify(json).normalize('NFC'))

const lateByOne = ({ head, events }: LogPage): ReadonlyArray<LogEvent> =>
  events.filter(({ position }) => position < head)

/** A store that shows events as they were when it first read them. */
const remembering = (store: Store): Store => {
  const first = new Map<number, LogEvent>()
  return reads(asAsked, ({ events }) =>
    events.map((event) => {
      const before = first.get(event.position)
      if (before === undefined) first.set(event.position, event)
      return before ?? event
    }),
  )(store)
}

/** A store that finds by the identities that it has ever seen. */
const indexing = (store: Store): Store => {
  const seen = new Map<string, Set<number>>()
  const look = async (): Promise<void> => {
    const page = await store.read([], {})()
    for (const event of E.isRight(page) ? page.right.events : [])
      for (const tag of tagsOf(event).filter(isPersonalTag))
        seen.set(tag, (seen.get(tag) ?? new Set()).add(event.position))
  }
  return {
    ...store,
    transact: (given) => async () => {
      const told = await store.transact(given)()
      await look()
      return told
    },
    read: (query, range) => async () => {
      const [item] = query
      const positions = seen.get(item?.tags?.[0] ?? '')
      const page = await store.read(positions === undefined ? query : [], range)()
      if (E.isLeft(page) || positions === undefined) return page
      const events = page.right.events.filter(({ position }) => positions.has(position))
      return E.right({ ...page.right, events })
    },
  }
}

const afterFailure = (told: Told): Told => {
  const failed = told.findIndex(E.isLeft)
  return failed === -1 ? told : told.map((one, i) => (i > failed ? (told[failed] ?? one) : one))
}

const afterRefusal = (told: Told): Told => {
  const refused = told.findIndex((one) => E.isRight(one) && one.right._tag === 'Refused')
  return refused === -1 ? told : told.map((one, i) => (i > refused ? (told[refused] ?? one) : one))
}

/** The last answer is given again while a batch is under way. */
const losing = (store: Store): Store => {
  let isBusy = false
  let last: Told = []
  return {
    ...store,
    transact: (given) => async () => {
      if (isBusy) return last
      isBusy = true
      last = await store.transact(given)()
      await Promise.resolve()
      isBusy = false
      return last
    },
  }
}

/** Work waits for its turn, which comes after the store was closed. */
const droppingWaiting = (store: Store): Store => ({
  ...store,
  transact: (given) => async () => {
    await Promise.resolve()
    return store.transact(given)()
  },
})

export const faults: ReadonlyArray<Fault> = [
  {
    fault: 'an outcome tells a position one too far',
    breaks: ['positions are 1, 2, 3 ... without a gap, in the order of recording'],
    store: outcomes((told) =>
      told.map((one) =>
        E.isRight(one) && one.right._tag === 'Recorded'
          ? E.right({ ...one.right, position: one.right.position + 1 })
          : one,
      ),
    ),
  },
  {
    fault: 'an event is recorded at whatever the clock shows',
    breaks: ['recordedAt never decreases, though the clock jumps back'],
    store: (store, clock) =>
      items((item) => ({
        ...item,
        decide: (slice, at) => item.decide(slice, { ...at, now: instantFromMillis(clock()) }),
      }))(store),
  },
  {
    fault: 'the clock is looked at when the store is opened',
    breaks: ['an event is recorded at the time of its clock, where that has gone on'],
    store: (store, clock) => {
      const now = instantFromMillis(clock())
      return items((item) => ({
        ...item,
        decide: (slice, at) => item.decide(slice, { ...at, now }),
      }))(store)
    },
  },
  {
    fault: 'texts are normalised when they are read',
    breaks: ['an event reads as it was recorded, every field and every character of it'],
    store: reads(asAsked, ({ events }) =>
      events.map((event) =>
        isSelfsames(event) ? event : { ...event, payload: { text: normalized(event.payload) } },
      ),
    ),
  },
  {
    fault: 'the last line of the log is lost when it is opened again',
    breaks: [
      'after it was opened again, a store has the same log, and its order goes on',
      'what was closed opens again with the same log and the same rows',
    ],
    journal: (journal, opening) => ({
      ...journal,
      lines: () => (opening === 'again' ? journal.lines().slice(0, -1) : journal.lines()),
    }),
  },
  {
    fault: 'a query without items matches nothing',
    breaks: ['a query without items matches every event'],
    store: reads(asAsked, ({ events }, query) => (query.length === 0 ? [] : events)),
  },
  {
    fault: 'an item without types matches nothing',
    breaks: ['an item without types matches every type, an item without tags every tag'],
    store: reads((query, range) => [
      query.map((item) => ((item.types ?? []).length === 0 ? { ...item, types: ['none'] } : item)),
      range,
    ]),
  },
  {
    fault: 'one tag of an item is enough',
    breaks: ['an event matches an item by one of its types and all of its tags, and comes once'],
    store: reads((query, range) => [
      query.flatMap((item) =>
        (item.tags ?? []).length < 2
          ? [item]
          : (item.tags ?? []).map((tag) => ({ ...item, tags: [tag] })),
      ),
      range,
    ]),
  },
  {
    fault: 'upTo is taken for the first position that is left out',
    breaks: ['a range cuts by after and upTo, and then by limit, from either end'],
    store: reads((query, range) => [
      query,
      range.upTo === undefined ? range : { ...range, upTo: Math.max(0, range.upTo - 1) },
    ]),
  },
  {
    fault: 'the positions that events name are no tags',
    breaks: ['an event of Selfsame’s is found by every tag that is derived from it'],
    store: reads(asAsked, ({ events }, query) =>
      query.some(({ tags = [] }) => tags.some((tag) => tag.startsWith('linked:'))) ? [] : events,
    ),
  },
  {
    fault: 'an embedder’s facts are among Selfsame’s events',
    breaks: ['an embedder’s own events are in log.read, and never in read'],
    store: (store) => ({ ...store, read: store.log.read as unknown as Store['read'] }),
  },
  {
    fault: 'the head is read after the events',
    breaks: ['the head and the events of one page are from one snapshot'],
    store: (store) => ({
      ...store,
      log: {
        ...store.log,
        read: (query, range) => async () => {
          const page = await store.log.read(query, range)()
          const later = await store.log.read([], { limit: 0 })()
          return E.isLeft(page) || E.isLeft(later)
            ? page
            : E.right({ ...page.right, head: later.right.head })
        },
      },
    }),
  },
  {
    fault: 'the condition of an append is forgotten',
    breaks: ['an append is refused where a matching event stands after the position'],
    store: appends((log) => (facts, seed) => log.append(facts, seed)),
  },
  {
    fault: 'a condition looks at the whole log, whatever its position',
    breaks: ['an append goes through where no matching event stands after the position'],
    store: appends(
      (log) => (facts, seed, condition) =>
        log.append(
          facts,
          seed,
          condition === undefined ? undefined : { failIfEventsMatch: condition.failIfEventsMatch },
        ),
    ),
  },
  {
    fault: 'a condition without a position is no condition',
    breaks: ['a condition without a position looks at the whole log'],
    store: appends(
      (log) => (facts, seed, condition) =>
        log.append(facts, seed, condition?.after === undefined ? undefined : condition),
    ),
  },
  {
    fault: 'a condition without items is no condition',
    breaks: [
      'a condition means the same events as a read: none of its items all, no types every type',
    ],
    store: appends(
      (log) => (facts, seed, condition) =>
        log.append(facts, seed, condition?.failIfEventsMatch.length === 0 ? undefined : condition),
    ),
  },
  {
    fault: 'a condition looks at an embedder’s facts alone',
    breaks: ['a condition sees Selfsame’s own events, by their types and derived tags'],
    store: appends((log) => (facts, seed, condition) => async () => {
      const result = await log.append(facts, seed, condition)()
      if (E.isRight(result) || result.left._tag !== 'Conflict') return result
      const at = await log.read([], { after: result.left.position - 1, limit: 1 })()
      const [event] = E.isRight(at) ? at.right.events : []
      return event === undefined || !isSelfsames(event) ? result : log.append(facts, seed)()
    }),
  },
  {
    fault: 'the first fact of a refused append stays',
    breaks: ['an append is all of its facts or none of them'],
    store: appends((log) => (facts, seed, condition) => async () => {
      const result = await log.append(facts, seed, condition)()
      if (E.isLeft(result)) await log.append(facts.slice(0, 1), seed)()
      return result
    }),
  },
  {
    fault: 'a condition is looked at before the append, not with it',
    breaks: ['of appends that come together under one condition, one goes through'],
    store: appends((log) => (facts, seed, condition) => async () => {
      const { failIfEventsMatch = [], after = 0 } = condition ?? {}
      const page = await log.read(failIfEventsMatch, { after, limit: 1 })()
      const [event] = E.isRight(page) ? page.right.events : []
      return condition === undefined || event === undefined
        ? log.append(facts, seed)()
        : E.left({ _tag: 'Conflict', position: event.position })
    }),
  },
  {
    fault: 'the last item of a batch is decided first',
    breaks: ['items of a batch are decided in order, each seeing the ones before it'],
    store: (store) => ({
      ...store,
      transact: (given) => async () =>
        [...(await store.transact([...given].reverse())())].reverse(),
    }),
  },
  {
    fault: 'a refusal ends its batch',
    breaks: ['each item of a batch is recorded or refused alone'],
    store: outcomes(afterRefusal),
  },
  {
    fault: 'a failure ends its batch',
    breaks: [
      'an item whose decide throws is a failure, and takes no neighbour along',
      'an item whose next throws is a failure, and takes no neighbour along',
    ],
    store: outcomes(afterFailure),
  },
  {
    fault: 'a slice is loaded until nothing new is asked for',
    breaks: ['an item that needs one more key for ever is a failure after a few rounds'],
    store: items((item) => ({
      ...item,
      next: (slice) => {
        const keys = item.next(slice)
        for (let more = keys; more.length > 0; ) more = item.next(slice)
        return keys
      },
    })),
  },
  {
    fault: 'what breaks a load is thrown',
    breaks: ['load answers a failure where its next throws or never ends'],
    store: (store) => ({
      ...store,
      load: (roots, next) => async () => {
        next(emptyDirectory)
        return store.load(roots, next)()
      },
    }),
  },
  {
    fault: 'work begins when it is asked for, not when it is run',
    breaks: ['nothing is done before an answer is run, and each run does it again'],
    store: (store) => ({
      ...store,
      transact: (given) => {
        const told = store.transact(given)()
        return () => told
      },
    }),
  },
  {
    fault: 'a batch is answered up to its 256th item',
    breaks: ['a batch of a thousand is answered item by item, in its order'],
    store: outcomes((told) => told.slice(0, 256)),
  },
  {
    fault: 'a batch that comes while another is under way is lost',
    breaks: ['batches that come together are all recorded, each in one piece of order'],
    store: losing,
  },
  {
    fault: 'what is read is one event behind',
    breaks: ['an outcome is given only when what it tells can be read'],
    store: reads(asAsked, lateByOne),
  },
  {
    fault: 'command ids are not kept',
    breaks: ['a command id given again is Repeated, with the position of the first time'],
    store: items((item) => ({ ...item, commandId: null })),
  },
  {
    fault: 'a command id is kept with its events, so not where there are none',
    breaks: ['a command that recorded nothing is remembered too'],
    store: forgetting((item, known) => firstOf(item, known)?.contentDigest === 'defines '),
  },
  {
    fault: 'the last ten command ids are kept',
    breaks: ['a command id is remembered for ever: after other events, and after a rebuild'],
    store: forgetting((item, known) => firstOf(item, known.slice(-10)) === undefined),
  },
  {
    fault: 'command ids are lost when the log is opened again',
    breaks: ['a command id is remembered after the store was closed and opened again'],
    journal: (journal) => ({
      ...journal,
      lines: () => journal.lines().map((line) => ({ ...line, remembered: null })),
    }),
  },
  {
    fault: 'a command id with other content is another command',
    breaks: ['a command id given with other content is Repeated with the digest of the first'],
    store: forgetting((item, known) => {
      const first = firstOf(item, known)
      return first !== undefined && first.contentDigest !== item.contentDigest
    }),
  },
  {
    fault: 'command ids are looked up before the batch, not in it',
    breaks: ['one command id twice in a batch, or at once, is done once'],
    store: (store) => ({
      ...store,
      transact: (given) =>
        store.transact(
          given.map((item, i) =>
            given.slice(0, i).some((one) => one.commandId === item.commandId)
              ? { ...item, commandId: `${item.commandId}-${i}` as WorkItem['commandId'] }
              : item,
          ),
        ),
    }),
  },
  {
    fault: 'a refused command is remembered',
    breaks: ['a command that was refused or failed is not remembered, and records nothing'],
    store: items((item) => ({
      ...item,
      decide: (slice, at) => {
        const decided = item.decide(slice, at)
        const subject = { userId: null, installationId: null }
        return E.isLeft(decided) ? E.right({ events: [], directory: slice, subject }) : decided
      },
    })),
  },
  {
    fault: 'command ids are compared without case',
    breaks: ['an id that no command had is not remembered'],
    store: (store) => ({
      ...store,
      remembered: (id) => store.remembered(id.toLowerCase() as typeof id),
    }),
  },
  {
    fault: 'what is remembered of a command tells one event too few',
    breaks: ['the same receipt comes back for a command of an engine, also after opening again'],
    store: outcomes((told) =>
      told.map((one) =>
        E.isRight(one) && one.right._tag === 'Repeated'
          ? E.right({
              ...one.right,
              remembered: { ...one.right.remembered, count: one.right.remembered.count - 1 },
            })
          : one,
      ),
    ),
  },
  {
    fault: 'a load brings no push tokens',
    breaks: ['load and users give the rows that the log makes, after every command'],
    store: (store) => ({
      ...store,
      load: (roots, next) => async () => {
        const loaded = await store.load(roots, next)()
        return E.isLeft(loaded)
          ? loaded
          : E.right({
              ...loaded.right,
              directory: { ...loaded.right.directory, tokens: new Map() },
            })
      },
    }),
  },
  {
    fault: 'a page of users is one short',
    breaks: ['users pages through all living users in the order of their ids, each once'],
    store: (store) => ({
      ...store,
      users: (after, limit) => store.users(after, Math.max(1, limit - 1)),
    }),
  },
  {
    fault: 'a rebuild counts Selfsame’s events alone',
    breaks: ['a rebuild of good rows finds no difference, and says how many there are of each'],
    store: (store) => ({
      ...store,
      rebuild: (progress) => async () => {
        const report = await store.rebuild(progress)()
        const page = await store.read([], {})()
        return E.isLeft(report) || E.isLeft(page)
          ? report
          : E.right({ ...report.right, events: page.right.events.length })
      },
    }),
  },
  {
    fault: 'a rebuild ends with the first page of the log',
    breaks: ['after a rebuild everything reads as before'],
    store: (store) => {
      let upTo = Number.MAX_SAFE_INTEGER
      return {
        ...reads((query, range) => [query, { upTo, ...range }])(store),
        rebuild: (progress) => async () => {
          upTo = 10
          return store.rebuild(progress)()
        },
      }
    },
  },
  {
    fault: 'a rebuild finds nothing, ever',
    breaks: ['a rebuild reports the rows that differ from the log, and puts them right'],
    store: (store) => ({
      ...store,
      rebuild: (progress) => async () => {
        const report = await store.rebuild(progress)()
        return E.isLeft(report) ? report : E.right({ ...report.right, differences: [] })
      },
    }),
  },
  {
    fault: 'events are shown from a cache that knows no erasure',
    breaks: ['no value of somebody erased is in read, log.read, load, users or remembered'],
    store: remembering,
  },
  {
    fault: 'an erasure takes the attributes of everybody',
    breaks: ['an erasure leaves positions, order, types and everybody else as they were'],
    store: reads(asAsked, ({ events }) => {
      const isErased = events.some(({ type }) => type === 'UserErased')
      return events.map((event) =>
        isErased && event.type === 'UserAttributesChanged'
          ? { ...event, payload: { ...event.payload, values: {} } }
          : event,
      )
    }),
  },
  {
    fault: 'the index keeps the identities of somebody erased',
    breaks: ['an event of somebody erased is not found by an identity any more'],
    store: indexing,
  },
  {
    fault: 'the log on the disk keeps the values of somebody erased',
    breaks: ['what was erased stays erased after opening again'],
    journal: (journal) => ({
      ...journal,
      replace: (all) => {
        for (const line of all.slice(-1)) journal.add(line)
      },
    }),
  },
  {
    fault: 'a digest has a salt of its own each time',
    breaks: ['a digest is always the same for the same text, another for another text'],
    store: (store) => {
      let n = 0
      return {
        ...store,
        digest: (text) => {
          n += 1
          return `${n}:${store.digest(text)}`
        },
      }
    },
  },
  {
    fault: 'a digest is the text itself',
    breaks: ['a digest is under a key of the store’s own: it tells nothing of the text'],
    store: (store) => ({ ...store, digest: (text) => text }),
  },
  {
    fault: 'the key of the digests is made anew when the log is opened again',
    breaks: ['a digest is the same after opening again'],
    store: (store, _, opening) => ({ ...store, digest: (text) => store.digest(opening + text) }),
  },
  {
    fault: 'what waits is dropped when the store is closed',
    breaks: ['a store that is closed has answered everything that was asked before'],
    store: droppingWaiting,
  },
  {
    fault: 'closing does nothing',
    breaks: ['after it was closed, a store answers the Failure closed, and can be closed again'],
    store: (store) => ({ ...store, close: () => async () => E.right(undefined) }),
  },
  {
    fault: 'a second store reads the log once, and goes on by itself',
    breaks: [
      'two stores on one log lose no append and give no position twice',
      'what one store has answered, another on the same log sees',
      'a command id is done once, through whichever store on the log it is given',
      'a condition holds against what another store on the log appends',
      'an identity goes to one user, through whichever store on the log it is given',
      'what one store erases, another on the same log shows no more',
    ],
    secondIsCopy: true,
  },
  {
    fault: 'a line is written when the next one comes',
    breaks: [
      'after a crash at any moment, what was answered is there, and of a command all or nothing',
    ],
    journal: (journal) => {
      let waiting: Parameters<typeof journal.add>[0] | undefined
      return {
        ...journal,
        add: (line) => {
          if (waiting !== undefined) journal.add(waiting)
          waiting = line
        },
      }
    },
  },
  {
    fault: 'a command is written event by event',
    breaks: [
      'where a step fails, a command is recorded whole or not at all, and what was answered stands',
    ],
    journal: (journal) => ({
      ...journal,
      add: ({ events, remembered }) => {
        for (const event of events) journal.add({ events: [event], remembered: null })
        journal.add({ events: [], remembered })
      },
    }),
  },
]
