// Plays a sequence on a store, and holds every law after every command.

import {
  type Clock,
  canonicalJson,
  type Directory,
  type Engine,
  type Json,
  openEngine,
  type Receipt,
  type Recorded,
  type Refusal,
  type Store,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { afterReceipt, emptyHistory, type History } from '../arbitraries/history.js'
import type { Sequence } from '../arbitraries/sequences.js'
import { isObject, previewed, resolveSymbols } from '../arbitraries/symbols.js'
import { type Audit, openAudit } from '../laws/audit.js'
import { alsoKnown, checkProjections, type Known, nothingKnown } from '../laws/projections.js'
import { checkPromise } from '../laws/promises.js'
import {
  checkReceipt,
  checkRefusal,
  commandIdOf,
  firstDifference,
  sameReceipt,
} from '../laws/results.js'
import { type Violation, violation } from '../laws/violation.js'
import { countingIds, turnedClock } from '../ports.js'
import type { Result, Step } from './transcript.js'

/**
 * Opens a new, empty store on the clock given.
 *
 * @since 0.1.0
 * @category Runs
 */
export type OpenStore = (clock: Clock) => Promise<Store>

/**
 * A run under way: the store, its engine, and what the laws know so far.
 *
 * @since 0.1.0
 * @category Runs
 */
export interface Run {
  readonly store: Store
  readonly engine: Engine
  readonly audit: Audit
  readonly turn: (byMs: number) => void
  readonly rules: Sequence['rules']
  history: History
  known: Known
  steps: ReadonlyArray<Step>
  /** The log as it was when each event was recorded: nothing in it reads erased. */
  log: ReadonlyArray<Recorded>
  /** The first receipt under each command id, with its command. */
  readonly first: Map<string, { readonly command: Json; readonly receipt: Receipt }>
}

/** Opens a run on a new store; ids and times depend on the sequence only. */
export const openRun = async (open: OpenStore, { rules }: Sequence): Promise<Run> => {
  const { clock, turn } = turnedClock()
  const store = await open(clock)
  return {
    store,
    engine: openEngine({ store, idSource: countingIds(), ...rules }),
    audit: openAudit(),
    turn,
    rules,
    history: emptyHistory,
    known: nothingKnown,
    steps: [],
    log: [],
    first: new Map(),
  }
}

/** Asks the engine, and turns whatever comes back into one value. */
export const ask = async (engine: Engine, command: Json, isPreview: boolean): Promise<Result> => {
  try {
    if (isPreview) {
      const preview = await engine.preview(command)()
      return E.isRight(preview)
        ? { _tag: 'Previewed', preview: preview.right }
        : { _tag: 'Failure', failure: preview.left }
    }
    return resultOf(await engine.execute(command)())
  } catch (error) {
    return { _tag: 'Thrown', message: error instanceof Error ? (error.stack ?? '') : String(error) }
  }
}

/** What an engine answered. */
export const resultOf = (
  answer: E.Either<Refusal | Extract<Result, { _tag: 'Failure' }>['failure'], Receipt>,
): Result => {
  if (E.isRight(answer)) return { _tag: 'Receipt', receipt: answer.right }
  return 'error' in answer.left
    ? { _tag: 'Refusal', refusal: answer.left }
    : { _tag: 'Failure', failure: answer.left }
}

/** Plays one step of a sequence; the violations are those of this step. */
export const playStep = async (run: Run, symbolic: Json): Promise<ReadonlyArray<Violation>> => {
  const toPreview = previewed(symbolic)
  const isPreview = toPreview !== undefined
  const command = resolveSymbols(toPreview ?? symbolic, run.history)
  const before = run.audit.directory()
  const result = await ask(run.engine, command, isPreview)
  run.steps = [...run.steps, { command, isPreview, result }]
  const page = await run.store.read([], { after: run.audit.head() })()
  if (E.isLeft(page)) return [violation('receipt', `the store fails: ${page.left.message}`)]
  const recorded = page.right.events
  const found = [
    ...recorded.flatMap((event) => run.audit.record(event)),
    ...checkResult(run, command, result, recorded, before),
  ]
  run.log = [...run.log, ...recorded]
  remember(run, command, result)
  const directory = run.audit.directory()
  run.known = recorded.length === 0 ? run.known : alsoKnown(run.known, directory)
  const rows = await checkProjections(run.store, directory, run.known)
  return [
    ...found,
    ...(before === directory && result._tag !== 'Receipt' ? rows.map(asTrace) : rows),
  ]
}

/** A difference that a refused command left behind breaks invariant 9, too. */
const asTrace = (one: Violation): Violation =>
  violation(9, `a command that records nothing leaves a trace: ${one.message}`)

const checkResult = (
  run: Run,
  command: Json,
  result: Result,
  recorded: ReadonlyArray<Recorded>,
  before: Directory,
): ReadonlyArray<Violation> => {
  const directory = run.audit.directory()
  const known = firstOf(run, command)
  switch (result._tag) {
    case 'Receipt':
      return known === undefined
        ? [
            ...checkReceipt(command, result.receipt, recorded, run.audit.head(), directory),
            ...checkPromise(command, result.receipt, before, directory),
          ]
        : checkRepeated(known.receipt, result.receipt, recorded)
    case 'Refusal':
      return [
        ...checkRefusal(command, result.refusal),
        ...untouched(recorded, 'a refused command'),
        ...(known !== undefined && content(known.command) === content(command)
          ? [violation(8, `the command ${commandIdOf(command)} is refused when it is given again`)]
          : []),
      ]
    case 'Previewed':
      return untouched(recorded, 'a preview')
    case 'Failure':
      return [violation('receipt', `fails: ${result.failure.message}`)]
    case 'Thrown':
      return [violation('receipt', `throws: ${result.message}`)]
  }
}

const firstOf = (run: Run, command: Json) => {
  const key = onceKey(command)
  return key === undefined ? undefined : run.first.get(key)
}

/** What is done once only: a command id, or a plan by the seed of its ids. */
export const onceKey = (command: Json): string | undefined => {
  const commandId = commandIdOf(command)
  if (typeof commandId === 'string') return commandId
  const isPlan = isObject(command) && command.type === 'Plan' && typeof command.seed === 'string'
  return isPlan ? `plan:${String(command.seed)}` : undefined
}

/** Invariant 8: what a command gives that was given before. */
export const checkRepeated = (
  first: Receipt,
  again: Receipt,
  recorded: ReadonlyArray<Recorded>,
): ReadonlyArray<Violation> => [
  ...recorded.map((event) =>
    violation(8, `${event.type} is recorded by a command that was given again`, event.position),
  ),
  ...(sameReceipt(first, again)
    ? []
    : [violation(8, `another receipt for ${first.commandId} at ${firstDifference(first, again)}`)]),
]

const untouched = (recorded: ReadonlyArray<Recorded>, who: string): ReadonlyArray<Violation> =>
  recorded.map((event) => violation(9, `${who} leaves a ${event.type}`, event.position))

const carried = ['commandId', 'actor', 'correlationId', 'causationId', 'occurredAt']

/** The content of a command as its caller wrote it. */
const content = (command: Json): string =>
  isObject(command)
    ? canonicalJson(
        Object.fromEntries(Object.entries(command).filter(([key]) => !carried.includes(key))),
      )
    : canonicalJson(command)

/** Keeps what later steps may name: the history, plans, and first receipts. */
export const remember = (run: Run, command: Json, result: Result): void => {
  if (result._tag === 'Previewed' && result.preview.outcome === 'planned')
    run.history = { ...run.history, plans: [...run.history.plans, result.preview.plan] }
  if (result._tag !== 'Receipt' || firstOf(run, command) !== undefined) return
  run.history = afterReceipt(run.history, command, result.receipt)
  const key = onceKey(command)
  if (key !== undefined) run.first.set(key, { command, receipt: result.receipt })
}

/** The directory that a run stands at. */
export const directoryOf = (run: Run): Directory => run.audit.directory()
