// SaveUser: patches a user, identities included. Never promotes, and never takes an identity from
// another user. A fetched user may be saved back: what a patch may not set is ignored.

import { activeUser } from '../directory/directory.js'
import { E } from '../prelude.js'
import { AttributesPatchProps } from '../values/attributes-patch.js'
import { type Codec, object } from '../values/codec.js'
import { ExternalUserIdPatch } from '../values/external-user-id.js'
import { EmailsPatch, PhonesPatch } from '../values/identity.js'
import { attributeKeys, checkAttributes, customOverLimit, recordAttributes } from './attributes.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, openJournal } from './decision.js'
import { checkFree, identitiesIn, identityKeys, replaceIdentities } from './identities.js'
import { referenceKeys, referredUser, UserReference } from './reference.js'

const UserPatch = object(
  'a user patch',
  {},
  {
    externalUserId: ExternalUserIdPatch,
    phones: PhonesPatch,
    emails: EmailsPatch,
    ...AttributesPatchProps,
  },
  ['id', 'type', 'installations', 'status', 'createdAt', 'promotedAt', 'userId'],
)

const required = { target: UserReference, user: UserPatch }

/**
 * @since 0.1.0
 * @category Commands
 */
export type SaveUser = CommandOf<'SaveUser', typeof required, Record<never, never>>

const SaveUser: Codec<SaveUser> = command('SaveUser', required, {})

export const saveUser: CommandDefinition<SaveUser> = {
  codec: SaveUser,
  roots: ({ target, user }) => [
    ...referenceKeys(target),
    ...identityKeys(user),
    ...attributeKeys('user', user.customAttributes),
  ],
  decide: (slice, { target, user: patch }, context) => {
    const found = referredUser(slice, target)
    if (E.isLeft(found)) return found
    const attributes = checkAttributes(slice, patch, context.now, ['user'])
    if (E.isLeft(attributes)) return attributes
    const limit = customOverLimit(found.right, attributes.right)
    if (E.isLeft(limit)) return limit
    const { id } = found.right
    const free = checkFree(slice, identitiesIn(patch), id)
    if (E.isLeft(free)) return free
    const journal = openJournal(slice, context)
    replaceIdentities(journal, found.right, patch)
    const user = activeUser(journal.directory(), id)
    if (user !== undefined) recordAttributes(journal, user, attributes.right)
    return journal.close({ userId: id })
  },
}
