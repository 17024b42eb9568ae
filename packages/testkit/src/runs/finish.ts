// What is asked of a store at the end of a sequence: its log once more, a rebuild, every receipt
// again, the same story on other stores, and no value of anybody who was erased.

import { canonicalJson, type Json, type Recorded, type UserId } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Sequence } from '../arbitraries/sequences.js'
import { checkFolds } from '../laws/audit.js'
import { canariesOf, checkErased } from '../laws/erasure.js'
import { checkPages, pageSizes } from '../laws/pages.js'
import { checkProjections } from '../laws/projections.js'
import { firstDifference, sameButErased } from '../laws/results.js'
import { checkToldApart } from '../laws/rows.js'
import { type Violation, violation } from '../laws/violation.js'
import {
  ask,
  checkRepeated,
  directoryOf,
  type OpenStore,
  openRun,
  type Run,
  resultOf,
} from './play.js'
import { reworded } from './reworded.js'
import { type Result, resultText } from './transcript.js'

/** The stores a sequence is played on again, for invariant 12. */
export interface Again {
  readonly open: OpenStore
  readonly reference: OpenStore
}

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value))

/** All checks of the end of a sequence, the cheapest first. */
export const finish = async (
  run: Run,
  sequence: Sequence,
  again: Again,
): Promise<ReadonlyArray<Violation>> => {
  const log = await readAll(run)
  return [
    ...checkUnchanged(run.log, log),
    ...checkFolds(log, directoryOf(run), directoryOf(run), sequence.steps.length),
    ...pageSizes.flatMap((size) => checkPages(log, size)),
    ...(await checkRebuild(run)),
    ...checkToldApart(directoryOf(run)),
    ...(await checkReceiptsAgain(run)),
    ...(await checkNobodyErased(run, log)),
    ...(await checkSameLog(run, sequence, again.reference, log)),
    ...(sequence.stepMs === 0 && run.history.plans.length === 0
      ? await checkSameInABatch(run, sequence, again.open, log)
      : []),
  ]
}

const readAll = async (run: Run): Promise<ReadonlyArray<Recorded>> => {
  const page = await run.store.read([], {})()
  return E.isRight(page) ? page.right.events : []
}

/** An event, once recorded, is never changed. */
const checkUnchanged = (
  recorded: ReadonlyArray<Recorded>,
  log: ReadonlyArray<Recorded>,
): ReadonlyArray<Violation> =>
  recorded.length === log.length
    ? recorded.flatMap((event, i) =>
        sameButErased(plain(event), plain(log[i] ?? null))
          ? []
          : [violation('log', `${event.type} reads differently now`, event.position)],
      )
    : [violation('log', `${log.length} events are in the log, ${recorded.length} were recorded`)]

/** Invariant 6: a rebuild finds no difference and leaves none. */
export const checkRebuild = async (run: Run): Promise<ReadonlyArray<Violation>> => {
  const report = await run.store.rebuild()()
  if (E.isLeft(report)) return [violation(6, `the rebuild fails: ${report.left.message}`)]
  return [
    ...report.right.differences.map(({ table, key, stored, rebuilt }) =>
      violation(6, `the rebuild finds ${table} ${key} as ${stored}, and makes it ${rebuilt}`),
    ),
    ...(await checkProjections(run.store, directoryOf(run), run.known)),
  ]
}

/** Invariant 8: every command id gives its first receipt again, in other words too, and no event. */
export const checkReceiptsAgain = async (run: Run): Promise<ReadonlyArray<Violation>> => {
  const found: Violation[] = []
  const { length: head } = await readAll(run)
  for (const { command, receipt } of run.first.values()) {
    const result = await ask(run.engine, reworded(command), false)
    const page = await run.store.read([], { after: head })()
    const recorded = E.isRight(page) ? page.right.events : []
    if (result._tag === 'Receipt') found.push(...checkRepeated(receipt, result.receipt, recorded))
    else found.push(violation(8, `${receipt.commandId} given again: ${resultText(result)}`))
  }
  return found
}

/** Invariant 11, as far as the store's answers go. */
export const checkNobodyErased = async (
  run: Run,
  log: ReadonlyArray<Recorded>,
): Promise<ReadonlyArray<Violation>> => {
  const erased = run.log.flatMap(
    (event): ReadonlyArray<UserId> =>
      event.type === 'UserErased' ? [event.payload.userId, ...event.payload.absorbed] : [],
  )
  if (erased.length === 0) return []
  const canaries = canariesOf(run.log, erased)
  const page = await run.store.users(null, 1000)()
  const remembered = await Promise.all(
    [...run.first.values()].map(async ({ receipt }) =>
      receipt.commandId === undefined ? null : await run.store.remembered(receipt.commandId)(),
    ),
  )
  const erasedUsers = await run.store.load(
    erased.flatMap((id) => [{ kind: 'user', id } as const, { kind: 'absorbed', id } as const]),
    () => [],
  )()
  return checkErased(canaries, {
    'the log': plain(log),
    'the users': plain(E.isRight(page) ? [...page.right.directory.users] : []),
    'the installations': plain(E.isRight(page) ? [...page.right.directory.installations] : []),
    'the users erased': plain(E.isRight(erasedUsers) ? [...erasedUsers.right.directory.users] : []),
    'what is remembered of commands': plain(remembered),
  })
}

/** A result, and the order in which it shows fields and custom attributes. */
const shownText = (result: Result): string => {
  const { user, installation } = result._tag === 'Receipt' ? result.receipt : {}
  const shown = [user, installation, ...(user?.installations ?? [])].flatMap((one) => one ?? [])
  const order = shown.map((one) => [Object.keys(one), Object.keys(one.customAttributes)])
  return `${canonicalJson(plain(result))} ${JSON.stringify(order)}`
}

/** Invariant 12: the same commands, ids and times give the same log, byte for byte. */
const checkSameLog = async (
  run: Run,
  sequence: Sequence,
  open: OpenStore,
  log: ReadonlyArray<Recorded>,
): Promise<ReadonlyArray<Violation>> => {
  const other = await openRun(open, sequence)
  const found: Violation[] = []
  for (const [i, { command, isPreview, result }] of run.steps.entries()) {
    other.turn(sequence.stepMs)
    const same = await ask(other.engine, command, isPreview)
    if (shownText(same) !== shownText(result))
      found.push(
        violation(
          12,
          `step ${i + 1} gives, played again: ${resultText(same)} (${firstDifference(result, same)})`,
        ),
      )
  }
  found.push(...compareLogs(log, await readAll(other)))
  await other.engine.close()()
  return found
}

/** The same commands in one batch, their time being one: the same log, once more. */
const checkSameInABatch = async (
  run: Run,
  sequence: Sequence,
  open: OpenStore,
  log: ReadonlyArray<Recorded>,
): Promise<ReadonlyArray<Violation>> => {
  const commands = run.steps.filter((step) => !step.isPreview)
  if (commands.length !== run.steps.length) return []
  const other = await openRun(open, sequence)
  const answers = await other.engine.executeAll(commands.map(({ command }) => command))()
  const found = answers.flatMap((answer, i) => {
    const [before, now] = [commands[i]?.result, resultOf(answer)]
    return before !== undefined && sameButErased(plain(before), plain(now))
      ? []
      : [
          violation(
            12,
            `step ${i + 1} gives, in a batch: ${resultText(now)} (${firstDifference(before, now)})`,
          ),
        ]
  })
  found.push(...compareLogs(log, await readAll(other)))
  await other.engine.close()()
  return found
}

const compareLogs = (
  log: ReadonlyArray<Recorded>,
  other: ReadonlyArray<Recorded>,
): ReadonlyArray<Violation> => {
  const [ours, theirs] = [log, other].map((events) =>
    events.map((one) => canonicalJson(plain(one))),
  )
  const at = (ours ?? []).findIndex((text, i) => text !== theirs?.[i])
  if (at === -1 && ours?.length === theirs?.length) return []
  const position = at === -1 ? log.length : at + 1
  return [
    violation(
      12,
      `the log is another when it is played again: ${theirs?.[position - 1]}`,
      position,
    ),
  ]
}
