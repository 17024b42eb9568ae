// Invariant 7: a merge loses no identity, installation, tag or value without naming it. Computed
// again from the directory before and after the event, whatever its reducer did.

import {
  type ActiveInstallation,
  type ActiveUser,
  type Cell,
  canonicalJson,
  type Directory,
  type EventOf,
  type Json,
  type Recorded,
} from '@selfsame/core'
import { type Violation, violation } from './violation.js'

type Merge = Recorded & EventOf<'UsersMerged'>

/**
 * Checks one `UsersMerged` against the directory before and after it.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkMerge = (
  before: Directory,
  event: Merge,
  after: Directory,
): ReadonlyArray<Violation> => {
  const { survivorId, absorbedId } = event.payload
  const survivor = before.users.get(survivorId)
  const absorbed = before.users.get(absorbedId)
  const result = after.users.get(survivorId)
  if (survivor?.status !== 'active' || absorbed?.status !== 'active' || result?.status !== 'active')
    return [
      violation(
        7,
        `the merge of ${absorbedId} into ${survivorId} lacks one of them`,
        event.position,
      ),
    ]
  const messages = [
    ...lostIdentities(survivor, absorbed, result, event),
    ...lostInstallations(survivor, absorbed, result, event),
    ...lostTags(survivor, absorbed, result, event),
    ...lostValues(survivor, absorbed, result, event),
    ...changedInstallations(before, after, event),
    ...wrongTimes(survivor, absorbed, result),
    ...unsettledExternalId(survivor, absorbed, event),
  ]
  return messages.map((message) =>
    violation(7, `UsersMerged of ${absorbedId} into ${survivorId} ${message}`, event.position),
  )
}

const lostIdentities = (
  survivor: ActiveUser,
  absorbed: ActiveUser,
  result: ActiveUser,
  { payload: { identities } }: Merge,
): ReadonlyArray<string> =>
  [...Object.values(survivor.identities), ...Object.values(absorbed.identities)].flatMap(
    ({ key, at, by }) => {
      if (identities.released.includes(at)) return []
      const brought = absorbed.identities[key]?.at === at
      if (brought && !identities.moved.includes(at))
        return [`does not name the identity linked at ${at}`]
      const kept = result.identities[key]
      return kept?.at === at && kept.by === by ? [] : [`loses the identity linked at ${at}`]
    },
  )

/** Of two externalUserIds one is released, and what settled it is said once. */
const unsettledExternalId = (
  survivor: ActiveUser,
  absorbed: ActiveUser,
  { payload: { fields, identities } }: Merge,
): ReadonlyArray<string> => {
  const [ours, theirs] = [survivor, absorbed].map((user) =>
    Object.values(user.identities).find(({ kind }) => kind === 'externalUserId'),
  )
  const [named, twice] = fields.filter(({ field }) => field === 'externalUserId')
  if (theirs === undefined) return named === undefined ? [] : ['settles an externalUserId']
  if (named === undefined || twice !== undefined) return ['does not name externalUserId once']
  const sources = [named.chosen.position, named.rejected.position]
  const wanted = ours === undefined ? [] : [named.taken === 'absorbed' ? ours.at : theirs.at]
  return [
    ...(sources.includes(theirs.at) && (ours === undefined || sources.includes(ours.at))
      ? []
      : ['does not name the source of externalUserId']),
    ...(named.settledBy === (ours === undefined ? 'only' : 'override')
      ? []
      : [`says that externalUserId is settled by ${named.settledBy}`]),
    ...(identities.released.join() === wanted.join()
      ? []
      : [`releases ${identities.released.join()}, not ${wanted.join()}`]),
  ]
}

const lostInstallations = (
  survivor: ActiveUser,
  absorbed: ActiveUser,
  result: ActiveUser,
  { payload: { installations } }: Merge,
): ReadonlyArray<string> => [
  ...absorbed.installations
    .filter(({ id }) => !installations.some((one) => one.pushRegistrationId === id))
    .map(({ id }) => `does not name the installation ${id}`),
  ...[...survivor.installations, ...absorbed.installations]
    .filter(({ id }) => !result.installations.some((one) => one.id === id))
    .map(({ id }) => `loses the installation ${id}`),
]

const isTag = (field: string): boolean => field.startsWith('tags.')

/** Of an erased person the log still says what was written, but no longer what was removed. */
const isErased = (text: unknown): boolean =>
  typeof text === 'string' && text.includes('\u0000erased')

const lostTags = (
  survivor: ActiveUser,
  absorbed: ActiveUser,
  result: ActiveUser,
  { payload: { tags, dataLeft } }: Merge,
): ReadonlyArray<string> => [
  ...Object.keys(survivor.cells)
    .filter((field) => isTag(field) && result.cells[field] === undefined)
    .map((field) => `loses ${field} of the survivor`),
  ...Object.entries(absorbed.cells)
    .filter(([field]) => isTag(field) && !isErased(field))
    .flatMap(([field, cell]) => [
      ...(dataLeft || result.cells[field] !== undefined ? [] : [`loses ${field}`]),
      ...([...tags.chosen, ...tags.rejected].some((one) => isSource(one, cell))
        ? []
        : [`does not name the source of ${field}`]),
      ...(tags.chosen.some((one) => isSource(one, cell)) ===
      (!dataLeft && survivor.cells[field] === undefined)
        ? []
        : sharesItsSource(absorbed, survivor, cell)
          ? []
          : [`does not say whether ${field} was taken`]),
    ]),
  ...[...tags.chosen, ...tags.rejected]
    .filter(
      (one) =>
        !Object.entries(absorbed.cells).some(
          ([field, cell]) => isTag(field) && isSource(one, cell),
        ),
    )
    .map(({ userId, position }) => `names ${userId} at ${position} as the source of a tag`),
]

/** Tags that one event wrote have one source: some of them may be taken, and others not. */
const sharesItsSource = (absorbed: ActiveUser, survivor: ActiveUser, cell: Cell): boolean => {
  const written = Object.entries(absorbed.cells).filter(
    ([field, other]) => isTag(field) && other.at === cell.at && other.by === cell.by,
  )
  return new Set(written.map(([field]) => survivor.cells[field] === undefined)).size > 1
}

const isSource = (
  source: { readonly userId: string; readonly position: number | null },
  { by, at }: Cell,
): boolean => source.userId === by && source.position === at

const same = (a: Cell | undefined, b: Cell | undefined): boolean =>
  a === undefined || b === undefined
    ? a === b
    : a.at === b.at && a.by === b.by && jsonText(a.value) === jsonText(b.value)

const lostValues = (
  survivor: ActiveUser,
  absorbed: ActiveUser,
  result: ActiveUser,
  { payload: { fields, dataLeft } }: Merge,
): ReadonlyArray<string> => {
  const names = new Set([
    ...Object.keys(survivor.cells),
    ...Object.keys(absorbed.cells),
    ...Object.keys(result.cells),
    ...fields.map(({ field }) => field).filter((field) => field !== 'externalUserId'),
  ])
  return [...names]
    .filter((field) => !isTag(field))
    .flatMap((field) => {
      const [ours, theirs, now] = [survivor, absorbed, result].map((user) => user.cells[field])
      if ([ours, theirs, now].some((cell) => isErased(cell?.value))) return []
      const [named, twice] = fields.filter((one) => one.field === field)
      if (twice !== undefined) return [`names ${field} twice`]
      const isOnly = theirs !== undefined && ours === undefined
      if (named?.settledBy === 'only' ? !isOnly : isOnly && named?.settledBy === 'policy')
        return [`says that ${field} is settled by ${named?.settledBy}`]
      if (theirs !== undefined) {
        if (named === undefined) return [`does not name ${field}, which the absorbed user brings`]
        const sources = [named.chosen, named.rejected]
        if (!sources.some((one) => isSource(one, theirs)))
          return [`does not name the source of ${field} of the absorbed user`]
        if (ours !== undefined && !sources.some((one) => isSource(one, ours)))
          return [`does not name the source of ${field} of the survivor`]
      }
      const taken = named?.taken === 'absorbed' ? theirs : ours
      if (!same(now, taken)) return [`shows another ${field} than it says`]
      const isSettled = named?.settledBy === 'override' || (dataLeft && field !== 'primary')
      return now === undefined && !isSettled ? [`loses ${field}`] : []
    })
}

/**
 * What an installation holds goes with it; of somebody erased since, that it holds it. It stays whose it
 * was, unless a login brought it: then it may be of whom the identities came with.
 */
const changedInstallations = (
  before: Directory,
  after: Directory,
  { payload: { installations, matched } }: Merge,
): ReadonlyArray<string> =>
  installations.flatMap(({ pushRegistrationId: id }) => {
    const [was, is] = [before.installations.get(id), after.installations.get(id)]
    if (was?.status !== 'active' || is?.status !== 'active') return [`loses the installation ${id}`]
    return [
      ...(jsonText(withoutErased(was, is)) === jsonText(withoutErased(is, was))
        ? []
        : [`changes what the installation ${id} holds`]),
      ...(matched.length > 0 || is.ownerId === (was.ownerId ?? was.userId)
        ? []
        : [`seals for ${is.ownerId ?? is.userId} what ${id} brings`]),
    ]
  })

/** One of the two may be erased since, and the other not: what either shows as erased is left out. */
const withoutErased = (
  { userId: _user, ownerId: _owner, ...one }: ActiveInstallation,
  other: ActiveInstallation,
) => ({
  ...one,
  personal: Object.fromEntries(
    Object.entries(one.personal).filter(
      ([field, value]) => !isErased(value) && !isErased(other.personal[field]),
    ),
  ),
})

const wrongTimes = (
  survivor: ActiveUser,
  absorbed: ActiveUser,
  result: ActiveUser,
): ReadonlyArray<string> => {
  const created = [survivor.createdAt, absorbed.createdAt].sort()[0]
  const promoted = [survivor.standing, absorbed.standing]
    .flatMap((one) => (one.type === 'CUSTOMER' ? [one.promotedAt] : []))
    .sort()[0]
  const shown = result.standing.type === 'CUSTOMER' ? result.standing.promotedAt : undefined
  return [
    ...(result.createdAt === created ? [] : [`is created at ${result.createdAt}, not ${created}`]),
    ...(shown === promoted ? [] : [`is promoted at ${shown}, not ${promoted}`]),
  ]
}

const jsonText = (value: unknown): string => {
  const json: Json = JSON.parse(JSON.stringify(value))
  return canonicalJson(json)
}
