// A second reader of the log, written as plainly as possible and sharing nothing with core's own
// reducers: who owns which identity, installation and primary mark, and of which type everybody is.

import type { Position, Recorded } from '@selfsame/core'
import { type Account, type Entry, openBook } from './book.js'
import type { Violation } from './violation.js'

/**
 * The plain reader's book.
 *
 * @since 0.1.0
 * @category Laws
 */
export interface Ledger {
  readonly users: ReadonlyMap<string, Readonly<Account>>
  readonly identities: ReadonlyMap<Position, Readonly<Entry>>
  /** Installation to user; null is an expired one. */
  readonly installations: ReadonlyMap<string, string | null>
  /** Reads one more event, and tells what it breaks by the plain rules of ownership. */
  readonly read: (event: Recorded) => ReadonlyArray<Violation>
}

/**
 * Opens the plain reader before the first event.
 *
 * @since 0.1.0
 * @category Laws
 */
export const openLedger = (): Ledger => {
  const book = openBook()
  const { users, identities, installations, merges, joined } = book
  const { expect, account, living, ownedBy, take, give, move, ownsNothing } = book

  const merged = ({ payload, position }: Recorded & { type: 'UsersMerged' }): void => {
    const { survivorId, absorbedId } = payload
    const survivor = living(survivorId, 3)
    const absorbed = living(absorbedId, 3)
    expect(3, survivorId !== absorbedId, `merges ${survivorId} into itself`)
    merges.set(absorbedId, {
      survivor: survivorId,
      at: position,
      type: absorbed.type,
      identities: ownedBy(absorbedId),
    })
    for (const at of ownedBy(absorbedId))
      expect(
        7,
        payload.identities.moved.includes(at) || payload.identities.released.includes(at),
        `does not name the identity linked at ${at}, which ${absorbedId} brings`,
      )
    for (const at of payload.identities.released) take(at, [survivorId, absorbedId], null)
    for (const at of payload.identities.moved) take(at, [absorbedId], survivorId)
    const primary = survivor.primary ?? absorbed.primary
    absorbed.primary = null
    for (const one of payload.installations) move(one.pushRegistrationId, absorbedId, survivorId)
    for (const [id, user] of installations)
      expect(7, user !== absorbedId, `does not name ${id}, which ${absorbedId} brings`)
    survivor.primary = primary
    const isCustomer = survivor.type === 'CUSTOMER' || absorbed.type === 'CUSTOMER'
    expect(
      5,
      (payload.userType === 'CUSTOMER') === isCustomer,
      `makes ${survivorId} a ${payload.userType}`,
    )
    survivor.type = payload.userType
    absorbed.status = 'merged'
    absorbed.into = survivorId
    ownsNothing(absorbedId)
  }

  const unmerged = ({ payload }: Recorded & { type: 'UsersUnmerged' }): void => {
    const { survivorId, absorbedId } = payload
    const survivor = living(survivorId, 3)
    const absorbed = account(absorbedId)
    const was = merges.get(absorbedId)
    expect(
      10,
      absorbed.status === 'merged' && absorbed.into === survivorId,
      `undoes no merge of ${absorbedId} into ${survivorId}`,
    )
    merges.delete(absorbedId)
    absorbed.status = 'active'
    absorbed.into = null
    absorbed.type = was?.type ?? absorbed.type
    for (const at of payload.identities.returned) {
      expect(
        10,
        was?.identities.includes(at) ?? false,
        `gives ${absorbedId} the identity linked at ${at}, which it never brought`,
      )
      take(at, [survivorId, null], absorbedId)
    }
    for (const { position: at } of payload.identities.regained) take(at, [null], survivorId)
    if (payload.installations.some((one) => one.pushRegistrationId === survivor.primary))
      survivor.primary = null
    const going = new Set<string>(payload.installations.map((one) => one.pushRegistrationId))
    for (const [id, { at, identities: by }] of joined)
      expect(
        10,
        !(installations.get(id) === survivorId && at > payload.merged && by.length > 0) ||
          !by.every((one) => payload.identities.returned.includes(one)) ||
          going.has(id),
        `keeps ${id}, which joined ${survivorId} by an identity that goes back`,
      )
    for (const one of payload.installations) move(one.pushRegistrationId, survivorId, absorbedId)
    survivor.primary = payload.primary.survivor
    absorbed.primary = payload.primary.absorbed
    const brings = [...merges.values()].some(
      (one) => one.survivor === survivorId && one.type === 'CUSTOMER',
    )
    const stays = survivor.isPromoted || brings
    expect(
      5,
      (payload.userType === 'CUSTOMER') === stays,
      `leaves ${survivorId} a ${payload.userType}`,
    )
    survivor.type = payload.userType
  }

  const erased = ({ payload }: Recorded & { type: 'UserErased' }): void => {
    const user = living(payload.userId, 3)
    user.primary = null
    for (const at of payload.identities) take(at, [payload.userId], null)
    for (const one of payload.installations)
      move(one.pushRegistrationId, payload.userId, one.userId)
    user.status = 'erased'
    ownsNothing(payload.userId)
    const inIt = new Set<string>([payload.userId])
    for (let size = 0; size !== inIt.size; ) {
      size = inIt.size
      for (const [id, one] of users) if (one.into !== null && inIt.has(one.into)) inIt.add(id)
    }
    inIt.delete(payload.userId)
    const named = new Set<string>(payload.absorbed)
    for (const id of inIt)
      expect(11, named.has(id), `forgets ${id}, who is absorbed in ${payload.userId}`)
  }

  const apply = (event: Recorded): void => {
    switch (event.type) {
      case 'UserCreated': {
        const { userId, userType } = event.payload
        expect(3, !users.has(userId), `creates ${userId} twice`)
        const isPromoted = userType === 'CUSTOMER'
        users.set(userId, {
          status: 'active',
          type: userType,
          isPromoted,
          primary: null,
          into: null,
        })
        return
      }
      case 'ProfilePromoted': {
        const user = living(event.payload.userId, 5)
        expect(5, !user.isPromoted, `promotes ${event.payload.userId} twice`)
        user.type = 'CUSTOMER'
        user.isPromoted = true
        return
      }
      case 'InstallationRegistered': {
        const { pushRegistrationId: id, userId } = event.payload
        expect(2, !installations.has(id), `registers ${id} twice`)
        living(userId, 2)
        installations.set(id, userId)
        return
      }
      case 'InstallationDetached': {
        const { pushRegistrationId: id, userId } = event.payload
        expect(
          2,
          installations.get(id) === userId,
          `detaches ${id} from ${userId}, who does not have it`,
        )
        expect(
          4,
          users.get(userId)?.primary !== id,
          `detaches ${id}, still the primary of ${userId}`,
        )
        return
      }
      case 'InstallationAttached': {
        const { pushRegistrationId: id, userId, fromUserId, isPrimaryDevice } = event.payload
        move(id, fromUserId, userId)
        joined.set(id, { at: event.position, identities: event.payload.identities })
        if (!isPrimaryDevice) return
        expect(4, account(userId).primary === null, `makes ${id} a second primary of ${userId}`)
        account(userId).primary = id
        return
      }
      case 'InstallationExpired':
        return move(event.payload.pushRegistrationId, event.payload.userId, null)
      case 'PrimaryAssigned': {
        const { pushRegistrationId: id, userId } = event.payload
        expect(
          4,
          installations.get(id) === userId,
          `marks ${id} for ${userId}, who does not have it`,
        )
        expect(4, living(userId, 4).primary === null, `makes ${id} a second primary of ${userId}`)
        account(userId).primary = id
        return
      }
      case 'PrimaryCleared': {
        const { pushRegistrationId: id, userId } = event.payload
        expect(
          4,
          account(userId).primary === id,
          `unmarks ${id}, which is not the primary of ${userId}`,
        )
        account(userId).primary = null
        return
      }
      case 'IdentityLinked': {
        const { userId, kind, value } = event.payload
        const entry: Entry = {
          key: keyOf(kind, value),
          isExternalId: kind === 'externalUserId',
          owner: null,
        }
        give(entry, userId)
        identities.set(event.position, entry)
        return
      }
      case 'IdentityReleased':
        return take(event.payload.linked, [event.payload.userId], null)
      case 'UsersMerged':
        return merged(event)
      case 'UsersUnmerged':
        return unmerged(event)
      case 'UserErased':
        return erased(event)
      default:
        return
    }
  }

  return {
    users,
    identities,
    installations,
    read: (event) =>
      book
        .during(event.position, () => apply(event))
        .map((one) => ({ ...one, message: `${event.type} ${one.message}` })),
  }
}

const keyOf = (kind: string, value: string): string =>
  value.startsWith('\u0000')
    ? value
    : `${kind}:${kind === 'email' ? value.toLowerCase().replaceAll('ς', 'σ').normalize('NFC') : value}`
