// How a merge chooses between two values of one field. A policy is a pure function of the two; an
// embedder can bring its own. What it chose is recorded in `UsersMerged`, so replay never asks it.

import type { FieldKey, UserType } from '../log/event.js'
import type { AttributeValue } from '../values/attribute.js'
import type { Position, UserId } from '../values/token.js'

/**
 * One of the two values: who brought it, the position that wrote it, and the type of the user that
 * brought it, at the time it was brought.
 * @since 0.1.0
 * @category Merge
 */
export interface Candidate {
  readonly userId: UserId
  readonly position: Position
  readonly rank: UserType
  readonly value: AttributeValue
}

/**
 * Asked only where both sides have a value and no override settles it. It must be deterministic:
 * an unmerge asks it again for the users that stay.
 * @since 0.1.0
 * @category Merge
 */
export interface MergePolicy {
  readonly name: string
  readonly choose: (
    field: FieldKey,
    survivor: Candidate,
    absorbed: Candidate,
  ) => 'survivor' | 'absorbed'
}

const byRank = (survivor: Candidate, absorbed: Candidate): 'survivor' | 'absorbed' | undefined =>
  survivor.rank === absorbed.rank
    ? undefined
    : survivor.rank === 'CUSTOMER'
      ? 'survivor'
      : 'absorbed'

/**
 * The default: a CUSTOMER's value before a LEAD's, else the survivor's, else the earlier absorbed.
 * @since 0.1.0
 * @category Merge
 */
export const survivorFirst: MergePolicy = {
  name: 'survivor-first',
  choose: (_, survivor, absorbed) => byRank(survivor, absorbed) ?? 'survivor',
}

/**
 * A CUSTOMER's value before a LEAD's, else the one written at the higher log position.
 * @since 0.1.0
 * @category Merge
 */
export const latestWins: MergePolicy = {
  name: 'latest-wins',
  choose: (_, survivor, absorbed) =>
    byRank(survivor, absorbed) ?? (absorbed.position > survivor.position ? 'absorbed' : 'survivor'),
}

/** The policies an engine knows by name, the default first. */
export type Policies = ReadonlyArray<MergePolicy>

export const policyNamed = (policies: Policies, name: string): MergePolicy => {
  const policy = policies.find((one) => one.name === name)
  if (policy === undefined) throw new Error(`there is no merge policy ${name}`)
  return policy
}
