// Plays a scenario through a real engine: facts are appended to its store as they are, commands are
// executed, and what came of the last one is kept under readable names.

import {
  type CommandType,
  type EngineOptions,
  fold,
  type InputOf,
  type Json,
  keysOf,
  leadsTo,
  memoryStore,
  nthId,
  openEngine,
  type Recorded,
  type Store,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { type Audit, openAudit } from '../laws/audit.js'
import { violationText } from '../laws/violation.js'
import { countingIds, startMs, turnedClock } from '../ports.js'
import { ask, type OpenStore } from '../runs/play.js'
import { type Result, resultText } from '../runs/transcript.js'
import { completeFact, type GivenFact, namesEvent } from './facts.js'
import { type Names, openNames } from './names.js'
import { type State, stateOf } from './state.js'

/**
 * What scenarios are played under: the engine's options, a store in memory unless `open` opens another,
 * and the time at which they begin, by default 2026-01-01T00:00:00Z. Each step is one second later.
 *
 * @since 0.1.0
 * @category Scenarios
 */
export interface ScenarioOptions
  extends Pick<
    EngineOptions,
    'personalizeUnknownIdentity' | 'anonymousData' | 'policies' | 'defaultPolicy'
  > {
  readonly open?: OpenStore
  readonly startsAtMs?: number
}

/**
 * A command as a caller writes it.
 *
 * @since 0.1.0
 * @category Scenarios
 */
export type GivenCommand = {
  readonly [Type in CommandType]: { readonly type: Type } & InputOf<Type>
}[CommandType]

/** What came of a scenario, ids read as names. */
export interface Outcome {
  readonly steps: number
  readonly command: Json
  readonly result: Result
  readonly recorded: ReadonlyArray<{ readonly type: string; readonly payload: Json }>
  readonly state: State
}

interface Stage {
  readonly store: Store
  readonly audit: Audit
  readonly names: Names
  readonly recorded: () => Promise<ReadonlyArray<Recorded>>
}

const secondMs = 1000

/** Plays what is given, then the command. Rejects where what is given cannot have happened. */
export const playScenario = async (
  options: ScenarioOptions,
  steps: ReadonlyArray<GivenFact | GivenCommand>,
  command: GivenCommand,
): Promise<Outcome> => {
  const { open = async (clock) => memoryStore({ clock }), startsAtMs = startMs, ...rules } = options
  const { clock, turn } = turnedClock(startsAtMs)
  const store = await open(clock)
  const ids = countingIds()
  const engine = openEngine({ ...rules, store, idSource: ids })
  const [audit, names] = [openAudit(), openNames()]
  const recorded = async (): Promise<ReadonlyArray<Recorded>> => {
    const page = await store.read([], { after: audit.head() })()
    if (E.isLeft(page)) throw new Error(`the store fails: ${page.left.message}`)
    return page.right.events
  }
  const stage: Stage = { store, audit, names, recorded }
  try {
    for (const step of [...steps, command]) for (const id of idsIn(step)) names.reserve(id)
    for (const [i, step] of steps.entries()) {
      const wrong = namesEvent(step)
        ? await append(stage, step, ids())
        : await accept(stage, await ask(engine, names.meant(plain(step)), false))
      if (wrong !== undefined)
        throw new Error(`what is given cannot have happened: step ${i + 1}, ${wrong}`)
      turn(secondMs)
    }
    const result = await ask(engine, names.meant(plain(command)), false)
    const events = await recorded()
    names.learn(events)
    const all = await engine.readLog([])()
    if (E.isLeft(all)) throw new Error(`the store fails: ${all.left.message}`)
    return {
      steps: steps.length,
      command: plain(command),
      result: names.shownIn(result),
      recorded: events.map(({ type, payload }) => ({ type, payload: names.shown(payload) })),
      state: await stateOf(engine, all.right.events, names),
    }
  } finally {
    await engine.close()()
  }
}

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null))

/** The texts of a step: none of them may become the name of something else. */
const idsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || namesCommand(value)) return []
  return Object.values(value).flatMap(idsIn)
}

/** A command names what is there: only a fact brings ids of the test's own. */
const namesCommand = (value: object): boolean => 'type' in value && !('payload' in value)

/** Appends a fact as it is; gives what is wrong with it. */
const append = async (
  { store, audit }: Stage,
  given: { readonly type: GivenFact['type'] },
  seed: string,
): Promise<string | undefined> => {
  const fact = completeFact(given)
  if (E.isLeft(fact)) return fact.left
  const moment = await store.load([], () => [])()
  if (E.isLeft(moment)) return `the store fails: ${moment.left.message}`
  const { now, head } = moment.right
  const event: Recorded = {
    position: head + 1,
    id: nthId(seed, 0),
    schemaVersion: 1,
    recordedAt: now,
    occurredAt: now,
    commandId: null,
    actor: null,
    correlationId: null,
    causationId: null,
    ...fact.right,
  }
  const broken = heldAgainst(audit, event)
  if (broken !== undefined) return broken
  const [outcome] = await store.transact([
    {
      commandId: null,
      contentDigest: '',
      roots: keysOf(event),
      next: leadsTo,
      decide: (slice) =>
        E.right({
          events: [event],
          directory: fold(slice, [event]),
          subject: { userId: null, installationId: null },
        }),
    },
  ])()
  return outcome === undefined || E.isLeft(outcome) ? outcome?.left.message : undefined
}

/** What an event breaks: the laws judge a given fact as they do a recorded one. */
const heldAgainst = (audit: Audit, event: Recorded): string | undefined => {
  try {
    const [first] = audit.record(event)
    return first === undefined ? undefined : `${event.type} breaks ${violationText(first)}`
  } catch (error) {
    return `${event.type} fits nothing before it: ${String(error)}`
  }
}

/** Takes a given command as done; gives what came instead where it was not. */
const accept = async (
  { audit, names, recorded }: Stage,
  result: Result,
): Promise<string | undefined> => {
  if (result._tag !== 'Receipt') return resultText(result)
  const events = await recorded()
  names.learn(events)
  return events.map((event) => heldAgainst(audit, event)).find((broken) => broken !== undefined)
}
