// Random logs for the auditor, and a reader of a log in an array that costs nothing to ask.

import {
  type AuditedLog,
  type LogPage,
  type Page,
  type Position,
  type Query,
  type Range,
  type Recorded,
  type Tag,
  tagsOf,
} from '@selfsame/core'
import { type Sequence, sequences } from '@selfsame/testkit'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { previewed, resolveSymbols } from '../src/arbitraries/symbols.js'
import { ask, openRun, remember } from '../src/runs/play.js'
import { openMemory } from './memory.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const given = Number(process.env.SELFSAME_SEED)
/** The short run is the same each time; the long one looks elsewhere each time. */
export const seed =
  Number.isInteger(given) && given !== 0 ? given : isLong ? Date.now() % 2 ** 31 : 1
export const logs = isLong ? 1000 : 100
export const timeout_ms = isLong ? 14_400_000 : 240_000

/** The log that a sequence leaves behind, as it reads at its end. */
const logOf = async (sequence: Sequence): Promise<ReadonlyArray<Recorded>> => {
  const run = await openRun(openMemory, sequence)
  for (const step of sequence.steps) {
    run.turn(sequence.stepMs)
    const toPreview = previewed(step)
    const command = resolveSymbols(toPreview ?? step, run.history)
    remember(run, command, await ask(run.engine, command, toPreview !== undefined))
  }
  const page = await run.store.read([], {})()
  if (E.isLeft(page)) throw new Error(page.left.message)
  return page.right.events
}

/** Holds a property for every log; the error names seed and path, and the sequence of commands. */
export const forEveryLog = async (
  check: (events: ReadonlyArray<Recorded>) => Promise<void>,
  stories: fc.Arbitrary<Sequence> = sequences,
): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(stories, async (sequence) => check(await logOf(sequence))),
    { numRuns: logs, seed },
  )
}

/** A log in an array. */
export const readerOf = (events: ReadonlyArray<Recorded>): AuditedLog => {
  const tagged = new Map<Tag, Recorded[]>()
  for (const event of events)
    for (const tag of tagsOf(event)) tagged.set(tag, [...(tagged.get(tag) ?? []), event])
  const read = (query: Query, range: Range): Page => ({
    head: events.length,
    events: within(candidates(events, tagged, query), range),
  })
  return {
    read: (query, range) => async () => E.right(read(query, range)),
    log: { read: (query, range) => async () => E.right<never, LogPage>(read(query, range)) },
  }
}

const candidates = (
  events: ReadonlyArray<Recorded>,
  tagged: ReadonlyMap<Tag, ReadonlyArray<Recorded>>,
  query: Query,
): ReadonlyArray<Recorded> => {
  if (query.length === 0) return events
  const found = new Map<Position, Recorded>()
  for (const { types, tags } of query) {
    const [first] = tags ?? []
    for (const event of first === undefined ? events : (tagged.get(first) ?? []))
      if (types === undefined || types.includes(event.type)) found.set(event.position, event)
  }
  return [...found.values()].sort((a, b) => a.position - b.position)
}

const within = (
  events: ReadonlyArray<Recorded>,
  { after = 0, upTo = Number.POSITIVE_INFINITY, limit = events.length, backwards = false }: Range,
): ReadonlyArray<Recorded> => {
  if (events.length === 0) return []
  const inside = events.filter(({ position }) => position > after && position <= upTo)
  return backwards ? inside.reverse().slice(0, limit) : inside.slice(0, limit)
}

/** The answer of a question that must have one. */
export const found = async <A>(answer: () => Promise<E.Either<unknown, A>>): Promise<A> => {
  const result = await answer()
  if (E.isRight(result)) return result.right
  throw new Error(JSON.stringify(result.left))
}

/** JSON as a reader sees it: what is erased reads `erased`. */
export const readBack = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll('"\\u0000erased', '"erased'))
