// SaveInstallation: patches an installation. A fetched one may be saved back: what it may not set is
// ignored.

import { E } from '../prelude.js'
import { CustomAttributesPatch } from '../values/attribute.js'
import { type Codec, emptyIsNull, nullableBoolean } from '../values/codec.js'
import { DevicePatch } from '../values/device.js'
import { text } from '../values/text.js'
import { PushRegistrationId } from '../values/token.js'
import { attributeKeys, typeAttributes } from './attributes.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, openJournal } from './decision.js'
import { recordInstallationPatch, setPrimary, tokenKeys } from './installations.js'
import { registered } from './reference.js'

const required = { pushRegistrationId: PushRegistrationId }
const optional = {
  isPushRegistrationEnabled: nullableBoolean,
  isPrimaryDevice: nullableBoolean,
  notificationsEnabled: nullableBoolean,
  applicationUserId: emptyIsNull(text('an applicationUserId', 256)),
  customAttributes: CustomAttributesPatch,
  device: DevicePatch,
}

/**
 * @since 0.1.0
 * @category Commands
 */
export type SaveInstallation = CommandOf<'SaveInstallation', typeof required, typeof optional>

const SaveInstallation: Codec<SaveInstallation> = command('SaveInstallation', required, optional, [
  'userId',
  'applicationId',
  'status',
])

export const saveInstallation: CommandDefinition<SaveInstallation> = {
  codec: SaveInstallation,
  roots: (command) => [
    { kind: 'installation', id: command.pushRegistrationId },
    ...attributeKeys('installation', command.customAttributes),
  ],
  next: (slice, command) => {
    const known = slice.installations.get(command.pushRegistrationId)
    return known?.status === 'active' ? tokenKeys(known.applicationId, known, command) : []
  },
  decide: (slice, command, context) => {
    const { pushRegistrationId: id } = command
    const known = registered(slice, id)
    if (E.isLeft(known)) return known
    const custom = typeAttributes(slice, 'installation', command.customAttributes, [
      'customAttributes',
    ])
    if (E.isLeft(custom)) return custom
    const journal = openJournal(slice, context)
    recordInstallationPatch(journal, id, command, custom.right)
    if (command.isPrimaryDevice !== undefined)
      setPrimary(journal, id, command.isPrimaryDevice ?? false)
    return journal.close({ userId: known.right.userId, installationId: id })
  },
}
