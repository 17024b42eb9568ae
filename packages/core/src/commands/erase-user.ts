// EraseUser: ends a person and everyone absorbed in them. Installations move to new, anonymous LEADs
// without their personal values; identities are free again.

import { everyoneIn } from '../directory/directory.js'
import { identitiesOf } from '../directory/user.js'
import { E } from '../prelude.js'
import type { Codec } from '../values/codec.js'
import { Token } from '../values/token.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, openJournal } from './decision.js'
import { createUser } from './installations.js'
import { loadedUser, referenceKeys, referredUser, UserReference } from './reference.js'

const required = { target: UserReference, reason: Token }

/**
 * @since 0.1.0
 * @category Commands
 */
export type EraseUser = CommandOf<'EraseUser', typeof required, Record<never, never>>

const EraseUser: Codec<EraseUser> = command('EraseUser', required, {})

export const eraseUser: CommandDefinition<EraseUser> = {
  codec: EraseUser,
  roots: ({ target }) => referenceKeys(target),
  next: (slice, { target }) => {
    const found = loadedUser(slice, target)
    return found === undefined ? [] : [{ kind: 'absorbed', id: found.id }]
  },
  decide: (slice, { target, reason }, context) => {
    const found = referredUser(slice, target)
    if (E.isLeft(found)) return found
    const user = found.right
    const journal = openJournal(slice, context)
    const installations = user.installations.map(({ id }) => ({
      pushRegistrationId: id,
      userId: createUser(journal, 'LEAD'),
    }))
    journal.record({
      type: 'UserErased',
      payload: {
        userId: user.id,
        absorbed: everyoneIn(slice, user.id),
        identities: identitiesOf(user).map(({ at }) => at),
        installations,
        reason,
      },
    })
    return journal.close({})
  },
}
