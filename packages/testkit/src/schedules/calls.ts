// What several clients asked at once, and what they were answered: each call with the moments between
// which it was under way.

import type { Json, Receipt, Seed } from '@selfsame/core'
import { onceKey } from '../runs/play.js'
import type { Result } from '../runs/transcript.js'

/** A command and its answer; `start` and `end` are moments of one count over all clients. */
export interface Call {
  readonly client: number
  readonly command: Json
  /** The seed that the engine drew for it; undefined for a plan, and for what is no command. */
  readonly seed: Seed | undefined
  readonly start: number
  readonly end: number
  readonly result: Result
}

/** Whether one call was over before another began. */
export const isBefore = (one: Call, other: Call): boolean => one.end < other.start

/** The receipt of a call that has one. */
export const receiptOf = ({ result }: Call): Receipt | undefined =>
  result._tag === 'Receipt' ? result.receipt : undefined

/** The moment at which its first event was recorded; undefined where there is none. */
export const recordedAt = (call: Call) => receiptOf(call)?.events[0]?.recordedAt

/**
 * The seed that a call was decided under. Of two that were given one command id at once, either may
 * have been decided and the other answered from the log: the events tell.
 */
export const seedOf = (call: Call): Seed | undefined => {
  const [first] = receiptOf(call)?.events ?? []
  // Ids of one command differ from their seed in the bits that count only (`nthId` of core).
  return first === undefined ? call.seed : first.id.replace(/-7...-../, '-7000-80')
}

/** What was decided in a call; calls of one key were decided once. Undefined where it was refused. */
const decisionOf = (call: Call): string | undefined => {
  const receipt = receiptOf(call)
  if (receipt === undefined) return undefined
  const [first] = receipt.events
  if (first !== undefined) return first.id
  const key = onceKey(call.command)
  return `nothing, for ${key ?? `the call begun at ${call.start}`}`
}

/** Calls whose place the log gives, in its order; and those that left nothing in it. */
export interface Placed {
  readonly inLog: ReadonlyArray<Call>
  readonly floating: ReadonlyArray<Call>
}

/** The places that the log gives: the first call of each decision stands at its position. */
export const placed = (calls: ReadonlyArray<Call>): Placed => {
  const byStart = [...calls].sort((a, b) => a.start - b.start)
  const decided = new Set<string>()
  const inLog: Call[] = []
  const floating: Call[] = []
  for (const call of byStart) {
    const decision = decisionOf(call)
    if (decision === undefined || decided.has(decision)) floating.push(call)
    else inLog.push(call)
    if (decision !== undefined) decided.add(decision)
  }
  return { inLog: inLog.sort(byPosition), floating }
}

/** What records nothing stands behind the last event that it saw. */
const byPosition = (a: Call, b: Call): number => {
  const [one, other] = [receiptOf(a), receiptOf(b)]
  if (one === undefined || other === undefined) return 0
  return (
    one.position - other.position ||
    Number(one.events.length === 0) - Number(other.events.length === 0) ||
    a.start - b.start
  )
}
