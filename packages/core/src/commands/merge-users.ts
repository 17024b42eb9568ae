// MergeUsers: users that are one person become one. The others are absorbed by the survivor one after
// another, in the order of their creation, all or nothing.

import { activeUser, type Directory, resolve } from '../directory/directory.js'
import { type Reason, violated } from '../directory/refusal.js'
import {
  type ActiveUser,
  externalIdentityOf,
  isAnonymous,
  isAttribute,
  nameIn,
  singleFields,
} from '../directory/user.js'
import type { FieldKey } from '../log/event.js'
import { planMerge } from '../merge/merge-plan.js'
import type { MergePolicy } from '../merge/policy.js'
import { E, type Either, t } from '../prelude.js'
import { AttributeName } from '../values/attribute.js'
import { addErrors, type Codec, codec, list, nullable } from '../values/codec.js'
import { isList, isRecord } from '../values/json.js'
import { Token, UserId } from '../values/token.js'
import { at, pointer, reject, type Violation } from '../values/violation.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, openJournal, type Rules } from './decision.js'
import { referenceKeys, referredUser, UserReference } from './reference.js'

const usersMax = 50

const references = list(UserReference, 'user references')

const Users: Codec<ReadonlyArray<UserReference>> = codec(
  'user references',
  (input, context) => {
    if (isList(input) && input.length < 2)
      return reject(input, context, 'must name at least two users')
    return isList(input) && input.length > usersMax
      ? reject(
          input,
          context,
          `must name at most ${usersMax} users, not ${input.length}`,
          'LIMIT_EXCEEDED',
        )
      : references.validate(input, context)
  },
  (of) => ({ type: 'array', minItems: 2, maxItems: usersMax, items: of(UserReference) }),
)

const decidedFields = new Set<string>(['externalUserId', ...singleFields])

const isDecidedField = (field: string): boolean =>
  decidedFields.has(field) || (isAttribute(field) && E.isRight(AttributeName.decode(nameIn(field))))

/** Field to the user whose value stays: a single attribute, externalUserId or customAttributes.NAME. */
const Overrides: Codec<Readonly<Record<FieldKey, UserId>>> = codec(
  'overrides',
  (input, context) => {
    if (!isRecord(input)) return reject(input, context, 'must be an object of field to user id')
    const errors: t.Errors = []
    const parsed: Array<readonly [FieldKey, UserId]> = []
    for (const [field, value] of Object.entries(input)) {
      const here = at(context, field, UserId, value)
      const id = isDecidedField(field)
        ? UserId.validate(value, here)
        : reject(value, here, 'is no single attribute, externalUserId or customAttributes.NAME')
      if (E.isRight(id)) parsed.push([field, id.right])
      else addErrors(errors, id)
    }
    return errors.length > 0 ? t.failures(errors) : t.success(Object.fromEntries(parsed))
  },
  (of) => ({
    type: 'object',
    propertyNames: { anyOf: [{ enum: [...decidedFields] }, { pattern: OVERRIDDEN }] },
    additionalProperties: of(UserId),
  }),
)

const OVERRIDDEN = '^customAttributes\\.[^\\u0000-\\u001f\\u007f-\\u009f{}\\[\\]]{1,256}$'

const required = { users: Users }
const optional = {
  survivor: nullable(UserReference),
  overrides: nullable(Overrides),
  policy: nullable(Token),
}

/**
 * @since 0.1.0
 * @category Commands
 */
export type MergeUsers = CommandOf<'MergeUsers', typeof required, typeof optional>

const MergeUsers: Codec<MergeUsers> = command('MergeUsers', required, optional)

export const mergeUsers: CommandDefinition<MergeUsers> = {
  codec: MergeUsers,
  defaults: { survivor: null, overrides: null, policy: null },
  roots: ({ users, survivor, overrides }) => [
    ...users.flatMap(referenceKeys),
    ...(survivor == null ? [] : referenceKeys(survivor)),
    ...Object.values(overrides ?? {}).map((id) => ({ kind: 'user', id }) as const),
  ],
  decide: (slice, command, context) => {
    const parties = findParties(slice, command.users)
    if (E.isLeft(parties)) return parties
    const terms = findTerms(slice, parties.right, command, context.rules)
    if (E.isLeft(terms)) return terms
    const { survivor, overrides, policy } = terms.right

    const journal = openJournal(slice, context)
    const earlier: UserId[] = []
    for (const { id } of parties.right) {
      if (id === survivor.id) continue
      const [kept, absorbed] = [survivor.id, id].map((one) => activeUser(journal.directory(), one))
      if (kept === undefined || absorbed === undefined) continue
      const merged = planMerge(journal.directory(), kept, absorbed, {
        policy,
        overrides,
        earlier,
        dataLeft: context.rules.anonymousData === 'leave' && isAnonymous(absorbed),
        matched: [],
      })
      if (E.isLeft(merged)) return merged
      journal.record(merged.right)
      earlier.push(id)
    }
    return journal.close({ userId: survivor.id })
  },
}

/** The distinct living users that are named, in the order of their creation. */
const findParties = (
  slice: Directory,
  users: ReadonlyArray<UserReference>,
): Either<Reason, ReadonlyArray<ActiveUser>> => {
  const found = new Map<UserId, ActiveUser>()
  for (const reference of users) {
    const user = referredUser(slice, reference)
    if (E.isLeft(user)) return user
    found.set(user.right.id, user.right)
  }
  return E.right([...found.values()].sort((a, b) => a.born - b.born))
}

interface Terms {
  readonly survivor: ActiveUser
  readonly overrides: Readonly<Record<FieldKey, UserId>>
  readonly policy: MergePolicy
}

/** Who survives and by which rules; what of that is wrong is told together. */
const findTerms = (
  slice: Directory,
  parties: ReadonlyArray<ActiveUser>,
  command: MergeUsers,
  rules: Rules,
): Either<Reason, Terms> => {
  const asked = command.survivor == null ? null : referredUser(slice, command.survivor)
  if (asked !== null && E.isLeft(asked)) return asked
  const survivor = chooseSurvivor(parties, asked?.right.id)
  const overrides = resolveOverrides(slice, command.overrides ?? {})
  const strangers = overrides.filter(([, id]) => !parties.some((party) => party.id === id))
  const policy = rules.policies.find(
    ({ name }) => name === (command.policy ?? rules.policies[0]?.name),
  )
  if (survivor !== undefined && strangers.length === 0 && policy !== undefined)
    return E.right({ survivor, overrides: settling(parties, overrides), policy })
  const names = rules.policies.map(({ name }) => name).join(', ')
  return E.left(
    violated([
      ...(survivor === undefined ? [wrong(['survivor'], 'must be one of users')] : []),
      ...strangers.map(([field]) =>
        wrong(['overrides', field], 'must be the id of a user that is merged here'),
      ),
      ...(policy === undefined ? [wrong(['policy'], `must be one of ${names}`)] : []),
    ]),
  )
}

/** An override that names, for the externalUserId to stay, a user without one settles nothing. */
const settling = (
  parties: ReadonlyArray<ActiveUser>,
  overrides: ReadonlyArray<readonly [FieldKey, UserId]>,
): Terms['overrides'] =>
  Object.fromEntries(
    overrides.filter(
      ([field, id]) =>
        field !== 'externalUserId' ||
        parties.some((party) => party.id === id && externalIdentityOf(party) !== undefined),
    ),
  )

const wrong = (path: ReadonlyArray<string>, message: string): Violation => ({
  path: pointer(path),
  code: 'REQUEST_FORMAT_INVALID',
  message,
})

/** The caller's choice, else a CUSTOMER before a LEAD, else the one created first. */
const chooseSurvivor = (
  parties: ReadonlyArray<ActiveUser>,
  asked: UserId | undefined,
): ActiveUser | undefined =>
  asked === undefined
    ? (parties.find(({ standing }) => standing.type === 'CUSTOMER') ?? parties[0])
    : parties.find(({ id }) => id === asked)

/** Overrides by the user that each means today. */
const resolveOverrides = (
  slice: Directory,
  overrides: Readonly<Record<FieldKey, UserId>>,
): ReadonlyArray<readonly [FieldKey, UserId]> =>
  Object.entries(overrides).map(([field, id]) => [field, resolve(slice, id)?.id ?? id])
