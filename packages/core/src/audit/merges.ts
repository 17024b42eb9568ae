// Why users were merged, and how: who asked for it or which identities led there, the policy, and for
// every field the chosen and the rejected source.

import { activeUser, type Directory } from '../directory/directory.js'
import { isTag, nameIn } from '../directory/user.js'
import type { Recorded } from '../log/envelope.js'
import type { FieldKey, Source, UsersMerged } from '../log/event.js'
import { E } from '../prelude.js'
import { type IdentityKind, readBackOf } from '../values/identity.js'
import type { Instant } from '../values/instant.js'
import type { CommandId, Position, PushRegistrationId, Token, UserId } from '../values/token.js'
import { type Chronicle, openChronicle } from './chronicle.js'
import { type Side, sideOf } from './decisions.js'
import { absorptionsIn } from './history.js'
import { personAt } from './person.js'
import type { Answer, At, AuditedLog } from './question.js'
import { openReplay } from './replay.js'

/**
 * How one field of a merge was settled.
 * @since 0.1.0
 * @category Audit
 */
export interface FieldOfMerge {
  readonly field: FieldKey
  readonly settledBy: 'only' | 'policy' | 'override' | 'left'
  readonly taken: 'survivor' | 'absorbed'
  readonly chosen: Side
  readonly rejected: Side
}

/**
 * An identity by the position that linked it. `value` is null where that event cannot be found.
 * @since 0.1.0
 * @category Audit
 */
export interface LinkedIdentity {
  readonly linked: Position
  readonly kind: IdentityKind | null
  readonly value: string | null
}

/**
 * One merge. `matched` are the identities by which a Personalize found the survivor; without any it
 * was asked for by a MergeUsers. `undone` is the position of its unmerge; null where it stands.
 * @since 0.1.0
 * @category Audit
 */
export interface MergeExplained {
  readonly position: Position
  readonly recordedAt: Instant
  readonly actor: Token | null
  readonly commandId: CommandId | null
  readonly survivorId: UserId
  readonly absorbedId: UserId
  readonly askedBy: 'MergeUsers' | 'Personalize'
  readonly matched: ReadonlyArray<LinkedIdentity>
  readonly policy: string
  readonly overrides: Readonly<Record<FieldKey, UserId>>
  readonly dataLeft: boolean
  readonly fields: ReadonlyArray<FieldOfMerge>
  readonly tags: ReadonlyArray<TagOfMerge>
  readonly moved: ReadonlyArray<LinkedIdentity>
  readonly released: ReadonlyArray<LinkedIdentity>
  readonly installations: ReadonlyArray<PushRegistrationId>
  readonly undone: Position | null
}

/**
 * A tag of the absorbed user, written at a position: whether the merge brought it, or the survivor
 * had it (or it had to stay behind).
 * @since 0.1.0
 * @category Audit
 */
export interface TagOfMerge {
  readonly tag: string
  readonly brought: boolean
  readonly userId: UserId
  readonly position: Position
}

/**
 * Every merge of a person up to a moment, undone ones too, in the order of the log.
 * @since 0.1.0
 * @category Audit
 */
export interface MergesExplained extends At {
  readonly userId: UserId
  readonly merges: ReadonlyArray<MergeExplained>
}

export const explainMerges =
  (log: AuditedLog, reference: unknown, moment: unknown): Answer<MergesExplained> =>
  async () => {
    const found = await personAt(log, reference, moment)
    if (E.isLeft(found)) return found
    const { at, user, events, directory } = found.right
    const chronicle = openChronicle(directory, events)
    const positions = new Set(absorptionsIn(events, user.id, at.position).map(({ from }) => from))
    const merges: MergeExplained[] = []
    const before = openReplay()
    for (const event of events) {
      if (event.type === 'UsersMerged' && positions.has(event.position))
        merges.push(mergeExplained(chronicle, event, before.directory))
      before.apply(event)
    }
    return E.right(readBackOf({ ...at, userId: user.id, merges }))
  }

const mergeExplained = (
  chronicle: Chronicle,
  event: Recorded<UsersMerged>,
  before: Directory,
): MergeExplained => {
  const { payload, position } = event
  const side = (field: FieldKey, source: Source): Side => sideOf(chronicle, field, source)
  const identity = (linked: Position): LinkedIdentity => linkedIdentity(chronicle, linked)
  return {
    position,
    recordedAt: event.recordedAt,
    actor: event.actor,
    commandId: event.commandId,
    survivorId: payload.survivorId,
    absorbedId: payload.absorbedId,
    askedBy: payload.matched.length > 0 ? 'Personalize' : 'MergeUsers',
    matched: payload.matched.map(identity),
    policy: payload.policy,
    overrides: payload.overrides,
    dataLeft: payload.dataLeft,
    fields: payload.fields.map(({ field, settledBy, taken, chosen, rejected }) => ({
      field,
      settledBy,
      taken,
      chosen: side(field, chosen),
      rejected: side(field, rejected),
    })),
    tags: tagsOfMerge(before, event),
    moved: payload.identities.moved.map(identity),
    released: payload.identities.released.map(identity),
    installations: payload.installations.map((one) => one.pushRegistrationId),
    undone: chronicle.undone(position),
  }
}

/** The merge itself names the writes of tags, not which tag is whose: both users before it tell. */
const tagsOfMerge = (
  before: Directory,
  { payload }: Recorded<UsersMerged>,
): ReadonlyArray<TagOfMerge> => {
  const survivor = activeUser(before, payload.survivorId)
  const cells = Object.entries(activeUser(before, payload.absorbedId)?.cells ?? {})
  return cells
    .filter(([field]) => isTag(field))
    .map(([field, { by, at }]) => ({
      tag: nameIn(field),
      brought: survivor?.cells[field] === undefined && !payload.dataLeft,
      userId: by,
      position: at,
    }))
    .sort((a, b) => (a.tag < b.tag ? -1 : 1))
}

const linkedIdentity = (chronicle: Chronicle, linked: Position): LinkedIdentity => {
  const event = chronicle.at(linked)
  return event?.type === 'IdentityLinked'
    ? { linked, kind: event.payload.kind, value: event.payload.value }
    : { linked, kind: null, value: null }
}
