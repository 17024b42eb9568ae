// What a scenario is: a promise, a way to try to break it, and what came out.

import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Mutant } from './mutants.js'
import type { Random } from './random.js'

/** What a scenario works with. */
export interface Trial {
  readonly isLong: boolean
  readonly seed: number
  readonly random: Random
  /** How many runs were asked for by `--runs`, or the scenario's own number. */
  readonly runs: (short: number, long: number) => number
  /** The worker's program. */
  readonly worker: string
  /** Builds another worker, with one more change to the sources; gives its path. */
  readonly variant: (name: string, change: Mutant) => Promise<string>
  /** An empty folder on a disk, and one in memory for files whose syncing does not matter. */
  readonly folder: string
  readonly memory: string
  /** Reports a promise that did not hold, with whatever makes it happen again. */
  readonly broken: (promise: string, evidence: unknown) => void
  readonly isBroken: () => boolean
}

/** How many times it was tried, and figures worth keeping. */
export interface Verdict {
  readonly runs: number
  readonly figures: string
  /** Why nothing was tried, where the machine does not allow it. */
  readonly skipped?: string
}

export interface Scenario {
  readonly name: string
  readonly promise: string
  readonly run: (trial: Trial) => Promise<Verdict>
}

export interface Breach {
  readonly promise: string
  readonly evidence: unknown
}

/** After this many a scenario has said enough. */
const breachesMax = 20

/** Collects broken promises as lines of a file. */
export const breachesIn = (folder: string, name: string) => {
  const file = join(folder, `${name}.ndjson`)
  const found: Breach[] = []
  return {
    file,
    found,
    broken: (promise: string, evidence: unknown): void => {
      found.push({ promise, evidence })
      if (found.length <= breachesMax)
        appendFileSync(file, `${JSON.stringify({ promise, evidence })}\n`)
    },
    isBroken: () => found.length >= breachesMax,
  }
}

/** How often each of some words came up, most often first: `closed 3, io 2`. */
export const counted = (words: Iterable<string>): string => {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ')
}

/** The value below which a share of some figures lies. */
export const quantile = (figures: ReadonlyArray<number>, share: number): number => {
  const sorted = [...figures].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
