// Who wrote which field last, told from the log alone: what was written since a merge stays with the
// survivor when the merge is undone (domain.md section 8), a removal too.

import {
  type ActiveUser,
  canonicalJson,
  type Directory,
  type EventOf,
  type Json,
  type Position,
  type Recorded,
} from '@selfsame/core'
import { type Violation, violation } from './violation.js'

interface Write {
  readonly at: Position
  /** The value written, null where it was removed. */
  readonly value: Json
}

type Unmerge = Recorded & EventOf<'UsersUnmerged'>

/** The last write of each field, user by user. */
export interface Writes {
  readonly record: (event: Recorded) => void
  /** Checks that an unmerge keeps what the survivor wrote since the merge. */
  readonly checkKept: (event: Unmerge, after: Directory) => ReadonlyArray<Violation>
}

export const openWrites = (): Writes => {
  const byUser = new Map<string, Map<string, Write>>()
  const standing = new Map<string, { readonly survivor: string; readonly at: Position }>()
  const write = (userId: string, field: string, value: Json, at: Position): void => {
    const fields = byUser.get(userId) ?? new Map<string, Write>()
    byUser.set(userId, fields.set(field, { at, value }))
  }

  const record = (event: Recorded): void => {
    const { position: at } = event
    switch (event.type) {
      case 'UserAttributesChanged': {
        const { userId, values } = event.payload
        for (const [field, value] of Object.entries(values)) {
          if (isTagsChange(value)) {
            for (const tag of value.removed) write(userId, `tags.${tag}`, null, at)
            for (const tag of value.added) write(userId, `tags.${tag}`, true, at)
          } else write(userId, field, plain(value), at)
        }
        return
      }
      case 'UsersMerged':
        standing.set(event.payload.absorbedId, { survivor: event.payload.survivorId, at })
        return
      case 'UsersUnmerged':
        standing.delete(event.payload.absorbedId)
        return
      default:
        return
    }
  }

  const checkKept = (event: Unmerge, after: Directory): ReadonlyArray<Violation> => {
    const { survivorId, absorbedId, merged } = event.payload
    const user = after.users.get(survivorId)
    if (user?.status !== 'active') return []
    // A merge after the write may have brought another value, by right.
    const since = [...standing].reduce(
      (last, [id, one]) =>
        one.survivor === survivorId && id !== absorbedId ? Math.max(last, one.at) : last,
      merged,
    )
    return [...(byUser.get(survivorId) ?? [])]
      .filter(([, { at, value }]) => at > since && !isErased(value))
      .filter(([field, { value }]) => shown(user, field) !== canonicalJson(value))
      .map(([field, { at, value }]) =>
        violation(
          10,
          `UsersUnmerged leaves ${field} of ${survivorId} as ${shown(user, field)}, which it wrote as ${canonicalJson(value)} at ${at}`,
          event.position,
        ),
      )
  }

  return { record, checkKept }
}

const shown = (user: ActiveUser, field: string): string =>
  canonicalJson(plain(user.cells[field]?.value ?? null))

/** Of an erased person nobody can say any more whether a field was written or removed. */
const isErased = (value: Json): boolean =>
  typeof value === 'string' && value.startsWith('\u0000erased')

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value))

const isTagsChange = (
  value: unknown,
): value is { readonly added: ReadonlyArray<string>; readonly removed: ReadonlyArray<string> } =>
  typeof value === 'object' && value !== null && 'added' in value && 'removed' in value
