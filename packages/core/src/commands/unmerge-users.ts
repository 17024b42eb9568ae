// UnmergeUsers: undoes one merge. Only a direct merge into a living survivor can be undone.

import { type Brought, broughtInto, type Directory } from '../directory/directory.js'
import type { Key } from '../directory/keys.js'
import { type Reason, reason } from '../directory/refusal.js'
import type { ActiveUser } from '../directory/user.js'
import { planUnmerge } from '../merge/unmerge-plan.js'
import { E, type Either } from '../prelude.js'
import type { Codec } from '../values/codec.js'
import { recordedIdentity } from '../values/identity.js'
import { UserId } from '../values/token.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, openJournal } from './decision.js'
import { referenceKeys, referredUser, UserReference } from './reference.js'

const required = { survivor: UserReference, absorbed: UserId }

/**
 * @since 0.1.0
 * @category Commands
 */
export type UnmergeUsers = CommandOf<'UnmergeUsers', typeof required, Record<never, never>>

const UnmergeUsers: Codec<UnmergeUsers> = command('UnmergeUsers', required, {})

export const unmergeUsers: CommandDefinition<UnmergeUsers> = {
  codec: UnmergeUsers,
  roots: ({ survivor, absorbed }) => [...referenceKeys(survivor), { kind: 'user', id: absorbed }],
  next: (slice, { absorbed }) => {
    const user = slice.users.get(absorbed)
    if (user?.status !== 'merged') return []
    return [{ kind: 'absorbed', id: user.into }, ...externalIdKeys(slice, user.into)]
  },
  decide: (slice, { survivor, absorbed }, context) => {
    const found = referredUser(slice, survivor)
    if (E.isLeft(found)) return found
    const undone = directMerge(slice, found.right, absorbed)
    if (E.isLeft(undone)) return undone
    const unknown = broughtInto(slice, found.right.id)
      .map(({ merge }) => merge.policy)
      .find((policy) => !context.rules.policies.some(({ name }) => name === policy))
    if (unknown !== undefined) return E.left(unknownPolicy(unknown))
    const journal = openJournal(slice, context)
    journal.record(planUnmerge(slice, found.right, undone.right, context.rules.policies))
    return journal.close({ userId: found.right.id })
  },
}

/** Fields are settled again by the policies that settled them first: an engine must know them. */
const unknownPolicy = (policy: string): Reason =>
  reason(
    'UNMERGE_IMPOSSIBLE',
    `a merge of this survivor went by the policy ${policy}, which this engine does not know`,
    { policy },
  )

/** The externalUserIds that merges into this survivor released: they may be free to go back. */
const externalIdKeys = (slice: Directory, survivor: UserId): ReadonlyArray<Key> => {
  const user = slice.users.get(survivor)
  const own = user?.status === 'active' ? user.hidden.externalUserId?.value : undefined
  const kept = broughtInto(slice, survivor).flatMap((one) => Object.values(one.kept.identities))
  return [
    ...kept.filter(({ kind }) => kind === 'externalUserId').map(({ key }) => key),
    ...(typeof own === 'string' ? [recordedIdentity('externalUserId', own, 0).key] : []),
  ].map((key) => ({ kind: 'identity', key }))
}

const directMerge = (
  slice: Directory,
  survivor: ActiveUser,
  absorbed: UserId,
): Either<Reason, Brought> => {
  const user = slice.users.get(absorbed)
  if (user === undefined)
    return E.left(reason('USER_NOT_FOUND', 'there is no such user', { userId: absorbed }))
  if (user.status === 'erased')
    return E.left(reason('USER_ERASED', 'this user was erased', { userId: absorbed }))
  if (user.status === 'merged' && user.into === survivor.id && user.kept !== null)
    return E.right({ ...user, kept: user.kept })
  const chain = chainOf(slice, absorbed)
  return E.left(
    reason(
      'UNMERGE_IMPOSSIBLE',
      chain.length > 2 && chain.at(-1) === survivor.id
        ? 'this user is in the survivor through others: unmerge the outer merge first'
        : 'this user is not absorbed in the survivor',
      { survivor: survivor.id, absorbed, chain },
    ),
  )
}

/** The ids from an absorbed user to the one it lives in today. */
const chainOf = (slice: Directory, id: UserId): ReadonlyArray<UserId> => {
  const chain = [id]
  for (let user = slice.users.get(id); user?.status === 'merged'; user = slice.users.get(user.into))
    chain.push(user.into)
  return chain
}
