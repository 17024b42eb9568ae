// Every recorded merge once more under another policy, from the log alone, and how the directory would
// differ. Nothing is recorded, and nobody who was never merged is looked at: a policy decides nothing
// about them.

import { activeUser, broughtInto, type Directory, emptyDirectory } from '../directory/directory.js'
import { isAttribute, singleFields } from '../directory/user.js'
import { eventsAbout } from '../engine/about.js'
import type { Recorded } from '../log/envelope.js'
import type {
  EventType,
  FieldKey,
  MergedField,
  Source,
  UsersMerged,
  UsersUnmerged,
} from '../log/event.js'
import { planMerge } from '../merge/merge-plan.js'
import type { MergePolicy } from '../merge/policy.js'
import { planUnmerge } from '../merge/unmerge-plan.js'
import type { Failure } from '../ports/failure.js'
import { E, type Either } from '../prelude.js'
import { ERASED, readBackOf } from '../values/identity.js'
import type { Position, UserId } from '../values/token.js'
import { type Chronicle, openChronicle } from './chronicle.js'
import { compareUsers, type UserChange } from './compare.js'
import { type Side, sideOf } from './decisions.js'
import { type Answer, type At, type AuditedLog, momentOf } from './question.js'
import { openReplay } from './replay.js'

/**
 * A field that a merge would settle differently: what it chose, and what the other policy chooses.
 * @since 0.1.0
 * @category Audit
 */
export interface OtherChoice {
  readonly field: FieldKey
  readonly recorded: Side
  readonly instead: Side
}

/**
 * A merge that another policy would settle differently in at least one field.
 * @since 0.1.0
 * @category Audit
 */
export interface OtherMerge {
  readonly position: Position
  readonly survivorId: UserId
  readonly absorbedId: UserId
  readonly policy: string
  readonly fields: ReadonlyArray<OtherChoice>
}

/**
 * An event that was taken as it was recorded, because it could not be decided again, and why.
 * @since 0.1.0
 * @category Audit
 */
export interface NotDecidedAgain {
  readonly position: Position
  readonly type: EventType
  readonly why: string
}

/**
 * What another policy would have made of the log: how many merges there are, those that would differ,
 * and the users that would differ at the end (`before` is as recorded, `after` under the policy).
 * @since 0.1.0
 * @category Audit
 */
export interface WhatIf extends At {
  readonly policy: string
  readonly merges: number
  readonly differing: ReadonlyArray<OtherMerge>
  readonly notDecidedAgain: ReadonlyArray<NotDecidedAgain>
  readonly users: ReadonlyArray<UserChange>
}

export const whatIf =
  (log: AuditedLog, policy: MergePolicy, moment: unknown): Answer<WhatIf> =>
  async () => {
    const at = await momentOf(log, moment)
    if (E.isLeft(at)) return at
    const { position } = at.right
    const groups = await mergedGroups(log, position)
    if (E.isLeft(groups)) return groups
    const found: Array<Omit<WhatIf, keyof At | 'policy'>> = []
    for (const users of groups.right) {
      const events = await eventsAbout(log, { users, installations: [], upTo: position })()
      if (E.isLeft(events)) return events
      found.push(readBackOf(replayed(events.right, users, policy)))
    }
    return E.right({
      ...at.right,
      policy: policy.name,
      merges: found.reduce((sum, { merges }) => sum + merges, 0),
      differing: found.flatMap(({ differing }) => differing).sort(byPosition),
      notDecidedAgain: found.flatMap((one) => one.notDecidedAgain).sort(byPosition),
      users: found.flatMap(({ users }) => users),
    })
  }

const byPosition = (a: { readonly position: Position }, b: { readonly position: Position }) =>
  a.position - b.position

const page_events = 5000

/** The users that were ever merged, together with everyone they were merged with. */
const mergedGroups = async (
  log: AuditedLog,
  upTo: Position,
): Promise<Either<Failure, ReadonlyArray<ReadonlyArray<UserId>>>> => {
  const groups = new Map<UserId, UserId[]>()
  const groupOf = (id: UserId): UserId[] => {
    const group = groups.get(id) ?? [id]
    groups.set(id, group)
    return group
  }
  for (let after = 0; after < upTo; ) {
    const range = { after, upTo, limit: page_events }
    const page = await log.read([{ types: ['UsersMerged'] }], range)()
    if (E.isLeft(page)) return page
    for (const event of page.right.events) {
      if (event.type !== 'UsersMerged') continue
      const [one, two] = [groupOf(event.payload.survivorId), groupOf(event.payload.absorbedId)]
      if (one === two) continue
      const [larger, smaller] = one.length < two.length ? [two, one] : [one, two]
      larger.push(...smaller)
      for (const id of smaller) groups.set(id, larger)
    }
    const last = page.right.events.at(-1)
    if (last === undefined || page.right.events.length < page_events) break
    after = last.position
  }
  return E.right([...new Set(groups.values())])
}

/** One group of merged users, folded as recorded and under the policy, side by side. */
const replayed = (
  events: ReadonlyArray<Recorded>,
  users: ReadonlyArray<UserId>,
  policy: MergePolicy,
): Omit<WhatIf, keyof At | 'policy'> => {
  const ours = new Set<UserId>(users)
  const differing: OtherMerge[] = []
  const notDecidedAgain: NotDecidedAgain[] = []
  const chronicle = openChronicle(emptyDirectory, events)
  const recorded = openReplay()
  const other = openReplay()
  let merges = 0
  for (const event of events) {
    recorded.apply(event)
    const isMerge = event.type === 'UsersMerged' || event.type === 'UsersUnmerged'
    if (!isMerge || !ours.has(event.payload.survivorId)) {
      other.apply(event)
      continue
    }
    const again = E.tryCatch(
      () => decideAgain(other.directory, event, policy, chronicle),
      (error) => (error instanceof Error ? error.message : String(error)),
    )
    const decided = E.isLeft(again) ? again : again.right
    if (E.isLeft(decided))
      notDecidedAgain.push({ position: event.position, type: event.type, why: decided.left })
    const instead = E.isLeft(decided) ? event : decided.right
    if (event.type === 'UsersMerged') {
      merges += 1
      const fields = instead.type === 'UsersMerged' ? otherChoices(chronicle, event, instead) : []
      const { survivorId, absorbedId } = event.payload
      if (fields.length > 0)
        differing.push({
          position: event.position,
          survivorId,
          absorbedId,
          policy: event.payload.policy,
          fields,
        })
    }
    other.apply(instead)
  }
  return {
    merges,
    differing,
    notDecidedAgain,
    users: compareUsers(recorded.directory, other.directory, users),
  }
}

/** Fields that a policy may settle. */
const isPolicys = (field: FieldKey): boolean =>
  isAttribute(field) || singleFields.some((single) => single === field)

/**
 * The event as the policy would have it, or why it cannot be decided. What no policy settles
 * (identities, installations, the primary mark, the type) stays as it was recorded.
 */
const decideAgain = (
  directory: Directory,
  event: Recorded<UsersMerged> | Recorded<UsersUnmerged>,
  policy: MergePolicy,
  chronicle: Chronicle,
): Either<string, Recorded<UsersMerged> | Recorded<UsersUnmerged>> => {
  const survivor = activeUser(directory, event.payload.survivorId)
  if (survivor === undefined) return E.left('the survivor is no living user there')
  if (event.type === 'UsersUnmerged') {
    const undone = broughtInto(directory, survivor.id).find(
      ({ id, merge }) => id === event.payload.absorbedId && merge.position === event.payload.merged,
    )
    if (undone === undefined) return E.left('the merge that it undoes is not there')
    const planned = planUnmerge(directory, survivor, undone, [policy])
    const fields = settled(event, planned, (one, known) =>
      isGhost(chronicle, one.field, one.source, known?.source),
    )
    return E.right({ ...event, payload: { ...event.payload, fields } })
  }
  const absorbed = activeUser(directory, event.payload.absorbedId)
  if (absorbed === undefined) return E.left('the absorbed user is no living user there')
  const planned = planMerge(directory, survivor, absorbed, {
    policy,
    overrides: event.payload.overrides,
    // Only users of the same command can be named by an override without being a party here.
    earlier: directory.absorbed.get(survivor.id) ?? [],
    dataLeft: event.payload.dataLeft,
    matched: event.payload.matched,
  })
  if (E.isLeft(planned)) return E.left(planned.left.message)
  const fields = settled(event, planned.right, (one, known) =>
    isGhost(chronicle, one.field, one.chosen, known && sourceFrom(one.taken, known)),
  )
  return E.right({ ...event, payload: { ...event.payload, policy: policy.name, fields } })
}

/** `isTaken` says which fields stay as they were recorded, seeing what is planned and what was. */
const settled = <Field extends { readonly field: FieldKey }>(
  recorded: { readonly payload: { readonly fields: ReadonlyArray<Field> } },
  planned: { readonly payload: { readonly fields: ReadonlyArray<Field> } },
  isTaken: (planned: Field, recorded: Field | undefined) => boolean,
): ReadonlyArray<Field> => {
  const known = new Map(recorded.payload.fields.map((one) => [one.field, one]))
  const policys = planned.payload.fields.filter(({ field }) => isPolicys(field))
  const taken = new Set(
    policys.flatMap((one) => (isTaken(one, known.get(one.field)) ? [one.field] : [])),
  )
  return [
    ...recorded.payload.fields.filter(({ field }) => !isPolicys(field) || taken.has(field)),
    ...policys.filter(({ field }) => !taken.has(field)),
  ]
}

/**
 * Whether a value is none: of somebody erased a removal reads like a value, but what was recorded
 * knew that there was nothing.
 */
const isGhost = (
  chronicle: Chronicle,
  field: FieldKey,
  planned: Source | null,
  recorded: Source | null | undefined,
): boolean =>
  planned !== null &&
  (recorded?.position ?? null) === null &&
  sideOf(chronicle, field, planned).value === ERASED

/** What a merge that was recorded saw on a side. */
const sourceFrom = (side: MergedField['taken'], known: MergedField): Source =>
  known.taken === side ? known.chosen : known.rejected

/** The fields in which the two choose another source. */
const otherChoices = (
  chronicle: Chronicle,
  event: Recorded<UsersMerged>,
  instead: Recorded<UsersMerged>,
): ReadonlyArray<OtherChoice> => {
  const side = (field: FieldKey, source: Source): Side => sideOf(chronicle, field, source)
  const others = new Map(instead.payload.fields.map((one) => [one.field, one]))
  return event.payload.fields.flatMap(({ field, chosen }) => {
    const other = others.get(field)?.chosen
    return other === undefined ||
      (other.userId === chosen.userId && other.position === chosen.position)
      ? []
      : [{ field, recorded: side(field, chosen), instead: side(field, other) }]
  })
}
