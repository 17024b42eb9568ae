// MergeUsers: users that are one person become one. The others are absorbed by the survivor one after
// another, in the order of their creation, all or nothing.

import { activeUser, type Directory, resolve } from '../directory/directory.js'
import { type Reason, violated } from '../directory/refusal.js'
import {
  type ActiveUser,
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

const Users: Codec<ReadonlyArray<UserReference>> = codec('user references', (input, context) => {
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
})

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
)

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
  roots: ({ users, survivor, overrides }) => [
    ...users.flatMap(referenceKeys),
    ...(survivor == null ? [] : referenceKeys(survivor)),
    ...Object.values(overrides ?? {}).map((id) => ({ kind: 'user', id }) as const),
  ],
  decide: (slice, command, context) => {
    const parties = findParties(slice, command.users)
    if (E.isLeft(parties)) return parties
    const survivor = findSurvivor(slice, parties.right, command.survivor ?? undefined)
    if (E.isLeft(survivor)) return survivor
    const overrides = resolveOverrides(slice, parties.right, command.overrides ?? {})
    if (E.isLeft(overrides)) return overrides
    const policy = findPolicy(context.rules, command.policy ?? undefined)
    if (E.isLeft(policy)) return policy

    const journal = openJournal(slice, context)
    const earlier: UserId[] = []
    for (const { id } of parties.right) {
      if (id === survivor.right.id) continue
      const [kept, absorbed] = [survivor.right.id, id].map((one) =>
        activeUser(journal.directory(), one),
      )
      if (kept === undefined || absorbed === undefined) continue
      const merged = planMerge(journal.directory(), kept, absorbed, {
        policy: policy.right,
        overrides: overrides.right,
        earlier,
        dataLeft: context.rules.anonymousData === 'leave' && isAnonymous(absorbed),
        matched: [],
      })
      if (E.isLeft(merged)) return merged
      journal.record(merged.right)
      earlier.push(id)
    }
    return journal.close({ userId: survivor.right.id })
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

/** The caller's choice, else a CUSTOMER before a LEAD, else the one created first. */
const findSurvivor = (
  slice: Directory,
  parties: ReadonlyArray<ActiveUser>,
  asked: UserReference | undefined,
): Either<Reason, ActiveUser> => {
  const named = asked === undefined ? undefined : referredUser(slice, asked)
  if (named !== undefined && E.isLeft(named)) return named
  const chosen =
    named === undefined
      ? (parties.find(({ standing }) => standing.type === 'CUSTOMER') ?? parties[0])
      : parties.find(({ id }) => id === named.right.id)
  return chosen === undefined
    ? E.left(
        violated([
          { path: '/survivor', code: 'REQUEST_FORMAT_INVALID', message: 'must be one of users' },
        ]),
      )
    : E.right(chosen)
}

/** Overrides by the living user that each names; all that name no party of the merge are refused. */
const resolveOverrides = (
  slice: Directory,
  parties: ReadonlyArray<ActiveUser>,
  overrides: Readonly<Record<FieldKey, UserId>>,
): Either<Reason, Readonly<Record<FieldKey, UserId>>> => {
  const resolved = Object.entries(overrides).map(
    ([field, id]) => [field, resolve(slice, id)?.id] as const,
  )
  const violations: ReadonlyArray<Violation> = resolved
    .filter(([, id]) => !parties.some((party) => party.id === id))
    .map(([field]) => ({
      path: pointer(['overrides', field]),
      code: 'REQUEST_FORMAT_INVALID',
      message: 'must be the id of a user that is merged here',
    }))
  return violations.length > 0
    ? E.left(violated(violations))
    : E.right(
        Object.fromEntries(
          resolved.flatMap(([field, id]) => (id === undefined ? [] : [[field, id]])),
        ),
      )
}

const findPolicy = (rules: Rules, name: string | undefined): Either<Reason, MergePolicy> => {
  const policy =
    name === undefined ? rules.policies[0] : rules.policies.find((one) => one.name === name)
  return policy === undefined
    ? E.left(
        violated([
          {
            path: '/policy',
            code: 'REQUEST_FORMAT_INVALID',
            message: `must be one of ${rules.policies.map((one) => one.name).join(', ')}`,
          },
        ]),
      )
    : E.right(policy)
}
