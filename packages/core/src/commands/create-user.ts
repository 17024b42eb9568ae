// CreateUser: a user without installation, as a server or an import makes it.

import { activeUser } from '../directory/directory.js'
import { reason } from '../directory/refusal.js'
import { E } from '../prelude.js'
import { type Codec, literals, nullable } from '../values/codec.js'
import { attributeKeys, checkAttributes, recordAttributes } from './attributes.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, openJournal } from './decision.js'
import { checkFree, identitiesIn, identityKeys, linkIdentities } from './identities.js'
import { createUser as create } from './installations.js'
import { UserAttributes, UserIdentity } from './personalize.js'

const optional = {
  userType: nullable(literals('userType', ['LEAD', 'CUSTOMER'])),
  userIdentity: nullable(UserIdentity),
  userAttributes: nullable(UserAttributes),
}

/**
 * @since 0.1.0
 * @category Commands
 */
export type CreateUser = CommandOf<'CreateUser', Record<never, never>, typeof optional>

const CreateUser: Codec<CreateUser> = command('CreateUser', {}, optional)

export const createUser: CommandDefinition<CreateUser> = {
  codec: CreateUser,
  defaults: { userType: 'CUSTOMER', userAttributes: null },
  check: ({ userIdentity }) =>
    identitiesIn(userIdentity ?? undefined).length > 0
      ? E.right(null)
      : E.left(reason('USER_IDENTITY_INVALID', 'userIdentity must name at least one identity')),
  roots: ({ userIdentity, userAttributes }) => [
    ...identityKeys(userIdentity ?? undefined),
    ...attributeKeys('user', userAttributes?.customAttributes),
  ],
  decide: (slice, command, context) => {
    const attributes = checkAttributes(slice, command.userAttributes ?? undefined, context.now, [
      'userAttributes',
    ])
    if (E.isLeft(attributes)) return attributes
    const identities = identitiesIn(command.userIdentity ?? undefined)
    const free = checkFree(slice, identities, null)
    if (E.isLeft(free)) return free
    const journal = openJournal(slice, context)
    const userId = create(journal, command.userType ?? 'CUSTOMER')
    linkIdentities(journal, userId, identities)
    const user = activeUser(journal.directory(), userId)
    if (user !== undefined) recordAttributes(journal, user, attributes.right)
    return journal.close({ userId })
  },
}
