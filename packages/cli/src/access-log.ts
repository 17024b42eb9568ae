// Every look at personal data, itself recorded: a fact of the embedder's own, which holds none.

import {
  type Auditor,
  auditOf,
  type Failure,
  openEngine,
  type Refusal,
  userTag,
} from '@selfsame/core'
import { randomIds, type SqliteStore } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { isRefusal } from './answer.js'

export interface AccessOption {
  readonly accessLog?: string
}

export const addAccessLog = (command: Command): Command =>
  command.option(
    '--access-log <ACTOR>',
    'record in the log, before anything is shown, that ACTOR is shown it',
  )

/** What `--access-log` takes, as every actor of an event: a token (domain.md section 3). */
const token = /^[A-Za-z0-9._:-]{1,128}$/

/**
 * The refusal of an actor under whom no look could be recorded, for a command that does something
 * before it shows anything: it must not be done first.
 */
export const refusedActor = ({ accessLog: actor }: AccessOption): Refusal | null => {
  if (actor === undefined || token.test(actor)) return null
  const code = 'REQUEST_FORMAT_INVALID'
  const message = 'the actor of --access-log must be 1 to 128 of A-Z a-z 0-9 . _ : -'
  return {
    ok: false,
    error: { code, message, details: { violations: [{ path: '/actor', code, message }] } },
  }
}

/** The most tags of one fact, and the most facts of one append. */
const tagsMax = 100
const factsMax = 1000

/**
 * An answer, once it is recorded that it is shown; as it is where nobody asked for that, or where it
 * shows nothing. `whose` names the users whose data it shows; everyone absorbed in them is meant, too.
 */
export const onceRecorded = async <A>(
  store: SqliteStore,
  command: string,
  { accessLog: actor }: AccessOption,
  answer: E.Either<Refusal | Failure, A>,
  whose: (found: A) => ReadonlyArray<string | null>,
): Promise<E.Either<Refusal | Failure, A>> => {
  if (actor === undefined || E.isLeft(answer)) return answer
  const shown = await everyone(auditOf(store), whose(answer.right))
  if (E.isLeft(shown)) return shown
  const tags = shown.right.map(userTag)
  const facts = Array.from({ length: Math.ceil(tags.length / tagsMax) }, (_, i) => ({
    type: 'access.PersonalDataShown',
    tags: tags.slice(i * tagsMax, (i + 1) * tagsMax),
    payload: { command },
    actor,
  }))
  const engine = openEngine({ store, idSource: randomIds })
  for (let i = 0; i < facts.length; i += factsMax) {
    const recorded = await engine.append(facts.slice(i, i + factsMax))()
    if (E.isRight(recorded)) continue
    if ('position' in recorded.left)
      throw new Error('an append without a condition has no conflict')
    return E.left(recorded.left)
  }
  return answer
}

/** Users, and everyone who is absorbed in them now. */
const everyone = async (
  audit: Auditor,
  users: ReadonlyArray<string | null>,
): Promise<E.Either<Refusal | Failure, ReadonlyArray<string>>> => {
  const all = new Set<string>()
  for (const userId of new Set(users)) {
    if (userId === null || all.has(userId)) continue
    const found = await audit.asOf().user({ userId })()
    // A user whom a plan foresees is nobody yet.
    if (E.isLeft(found) && isUnknown(found.left)) continue
    if (E.isLeft(found)) return found
    for (const id of [userId, found.right.userId, ...found.right.absorbed]) all.add(id)
  }
  return E.right([...all])
}

const isUnknown = (left: Refusal | Failure): boolean =>
  isRefusal(left) && left.error.code === 'USER_NOT_FOUND'
