// Personalize: somebody logs in on an installation. Who the installation belongs to from then on is
// the table of domain.md section 5: its rows are tried in the order 1, 2, 10, 3, then the rest.
// Row 2, malformed phones and emails, is the codec's.

import { activeUser, type Directory } from '../directory/directory.js'
import { type Reason, reason } from '../directory/refusal.js'
import { type ActiveUser, externalIdentityOf, isAnonymous } from '../directory/user.js'
import { planMerge } from '../merge/merge-plan.js'
import { survivorFirst } from '../merge/policy.js'
import { E, type Either } from '../prelude.js'
import { AttributesPatchProps } from '../values/attributes-patch.js'
import { type Codec, nullable, nullableBoolean, object } from '../values/codec.js'
import { ExternalUserIdPatch } from '../values/external-user-id.js'
import { EmailsPatch, type Identity, PhonesPatch } from '../values/identity.js'
import { type Position, PushRegistrationId, type UserId } from '../values/token.js'
import { attributeKeys, checkAttributes, recordAttributes } from './attributes.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, type Journal, openJournal, type Rules } from './decision.js'
import {
  identitiesIn,
  identityKeys,
  linkIdentities,
  ownersInDetails,
  ownersOf,
} from './identities.js'
import { attach, createUser, detach, setPrimary } from './installations.js'
import { registered, userOf } from './reference.js'

/** Identities as a login names them. */
export const UserIdentity = object(
  'a user identity',
  {},
  { externalUserId: ExternalUserIdPatch, phones: PhonesPatch, emails: EmailsPatch },
)

export const UserAttributes = object('user attributes', {}, AttributesPatchProps)

const required = { pushRegistrationId: PushRegistrationId }
const optional = {
  userIdentity: nullable(UserIdentity),
  userAttributes: nullable(UserAttributes),
  forceDepersonalize: nullableBoolean,
  keepAsLead: nullableBoolean,
  setAsPrimary: nullableBoolean,
}

/**
 * @since 0.1.0
 * @category Commands
 */
export type Personalize = CommandOf<'Personalize', typeof required, typeof optional>

const Personalize: Codec<Personalize> = command('Personalize', required, optional)

export const personalize: CommandDefinition<Personalize> = {
  codec: Personalize,
  defaults: {
    forceDepersonalize: false,
    keepAsLead: false,
    setAsPrimary: false,
    userAttributes: null,
  },
  check: ({ userIdentity }) =>
    identitiesIn(userIdentity ?? undefined).length > 0 ? E.right(null) : E.left(noIdentity), // row 1
  roots: ({ pushRegistrationId: id, userIdentity, userAttributes }) => [
    { kind: 'installation', id },
    ...identityKeys(userIdentity ?? undefined),
    ...attributeKeys('user', userAttributes?.customAttributes),
  ],
  next: (slice, { userIdentity }) =>
    linkedTo(slice, identitiesIn(userIdentity ?? undefined)).map((id) => ({ kind: 'user', id })),
  decide: (slice, command, context) => {
    const { pushRegistrationId: id } = command
    const installation = registered(slice, id) // row 10
    if (E.isLeft(installation)) return installation
    const attributes = checkAttributes(slice, command.userAttributes ?? undefined, context.now, [
      'userAttributes',
    ])
    if (E.isLeft(attributes)) return attributes

    const identities = identitiesIn(command.userIdentity ?? undefined)
    const owners = ownersOf(slice, identities)
    if (owners.size > 1) return E.left(ambiguous(owners)) // row 3
    const force = command.forceDepersonalize ?? false
    const chosen = chooseTarget(
      slice,
      userOf(slice, installation.right),
      owners,
      force,
      context.rules,
    )
    if (E.isLeft(chosen)) return chosen
    const otherId = checkExternalId(chosen.right, identities)
    if (E.isLeft(otherId)) return otherId

    const journal = openJournal(slice, context)
    const userId = settle(journal, id, chosen.right, context.rules)
    if (E.isLeft(userId)) return userId
    linkIdentities(journal, userId.right, identities)
    if (!(command.keepAsLead ?? false)) promote(journal, userId.right)
    const target = activeUser(journal.directory(), userId.right)
    if (target !== undefined) recordAttributes(journal, target, attributes.right)
    if (command.setAsPrimary ?? false) setPrimary(journal, id, true)
    return journal.close({ userId: userId.right, installationId: id })
  },
}

/** The absorbed users by whom several identities came: where the installation goes with which is asked. */
const linkedTo = (slice: Directory, identities: ReadonlyArray<Identity>): ReadonlyArray<UserId> => {
  const by = new Set(
    identities.flatMap(({ key }) => {
      const owner = slice.identities.get(key)
      const user = owner === undefined ? undefined : activeUser(slice, owner)
      return user?.identities[key]?.by ?? []
    }),
  )
  return by.size > 1 ? [...by] : []
}

/** The user the installation belongs to afterwards, and how it comes to it. */
type Target =
  | { readonly row: 'stays'; readonly user: ActiveUser } // rows 4 and 6, and 8 where it extends
  | {
      readonly row: 'absorbed' | 'moves'
      readonly user: ActiveUser
      readonly from: ActiveUser
      readonly matched: ReadonlyArray<Position>
    } // row 5
  | {
      readonly row: 'detached'
      readonly user: ActiveUser | null
      readonly matched: ReadonlyArray<Position>
    } // row 9

const chooseTarget = (
  slice: Directory,
  u0: ActiveUser,
  owners: ReadonlyMap<UserId, ReadonlyArray<Identity>>,
  force: boolean,
  rules: Rules,
): Either<Reason, Target> => {
  const [owner] = owners
  const c1 = owner === undefined ? undefined : activeUser(slice, owner[0])
  const matched = (owner?.[1] ?? []).flatMap(({ key }) => c1?.identities[key]?.at ?? [])
  if (isAnonymous(u0)) {
    if (c1 === undefined) return E.right({ row: 'stays', user: u0 }) // row 4
    const row = u0.installations.length === 1 ? 'absorbed' : 'moves'
    return E.right({ row, user: c1, from: u0, matched }) // row 5
  }
  if (c1?.id === u0.id) return E.right({ row: 'stays', user: u0 }) // row 6
  if (force) return E.right({ row: 'detached', user: c1 ?? null, matched }) // row 9
  if (c1 === undefined && rules.personalizeUnknownIdentity === 'extend')
    return E.right({ row: 'stays', user: u0 }) // row 8, extended
  return E.left(c1 === undefined ? unknownIdentity(u0) : ofAnother(u0, c1, owners)) // rows 8, 7
}

const settle = (
  journal: Journal,
  id: PushRegistrationId,
  target: Target,
  rules: Rules,
): Either<Reason, UserId> => {
  switch (target.row) {
    case 'stays':
      return E.right(target.user.id)
    case 'absorbed': {
      const merged = planMerge(journal.directory(), target.user, target.from, {
        policy: survivorFirst,
        overrides: {},
        earlier: [],
        dataLeft: rules.anonymousData === 'leave',
        matched: target.matched,
      })
      if (E.isLeft(merged)) return merged
      journal.record(merged.right)
      return E.right(target.user.id)
    }
    case 'moves': {
      const isPrimary =
        target.from.cells.primary?.value === id && target.user.cells.primary === undefined
      if (target.from.cells.primary?.value === id) setPrimary(journal, id, false)
      attach(journal, id, { userId: target.user.id, matched: target.matched, isPrimary })
      return E.right(target.user.id)
    }
    case 'detached': {
      const userId = target.user?.id ?? createUser(journal, 'LEAD')
      detach(journal, id)
      attach(journal, id, { userId, matched: target.matched, isPrimary: false })
      return E.right(userId)
    }
  }
}

/** A LEAD becomes CUSTOMER; one that is CUSTOMER only by a merge becomes so by itself. */
const promote = (journal: Journal, userId: UserId): void => {
  if (activeUser(journal.directory(), userId)?.own.standing.type === 'LEAD')
    journal.record({ type: 'ProfilePromoted', payload: { userId } })
}

const checkExternalId = (
  { user }: Target,
  identities: ReadonlyArray<Identity>,
): Either<Reason, null> => {
  const has = user === null ? undefined : externalIdentityOf(user)
  const asked = identities.find(({ kind }) => kind === 'externalUserId')
  return user === null || has === undefined || asked === undefined || has.key === asked.key
    ? E.right(null)
    : E.left(
        reason(
          'PERSONALIZATION_IMPOSSIBLE',
          'the user of these identities has another externalUserId already',
          { userId: user.id, externalUserId: has.value },
        ),
      )
}

const noIdentity = reason('USER_IDENTITY_INVALID', 'userIdentity must name at least one identity')

const ambiguous = (owners: ReadonlyMap<UserId, ReadonlyArray<Identity>>): Reason =>
  reason(
    'AMBIGUOUS_PERSONALIZE_CANDIDATES',
    `these identities belong to ${owners.size} users: merge them, or name only one`,
    { candidates: ownersInDetails(owners) },
  )

const unknownIdentity = (u0: ActiveUser): Reason =>
  reason(
    'PERSONALIZATION_IMPOSSIBLE',
    'this installation is personalized, and nobody owns these identities: depersonalize it first, or force it',
    { userId: u0.id },
  )

const ofAnother = (
  u0: ActiveUser,
  c1: ActiveUser,
  owners: ReadonlyMap<UserId, ReadonlyArray<Identity>>,
): Reason =>
  reason(
    'PERSONALIZATION_IMPOSSIBLE',
    'this installation is personalized as another user: depersonalize it first, or force it',
    { userId: u0.id, candidate: c1.id, owners: ownersInDetails(owners) },
  )
