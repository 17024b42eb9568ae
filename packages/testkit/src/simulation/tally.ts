// What a simulation did, in numbers.

import type { Result } from '../runs/transcript.js'

type Counts = Record<string, number>

/**
 * What a simulation did. `commands` were answered, each delivery by itself: what a crash came over is
 * counted when it is given again. `crashes` are told by what would have come next, `refusals` by code.
 *
 * @since 0.1.0
 * @category Simulation
 */
export interface Tally {
  accounts: number
  steps: number
  commands: number
  accepted: number
  events: number
  previews: number
  batches: number
  restarts: number
  rebuilds: number
  duplicates: number
  reordered: number
  retries: number
  lostAnswers: number
  clockForward: number
  clockBackward: number
  readonly refusals: Counts
  readonly crashes: Counts
}

export const newTally = (): Tally => ({
  accounts: 0,
  steps: 0,
  commands: 0,
  accepted: 0,
  events: 0,
  previews: 0,
  batches: 0,
  restarts: 0,
  rebuilds: 0,
  duplicates: 0,
  reordered: 0,
  retries: 0,
  lostAnswers: 0,
  clockForward: 0,
  clockBackward: 0,
  refusals: {},
  crashes: {},
})

/** One more under a name. */
export const count = (counts: Counts, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1
}

/** Counts what a command came to. */
export const countResult = (tally: Tally, result: Result): void => {
  tally.commands += 1
  if (result._tag === 'Receipt') tally.accepted += 1
  if (result._tag === 'Refusal') count(tally.refusals, result.refusal.error.code)
}

const sum = (counts: Counts): number => Object.values(counts).reduce((a, b) => a + b, 0)

const listed = (counts: Counts): string =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, n]) => `  ${String(n).padStart(6)}  ${name}`)
    .join('\n')

/** How often the store crashed. */
export const crashesIn = ({ crashes }: Pick<Tally, 'crashes'>): number => sum(crashes)

/**
 * What a simulation did, for a person.
 *
 * @since 0.1.0
 * @category Simulation
 */
export const tallyText = (tally: Tally): string =>
  [
    `${tally.steps} steps in ${tally.accounts} accounts: ${tally.commands} commands, ` +
      `${tally.accepted} accepted, ${sum(tally.refusals)} refused, ${tally.events} events`,
    `${tally.previews} previews, ${tally.batches} batches, ${tally.rebuilds} rebuilds, ` +
      `${tally.restarts} restarts`,
    `${tally.duplicates} duplicates, ${tally.reordered} reordered, ${tally.lostAnswers} answers lost, ` +
      `${tally.retries} given again`,
    `clock: ${tally.clockForward} jumps forward, ${tally.clockBackward} backward`,
    'refusals by code:',
    listed(tally.refusals),
    `${crashesIn(tally)} crashes, by the step that did not come:`,
    listed(tally.crashes),
  ].join('\n')
