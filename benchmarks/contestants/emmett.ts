// The peer: @event-driven-io/emmett-sqlite. A command loads a stream of ten events, folds it and
// appends one under the version that it saw. Its tables hold nothing sealed and no tags.

import { createRequire } from 'node:module'
import { type Kind, nameOf, phoneOf } from '../shop.js'
import { type Contestant, inLanes } from './contestant.js'

/** What of the package is used: it is installed beside the workspace, so its types are not at hand. */
interface Connection {
  readonly querySingle: <A>(sql: string) => Promise<A | null>
  readonly close: () => void
}
interface EventStore {
  readonly aggregateStream: <State>(
    stream: string,
    how: {
      readonly initialState: () => State
      readonly evolve: (state: State, event: { readonly data: object }) => State
    },
  ) => Promise<{ readonly state: State; readonly currentStreamVersion: bigint }>
  readonly appendToStream: (
    stream: string,
    events: ReadonlyArray<object>,
    options?: { readonly expectedStreamVersion: bigint },
  ) => Promise<unknown>
}
interface Emmett {
  readonly sqliteConnection: (options: { readonly fileName: string }) => Connection
  readonly getSQLiteEventStore: (options: object) => EventStore
}

/** As shipped it opens a connection for each call; `shared` gives it one for all of them. */
export const emmettWays = ['as shipped', 'shared', 'shared, no queue'] as const
export type EmmettWay = (typeof emmettWays)[number]

const eventsBefore = 10
const triesMax = 200
const waitMax_ms = 20

/** A BEGIN that was busy is followed by a ROLLBACK, whose error hides the first. */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && /SQLITE_BUSY|SQLITE_LOCKED|cannot rollback/.test(error.message)

/** What a fair user does about SQLITE_BUSY: the whole command again, after a short random wait. */
const again = async (work: () => Promise<void>): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error) || tries === triesMax) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * waitMax_ms))
  }
}

const changed = (n: number, turn: number): object => ({
  type: 'UserAttributesChanged',
  data: {
    userId: `user-${n}`,
    phone: phoneOf(n),
    firstName: nameOf(n + turn),
    fields: ['firstName'],
  },
})

export const openEmmett = async (
  file: string,
  way: EmmettWay,
  peers: string,
): Promise<Contestant> => {
  const emmett: Emmett = createRequire(`${peers}/package.json`)('@event-driven-io/emmett-sqlite')
  const shared = emmett.sqliteConnection({ fileName: file })
  const sync = await shared.querySingle<{ readonly synchronous: number }>('PRAGMA synchronous')
  if (sync?.synchronous !== 2) throw new Error('emmett-sqlite does not write at FULL')
  const store = emmett.getSQLiteEventStore(
    way === 'as shipped'
      ? { fileName: file }
      : { fileName: file, connectionOptions: { singleton: true, connection: shared } },
  )

  const command = async (n: number, turn: number): Promise<void> => {
    const { state, currentStreamVersion } = await store.aggregateStream<Record<string, unknown>>(
      `user-${n}`,
      { initialState: () => ({}), evolve: (state, { data }) => ({ ...state, ...data }) },
    )
    if (state.phone !== phoneOf(n)) throw new Error(`user-${n} is another`)
    await store.appendToStream(`user-${n}`, [changed(n, turn)], {
      expectedStreamVersion: currentStreamVersion,
    })
  }
  const begin = async (n: number): Promise<void> => {
    await store.appendToStream(
      `user-${n}`,
      Array.from({ length: eventsBefore }, (_, i) => changed(n, i)),
    )
  }

  let queue: Promise<unknown> = Promise.resolve()
  /** On a shared connection the transactions of two commands are one: they have to wait in a line. */
  const inLine = (work: () => Promise<void>): Promise<void> => {
    const done = queue.then(work)
    queue = done.catch(() => {})
    return done
  }

  return {
    run: async (kind: Kind, people, turn, inFlight) => {
      if (kind === 'RegisterInstallation') for (const n of people) await again(() => begin(n))
      if (kind !== 'SaveUser') return
      await inLanes(people, inFlight, (n) => {
        const work = () => again(() => command(n, turn))
        return way === 'shared' ? inLine(work) : work()
      })
    },
    close: async () => shared.close(),
  }
}
