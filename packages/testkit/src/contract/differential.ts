// Two stores under one seeded workload: whatever they answer must be the same. The first command after
// which they differ is reported with the seed that brings it back.

import { canonicalJson, type Json } from '@selfsame/core'
import fc from 'fast-check'
import { type Sequence, sequences } from '../arbitraries/sequences.js'
import { previewed, resolveSymbols } from '../arbitraries/symbols.js'
import { ask, type OpenStore, openRun, type Run, remember } from '../runs/play.js'
import type { Result } from '../runs/transcript.js'
import { firstDifference, plain, shown } from './broken.js'
import { fact } from './items.js'
import { everythingOf, newsOf } from './pictures.js'

/**
 * Two ways to open a new, empty store, and how many commands of which seed are played on them.
 *
 * @since 0.1.0
 * @category Contract
 */
export interface Differential {
  readonly left: OpenStore
  readonly right: OpenStore
  readonly seed: number
  readonly commands: number
}

/**
 * What two stores were found alike by.
 *
 * @since 0.1.0
 * @category Contract
 */
export interface FoundAlike {
  readonly seed: number
  readonly sequences: number
  readonly commands: number
}

/**
 * The error of two stores that differ: `seed` alone, with the same number of commands or fewer, brings
 * the difference back at `command` (1 is the first), and `path` is where the answers differ.
 *
 * @since 0.1.0
 * @category Contract
 */
export interface StoresDiffer extends Error {
  readonly seed: number
  readonly command: number
  readonly path: string
}

/** Everything of two stores is compared after so many commands, and at the end of each sequence. */
const everythingEvery = 10

/**
 * Plays the same commands, ids and times on two stores and compares, after each command, its receipt
 * or refusal and the log; every ten commands and at the end of each sequence of up to fifty, all rows,
 * pages of users, command ids, queries of the log and of the engine, and the report of a rebuild. Every
 * fifth step appends facts of an embedder's own under a condition. What differs by intention is left
 * out: digests, and the words of failures.
 *
 * @example
 * await differential({ left: openMine, right: async (clock) => memoryStore({ clock }), seed: 1, commands: 1000 })
 *
 * @since 0.1.0
 * @category Contract
 */
export const differential = async ({
  left,
  right,
  seed,
  commands,
}: Differential): Promise<FoundAlike> => {
  let done = 0
  let played = 0
  // Each sequence has a seed of its own, so that the one that differs can be played alone.
  for (; done < commands; played += 1) {
    const [sequence] = fc.sample(sequences, { seed: seed + played, numRuns: 1 })
    if (sequence !== undefined)
      done += await playBoth({ left, right, seed: seed + played }, sequence)
  }
  return { seed, sequences: played, commands: done }
}

type Sides = Pick<Differential, 'left' | 'right' | 'seed'>

const playBoth = async ({ left, right, seed }: Sides, sequence: Sequence): Promise<number> => {
  const [one, other] = [await openRun(left, sequence), await openRun(right, sequence)]
  try {
    for (const [i, step] of sequence.steps.entries()) {
      const command = resolveSymbols(previewed(step) ?? step, one.history)
      const at = { seed, command: i + 1, doing: shown(command) }
      await playStepOn(one, other, command, at, sequence.stepMs, previewed(step) !== undefined)
      if (i % 5 === 4)
        compare({ ...at, what: 'an append' }, await appendTo(one, i), await appendTo(other, i))
      if (i % everythingEvery === everythingEvery - 1 || i === sequence.steps.length - 1)
        compare(
          { ...at, what: 'what is read' },
          await everythingOf(one.store, one.engine),
          await everythingOf(other.store, other.engine),
        )
    }
    return sequence.steps.length
  } finally {
    await one.engine.close()()
    await other.engine.close()()
  }
}

interface At {
  readonly seed: number
  readonly command: number
  readonly doing: string
}

const playStepOn = async (
  one: Run,
  other: Run,
  command: Json,
  at: At,
  stepMs: number,
  isPreview: boolean,
): Promise<void> => {
  const results: Result[] = []
  for (const run of [one, other]) {
    run.turn(stepMs)
    results.push(await ask(run.engine, command, isPreview))
  }
  compare({ ...at, what: 'the answer' }, normal(results[0]), normal(results[1]))
  compare({ ...at, what: 'the log' }, await newsOf(one.store), await newsOf(other.store))
  if (results[0] !== undefined) remember(one, command, results[0])
}

/** Facts under a condition that sometimes holds: the seat is taken by every other of them. */
const appendTo = async ({ engine }: Run, i: number): Promise<Json> => {
  const tags = [`seat:${Math.floor(i / 10)}`]
  const facts = [fact('shop.SeatTaken', tags, { i }), fact('shop.Paid', [...tags, `by:${i}`])]
  return normal(await engine.append(facts, { failIfEventsMatch: [{ tags }] })())
}

/** An answer without the words of a machine. */
const normal = (result: unknown): Json => withoutWords(plain(result))

const withoutWords = (json: Json): Json => {
  if (typeof json !== 'object' || json === null) return json
  if ('_tag' in json && json._tag === 'Failure' && 'kind' in json)
    return { _tag: 'Failure', kind: json.kind ?? null }
  if ('_tag' in json && json._tag === 'Failure' && 'failure' in json)
    return { _tag: 'Failure', failure: withoutWords(json.failure ?? null) }
  if ('_tag' in json && json._tag === 'Thrown') return { _tag: 'Thrown' }
  return json
}

const compare = (
  { seed, command, doing, what }: At & { readonly what: string },
  left: Json,
  right: Json,
): void => {
  if (canonicalJson(left) === canonicalJson(right)) return
  const found = firstDifference(left, right)
  const [path, one, other] = [found?.path ?? '', found?.expected ?? '', found?.came ?? '']
  const error: StoresDiffer = Object.assign(
    new Error(
      `two stores differ: run it again with { seed: ${seed}, commands: ${command} }\n` +
        `  after the command ${command}: ${doing}\n` +
        `  in ${what}, at ${path || 'the whole'}\n  left: ${one}\n  right: ${other}`,
    ),
    { seed, command, path },
  )
  throw error
}
