// A person's own copy (GDPR articles 15 and 20): everything that is held of them with where it came
// from, and nothing of anybody else's.

import { everyoneIn } from '../directory/directory.js'
import { reason } from '../directory/refusal.js'
import { type UserView, viewUser } from '../directory/view.js'
import { refusal } from '../engine/result.js'
import { isOwnType, type OwnEvent } from '../log/own-event.js'
import { userTag } from '../log/tags.js'
import type { Failure } from '../ports/failure.js'
import type { LogEvent } from '../ports/log.js'
import { E, type Either } from '../prelude.js'
import { readBackOf } from '../values/identity.js'
import type { Json } from '../values/json.js'
import type { Position, UserId } from '../values/token.js'
import { type Explanation, explainUser } from './explain.js'
import { ownersIn, ownersOfValues, type Shown, withoutOthers } from './export-boxes.js'
import { type Absorption, absorptionsIn, usersOf } from './history.js'
import { type Person, personAt } from './person.js'
import type { Answer, Answered, At, AuditedLog } from './question.js'

/**
 * An event of an export. `withheld` are JSON Pointers to the values in it that are somebody else's:
 * they read `withheld`.
 * @since 0.1.0
 * @category Audit
 */
export type ExportedEvent = Shown

/**
 * Why a user has a value: the positions of the events that, folded alone, give it.
 * @since 0.1.0
 * @category Audit
 */
export interface ExportedSource {
  readonly field: string
  readonly value: Json
  readonly positions: ReadonlyArray<Position>
}

/**
 * A user absorbed in the person, and what it brought: the user as it was when it was absorbed.
 * @since 0.1.0
 * @category Audit
 */
export interface ExportedAbsorption {
  readonly userId: UserId
  readonly into: UserId
  readonly from: Position
  readonly brought: Omit<UserView, 'installations'> | null
}

/**
 * Everything that is held of a living person. `absorbed` are the users that are part of it,
 * `separated` those that were and whose merge was undone: of them nothing stands here but the id.
 * `facts` are the embedder's own that are tagged with the person.
 * @since 0.1.0
 * @category Audit
 */
export interface PersonExport extends At {
  readonly format: 'selfsame-export'
  readonly version: 1
  readonly userId: UserId
  readonly user: UserView
  readonly sources: ReadonlyArray<ExportedSource>
  readonly absorbed: ReadonlyArray<ExportedAbsorption>
  readonly separated: ReadonlyArray<Absorption>
  readonly events: ReadonlyArray<ExportedEvent>
  readonly facts: ReadonlyArray<OwnEvent>
}

/**
 * The export of the person that a user reference means. Asks the log only. Refusals:
 * `REQUEST_FORMAT_INVALID`, `USER_NOT_FOUND`, and `USER_ERASED`, for then nothing is held.
 *
 * @example
 * const copy = await exportPerson(store, { email: 'ada@example.com' })()
 *
 * @since 0.1.0
 * @category Audit
 */
export const exportPerson =
  (log: AuditedLog, reference: unknown): Answer<PersonExport> =>
  async () => {
    const found = await personAt(log, reference, undefined)
    if (E.isLeft(found)) return found
    const { at, user } = found.right
    if (user.status === 'erased')
      return E.left(
        refusal(reason('USER_ERASED', 'this user was erased', { userId: user.id }), null),
      )
    const explained = await explainUser(log, { userId: user.id }, at.position)()
    if (E.isLeft(explained)) return explained
    const theirs = new Set([user.id, ...everyoneIn(found.right.directory, user.id)])
    const facts = await factsAbout(log, theirs, at.position)
    if (E.isLeft(facts)) return facts
    return E.right(
      readBackOf({
        format: 'selfsame-export',
        version: 1,
        ...at,
        userId: user.id,
        user: viewUser(found.right.directory, user),
        sources: sourcesIn(explained.right),
        ...absorptionsOf(found.right),
        events: eventsFor(found.right, theirs),
        facts: facts.right,
      }),
    )
  }

const sourcesIn = ({ fields }: Explanation): ReadonlyArray<ExportedSource> =>
  fields.map(({ field, value, chain }) => ({
    field,
    value,
    positions: chain.map(({ position }) => position),
  }))

const absorptionsOf = ({
  at,
  user,
  events,
  directory,
}: Person): Pick<PersonExport, 'absorbed' | 'separated'> => {
  const all = absorptionsIn(events, user.id, at.position)
  return {
    separated: all.filter(({ until }) => until !== null),
    absorbed: all
      .filter(({ until }) => until === null)
      .map(({ until: _none, ...one }) => {
        const merged = directory.users.get(one.userId)
        const kept = merged?.status === 'merged' ? merged.kept : null
        if (kept === null) return { ...one, brought: null }
        // Where its installations are today is the survivor's to say.
        const { installations: _today, ...brought } = viewUser(directory, kept)
        return { ...one, brought }
      }),
  }
}

/** The events about the person, and those about others that hold a value of theirs. */
const eventsFor = (
  { events }: Person,
  theirs: ReadonlySet<UserId>,
): ReadonlyArray<ExportedEvent> => {
  const owners = ownersIn(events)
  const isTheirs = (id: UserId | null): boolean => id !== null && theirs.has(id)
  return events
    .filter(
      (event) => usersOf(event).some(isTheirs) || ownersOfValues(event, owners).some(isTheirs),
    )
    .map((event) => withoutOthers(event, owners, theirs))
}

/** The most tags that one read asks for. */
const tagsMax = 500

const factsAbout = async (
  { log }: AuditedLog,
  theirs: ReadonlySet<UserId>,
  upTo: Position,
): Answered<ReadonlyArray<OwnEvent>> => {
  const tags = [...theirs].map(userTag)
  const facts = new Map<Position, OwnEvent>()
  for (let i = 0; i < tags.length; i += tagsMax) {
    const query = tags.slice(i, i + tagsMax).map((tag) => ({ tags: [tag] }))
    const page: Either<Failure, { readonly events: ReadonlyArray<LogEvent> }> = await log.read(
      query,
      { upTo },
    )()
    if (E.isLeft(page)) return page
    for (const event of page.right.events) if (isOwn(event)) facts.set(event.position, event)
  }
  return E.right([...facts.values()].sort((a, b) => a.position - b.position))
}

const isOwn = (event: LogEvent): event is OwnEvent => isOwnType(event.type)
