// A second reader of the log, written as plainly as possible and sharing nothing with core's own
// reducers: who owns which identity, installation and primary mark, and of which type everybody is.

import type { Position, Recorded } from '@selfsame/core'
import { type Promised, type Violation, violation } from './violation.js'

/** An identity by the position that linked it; `owner` is null once it is free. */
interface Entry {
  readonly key: string
  readonly isExternalId: boolean
  owner: string | null
}

interface Account {
  status: 'active' | 'merged' | 'erased'
  type: 'LEAD' | 'CUSTOMER'
  /** Created as a CUSTOMER or promoted by itself, not by a merge. */
  isPromoted: boolean
  primary: string | null
  into: string | null
}

/** What an absorbed user had when it was absorbed. */
interface Absorbed {
  readonly survivor: string
  readonly type: Account['type']
  readonly identities: ReadonlyArray<Position>
}

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
  const users = new Map<string, Account>()
  const identities = new Map<Position, Entry>()
  const installations = new Map<string, string | null>()
  const merges = new Map<string, Absorbed>()
  let found: Violation[] = []
  let position: Position = 0

  const expect = (invariant: Promised, holds: boolean, message: string): void => {
    if (!holds) found.push(violation(invariant, message, position))
  }
  const account = (id: string): Account => {
    const known = users.get(id)
    if (known !== undefined) return known
    expect(3, false, `names the unknown user ${id}`)
    const made: Account = {
      status: 'active',
      type: 'LEAD',
      isPromoted: false,
      primary: null,
      into: null,
    }
    users.set(id, made)
    return made
  }
  const living = (id: string, invariant: Promised): Account => {
    const one = account(id)
    expect(invariant, one.status === 'active', `gives something to ${id}, who is ${one.status}`)
    return one
  }
  const ownedBy = (id: string): ReadonlyArray<Position> =>
    [...identities].filter(([, { owner }]) => owner === id).map(([at]) => at)
  const take = (at: Position, from: ReadonlyArray<string | null>, to: string | null): void => {
    const entry = identities.get(at)
    expect(1, entry !== undefined, `names the identity linked at ${at}, which no event linked`)
    if (entry === undefined) return
    expect(
      1,
      from.includes(entry.owner),
      `takes the identity linked at ${at} from ${entry.owner ?? 'nobody'}`,
    )
    entry.owner = null
    if (to !== null) give(entry, to)
  }
  const give = (entry: Entry, to: string): void => {
    living(to, 1)
    for (const [at, other] of identities) {
      if (other.owner === null || other === entry) continue
      expect(1, other.key !== entry.key, `gives ${to} what ${other.owner} owns since ${at}`)
      expect(
        1,
        !(other.owner === to && other.isExternalId && entry.isExternalId),
        `gives ${to} a second externalUserId`,
      )
    }
    entry.owner = to
  }
  const move = (id: string, from: string, to: string | null): void => {
    expect(
      2,
      installations.get(id) === from,
      `takes ${id} from ${from}, but it is of ${installations.get(id) ?? 'nobody'}`,
    )
    if (users.get(from)?.primary === id) {
      expect(4, false, `takes ${id} from ${from}, whose primary it still is`)
      account(from).primary = null
    }
    if (to !== null) living(to, 2)
    installations.set(id, to)
  }
  const ownsNothing = (id: string): void => {
    expect(3, ownedBy(id).length === 0, `leaves ${id} with ${ownedBy(id).length} identities`)
    const left = [...installations].filter(([, user]) => user === id)
    expect(3, left.length === 0, `leaves ${id} with ${left.map(([one]) => one).join(', ')}`)
  }

  const merged = ({ payload }: Recorded & { type: 'UsersMerged' }): void => {
    const { survivorId, absorbedId } = payload
    const survivor = living(survivorId, 3)
    const absorbed = living(absorbedId, 3)
    expect(3, survivorId !== absorbedId, `merges ${survivorId} into itself`)
    merges.set(absorbedId, {
      survivor: survivorId,
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
    read: (event) => {
      found = []
      position = event.position
      apply(event)
      return found.map((one) => ({ ...one, message: `${event.type} ${one.message}` }))
    },
  }
}

const keyOf = (kind: string, value: string): string =>
  value.startsWith('\u0000')
    ? value
    : `${kind}:${kind === 'email' ? value.toLowerCase().replaceAll('ς', 'σ').normalize('NFC') : value}`
