// Every interleaving is equal to some serial order, and the log tells which: replayed one by one, each
// call gives the same answer, the log is the same, and a call that was over before another began
// stands before it.

import { millisOf } from '@selfsame/core'
import type { Sequence } from '../arbitraries/sequences.js'
import { isObject } from '../arbitraries/symbols.js'
import { firstDifference, sameButErased } from '../laws/results.js'
import { type Violation, violation } from '../laws/violation.js'
import { firstSeed, startMs } from '../ports.js'
import { type Result, resultText } from '../runs/transcript.js'
import { jsonOf, textOf } from '../simulation/plain.js'
import { openReference, type Reference } from '../simulation/reference.js'
import { type Call, isBefore, placed, recordedAt, seedOf } from './calls.js'

/** A serial order of calls, as far as there is one. */
export interface Serial {
  readonly order: ReadonlyArray<Call>
  readonly violations: ReadonlyArray<Violation>
  /** The log that the order gives, each event as one text. */
  readonly log: ReadonlyArray<string>
}

/** Looks for the serial order of calls that were all made on one new store. */
export const serialOrder = async (
  calls: ReadonlyArray<Call>,
  rules: Sequence['rules'],
): Promise<Serial> => {
  let nowMs = startMs
  const reference = openReference(() => nowMs, rules)
  const { inLog, floating } = placed(calls)
  const order: Call[] = []
  const violations: Violation[] = [...outOfOrder(inLog)]

  /** What a call gives here; nothing of it stays unless `stays` says so. */
  const replay = async (call: Call, stays: boolean): Promise<Result> => {
    const at = recordedAt(call)
    if (at !== undefined) nowMs = millisOf(at)
    const done = await reference.execute([call.command], () => seedOf(call) ?? firstSeed)
    if (!stays) done.keep(0)
    const [result] = done.results
    if (result === undefined) throw new Error('one command gives one result')
    return result
  }

  /** Places what left nothing in the log and fits behind the first `count` calls of it. */
  const fill = async (count: number): Promise<void> => {
    for (const call of floating) {
      if (order.includes(call)) continue
      const mustWait =
        inLog.some((one, i) => i >= count && isBefore(one, call)) ||
        floating.some((one) => !order.includes(one) && isBefore(one, call))
      if (mustWait) continue
      if (isAlike(await replay(call, false), call.result)) {
        order.push(call)
        continue
      }
      const next = inLog[count]
      if (next !== undefined && !isBefore(call, next)) continue
      violations.push(
        violation(
          12,
          `no place in the order of the log gives ${resultText(call.result)} to client ` +
            `${call.client} for ${textOf(call.command)}`,
        ),
      )
      return
    }
  }

  await fill(0)
  for (const [i, call] of inLog.entries()) {
    if (violations.length > 0) break
    const result = await replay(call, true)
    order.push(call)
    if (!isAlike(result, call.result)) violations.push(unlike(call, result))
    else await fill(i + 1)
  }
  return {
    order: [...order, ...calls.filter((call) => !order.includes(call))],
    violations: violations.slice(0, 1),
    log: await logOf(reference),
  }
}

const logOf = async (reference: Reference): Promise<ReadonlyArray<string>> =>
  (await reference.events(0)).map(textOf)

/** Calls in an order in which one that was over stands behind one that had not begun. */
const outOfOrder = (inLog: ReadonlyArray<Call>): ReadonlyArray<Violation> =>
  inLog.flatMap((call, i) =>
    inLog
      .slice(i + 1)
      .filter((later) => isBefore(later, call))
      .map((later) =>
        violation(
          12,
          `the log has ${nameOf(call)} before ${nameOf(later)}, which was answered before it began`,
        ),
      ),
  )

const nameOf = ({ client, command }: Call): string =>
  `the ${isObject(command) ? String(command.type) : 'command'} of client ${client}`

/** A receipt may have been read from the log later, when something of it was erased. */
const isAlike = (wanted: Result, result: Result): boolean =>
  textOf(wanted) === textOf(result) ||
  (wanted._tag === 'Receipt' &&
    result._tag === 'Receipt' &&
    sameButErased(jsonOf(wanted.receipt), jsonOf(result.receipt)))

const unlike = (call: Call, wanted: Result): Violation =>
  violation(
    12,
    `${nameOf(call)} is answered with ${resultText(call.result)}; in the order of the log it gives ` +
      `${resultText(wanted)} (${firstDifference(wanted, call.result)})`,
  )
