// One person in the log: the user that a reference meant at a moment, everything that made them what
// they were, and the directory as that makes it.

import { UserReference } from '../commands/reference.js'
import { type Directory, resolve } from '../directory/directory.js'
import { reason } from '../directory/refusal.js'
import type { ActiveUser, ErasedUser } from '../directory/user.js'
import { eventsAbout } from '../engine/about.js'
import { refusal } from '../engine/result.js'
import type { Recorded } from '../log/envelope.js'
import { E } from '../prelude.js'
import { type Answered, type At, type AuditedLog, momentOf, read, referredAt } from './question.js'
import { replayed } from './replay.js'

export interface Person {
  readonly at: At
  readonly user: ActiveUser | ErasedUser
  readonly events: ReadonlyArray<Recorded>
  readonly directory: Directory
}

/** Finds whom a reference meant at a moment. The id of an absorbed user means its survivor. */
export const personAt = async (
  log: AuditedLog,
  reference: unknown,
  moment: unknown,
): Answered<Person> => {
  const asked = read(UserReference, reference)
  if (E.isLeft(asked)) return asked
  const at = await momentOf(log, moment)
  if (E.isLeft(at)) return at
  const { position } = at.right
  const id = await referredAt(log, asked.right, position)
  if (E.isLeft(id)) return id
  const users = id.right === null ? [] : [id.right]
  const events = await eventsAbout(log, { users, installations: [], upTo: position })()
  if (E.isLeft(events)) return events
  const { directory } = replayed(events.right)
  const user = id.right === null ? undefined : resolve(directory, id.right)
  if (user === undefined || user.status === 'merged') {
    const unknown = reason('USER_NOT_FOUND', `there is no such user at position ${position}`, {
      reference: { ...asked.right },
      position,
    })
    return E.left(refusal(unknown, null))
  }
  return E.right({ at: at.right, user, events: events.right, directory })
}
