// How the tests of the domain read: `given` some commands, `when` one more comes, then its receipt,
// its events or its refusal. Time and ids are made here, so every event can be written down exactly.

import {
  type Command,
  type Directory,
  type Engine,
  type EngineOptions,
  emptyDirectory,
  type Failure,
  fold,
  memoryStore,
  nthId,
  openEngine,
  type Receipt,
  type Recorded,
  type Refusal,
  type RefusalCode,
  type Rows,
  rowsOf,
  type Store,
  type UserId,
  type UserView,
} from '../../src/index.js'
import { E, type TaskEither } from '../../src/prelude.js'
import { userId } from '../../src/values/token.js'
import type { Violation } from '../../src/values/violation.js'

/** A command as JSON: tests write it down as a caller would. */
export type Given = Readonly<Record<string, unknown>> & { readonly type: Command['type'] }

const START_MS = Date.parse('2026-11-24T10:00:00.000Z')

/** The seed of the n-th command of a world, counted from 1. */
export const seedOf = (n: number): string =>
  `018f${n.toString(16).padStart(4, '0')}-0000-7000-8000-000000000000`

/** The k-th id that the n-th command of a world makes. */
export const idOf = (n: number, k: number): string => nthId(seedOf(n), k)

/** The user that the n-th command made, where a user is the first thing it makes. */
export const userOf = (n: number): UserId => userId(idOf(n, 0))

/** The time that a property may take, busy machines included; `pnpm test:long` runs many times as much. */
export const propertyTimeout_ms = process.env.SELFSAME_LONG ? 3_600_000 : 120_000

export interface World {
  readonly engine: Engine
  readonly store: Store
  /** Sets the clock, in seconds after the start; every command takes one second more. */
  readonly clockAt: (seconds: number) => void
  readonly result: (command: unknown) => Promise<E.Either<Refusal | Failure, Receipt>>
  readonly run: (command: unknown) => Promise<Receipt>
  readonly refused: (command: unknown) => Promise<Refusal>
  readonly runAll: (commands: ReadonlyArray<unknown>) => Promise<ReadonlyArray<Receipt>>
  readonly log: () => Promise<ReadonlyArray<Recorded>>
  readonly directory: () => Promise<Directory>
  /** The rows as the store holds them, which a fold of its log has to equal. */
  readonly rows: () => Promise<Rows>
  readonly user: (reference: unknown) => Promise<UserView>
}

/** The value of a task that succeeds; anything else fails the test with the whole refusal. */
export const successOf = async <A>(task: TaskEither<Refusal | Failure, A>): Promise<A> => {
  const result = await task()
  if (E.isRight(result)) return result.right
  throw new Error(`expected a success, got ${JSON.stringify(result.left, null, 2)}`)
}

/** The refusal of a task; a success fails the test with what it gave. */
export const refusalOf = async <A>(task: TaskEither<Refusal | Failure, A>): Promise<Refusal> =>
  refusalIn(await task())

const refusalIn = (result: E.Either<Refusal | Failure, unknown>): Refusal => {
  if (E.isRight(result))
    throw new Error(`expected a refusal, got ${JSON.stringify(result.right, null, 2)}`)
  if ('error' in result.left) return result.left
  throw new Error(`expected a refusal, got a failure: ${result.left.message}`)
}

export const openWorld = (
  options: Omit<EngineOptions, 'store' | 'idSource'> = {},
  digest: (text: string) => string = (text) => text,
): World => {
  let ms = START_MS
  let seeds = 0
  const store = memoryStore({ clock: () => ms, digest })
  const idSource = (): string => {
    seeds += 1
    return seedOf(seeds)
  }
  const engine = openEngine({ ...options, store, idSource })
  const result: World['result'] = (command) => {
    ms += 1000
    return engine.execute(command)()
  }
  const run: World['run'] = async (command) => {
    const outcome = await result(command)
    if (E.isRight(outcome)) return outcome.right
    const shown = JSON.stringify(command)?.slice(0, 500)
    throw new Error(`refused: ${shown}\n${JSON.stringify(outcome.left, null, 2)}`)
  }
  const log: World['log'] = async () => (await successOf(engine.readLog([]))).events
  const directory: World['directory'] = async () => fold(emptyDirectory, await log())
  return {
    engine,
    store,
    clockAt: (seconds) => {
      ms = START_MS + seconds * 1000
    },
    result,
    run,
    refused: async (command) => refusalIn(await result(command)),
    runAll: async (commands) => {
      const receipts: Receipt[] = []
      for (const command of commands) receipts.push(await run(command))
      return receipts
    },
    log,
    directory,
    rows: async () => {
      const known = rowsOf(await directory())
      const report = await successOf(engine.rebuild())
      if (report.differences.length === 0) return known
      throw new Error(`rows differ from the log: ${JSON.stringify(report.differences, null, 2)}`)
    },
    user: (reference) => successOf(engine.fetchUser(reference)),
  }
}

export interface Then {
  readonly receipt: () => Promise<Receipt>
  readonly events: () => Promise<ReadonlyArray<Recorded>>
  /** Events as `[type, payload]`. */
  readonly facts: () => Promise<ReadonlyArray<readonly [string, unknown]>>
  readonly types: () => Promise<ReadonlyArray<string>>
  readonly refusal: () => Promise<Refusal>
  readonly code: () => Promise<RefusalCode>
  readonly violations: () => Promise<ReadonlyArray<Violation>>
}

interface When {
  readonly when: (command: unknown) => Then
}

export const factsOf = (
  events: ReadonlyArray<Recorded>,
): ReadonlyArray<readonly [string, unknown]> => events.map(({ type, payload }) => [type, payload])

/** The violations that a refusal lists. */
export const violationsOf = ({ error }: Refusal): ReadonlyArray<Violation> =>
  (error.details.violations ?? []) as unknown as ReadonlyArray<Violation>

/** All that a refused command must leave as it was: the log, and rows that equal it. */
export const traces = async (world: World): Promise<string> => {
  const rows = await world.rows()
  return JSON.stringify([await world.log(), [...rows].map(([table, all]) => [table, [...all]])])
}

/** Given these commands in a world of their own (or in `world`), when another comes ... */
export const given = (commands: ReadonlyArray<Given> = [], world: World = openWorld()): When => ({
  when: (command) => {
    let done: Promise<E.Either<Refusal | Failure, Receipt>> | undefined
    const outcome = () => {
      done ??= world.runAll(commands).then(() => world.result(command))
      return done
    }
    const receipt = async (): Promise<Receipt> => {
      const result = await outcome()
      if (E.isRight(result)) return result.right
      throw new Error(`refused: ${JSON.stringify(result.left, null, 2)}`)
    }
    const refuse = async (): Promise<Refusal> => {
      await world.runAll(commands)
      const before = await traces(world)
      const refused = await world.refused(command)
      if ((await traces(world)) !== before) throw new Error('a refused command left a trace')
      return refused
    }
    let refused: Promise<Refusal> | undefined
    const refusal = () => {
      refused ??= refuse()
      return refused
    }
    return {
      receipt,
      events: async () => (await receipt()).events,
      facts: async () => factsOf((await receipt()).events),
      types: async () => (await receipt()).events.map(({ type }) => type),
      refusal,
      code: async () => (await refusal()).error.code,
      violations: async () => violationsOf(await refusal()),
    }
  },
})
