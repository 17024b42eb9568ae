// A simulation: account after account, each from a seed of its own, until so many steps are done or
// something is not as it must be. Then the shortest beginning of that account which shows it is looked
// for, and written down for `selfsame exec`.

import { createHash } from 'node:crypto'
import { type Violation, violationText } from '../laws/violation.js'
import { failuresFolder, writeFailure } from '../runs/replay.js'
import { transcript } from '../runs/transcript.js'
import { type Played, playAccount } from './account.js'
import { diskStore, type SimulatedStore } from './simulated-store.js'
import { newTally, type Tally } from './tally.js'
import { accountStepsMax } from './traffic.js'

/**
 * What is simulated. A step is one thing that happens: a client gives a command, something arrives, a
 * crash, a rebuild. An account has 200 of them, and the next one begins under the next seed. The same
 * numbers do the same again, to the byte.
 *
 * @since 0.1.0
 * @category Simulation
 */
export interface SimulationOptions {
  readonly seed: number
  readonly steps: number
  /** Clients of an account, 4 unless told otherwise. */
  readonly clients?: number
  /** By default `diskStore()`. */
  readonly store?: SimulatedStore
  /** The folder for the story that fails, by default `selfsame-failures` among temporary files. */
  readonly failuresIn?: string
  /** Told after every account, with the steps done so far. */
  readonly onAccount?: (steps: number) => void
}

/**
 * What a simulation did, and a hash (SHA-256) over the logs of its accounts.
 *
 * @since 0.1.0
 * @category Simulation
 */
export interface Simulated {
  readonly seed: number
  readonly tally: Tally
  readonly hash: string
}

/**
 * The error of a simulation that found something: `seed` and `steps` alone bring it back.
 *
 * @since 0.1.0
 * @category Simulation
 */
export interface SimulationBroken extends Error {
  readonly violations: ReadonlyArray<Violation>
  readonly seed: number
  readonly steps: number
  /** The commands as a file for `selfsame exec`; null where it could not be written. */
  readonly file: string | null
  readonly tally: Tally
}

/**
 * Simulates many clients on a store that crashes: commands that come late, twice and out of order,
 * a clock that jumps both ways, previews executed late, and crashes between any two steps of what the
 * store does. After each delivery and each restart it holds the store to what it must be: every
 * answer and event is the one that the same commands give without a crash; what was acknowledged is
 * there, and of a command all or nothing; a command id gives its first receipt; every invariant holds
 * at every position; projections are those of the log and a rebuild finds no difference; the model of
 * domain.md refuses and shows the same; nothing of an erased user is on the disk.
 *
 * @example
 * const { tally, hash } = await simulate({ seed: 1, steps: 1000 })
 *
 * @since 0.1.0
 * @category Simulation
 */
export const simulate = async (options: SimulationOptions): Promise<Simulated> => {
  const { seed, steps, clients = clientsUnlessTold, store = diskStore() } = options
  const tally = newTally()
  const hash = createHash('sha256')
  for (let at = 0; tally.steps < steps; at += 1) {
    const account = {
      seed: seed + at,
      steps: Math.min(accountStepsMax, steps - tally.steps),
      clients,
      store,
    }
    const played = await playAccount(account, tally)
    if (played.violations.length > 0) throw await brokenBy(options, account, played, tally)
    for (const line of played.log) hash.update(`${line}\n`)
    hash.update('\n')
    options.onAccount?.(tally.steps)
  }
  return { seed, tally, hash: hash.digest('hex') }
}

const clientsUnlessTold = 4

/** The shortest beginning of an account that fails, by halving: a longer one does the same and more. */
const shortestOf = async (
  account: Parameters<typeof playAccount>[0],
  played: Played,
): Promise<Played> => {
  let shortest = played
  let holds = 0
  while (holds + 1 < shortest.step) {
    const middle = Math.floor((holds + shortest.step) / 2)
    const tried = await playAccount({ ...account, steps: middle }, newTally())
    if (tried.violations.length > 0) shortest = { ...tried, step: Math.min(tried.step, middle) }
    else holds = middle
  }
  return shortest
}

const brokenBy = async (
  { failuresIn = failuresFolder(), clients = clientsUnlessTold }: SimulationOptions,
  account: Parameters<typeof playAccount>[0],
  played: Played,
  tally: Tally,
): Promise<SimulationBroken> => {
  const { step, steps, rules, violations } = await shortestOf(account, played)
  const { seed, store } = account
  const written = await writeFailure(failuresIn, { name: 'simulation', seed, steps, rules })
  const again = `--seed ${seed} --steps ${step} --clients ${clients} --store ${store.name}`
  const message = [
    `a simulation is broken at step ${played.step} of the account with seed ${seed}: ${played.violations
      .slice(0, 1)
      .map(violationText)
      .join('')}`,
    `the shortest beginning that shows it: pnpm simulate ${again}`,
    transcript(steps, violations),
    written.text,
  ].join('\n')
  return Object.assign(new Error(message), {
    violations,
    seed,
    steps: step,
    file: written.file,
    tally,
  })
}
