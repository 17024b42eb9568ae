// What a command that succeeded has to have brought about, in the plain words of domain.md sections 4
// to 9, whatever events it recorded for it.

import type { Directory, InstallationView, Json, Receipt } from '@selfsame/core'
import { viewInstallation } from '@selfsame/core'
import { isObject } from '../arbitraries/symbols.js'
import { type Promised, type Violation, violation } from './violation.js'

/**
 * Checks the effect of one accepted command that was decided now.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkPromise = (
  command: Json,
  receipt: Receipt,
  before: Directory,
  after: Directory,
): ReadonlyArray<Violation> => {
  if (!isObject(command)) return []
  const found: Violation[] = []
  const expect = (invariant: Promised, holds: boolean, message: string): void => {
    if (!holds) found.push(violation(invariant, `${String(command.type)} ${message}`))
  }
  const { user, installation } = receipt
  const held = user === undefined ? undefined : after.users.get(user.id)
  switch (command.type) {
    case 'Personalize': {
      expect('receipt', installation?.userId === user?.id, 'gives the installation to another user')
      const isPromoted = held?.status === 'active' && held.own.standing.type === 'CUSTOMER'
      expect(5, command.keepAsLead === true || isPromoted, 'does not promote the user by itself')
      if (command.setAsPrimary === true)
        expect(4, installation?.isPrimaryDevice === true, 'does not set the primary')
      expect(
        'receipt',
        ownsAsked(command.userIdentity ?? null, receipt),
        'does not link what it names',
      )
      break
    }
    case 'SetPrimary':
      expect(4, installation?.isPrimaryDevice === command.isPrimary, 'does not set the mark')
      break
    case 'Depersonalize':
      expect(4, installation?.isPrimaryDevice === false, 'leaves the primary mark')
      expect(
        2,
        installation !== undefined && isCleared(installation),
        'does not clear the installation',
      )
      expect(2, user !== undefined && isEmpty(receipt), 'does not give it to a new, empty LEAD')
      break
    case 'ExpireInstallation':
      expect(2, installation?.status === 'expired', 'leaves the installation active')
      break
    case 'CreateUser':
      expect(
        'receipt',
        ownsAsked(command.userIdentity ?? null, receipt),
        'does not link what it names',
      )
      break
    case 'EraseUser':
      expect('receipt', user === undefined, 'shows a user')
      for (const event of receipt.events) {
        if (event.type !== 'UserErased') continue
        expect(3, before.users.get(event.payload.userId)?.status === 'active', 'ends nobody')
        for (const { pushRegistrationId: id } of event.payload.installations)
          expect(11, isFresh(after, id), `leaves personal values on ${id}`)
      }
      break
    default:
      break
  }
  return found
}

const count = (json: Json | undefined): number => (Array.isArray(json) ? json.length : 0)

/** As far as numbers tell: a user has at least one identity of each kind that was named. */
const ownsAsked = (userIdentity: Json, { user }: Receipt): boolean => {
  if (!isObject(userIdentity) || user === undefined) return false
  const { externalUserId, phones, emails } = userIdentity
  return (
    (externalUserId == null || user.externalUserId === externalUserId) &&
    (count(phones) === 0 || user.phones.length > 0) &&
    (count(emails) === 0 || user.emails.length > 0)
  )
}

const isCleared = (one: InstallationView): boolean =>
  one.applicationUserId === null && Object.keys(one.customAttributes).length === 0

const isEmpty = ({ user }: Receipt): boolean =>
  user !== undefined &&
  user.type === 'LEAD' &&
  user.installations.length === 1 &&
  user.phones.length + user.emails.length + user.tags.length === 0 &&
  user.externalUserId === null

const isFresh = (directory: Directory, id: InstallationView['pushRegistrationId']): boolean => {
  const installation = directory.installations.get(id)
  if (installation === undefined) return false
  const view = viewInstallation(directory, installation)
  return isCleared(view) && view.device.deviceName === null && view.device.pushServiceToken === null
}
