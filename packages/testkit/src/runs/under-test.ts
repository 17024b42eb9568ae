// What a property is asked of: a way to open a store, and the choices of an embedder on top of it.

import type { EngineOptions } from '@selfsame/core'
import type { Sequence } from '../arbitraries/sequences.js'
import type { OpenStore } from './play.js'

/**
 * What `storeProperties` needs: how to open a new, empty store, and how often it is rebuilt on the
 * way (every tenth command unless told otherwise; always at the end). `reference` is the store that
 * must record the same log, by default one in memory that keeps everything in another order.
 * `policies` and `defaultPolicy` are an embedder's own, as an engine is opened with them.
 *
 * @since 0.1.0
 * @category Properties
 */
export interface StoreUnderTest extends Pick<EngineOptions, 'policies' | 'defaultPolicy'> {
  readonly open: OpenStore
  readonly reference?: OpenStore
  readonly rebuildEvery?: number
}

/** A sequence under the choices of an embedder, beside those it draws itself. */
export const underChoices = (
  { policies, defaultPolicy }: StoreUnderTest,
  sequence: Sequence,
): Sequence => ({
  ...sequence,
  rules: {
    ...sequence.rules,
    ...(policies === undefined ? {} : { policies }),
    ...(defaultPolicy === undefined ? {} : { defaultPolicy }),
  },
})
