// The explanation that goes with evidence: it says no value that the evidence does not reveal, and the
// position of everything that it says stands among the events.

import type { FieldKey } from '../log/event.js'
import type { Json } from '../values/json.js'
import type { Position } from '../values/token.js'
import type { Decision, Side } from './decisions.js'
import type { Explained, Explanation, Link } from './explain.js'
import type { LinkedIdentity, MergeExplained, MergesExplained } from './merges.js'

/**
 * Why a box is not opened. The same word stands in place of its values.
 * @since 0.1.0
 * @category Audit
 */
export type Closed = 'erased' | 'withheld'

/** Why the boxes of the event at a position are not opened; null where they are, or it has none. */
export type ClosedAt = ReadonlyMap<Position, Closed | null>

const notAmongThem: Closed = 'withheld'

const positionsOfSide = (side: Side | null): ReadonlyArray<Position> =>
  side === null || side.position === null ? [] : [side.position]

const positionsOfLink = ({ position, decision }: Link): ReadonlyArray<Position> => [
  position,
  ...positionsOfSide(decision?.chosen ?? null),
  ...positionsOfSide(decision?.rejected ?? null),
]

export const positionsOfExplanation = ({ fields }: Explanation): ReadonlyArray<Position> =>
  fields.flatMap(({ chain, upheld }) => [...chain, ...upheld].flatMap(positionsOfLink))

export const positionsOfMerges = ({ merges }: MergesExplained): ReadonlyArray<Position> =>
  merges.flatMap((merge) => [
    merge.position,
    ...(merge.undone === null ? [] : [merge.undone]),
    ...merge.fields.flatMap(({ chosen, rejected }) => [chosen, rejected].flatMap(positionsOfSide)),
    ...merge.tags.map(({ position }) => position),
    // Where the event cannot be found, nothing is said of it.
    ...[...merge.matched, ...merge.moved, ...merge.released].flatMap(({ linked, kind }) =>
      kind === null ? [] : [linked],
    ),
  ])

export const explanationShown = (explanation: Explanation, closed: ClosedAt): Explanation => ({
  ...explanation,
  fields: explanation.fields.map((one) => explainedShown(one, closed)),
})

export const mergesShown = (found: MergesExplained, closed: ClosedAt): MergesExplained => ({
  ...found,
  merges: found.merges.map((merge) => mergeShown(merge, closed)),
})

/** What stands in place of a value that was written at a position; undefined where it is revealed. */
const wordFor = (position: Position, closed: ClosedAt): Closed | undefined =>
  (closed.has(position) ? closed.get(position) : notAmongThem) ?? undefined

/** Everything else that a user holds is public: ids, times, a type. */
const isPersonal = (field: FieldKey): boolean =>
  !['type', 'createdAt', 'promotedAt', 'primary', 'installations'].includes(field)

const writes: ReadonlyArray<string> = ['IdentityLinked', 'UserAttributesChanged']

const explainedShown = (one: Explained, closed: ClosedAt): Explained => {
  const links = (some: ReadonlyArray<Link>): ReadonlyArray<Link> =>
    some.map((link) => ({ ...link, decision: decisionShown(link.decision, closed) }))
  const word = one.chain
    .filter(({ type }) => isPersonal(one.field) && writes.includes(type))
    .map(({ position }) => wordFor(position, closed))
    .find((found) => found !== undefined)
  return {
    field: word !== undefined && one.field.startsWith('tags.') ? `tags.${word}` : one.field,
    value: word ?? one.value,
    chain: links(one.chain),
    upheld: links(one.upheld),
  }
}

const decisionShown = (decision: Decision | null, closed: ClosedAt): Decision | null =>
  decision && {
    ...decision,
    chosen: decision.chosen && sideShown(decision.chosen, closed),
    rejected: decision.rejected && sideShown(decision.rejected, closed),
  }

const sideShown = (side: Side, closed: ClosedAt): Side => {
  if (side.position === null || side.value === null) return side
  const value: Json = wordFor(side.position, closed) ?? side.value
  return { ...side, value }
}

const mergeShown = (merge: MergeExplained, closed: ClosedAt): MergeExplained => {
  const identity = (one: LinkedIdentity): LinkedIdentity =>
    one.value === null ? one : { ...one, value: wordFor(one.linked, closed) ?? one.value }
  return {
    ...merge,
    fields: merge.fields.map((one) => ({
      ...one,
      chosen: sideShown(one.chosen, closed),
      rejected: sideShown(one.rejected, closed),
    })),
    tags: merge.tags.map((one) => ({ ...one, tag: wordFor(one.position, closed) ?? one.tag })),
    matched: merge.matched.map(identity),
    moved: merge.moved.map(identity),
    released: merge.released.map(identity),
  }
}
