// Questions about the present. None of them records anything.

import {
  referenceKeys,
  referenceNames,
  referredUser,
  UserReference,
} from '../commands/reference.js'
import { type Directory, emptyDirectory } from '../directory/directory.js'
import type { ActiveInstallation } from '../directory/installation.js'
import { leadsTo } from '../directory/keys.js'
import { reason, violated } from '../directory/refusal.js'
import { type ActiveUser, attributeField } from '../directory/user.js'
import {
  type InstallationView,
  type UserView,
  viewInstallation,
  viewUser,
} from '../directory/view.js'
import type { Failure } from '../ports/failure.js'
import type { Store } from '../ports/store.js'
import { E, type Either, type TE, t } from '../prelude.js'
import { AttributeName } from '../values/attribute.js'
import {
  booleanValue,
  type Codec,
  codec,
  list,
  literals,
  nullable,
  object,
} from '../values/codec.js'
import { frozen } from '../values/frozen.js'
import { readBackOf } from '../values/identity.js'
import { parseJson } from '../values/json.js'
import { ApplicationId, PushRegistrationId, UserId } from '../values/token.js'
import { reject, toViolations } from '../values/violation.js'
import { askedIn, type KeptAnswers } from './kept-answers.js'
import { compares, comparisons, Predicate, satisfies, scalar } from './predicate.js'
import { type Refusal, refusal } from './result.js'

const pageUsers = 500
const limitMax = 1000

const limit: Codec<number> = codec('a limit', (input, context) =>
  typeof input === 'number' && Number.isInteger(input) && input >= 1 && input <= limitMax
    ? t.success(input)
    : reject(input, context, `must be a whole number from 1 to ${limitMax}`),
)
const paging = { after: nullable(UserId), limit }

const SegmentQuery = object('a segment query', { predicate: Predicate }, paging)

const AudienceQuery = object(
  'an audience query',
  {},
  {
    users: nullable(list(UserReference, 'user references')),
    segment: nullable(Predicate),
    installationAttribute: nullable(
      object(
        'an installation attribute',
        { name: AttributeName, is: literals('is', comparisons), value: scalar },
        {},
      ),
    ),
    applicationId: nullable(ApplicationId),
    targetOnlyPrimaryDevices: nullable(booleanValue),
    ...paging,
  },
)

/**
 * The users that match, in the order of their ids; `next` is what to give as `after` for the next
 * page, null at the end. `limit` counts users, 1 to 1,000, 100 by default.
 * @since 0.1.0
 * @category Queries
 */
export interface Segment {
  readonly users: ReadonlyArray<UserView>
  readonly next: UserId | null
}

/**
 * The installations that a message would reach, of up to `limit` users; `next` as in `Segment`.
 * @since 0.1.0
 * @category Queries
 */
export interface Audience {
  readonly installations: ReadonlyArray<InstallationView>
  readonly next: UserId | null
}

type Answer<A> = TE.TaskEither<Refusal | Failure, A>

const read = <A>(codec: Codec<A>, input: unknown): Either<Refusal, A> => {
  const json = parseJson(input)
  if (E.isLeft(json)) return E.left(refusal(violated(json.left), null))
  const parsed = codec.decode(json.right)
  return E.isLeft(parsed) ? E.left(refusal(violated(toViolations(parsed.left)), null)) : parsed
}

/** The living user that a reference means; the view is frozen, for whoever asks next gets it too. */
export const fetchUser =
  (store: Store, answers: KeptAnswers<UserView>, input: unknown): Answer<UserView> =>
  async () => {
    const asked = askedIn(input, referenceNames)
    if (asked === undefined) return findUser(store, input)
    return answers.get(asked.text) ?? answers.find(asked.text, () => findUser(store, asked.input))
  }

const findUser = async (
  store: Store,
  input: unknown,
): Promise<Either<Refusal | Failure, UserView>> => {
  const reference = read(UserReference, input)
  if (E.isLeft(reference)) return reference
  const found = await store.load(referenceKeys(reference.right), leadsTo)()
  if (E.isLeft(found)) return found
  const user = referredUser(found.right.directory, reference.right)
  return E.isLeft(user)
    ? E.left(refusal(user.left, null))
    : E.right(frozen(readBackOf(viewUser(found.right.directory, user.right))))
}

/** An installation, an expired one too: its status says so. */
export const fetchInstallation =
  (store: Store, input: unknown): Answer<InstallationView> =>
  async () => {
    const id = read(PushRegistrationId, input)
    if (E.isLeft(id)) return id
    const found = await store.load([{ kind: 'installation', id: id.right }], leadsTo)()
    if (E.isLeft(found)) return found
    const installation = found.right.directory.installations.get(id.right)
    if (installation !== undefined)
      return E.right(readBackOf(viewInstallation(found.right.directory, installation)))
    const unknown = reason('NO_REGISTRATION', `there is no installation ${id.right}`, {
      pushRegistrationId: id.right,
    })
    return E.left(refusal(unknown, null))
  }

export const segment =
  (store: Store, input: unknown): Answer<Segment> =>
  async () => {
    const query = read(SegmentQuery, input)
    if (E.isLeft(query)) return query
    const { predicate, after = null, limit = 100 } = query.right
    const page = await scan(store, after, limit, (directory, user) =>
      satisfies(user, predicate) ? viewUser(directory, user) : null,
    )
    return E.isLeft(page) ? page : E.right({ users: page.right.found, next: page.right.next })
  }

type AudienceQuery = t.TypeOf<typeof AudienceQuery>

export const audience =
  (store: Store, input: unknown): Answer<Audience> =>
  async () => {
    const query = read(AudienceQuery, input)
    if (E.isLeft(query)) return query
    const { users, after = null, limit = 100 } = query.right
    const named = users == null ? null : await loadUsers(store, users)
    if (named !== null && E.isLeft(named)) return named
    const reached = (
      directory: Directory,
      user: ActiveUser,
    ): ReadonlyArray<InstallationView> | null => {
      const found = reachedOf(directory, user, query.right)
      return found.length === 0 ? null : found
    }
    const page =
      named === null
        ? await scan(store, after, limit, reached)
        : E.right(among(named.right, after, limit, reached))
    return E.isLeft(page)
      ? page
      : E.right({ installations: page.right.found.flat(), next: page.right.next })
  }

const reachedOf = (
  directory: Directory,
  user: ActiveUser,
  { segment, installationAttribute, applicationId, targetOnlyPrimaryDevices }: AudienceQuery,
): ReadonlyArray<InstallationView> =>
  segment != null && !satisfies(user, segment)
    ? []
    : user.installations
        .flatMap(({ id }): ReadonlyArray<ActiveInstallation> => {
          const one = directory.installations.get(id)
          return one?.status === 'active' ? [one] : []
        })
        .filter((one) => one.isPushRegistrationEnabled && one.notificationsEnabled)
        .filter((one) => applicationId == null || one.applicationId === applicationId)
        .filter((one) => !targetOnlyPrimaryDevices || user.cells.primary?.value === one.id)
        .filter(
          ({ personal }) =>
            installationAttribute == null ||
            compares(
              personal[attributeField(installationAttribute.name)],
              installationAttribute.is,
              installationAttribute.value,
            ),
        )
        .map((one) => viewInstallation(directory, one))

interface Found<A> {
  readonly found: ReadonlyArray<A>
  readonly next: UserId | null
}

type Pick<A> = (directory: Directory, user: ActiveUser) => A | null

/** Goes through all living users, page by page, until enough are found. */
const scan = async <A>(
  store: Store,
  after: UserId | null,
  limit: number,
  pick: Pick<A>,
): Promise<Either<Failure, Found<A>>> => {
  const found: A[] = []
  for (let at: UserId | null = after; ; ) {
    const page = await store.users(at, pageUsers)()
    if (E.isLeft(page)) return page
    const part = among(page.right.directory, null, limit - found.length, pick)
    found.push(...part.found)
    if (part.next !== null) return E.right({ found, next: part.next })
    if (page.right.next === null) return E.right({ found, next: null })
    if (found.length === limit) return E.right({ found, next: page.right.next })
    at = page.right.next
  }
}

/** Picks from the living users of a directory, in the order of their ids. */
const among = <A>(
  directory: Directory,
  after: UserId | null,
  limit: number,
  pick: Pick<A>,
): Found<A> => {
  const users = [...directory.users.values()]
    .flatMap((user) =>
      user.status === 'active' && (after === null || user.id > after) ? [user] : [],
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  const found: A[] = []
  for (const [i, user] of users.entries()) {
    const picked = pick(directory, user)
    if (picked !== null) found.push(readBackOf(picked))
    if (found.length === limit) return { found, next: i < users.length - 1 ? user.id : null }
  }
  return { found, next: null }
}

/** The users that references name, with their installations, and nobody else. */
const loadUsers = async (
  store: Store,
  references: ReadonlyArray<UserReference>,
): Promise<Either<Refusal | Failure, Directory>> => {
  const loaded = await store.load(references.flatMap(referenceKeys), leadsTo)()
  if (E.isLeft(loaded)) return loaded
  const { directory } = loaded.right
  const users = new Map<UserId, ActiveUser>()
  for (const reference of references) {
    const user = referredUser(directory, reference)
    if (E.isLeft(user)) return E.left(refusal(user.left, null))
    users.set(user.right.id, user.right)
  }
  return E.right({ ...emptyDirectory, users, installations: directory.installations })
}
