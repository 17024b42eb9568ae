// Where ids come from. Core draws no random number: an engine is given a source of seeds.

import type { Seed } from '../log/ids.js'

/**
 * Gives a new UUID v7 at each call: all ids of one command derive from it.
 * @since 0.1.0
 * @category Ports
 */
export type IdSource = () => Seed
