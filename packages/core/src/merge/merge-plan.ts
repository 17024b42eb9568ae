// One user absorbed by another (domain.md section 7): settles every field, or says why it cannot,
// and writes the UsersMerged that explains the result without any policy.

import type { Directory } from '../directory/directory.js'
import { broughtCell } from '../directory/evolve-merge.js'
import { type Reason, reason } from '../directory/refusal.js'
import {
  type ActiveUser,
  type Cell,
  externalIdentityOf,
  identitiesOf,
  isTag,
  rankIn,
  type Standing,
} from '../directory/user.js'
import type { FieldKey, MergedField, Source, UsersMerged } from '../log/event.js'
import { E, type Either } from '../prelude.js'
import type { Instant } from '../values/instant.js'
import type { Position, UserId } from '../values/token.js'
import { joinsBy, movedInstallations, ownerIn } from './moved.js'
import type { Candidate, MergePolicy } from './policy.js'

/** What the caller of a merge decided: the rest follows from the two users. */
export interface MergeTerms {
  readonly policy: MergePolicy
  readonly overrides: Readonly<Record<FieldKey, UserId>>
  /** Users this command has absorbed before: an override that names one stands for the survivor. */
  readonly earlier: ReadonlyArray<UserId>
  readonly dataLeft: boolean
  readonly matched: ReadonlyArray<Position>
}

const sourceOf = (user: ActiveUser, cell: Pick<Cell, 'by' | 'at'> | undefined): Source => ({
  userId: cell?.by ?? user.id,
  position: cell?.at ?? null,
})

/** The fact of one merge, or the reason why these two cannot become one. */
export const planMerge = (
  directory: Directory,
  survivor: ActiveUser,
  absorbed: ActiveUser,
  terms: MergeTerms,
): Either<Reason, UsersMerged> => {
  const external = externalIds(survivor, absorbed, terms)
  if (E.isLeft(external)) return external
  const fields = [
    ...external.right.fields,
    ...primary(survivor, absorbed),
    ...attributes(survivor, absorbed, terms),
  ]
  const standing = earliest(survivor.standing, absorbed.standing)
  const { released } = external.right
  const joined = joinsBy(directory, survivor.id, terms.matched)
  const tags = Object.keys(absorbed.cells).filter(isTag)
  const isNew = (tag: FieldKey): boolean => survivor.cells[tag] === undefined && !terms.dataLeft
  const sources = (some: ReadonlyArray<FieldKey>) =>
    distinct(some.map((tag) => sourceOf(absorbed, absorbed.cells[tag])))
  const event: UsersMerged = {
    type: 'UsersMerged',
    payload: {
      survivorId: survivor.id,
      absorbedId: absorbed.id,
      policy: terms.policy.name,
      overrides: terms.overrides,
      dataLeft: terms.dataLeft,
      fields,
      tags: {
        chosen: sources(tags.filter(isNew)),
        rejected: sources(tags.filter((tag) => !isNew(tag))),
      },
      identities: {
        moved: identitiesOf(absorbed)
          .map(({ at }) => at)
          .filter((at) => !released.includes(at)),
        released,
      },
      ...movedInstallations(
        directory,
        absorbed.installations.map(({ id }) => id),
        (id) => (joined === survivor.id ? (ownerIn(directory, id) ?? absorbed.id) : joined),
      ),
      matched: terms.matched,
      userType: standing.type,
      createdAt: earlier(survivor.createdAt, absorbed.createdAt),
      promotedAt: standing.type === 'CUSTOMER' ? standing.promotedAt : null,
    },
  }
  return E.right(event)
}

/** In the order of the log: the order of a user's tags depends on the store that held it. */
const distinct = (sources: ReadonlyArray<Source>): ReadonlyArray<Source> =>
  [...new Map(sources.map((one) => [`${one.userId} ${one.position}`, one])).values()].sort(
    (a, b) => (a.position ?? 0) - (b.position ?? 0),
  )

export const earlier = (a: Instant, b: Instant): Instant => (b < a ? b : a)

/** CUSTOMER if either is, promoted when the first of them was. */
export const earliest = (a: Standing, b: Standing): Standing => {
  if (a.type === 'LEAD') return b
  if (b.type === 'LEAD') return a
  return { type: 'CUSTOMER', promotedAt: earlier(a.promotedAt, b.promotedAt) }
}

type Side = 'survivor' | 'absorbed'

const sideNamed = (
  terms: MergeTerms,
  field: FieldKey,
  survivor: ActiveUser,
  absorbed: ActiveUser,
): Side | undefined => {
  const named = Object.hasOwn(terms.overrides, field) ? terms.overrides[field] : undefined
  if (named === absorbed.id) return 'absorbed'
  return named !== undefined && (named === survivor.id || terms.earlier.includes(named))
    ? 'survivor'
    : undefined
}

const externalIds = (
  survivor: ActiveUser,
  absorbed: ActiveUser,
  terms: MergeTerms,
): Either<Reason, { fields: ReadonlyArray<MergedField>; released: ReadonlyArray<Position> }> => {
  const field = 'externalUserId'
  const ours = externalIdentityOf(survivor)
  const theirs = externalIdentityOf(absorbed)
  const settled = (taken: Side, settledBy: MergedField['settledBy']): MergedField =>
    settledField(field, taken, sourceOf(survivor, ours), sourceOf(absorbed, theirs), settledBy)
  if (theirs === undefined) return E.right({ fields: [], released: [] })
  if (ours === undefined) return E.right({ fields: [settled('absorbed', 'only')], released: [] })
  if (!Object.hasOwn(terms.overrides, field)) {
    return E.left(
      reason(
        'MERGE_CONFLICT',
        'both users have an externalUserId: name in overrides the user whose one stays',
        {
          field,
          candidates: [
            { userId: survivor.id, externalUserId: ours.value },
            { userId: absorbed.id, externalUserId: theirs.value },
          ],
        },
      ),
    )
  }
  const side = sideNamed(terms, field, survivor, absorbed) ?? 'survivor'
  const released = side === 'absorbed' ? ours.at : theirs.at
  return E.right({ fields: [settled(side, 'override')], released: [released] })
}

const settledField = (
  field: FieldKey,
  taken: Side,
  survivor: Source,
  absorbed: Source,
  settledBy: MergedField['settledBy'],
): MergedField => ({
  field,
  taken,
  chosen: taken === 'survivor' ? survivor : absorbed,
  rejected: taken === 'survivor' ? absorbed : survivor,
  settledBy,
})

const primary = (survivor: ActiveUser, absorbed: ActiveUser): ReadonlyArray<MergedField> => {
  const ours = survivor.cells.primary
  const theirs = absorbed.cells.primary
  if (theirs === undefined) return []
  return [
    settledField(
      'primary',
      ours === undefined ? 'absorbed' : 'survivor',
      sourceOf(survivor, ours),
      sourceOf(absorbed, theirs),
      ours === undefined ? 'only' : 'policy',
    ),
  ]
}

/** A value with its rank in this merge, as a policy sees it. */
export const candidate = (cell: Cell): Candidate | undefined =>
  cell.value === null
    ? undefined
    : { userId: cell.by, position: cell.at, rank: cell.rank, value: cell.value }

const attributes = (
  survivor: ActiveUser,
  absorbed: ActiveUser,
  terms: MergeTerms,
): ReadonlyArray<MergedField> => {
  // An override is remembered even where neither side has a value: a later unmerge goes by it.
  const fields = new Set(
    [survivor.cells, absorbed.cells, terms.overrides].flatMap((held) => Object.keys(held)),
  )
  return [...fields]
    .filter((field) => !isTag(field) && field !== 'primary' && field !== 'externalUserId')
    .sort()
    .flatMap((field) => {
      const ours = survivor.cells[field]
      const theirs = broughtCell(absorbed, field)
      const side = sideNamed(terms, field, survivor, absorbed)
      const settled = (taken: Side, settledBy: MergedField['settledBy']) => [
        settledField(field, taken, sourceOf(survivor, ours), sourceOf(absorbed, theirs), settledBy),
      ]
      if (side !== undefined) return settled(side, 'override')
      if (terms.dataLeft) return theirs === undefined ? [] : settled('survivor', 'left')
      if (theirs === undefined) return []
      if (ours === undefined) return settled('absorbed', 'only')
      const [a, b] = [candidate(ranked(survivor, ours)), candidate(theirs)]
      return a === undefined || b === undefined
        ? []
        : settled(terms.policy.choose(field, a, b), 'policy')
    })
}

const ranked = (survivor: ActiveUser, cell: Cell): Cell => ({
  ...cell,
  rank: rankIn(survivor, cell, survivor.own.standing.type),
})
