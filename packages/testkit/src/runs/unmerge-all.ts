// Invariant 10 as a story: in any world, users are merged, and the merges are undone in any order.
// Nothing is written between, so everything must be as it was.

import type { Json } from '@selfsame/core'
import type { Sequence } from '../arbitraries/sequences.js'
import { checkProjections } from '../laws/projections.js'
import { type Violation, violation } from '../laws/violation.js'
import { directoryOf, playStep, type Run } from './play.js'

/**
 * A world, merges of living users by number, and numbers that say in which order they are undone.
 *
 * @since 0.1.0
 * @category Runs
 */
export interface MergesToUndo {
  readonly world: Sequence
  readonly merges: ReadonlyArray<{
    readonly parties: ReadonlyArray<number>
    readonly survivor: number
    readonly policy: string
    /** Field to the party whose value stays, by number. */
    readonly overrides: Readonly<Record<string, number>>
  }>
  readonly order: ReadonlyArray<number>
}

/** Merges and undoes in a world that was played before; an empty result is a world as it was. */
export const mergeAndUndo = async (
  run: Run,
  { merges, order }: Pick<MergesToUndo, 'merges' | 'order'>,
): Promise<ReadonlyArray<Violation>> => {
  const before = directoryOf(run)
  const head = run.audit.head()
  for (const merge of merges) {
    const found = await playStep(run, mergeCommand(run, merge))
    if (found.length > 0) return found
  }
  const pairs = run.log
    .slice(head)
    .flatMap((event) => (event.type === 'UsersMerged' ? [event.payload] : []))
  let left = shuffled(pairs, order)
  while (left.length > 0) {
    const refused: Array<(typeof left)[number]> = []
    for (const pair of left) {
      const { survivorId, absorbedId } = pair
      const found = await playStep(run, {
        type: 'UnmergeUsers',
        survivor: { userId: survivorId },
        absorbed: absorbedId,
      })
      if (found.length > 0) return found
      if (run.steps.at(-1)?.result._tag !== 'Receipt') refused.push(pair)
    }
    if (refused.length === left.length)
      return [violation(10, `${refused.length} merges cannot be undone in any order`)]
    left = refused
  }
  const rows = await checkProjections(run.store, before, run.known)
  return rows.map((one) => violation(10, `after all merges are undone, ${one.message}`))
}

const mergeCommand = (
  run: Run,
  { parties, survivor, policy, overrides }: MergesToUndo['merges'][number],
): Json => {
  const living = run.history.living
  const ids = [...new Set(parties.map((n) => living[n % Math.max(1, living.length)] ?? ''))]
  const kept = ids[survivor % ids.length] ?? ''
  return {
    type: 'MergeUsers',
    users:
      ids.length < 2
        ? [...ids, ...ids].map((userId) => ({ userId }))
        : ids.map((userId) => ({ userId })),
    survivor: { userId: kept },
    overrides: Object.fromEntries(
      Object.entries(overrides).map(([field, n]) => [field, ids[n % ids.length] ?? '']),
    ),
    policy,
  }
}

const shuffled = <A>(list: ReadonlyArray<A>, order: ReadonlyArray<number>): ReadonlyArray<A> =>
  list
    .map((one, i) => [order[i % Math.max(1, order.length)] ?? 0, one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one)
