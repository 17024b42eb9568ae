// What must be true of an account under simulation, looked at after every delivery and every restart.

import type { IdSource, Json, Recorded, Store, UserId } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Sequence } from '../arbitraries/sequences.js'
import { openAudit } from '../laws/audit.js'
import { canariesOf, checkErased } from '../laws/erasure.js'
import { alsoKnown, checkProjections, type Known, nothingKnown } from '../laws/projections.js'
import { commandIdOf, firstDifference, sameButErased } from '../laws/results.js'
import { type Violation, violation } from '../laws/violation.js'
import type { TurnedClock } from '../ports.js'
import { checkRepeated } from '../runs/play.js'
import { type Result, resultText, type Step } from '../runs/transcript.js'
import { openBesideModel } from './beside-model.js'
import { jsonOf, textOf } from './plain.js'
import { type Done, openReference } from './reference.js'

type Found = Promise<ReadonlyArray<Violation>>

/** Knows what an account must be. */
export interface Witness {
  /** What was done, in the order of the log. */
  readonly steps: () => ReadonlyArray<Step>
  readonly head: () => number
  /** Commands that were answered. */
  readonly answered: (store: Store, asked: Asked, results: ReadonlyArray<Result>) => Found
  /** A command that was previewed. */
  readonly previewed: (asked: Asked, result: Result) => Found
  /** Commands that a crash came over, and the store opened after it. */
  readonly crashed: (store: Store, asked: Asked) => Found
  /** Everything that must be true of a store that was opened again. */
  readonly inspect: (store: Store, texts: ReadonlyArray<string>) => Found
  readonly compareModel: ReturnType<typeof openBesideModel>['compare']
}

/** Commands in the order in which they arrived, and the ids that they draw. */
export interface Asked {
  readonly commands: ReadonlyArray<Json>
  readonly ids: () => IdSource
}

/** Opens the witness of an empty account. */
export const openWitness = (clock: TurnedClock['clock'], rules: Sequence['rules']): Witness => {
  const reference = openReference(clock, rules)
  const model = openBesideModel(rules)
  const audit = openAudit()
  const first = new Map<string, Extract<Result, { _tag: 'Receipt' }>['receipt']>()
  let known: Known = nothingKnown
  let steps: ReadonlyArray<Step> = []
  /** Events as they were when they were recorded. */
  let recorded: ReadonlyArray<Recorded> = []

  /** Takes the commands that are in the log, and holds the new events to every law. */
  const take = async (store: Store, commands: ReadonlyArray<Json>, done: Done): Found => {
    const found: Violation[] = []
    for (const [i, command] of commands.entries()) {
      const result = done.results[i]
      if (result === undefined) continue
      steps = [...steps, { command, isPreview: false, result }]
      found.push(...(await model.take(command, result, clock())))
      if (result._tag === 'Receipt') recorded = [...recorded, ...newIn(result.receipt.events)]
    }
    const page = await store.read([], { after: audit.head() })()
    if (E.isLeft(page)) return [...found, failed(page.left.message)]
    found.push(...compareEvents(page.right.events, await reference.events(audit.head())))
    // As they were recorded: an erasure among them has changed already how they read.
    for (const event of recorded.slice(audit.head())) found.push(...audit.record(event))
    known = alsoKnown(known, audit.directory())
    return found
  }

  const newIn = (events: ReadonlyArray<Recorded>): ReadonlyArray<Recorded> =>
    events.filter(({ position }) => position > recorded.length)

  const compareAnswers = (
    commands: ReadonlyArray<Json>,
    results: ReadonlyArray<Result>,
    wanted: ReadonlyArray<Result>,
  ): ReadonlyArray<Violation> =>
    commands.flatMap((command, i): ReadonlyArray<Violation> => {
      const [result, must] = [results[i], wanted[i]]
      if (result === undefined || must === undefined) return []
      const commandId = commandIdOf(command)
      // A receipt given again is read after its whole batch, which may erase what it shows.
      const isSame =
        textOf(result) === textOf(must) ||
        (commands.length > 1 && sameButErased(jsonOf(must), jsonOf(result)))
      const different = isSame
        ? []
        : [
            violation(
              typeof commandId === 'string' && first.has(commandId) ? 8 : 'receipt',
              `${textOf(command)} is answered with ${resultText(result)}, not with ` +
                `${resultText(must)}, at ${firstDifference(must, result)}`,
            ),
          ]
      if (result._tag !== 'Receipt' || typeof commandId !== 'string') return different
      const before = first.get(commandId)
      if (before === undefined) first.set(commandId, result.receipt)
      return before === undefined
        ? different
        : [...different, ...checkRepeated(before, result.receipt, [])]
    })

  const checkLog = async (store: Store): Found => {
    const page = await store.read([], {})()
    return E.isLeft(page)
      ? [failed(page.left.message)]
      : compareEvents(page.right.events, await reference.events(0))
  }

  const checkRemembered = async (store: Store): Found => {
    const found: Violation[] = []
    for (const wanted of reference.remembered()) {
      const kept = await store.remembered(wanted.commandId)()
      if (E.isRight(kept) && textOf(kept.right) === textOf(wanted)) continue
      const what = E.isLeft(kept) ? kept.left.message : textOf(kept.right)
      found.push(violation(8, `of the command ${wanted.commandId} is remembered: ${what}`))
    }
    return found
  }

  const checkGone = async (store: Store, texts: ReadonlyArray<string>): Found => {
    const erased = recorded.flatMap(
      (event): ReadonlyArray<UserId> =>
        event.type === 'UserErased' ? [event.payload.userId, ...event.payload.absorbed] : [],
    )
    if (erased.length === 0) return []
    const page = await store.read([], {})()
    const canaries = canariesOf(recorded, erased)
    return checkErased(canaries, {
      'the log': jsonOf(E.isRight(page) ? page.right.events : []),
      'the disk': texts.map((text) => jsonOf(JSON.parse(text))),
    })
  }

  return {
    steps: () => steps,
    head: audit.head,
    answered: async (store, { commands, ids }, results) => {
      const done = await reference.execute(commands, ids())
      const found = compareAnswers(commands, results, done.results)
      return found.length > 0 ? found : take(store, commands, done)
    },
    previewed: async ({ commands, ids }, result) => {
      const [command = null] = commands
      const wanted = await reference.preview(command, ids())
      steps = [...steps, { command, isPreview: true, result }]
      return textOf(wanted) === textOf(result)
        ? []
        : [
            violation(
              'receipt',
              `a preview gives ${resultText(result)}, not ${resultText(wanted)}, at ` +
                firstDifference(wanted, result),
            ),
          ]
    },
    crashed: async (store, { commands, ids }) => {
      const page = await store.log.read([], { backwards: true, limit: 1 })()
      if (E.isLeft(page)) return [failed(page.left.message)]
      const { head } = page.right
      if (head < audit.head())
        return [violation(8, `the log ends at ${head}, and ${audit.head()} was acknowledged`)]
      const done = await reference.execute(commands, ids())
      const count = await done.countAt(head, async (commandId) => {
        const kept = await store.remembered(commandId)()
        return E.isRight(kept) && kept.right !== null
      })
      done.keep(count ?? 0)
      return count === undefined
        ? [violation('log', `the log ends at ${head}, inside of what one command records`)]
        : take(store, commands.slice(0, count), done)
    },
    inspect: async (store, texts) => {
      const checks = [
        () => checkGone(store, texts),
        () => checkLog(store),
        () => checkRemembered(store),
        () => checkProjections(store, audit.directory(), known),
      ]
      for (const check of checks) {
        const found = await check()
        if (found.length > 0) return found
      }
      return []
    },
    compareModel: model.compare,
  }
}

const failed = (message: string): Violation => violation('receipt', `the store fails: ${message}`)

const compareEvents = (
  events: ReadonlyArray<Recorded>,
  wanted: ReadonlyArray<Recorded>,
): ReadonlyArray<Violation> => {
  const length = Math.max(events.length, wanted.length)
  const at = Array.from({ length }, (_, i) => i).find(
    (i) => textOf(events[i]) !== textOf(wanted[i]),
  )
  return at === undefined
    ? []
    : [
        violation(
          12,
          `the log has ${textOf(events[at])} where the same commands record ${textOf(wanted[at])}`,
          (wanted[at] ?? events[at])?.position ?? 0,
        ),
      ]
}
