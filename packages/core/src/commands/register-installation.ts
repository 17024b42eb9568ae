// RegisterInstallation: a new copy of an app, with a new, empty LEAD. A known one is updated.

import { E } from '../prelude.js'
import { CustomAttributesPatch } from '../values/attribute.js'
import type { Codec } from '../values/codec.js'
import { emptyIsNull, nullableBoolean } from '../values/codec.js'
import { DevicePatch } from '../values/device.js'
import { ApplicationId, PushRegistrationId, pushRegistrationId } from '../values/token.js'
import type { Violation } from '../values/violation.js'
import { attributeKeys, typeAttributes } from './attributes.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, openJournal } from './decision.js'
import {
  createUser,
  expireHolder,
  installationChanges,
  installationOf,
  recordInstallationPatch,
  tokenKeys,
} from './installations.js'
import { registered } from './reference.js'

const required = { applicationId: ApplicationId }
const optional = {
  pushRegistrationId: emptyIsNull(PushRegistrationId),
  isPushRegistrationEnabled: nullableBoolean,
  customAttributes: CustomAttributesPatch,
  device: DevicePatch,
}

/**
 * @since 0.1.0
 * @category Commands
 */
export type RegisterInstallation = CommandOf<
  'RegisterInstallation',
  typeof required,
  typeof optional
>

const RegisterInstallation: Codec<RegisterInstallation> = command(
  'RegisterInstallation',
  required,
  optional,
)

export const registerInstallation: CommandDefinition<RegisterInstallation> = {
  codec: RegisterInstallation,
  defaults: { pushRegistrationId: null },
  roots: (command) => [
    ...(command.pushRegistrationId == null
      ? []
      : [{ kind: 'installation', id: command.pushRegistrationId } as const]),
    ...attributeKeys('installation', command.customAttributes),
    ...tokenKeys(command.applicationId, undefined, command),
  ],
  next: (slice, command) => {
    const known =
      command.pushRegistrationId == null
        ? undefined
        : slice.installations.get(command.pushRegistrationId)
    return known?.status === 'active' ? tokenKeys(known.applicationId, known, command) : []
  },
  decide: (slice, command, context) => {
    const journal = openJournal(slice, context)
    const id = command.pushRegistrationId ?? pushRegistrationId(journal.newUserId())
    const isKnown = slice.installations.has(id)
    const known = registered(slice, id)
    if (isKnown && E.isLeft(known)) return known
    const elsewhere: ReadonlyArray<Violation> =
      E.isRight(known) && known.right.applicationId !== command.applicationId
        ? [
            {
              path: '/applicationId',
              code: 'REQUEST_FORMAT_INVALID',
              message: `must be ${known.right.applicationId}, to which this installation belongs`,
            },
          ]
        : []
    const path = ['customAttributes']
    const custom = typeAttributes(slice, 'installation', command.customAttributes, path, elsewhere)
    if (E.isLeft(custom)) return custom

    if (isKnown) {
      recordInstallationPatch(journal, id, command, custom.right)
    } else {
      for (const definition of custom.right.definitions) journal.record(definition)
      const { applicationId } = command
      const empty = { id, applicationId, device: {}, personal: {} }
      const changes = installationChanges(empty, command, custom.right)
      expireHolder(journal, empty, changes)
      const userId = createUser(journal, 'LEAD')
      journal.record({
        type: 'InstallationRegistered',
        payload: {
          pushRegistrationId: id,
          userId,
          applicationId,
          isPushRegistrationEnabled: command.isPushRegistrationEnabled ?? true,
          ...changes,
        },
      })
    }
    const { userId } = installationOf(journal.directory(), id)
    return journal.close({ userId, installationId: id })
  },
}
