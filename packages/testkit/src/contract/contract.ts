// The contract of a store: every promise of the `Store` port, and a check that fails where a store
// does not keep it. It needs no test runner.

import { batchPromises } from './batches.js'
import { keeping } from './broken.js'
import { commandIdPromises } from './command-ids.js'
import { conditionPromises } from './conditions.js'
import { crashPromises } from './crashes.js'
import { endingPromises } from './endings.js'
import { erasurePromises } from './erasing.js'
import { orderPromises } from './order.js'
import { projectionPromises } from './projections.js'
import { readingPromises } from './reading.js'
import { onStage, type PortPromise, type StoreContract } from './stage.js'
import { sharedPromises } from './together.js'

/**
 * One check of the contract: give its name and its check to a test runner.
 *
 * @since 0.1.0
 * @category Contract
 */
export interface ContractCheck {
  /** The store and the promise, as a test is called. */
  readonly name: string
  readonly promise: string
  /** Rejects with a `BrokenPromise` where the store does not keep it. */
  readonly check: () => Promise<void>
}

const promises: ReadonlyArray<PortPromise> = [
  ...orderPromises,
  ...readingPromises,
  ...conditionPromises,
  ...batchPromises,
  ...commandIdPromises,
  ...projectionPromises,
  ...erasurePromises,
  ...endingPromises,
  ...sharedPromises,
  ...crashPromises,
]

/**
 * The checks that an implementation of the `Store` port must pass, each on a new store. What a failing
 * one throws names the promise, what was done, what was expected and what came. Checks that need a
 * hook which is not given (`reopen`, `openSecond`, `crash`, `openInSteps`) are not in the list.
 *
 * @example
 * const contract = { name: 'memory', open: async (clock) => memoryStore({ clock, digest }) }
 * for (const { name, check } of storeContract(contract)) test(name, check)
 *
 * @since 0.1.0
 * @category Contract
 */
export const storeContract = (contract: StoreContract): ReadonlyArray<ContractCheck> =>
  promises
    .filter(({ needs = [] }) => needs.every((hook) => contract[hook] !== undefined))
    .map(({ promise, check }) => ({
      name: `${contract.name}: ${promise}`,
      promise,
      check: () => keeping(contract.name, promise, () => onStage(contract, check)),
    }))
