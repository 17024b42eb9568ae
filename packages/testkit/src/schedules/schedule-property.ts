// Several clients at once on one engine, every asynchronous step of its store in the hands of a
// scheduler: whatever comes of it must be equal to some serial order.

import { type Json, nthId, openEngine, type Seed } from '@selfsame/core'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { type Sequence, sequences } from '../arbitraries/sequences.js'
import { previewed, resolveSymbols } from '../arbitraries/symbols.js'
import { openAudit } from '../laws/audit.js'
import { checkProjections } from '../laws/projections.js'
import { type Violation, violation } from '../laws/violation.js'
import { countingIds, firstSeed } from '../ports.js'
import { ask, openRun, type Run, remember } from '../runs/play.js'
import { checkAll, close, type Played, type StoreProperty } from '../runs/properties.js'
import { resultText } from '../runs/transcript.js'
import { textOf } from '../simulation/plain.js'
import { type Call, receiptOf } from './calls.js'
import { type OpenScheduled, takingTurns } from './scheduled-store.js'
import { serialOrder } from './serial.js'

/** What is played: the first steps one by one, the others by so many clients at once. */
interface Schedule {
  readonly sequence: Sequence
  readonly alone: number
  readonly clients: number
  readonly scheduler: fc.Scheduler
}

const schedules: fc.Arbitrary<Schedule> = fc.noBias(
  fc.record({
    sequence: sequences,
    alone: fc.nat({ max: 30 }),
    clients: fc.integer({ min: 2, max: 4 }),
    scheduler: fc.scheduler(),
  }),
)

/**
 * The property that commands given at once are done one after another: every interleaving of several
 * clients is equal to some serial order. The log gives the order: the same commands played one by one
 * in it, with the same ids, give the same answers and the same log, what was refused or recorded
 * nothing fits somewhere between its beginning and its end, and a call that was answered before
 * another began stands before it. In the end the log and the rows are held to every invariant.
 * Previews are played and not compared: what one foresees may be old when it is shown. A schedule that
 * fails is shrunk with `shrink: true` only, which takes minutes.
 *
 * @example
 * const { name, check } = scheduleProperty({ open: async (clock) => memoryStore({ clock }) })
 * test(name, () => check({ runs: 200 }))
 *
 * @since 0.1.0
 * @category Schedules
 */
export const scheduleProperty = ({ open }: { readonly open: OpenScheduled }): StoreProperty => ({
  name: 'commands given at once are equal to some serial order',
  check: (options) =>
    checkAll(
      schedules,
      { shrink: false, ...options },
      (schedule) => playSchedule(open, schedule),
      'schedule',
    ),
})

const idsInAMillisecond = 2 ** 18
/** Seeds of previews stand apart from those that commands draw. */
const firstPreview: Seed = nthId(firstSeed, 2 ** 20 * idsInAMillisecond)

const playSchedule = async (
  open: OpenScheduled,
  { sequence, alone, clients, scheduler }: Schedule,
): Promise<Played> => {
  let isScheduled = false
  const turn = async (next: string): Promise<void> => {
    if (isScheduled) await scheduler.schedule(Promise.resolve(), next)
  }
  const opened = await openRun(
    async (clock) => takingTurns(await open(clock, turn), turn),
    sequence,
  )
  const ids = countingIds()
  let drawn: Seed | undefined
  const idSource = (): Seed => {
    drawn = ids()
    return drawn
  }
  const { store, rules } = opened
  const run: Run = { ...opened, engine: openEngine({ store, idSource, ...rules }) }
  const onlooker = openEngine({ store, idSource: countingIds(firstPreview), ...rules })
  const calls: Call[] = []
  let moment = 0

  const play = async (client: number, step: Json): Promise<void> => {
    run.turn(1000)
    moment += 1
    const start = moment
    const toPreview = previewed(step)
    const command = resolveSymbols(toPreview ?? step, run.history)
    drawn = undefined
    const asked = ask(
      toPreview === undefined ? run.engine : onlooker,
      command,
      toPreview !== undefined,
    )
    // The engine draws at once, before it waits for anything.
    const seed = drawn
    const result = await asked
    moment += 1
    remember(run, command, result)
    if (toPreview === undefined) calls.push({ client, command, seed, start, end: moment, result })
  }

  const together = sequence.steps.slice(alone)
  for (const step of sequence.steps.slice(0, alone)) await play(0, step)
  isScheduled = true
  const programs = Array.from({ length: clients }, async (_, client) => {
    for (const step of together.filter((_one, i) => i % clients === client)) {
      await turn(`client ${client} gives a command`)
      await play(client, step)
    }
  })
  await scheduler.waitFor(Promise.all(programs))
  isScheduled = false

  const { order, violations, log } = await serialOrder(calls, rules)
  run.steps = order.map(({ command, result }) => ({ command, isPreview: false, result }))
  const found = [...violations, ...failed(calls)]
  if (found.length === 0)
    found.push(...(await checkLog(run, log)), ...(await checkLaws(run, order)))
  return {
    run,
    violations: [
      ...found.map((one, i) => (i === 0 ? withCalls(one, calls) : one)),
      ...(await close(run)),
    ],
  }
}

const failed = (calls: ReadonlyArray<Call>): ReadonlyArray<Violation> =>
  calls.flatMap(({ result }) =>
    result._tag === 'Failure' || result._tag === 'Thrown'
      ? [violation('receipt', resultText(result))]
      : [],
  )

const checkLog = async (
  { store }: Run,
  log: ReadonlyArray<string>,
): Promise<ReadonlyArray<Violation>> => {
  const page = await store.read([], {})()
  if (E.isLeft(page)) return [violation('receipt', `the store fails: ${page.left.message}`)]
  const texts = page.right.events.map(textOf)
  const length = Math.max(texts.length, log.length)
  const at = Array.from({ length }, (_, i) => i).find((i) => texts[i] !== log[i])
  return at === undefined
    ? []
    : [violation(12, `the log has ${texts[at]}, in the serial order ${log[at]}`, at + 1)]
}

/** Every invariant of the log as it was recorded, and the rows that it gives. */
const checkLaws = async (
  { store }: Run,
  order: ReadonlyArray<Call>,
): Promise<ReadonlyArray<Violation>> => {
  const audit = openAudit()
  const found: Violation[] = []
  for (const call of order)
    for (const event of receiptOf(call)?.events ?? [])
      if (event.position > audit.head()) found.push(...audit.record(event))
  return [...found, ...(await checkProjections(store, audit.directory()))]
}

/** A violation with the moments at which the calls of the clients began and ended. */
const withCalls = (one: Violation, calls: ReadonlyArray<Call>): Violation => ({
  ...one,
  message: [
    one.message,
    ...[...calls]
      .sort((a, b) => a.start - b.start)
      .map(
        ({ client, command, start, end, result }) =>
          `    client ${client}, ${start} to ${end}: ${textOf(command).slice(0, 100)} -> ${resultText(result)}`,
      ),
  ].join('\n'),
})
