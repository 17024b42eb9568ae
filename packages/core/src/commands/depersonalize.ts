// Depersonalize: the installation leaves its user, who keeps everything else, and gets a new, empty
// LEAD. DepersonalizeInstallation does the same to another installation of the caller's user.

import type { Directory } from '../directory/directory.js'
import type { ActiveInstallation } from '../directory/installation.js'
import { isAnonymous } from '../directory/user.js'
import { E } from '../prelude.js'
import type { Codec } from '../values/codec.js'
import { PushRegistrationId } from '../values/token.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, type Context, type Decided, openJournal } from './decision.js'
import { attach, createUser, detach, hasToClear } from './installations.js'
import { notOwned, registered, userOf } from './reference.js'

const required = { pushRegistrationId: PushRegistrationId }

/**
 * @since 0.1.0
 * @category Commands
 */
export type Depersonalize = CommandOf<'Depersonalize', typeof required, Record<never, never>>

const Depersonalize: Codec<Depersonalize> = command('Depersonalize', required, {})

const requiredWithTarget = { ...required, targetPushRegistrationId: PushRegistrationId }

/**
 * @since 0.1.0
 * @category Commands
 */
export type DepersonalizeInstallation = CommandOf<
  'DepersonalizeInstallation',
  typeof requiredWithTarget,
  Record<never, never>
>

const DepersonalizeInstallation: Codec<DepersonalizeInstallation> = command(
  'DepersonalizeInstallation',
  requiredWithTarget,
  {},
)

export const depersonalize: CommandDefinition<Depersonalize> = {
  codec: Depersonalize,
  roots: ({ pushRegistrationId: id }) => [{ kind: 'installation', id }],
  decide: (slice, { pushRegistrationId }, context) => {
    const installation = registered(slice, pushRegistrationId)
    return E.isLeft(installation) ? installation : logOut(slice, installation.right, context)
  },
}

export const depersonalizeInstallation: CommandDefinition<DepersonalizeInstallation> = {
  codec: DepersonalizeInstallation,
  roots: ({ pushRegistrationId, targetPushRegistrationId }) => [
    { kind: 'installation', id: pushRegistrationId },
    { kind: 'installation', id: targetPushRegistrationId },
  ],
  decide: (slice, { pushRegistrationId, targetPushRegistrationId }, context) => {
    const caller = registered(slice, pushRegistrationId)
    if (E.isLeft(caller)) return caller
    const target = registered(slice, targetPushRegistrationId)
    if (E.isLeft(target)) return target
    return caller.right.userId === target.right.userId
      ? logOut(slice, target.right, context)
      : E.left(notOwned(targetPushRegistrationId, pushRegistrationId))
  },
}

const logOut = (slice: Directory, installation: ActiveInstallation, context: Context): Decided => {
  const { id } = installation
  const journal = openJournal(slice, context)
  if (isFresh(slice, installation))
    return journal.close({ userId: installation.userId, installationId: id })
  const userId = createUser(journal, 'LEAD')
  detach(journal, id)
  attach(journal, id, { userId, matched: [], isPrimary: false })
  return journal.close({ userId, installationId: id })
}

/** Its user is anonymous, without data or another installation, and it has nothing to clear. */
const isFresh = (slice: Directory, installation: ActiveInstallation): boolean => {
  const user = userOf(slice, installation)
  return (
    isAnonymous(user) &&
    Object.keys(user.cells).length === 0 &&
    user.installations.length === 1 &&
    !hasToClear(installation)
  )
}
