// One account under simulation: clients, a clock that jumps, a store that crashes between any two
// steps, all of it decided by one seed.

import { type Engine, type IdSource, nthId, openEngine } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { afterReceipt, emptyHistory, type History } from '../arbitraries/history.js'
import type { Sequence } from '../arbitraries/sequences.js'
import { isObject } from '../arbitraries/symbols.js'
import { commandIdOf } from '../laws/results.js'
import { type Violation, violation } from '../laws/violation.js'
import { countingIds, firstSeed, turnedClock } from '../ports.js'
import { ask, resultOf } from '../runs/play.js'
import type { Result, Step } from '../runs/transcript.js'
import { openLives } from './lives.js'
import { textOf } from './plain.js'
import { chanceOf } from './random.js'
import type { SimulatedStore } from './simulated-store.js'
import { countResult, type Tally } from './tally.js'
import { type Message, openTraffic } from './traffic.js'
import { type Asked, openWitness } from './witness.js'

/** Which account, how far, and on what. */
export interface Account {
  readonly seed: number
  readonly steps: number
  readonly clients: number
  readonly store: SimulatedStore
}

/** What became of an account; `step` is the one at which something broke, counted from 1. */
export interface Played {
  readonly violations: ReadonlyArray<Violation>
  readonly step: number
  readonly steps: ReadonlyArray<Step>
  readonly rules: Sequence['rules']
  /** The events as they read in the end, each as canonical JSON. */
  readonly log: ReadonlyArray<string>
}

const [second, day] = [1000, 86_400_000]
const idsInAMillisecond = 2 ** 18
/** More than one delivery draws. */
const seedsADelivery = 64

/** Plays an account to its end, or to the first step after which something is not as it must be. */
export const playAccount = async (
  { seed, steps, clients, store: simulated }: Account,
  tally: Tally,
): Promise<Played> => {
  const chance = chanceOf(seed)
  const traffic = openTraffic(seed, clients, chance, tally)
  const { rules } = traffic
  const { clock, turn } = turnedClock()
  const witness = openWitness(clock, rules)
  const lives = await openLives(simulated, clock, chance, tally)
  const seen = new Set<string>()
  let history: History = emptyHistory
  let deliveries = 0
  /** How many steps of the store a command took of late. */
  let usual = 4

  const engine = (ids: IdSource): Engine =>
    openEngine({ store: lives.store(), idSource: ids, ...rules })

  const inspect = () => witness.inspect(lives.store(), lives.texts())

  const learn = ({ command }: Message, result: Result): void => {
    if (result._tag === 'Previewed' && result.preview.outcome === 'planned')
      history = { ...history, plans: [...history.plans, result.preview.plan] }
    if (result._tag !== 'Receipt') return
    const key = textOf([commandIdOf(command), result.receipt.events.map(({ id }) => id)])
    if (seen.has(key)) return
    seen.add(key)
    history = afterReceipt(history, command, result.receipt)
  }

  /** Every fourth delivery meets a crash, and most that erase somebody: that takes many steps. */
  const lifetimeOf = (messages: ReadonlyArray<Message>): number | null => {
    const erases = messages.some(({ command }) => isObject(command) && command.type === 'EraseUser')
    const longest = usual * messages.length + (erases ? 16 : 0)
    return chance.happens(erases ? 70 : 25) ? 1 + chance.below(longest) : null
  }

  const deliver = async (messages: ReadonlyArray<Message>): Promise<ReadonlyArray<Violation>> => {
    deliveries += 1
    const base = nthId(firstSeed, idsInAMillisecond * seedsADelivery * deliveries)
    const asked: Asked = {
      commands: messages.map(({ command }) => command),
      ids: () => countingIds(base),
    }
    const isPreview = messages.some((one) => one.isPreview)
    const lifetime = lifetimeOf(messages)
    const before = lives.steps()
    const results = await lives.during(lifetime, async () => {
      const one = engine(asked.ids())
      return isPreview
        ? [await ask(one, asked.commands[0] ?? null, true)]
        : (await one.executeAll(asked.commands)()).map(resultOf)
    })
    if (isPreview) tally.previews += 1
    if (messages.length > 1) tally.batches += 1
    if (results === undefined) {
      traffic.unanswered(messages)
      await lives.reopen()
      const found = isPreview ? [] : await witness.crashed(lives.store(), asked)
      return found.length > 0 ? found : inspect()
    }
    if (!isPreview) usual = Math.max(2, Math.ceil((lives.steps() - before) / messages.length))
    const [result] = results
    const found =
      isPreview && result !== undefined
        ? await witness.previewed(asked, result)
        : await witness.answered(lives.store(), asked, results)
    if (!isPreview) for (const one of results) countResult(tally, one)
    if (chance.happens(5)) {
      tally.lostAnswers += 1
      traffic.unanswered(messages)
    } else for (const [i, message] of messages.entries()) learn(message, results[i] ?? noAnswer)
    return found
  }

  const crashIdly = async (): Promise<ReadonlyArray<Violation>> => {
    lives.die()
    await lives.reopen()
    const found = await witness.crashed(lives.store(), { commands: [], ids: countingIds })
    return found.length > 0 ? found : inspect()
  }

  const rebuild = async (lifetime: number | null): Promise<ReadonlyArray<Violation>> => {
    tally.rebuilds += 1
    const report = await lives.during(lifetime, () => lives.store().rebuild()())
    if (report === undefined) {
      await lives.reopen()
      return inspect()
    }
    if (E.isLeft(report)) return [violation(6, `the rebuild fails: ${report.left.message}`)]
    const found = report.right.differences.map(({ table, key, stored, rebuilt }) =>
      violation(6, `the rebuild finds ${table} ${key} as ${stored}, and makes it ${rebuilt}`),
    )
    return found.length > 0 ? found : inspect()
  }

  const turnClock = (): void => {
    turn(chance.below(2 * second))
    if (chance.happens(2)) {
      tally.clockForward += 1
      turn(chance.below(30 * day))
    }
    if (chance.happens(2)) {
      tally.clockBackward += 1
      turn(-chance.below(3 * day))
    }
  }

  const playStep = async (): Promise<ReadonlyArray<Violation>> => {
    turnClock()
    if (chance.happens(2)) return crashIdly()
    if (chance.happens(2)) return rebuild(chance.happens(30) ? 1 + chance.below(8) : null)
    const isBusy = traffic.waiting() >= 3 * clients
    if (traffic.waiting() === 0 || (!isBusy && chance.happens(45))) {
      traffic.send(history)
      return []
    }
    return deliver(traffic.arrive())
  }

  /** The end of an account: it crashes once more, is rebuilt, and the model is asked. */
  const end = async (): Promise<ReadonlyArray<Violation>> => {
    const checks = [
      crashIdly,
      () => rebuild(null),
      () => witness.compareModel(engine(countingIds())),
    ]
    for (const check of checks) {
      const found = await check()
      if (found.length > 0) return found
    }
    return []
  }

  const closingLog = async (): Promise<ReadonlyArray<string>> => {
    const page = await lives.store().read([], {})()
    await lives.store().close()()
    return E.isRight(page) ? page.right.events.map(textOf) : []
  }

  let done = 0
  let violations: ReadonlyArray<Violation> = []
  while (done < steps && violations.length === 0) {
    done += 1
    violations = await playStep().catch(thrown)
  }
  if (violations.length === 0) violations = await end().catch(thrown)
  const log = violations.length === 0 ? await closingLog() : []
  tally.accounts += 1
  tally.steps += done
  tally.events += log.length
  return { violations, step: done, steps: witness.steps(), rules, log }
}

/** Neither an engine nor the opening of a store throws, unless it is broken. */
const thrown = (error: unknown): ReadonlyArray<Violation> => [
  violation('receipt', `throws: ${error instanceof Error ? (error.stack ?? '') : String(error)}`),
]

const noAnswer: Result = { _tag: 'Thrown', message: 'no answer' }
