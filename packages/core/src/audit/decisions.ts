// What a merge, or an unmerge that settled a field again, decided about one field: the policy, the
// source that was chosen and the one that was rejected, each with its value where that is not erased.

import { isTag, nameIn } from '../directory/user.js'
import type { Recorded } from '../log/envelope.js'
import type { FieldKey, Source, UsersMerged } from '../log/event.js'
import { isList, isRecord, type Json, jsonOf } from '../values/json.js'
import type { Position, UserId } from '../values/token.js'
import type { Chronicle } from './chronicle.js'

/**
 * One side of a decision: who brought the value, the position that wrote it, and the value. A side
 * without a value has neither.
 * @since 0.1.0
 * @category Audit
 */
export interface Side {
  readonly userId: UserId
  readonly position: Position | null
  readonly value: Json
}

/**
 * How one field was settled. `settledBy`: `only` one side had a value, the `policy`, an `override`,
 * `left` (anonymous data stays behind), `union` (tags), or `unmerge`, which settles by the policies
 * of the merges that remain and has no rejected side.
 * @since 0.1.0
 * @category Audit
 */
export interface Decision {
  readonly settledBy: 'only' | 'policy' | 'override' | 'left' | 'union' | 'unmerge'
  readonly policy: string | null
  readonly chosen: Side | null
  readonly rejected: Side | null
}

/** What an event decided about a field; null where it decided nothing. */
export const decisionIn = (
  chronicle: Chronicle,
  event: Recorded,
  field: FieldKey,
): Decision | null => {
  const side = (source: Source): Side => sideOf(chronicle, field, source)
  if (event.type === 'UsersUnmerged') {
    const again = event.payload.fields.find((one) => one.field === field)
    return again === undefined
      ? null
      : {
          settledBy: 'unmerge',
          policy: null,
          chosen: again.source === null ? null : side(again.source),
          rejected: null,
        }
  }
  if (event.type !== 'UsersMerged') return null
  if (isTag(field)) return tagDecision(chronicle, event, field)
  const settled = event.payload.fields.find((one) => one.field === field)
  return settled === undefined
    ? null
    : {
        settledBy: settled.settledBy,
        policy: event.payload.policy,
        chosen: side(settled.chosen),
        rejected: side(settled.rejected),
      }
}

/** A merge names the writes of all tags it brings, not which tag is whose: the writes tell. */
const tagDecision = (
  chronicle: Chronicle,
  { payload: { tags, policy } }: Recorded<UsersMerged>,
  field: FieldKey,
): Decision | null => {
  const brought = tags.chosen
    .map((source) => sideOf(chronicle, field, source))
    .find(({ value }) => value !== null)
  return brought === undefined
    ? null
    : { settledBy: 'union', policy, chosen: brought, rejected: null }
}

/** A source with its value, read where it was written. */
export const sideOf = (chronicle: Chronicle, field: FieldKey, source: Source): Side => {
  const event = source.position === null ? undefined : chronicle.at(source.position)
  return {
    userId: source.userId,
    position: source.position,
    value: event === undefined ? null : writtenBy(event, field),
  }
}

/** What an event wrote under a field of a user. */
const writtenBy = (event: Recorded, field: FieldKey): Json => {
  switch (event.type) {
    case 'IdentityLinked':
      return event.payload.value
    case 'PrimaryAssigned':
    case 'InstallationAttached':
      return event.payload.pushRegistrationId
    case 'UserAttributesChanged': {
      const { values } = event.payload
      if (isTag(field)) return tagsWritten(jsonOf(values.tags ?? null), nameIn(field))
      return Object.hasOwn(values, field) ? jsonOf(values[field] ?? null) : null
    }
    default:
      return null
  }
}

const tagsWritten = (tags: Json, tag: string): Json => {
  // Of somebody erased nobody can tell which tags were written.
  if (typeof tags === 'string') return tags
  return isRecord(tags) && isList(tags.added) && tags.added.includes(tag) ? true : null
}
