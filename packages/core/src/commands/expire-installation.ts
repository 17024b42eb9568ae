// ExpireInstallation: the app was uninstalled or its token died. Saying it again records nothing.

import { E } from '../prelude.js'
import type { Codec } from '../values/codec.js'
import { PushRegistrationId, Token } from '../values/token.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, openJournal } from './decision.js'
import { expire } from './installations.js'
import { registered } from './reference.js'

const required = { pushRegistrationId: PushRegistrationId, reason: Token }

/**
 * @since 0.1.0
 * @category Commands
 */
export type ExpireInstallation = CommandOf<
  'ExpireInstallation',
  typeof required,
  Record<never, never>
>

const ExpireInstallation: Codec<ExpireInstallation> = command('ExpireInstallation', required, {})

export const expireInstallation: CommandDefinition<ExpireInstallation> = {
  codec: ExpireInstallation,
  roots: ({ pushRegistrationId: id }) => [{ kind: 'installation', id }],
  decide: (slice, { pushRegistrationId: id, reason }, context) => {
    const known = registered(slice, id)
    if (E.isLeft(known) && !slice.installations.has(id)) return known
    const journal = openJournal(slice, context)
    if (E.isRight(known)) expire(journal, id, reason)
    return journal.close({ installationId: id })
  },
}
