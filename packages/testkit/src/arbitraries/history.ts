// What has happened so far in a sequence, told from its receipts alone, and the names by which later
// commands point at it. A command of a sequence stays plain JSON, `{ "$living": 3 }` standing for an
// id that only the run will know: so a shrunk sequence still means something.

import type { Json, Plan, Receipt, Recorded } from '@selfsame/core'

/**
 * Everything that a symbolic name can mean.
 *
 * @since 0.1.0
 * @category Sequences
 */
export interface History {
  readonly users: ReadonlyArray<string>
  readonly living: ReadonlyArray<string>
  readonly erased: ReadonlyArray<string>
  readonly merges: ReadonlyArray<{ readonly survivor: string; readonly absorbed: string }>
  readonly installations: ReadonlyArray<{ readonly id: string; readonly userId: string }>
  readonly expired: ReadonlyArray<string>
  readonly identities: ReadonlyArray<{
    readonly at: number
    readonly kind: string
    readonly value: string
  }>
  readonly remembered: ReadonlyArray<Json>
  readonly plans: ReadonlyArray<Plan>
}

/** Nothing has happened yet. */
export const emptyHistory: History = {
  users: [],
  living: [],
  erased: [],
  merges: [],
  installations: [],
  expired: [],
  identities: [],
  remembered: [],
  plans: [],
}

/** The history after one more receipt of a command. */
export const afterReceipt = (history: History, command: Json, receipt: Receipt): History => {
  const told = receipt.events.reduce(afterEvent, history)
  return receipt.commandId === undefined
    ? told
    : { ...told, remembered: [...told.remembered, command] }
}

const moved = (
  history: History,
  ids: ReadonlyArray<string>,
  userId: string,
): Pick<History, 'installations'> => ({
  installations: history.installations.map((one) =>
    ids.includes(one.id) ? { ...one, userId } : one,
  ),
})

const without = (
  history: History,
  positions: ReadonlyArray<number>,
): Pick<History, 'identities'> => ({
  identities: history.identities.filter(({ at }) => !positions.includes(at)),
})

const afterEvent = (history: History, event: Recorded): History => {
  switch (event.type) {
    case 'UserCreated': {
      const { userId } = event.payload
      return {
        ...history,
        users: [...history.users, userId],
        living: [...history.living, userId],
      }
    }
    case 'InstallationRegistered': {
      const { pushRegistrationId: id, userId } = event.payload
      return { ...history, installations: [...history.installations, { id, userId }] }
    }
    case 'InstallationAttached':
      return {
        ...history,
        ...moved(history, [event.payload.pushRegistrationId], event.payload.userId),
      }
    case 'InstallationExpired': {
      const { pushRegistrationId: gone } = event.payload
      return {
        ...history,
        installations: history.installations.filter(({ id }) => id !== gone),
        expired: [...history.expired, gone],
      }
    }
    case 'IdentityLinked': {
      const { kind, value } = event.payload
      const identity = { at: event.position, kind, value }
      return { ...history, identities: [...history.identities, identity] }
    }
    case 'IdentityReleased':
      return { ...history, ...without(history, [event.payload.linked]) }
    case 'UsersMerged': {
      const {
        survivorId: survivor,
        absorbedId: absorbed,
        installations,
        identities,
      } = event.payload
      const ids = installations.map((one) => one.pushRegistrationId)
      return {
        ...history,
        ...moved(history, ids, survivor),
        ...without(history, identities.released),
        living: history.living.filter((id) => id !== absorbed),
        merges: [...history.merges, { survivor, absorbed }],
      }
    }
    case 'UsersUnmerged': {
      const { absorbedId, installations } = event.payload
      const ids = installations.map((one) => one.pushRegistrationId)
      return {
        ...history,
        ...moved(history, ids, absorbedId),
        living: [...history.living, absorbedId],
        merges: history.merges.filter(({ absorbed }) => absorbed !== absorbedId),
      }
    }
    case 'UserErased': {
      const { userId, absorbed, installations, identities } = event.payload
      const gone: ReadonlyArray<string> = [userId, ...absorbed]
      const next = new Map<string, string>(
        installations.map((one) => [one.pushRegistrationId, one.userId]),
      )
      return {
        ...history,
        ...without(history, identities),
        installations: history.installations.map((one) => ({
          ...one,
          userId: next.get(one.id) ?? one.userId,
        })),
        living: history.living.filter((id) => id !== userId),
        erased: [...history.erased, ...gone],
        merges: history.merges.filter((merge) => !gone.includes(merge.absorbed)),
      }
    }
    default:
      return history
  }
}
