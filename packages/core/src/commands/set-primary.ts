// SetPrimary: marks or unmarks an installation as its user's primary device, of which there is at
// most one.

import { E } from '../prelude.js'
import { booleanValue, type Codec, nullable } from '../values/codec.js'
import { PushRegistrationId } from '../values/token.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, openJournal } from './decision.js'
import { setPrimary as mark } from './installations.js'
import { notOwned, registered } from './reference.js'

const required = { pushRegistrationId: PushRegistrationId, isPrimary: booleanValue }
const optional = { requestedBy: nullable(PushRegistrationId) }

/**
 * @since 0.1.0
 * @category Commands
 */
export type SetPrimary = CommandOf<'SetPrimary', typeof required, typeof optional>

const SetPrimary: Codec<SetPrimary> = command('SetPrimary', required, optional)

export const setPrimary: CommandDefinition<SetPrimary> = {
  codec: SetPrimary,
  defaults: { requestedBy: null },
  roots: ({ pushRegistrationId, requestedBy }) => [
    { kind: 'installation', id: pushRegistrationId },
    ...(requestedBy == null ? [] : [{ kind: 'installation', id: requestedBy } as const]),
  ],
  decide: (slice, { pushRegistrationId: id, isPrimary, requestedBy }, context) => {
    const installation = registered(slice, id)
    if (E.isLeft(installation)) return installation
    const { userId } = installation.right
    const requester = requestedBy == null ? installation : registered(slice, requestedBy)
    if (E.isLeft(requester)) return requester
    if (requester.right.userId !== userId) return E.left(notOwned(id, requester.right.id))
    const journal = openJournal(slice, context)
    mark(journal, id, isPrimary)
    return journal.close({ userId, installationId: id })
  },
}
