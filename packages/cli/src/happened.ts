// Events as a story: where, what, and in a few words what it meant. `selfsame log` shows them whole.

import type { Recorded } from '@selfsame/core'
import { table } from './table.js'

export const happenedTable = (events: ReadonlyArray<Recorded>, columns: number): string =>
  table(
    ['at', 'event', 'what'],
    events.map((event) => [`${event.position}`, whenText(event), whatText(event)]),
    columns,
  )

const whenText = ({ type, recordedAt, actor, commandId }: Recorded): ReadonlyArray<string> => [
  type,
  recordedAt,
  ...(actor === null ? [] : [`by ${actor}`]),
  ...(commandId === null ? [] : [`for ${commandId}`]),
]

const whatText = (event: Recorded): ReadonlyArray<string> => {
  switch (event.type) {
    case 'UserCreated':
      return [`user ${event.payload.userId}`, event.payload.userType]
    case 'ProfilePromoted':
      return [`user ${event.payload.userId}`]
    case 'UserAttributesChanged':
      return [`user ${event.payload.userId}`, ...valuesText(event.payload.values)]
    case 'IdentityLinked':
      return [`user ${event.payload.userId}`, `${event.payload.kind} ${event.payload.value}`]
    case 'IdentityReleased':
      return [
        `user ${event.payload.userId}`,
        `${event.payload.kind} linked at ${event.payload.linked}`,
      ]
    case 'InstallationRegistered':
      return [...ofInstallation(event), ...valuesText(event.payload.values)]
    case 'InstallationUpdated': {
      const { isPushRegistrationEnabled: push, notificationsEnabled: shown } = event.payload
      return [
        ...ofInstallation(event),
        ...(push === undefined ? [] : [`push ${push ? 'on' : 'off'}`]),
        ...(shown === undefined ? [] : [`notifications ${shown ? 'on' : 'off'}`]),
        ...valuesText(event.payload.device),
        ...valuesText(event.payload.values),
      ]
    }
    case 'InstallationAttached':
      return [
        ...ofInstallation(event),
        `from ${event.payload.fromUserId}`,
        ...positions('by the identity linked at', event.payload.identities),
      ]
    case 'InstallationExpired':
      return [...ofInstallation(event), event.payload.reason]
    case 'InstallationDetached':
    case 'PrimaryAssigned':
    case 'PrimaryCleared':
      return ofInstallation(event)
    case 'UsersMerged': {
      const { survivorId, absorbedId, policy, fields, identities, matched } = event.payload
      const taken = fields.filter((one) => one.taken === 'absorbed').map(({ field }) => field)
      return [
        `user ${survivorId}`,
        `absorbs ${absorbedId}`,
        `by ${policy}`,
        ...positions('found by the identity linked at', matched),
        ...(taken.length === 0 ? [] : [`takes ${taken.join(', ')}`]),
        ...positions('gets the identity linked at', identities.moved),
        ...positions('frees the identity linked at', identities.released),
        ...event.payload.installations.map((one) => `gets ${one.pushRegistrationId}`),
      ]
    }
    case 'UsersUnmerged': {
      const { survivorId, absorbedId, merged, identities } = event.payload
      return [
        `user ${survivorId}`,
        `lets go ${absorbedId}`,
        `undoes ${merged}`,
        ...positions('gives back the identity linked at', identities.returned),
        ...event.payload.installations.map((one) => `gives back ${one.pushRegistrationId}`),
      ]
    }
    case 'UserErased':
      return [
        `user ${event.payload.userId}`,
        event.payload.reason,
        ...event.payload.absorbed.map((id) => `and in it ${id}`),
        ...event.payload.installations.map(
          (one) => `${one.pushRegistrationId} goes to ${one.userId}`,
        ),
      ]
    case 'AttributeDefined':
      return [`${event.payload.scope} ${event.payload.name}: ${event.payload.attributeType}`]
  }
}

const ofInstallation = ({
  payload,
}: {
  readonly payload: { readonly userId: string; readonly pushRegistrationId: string }
}): ReadonlyArray<string> => [
  `installation ${payload.pushRegistrationId}`,
  `user ${payload.userId}`,
]

const positions = (words: string, some: ReadonlyArray<number>): ReadonlyArray<string> =>
  some.map((position) => `${words} ${position}`)

const valuesText = (values: Readonly<Record<string, unknown>>): ReadonlyArray<string> =>
  Object.entries(values).map(([field, value]) =>
    value === null
      ? `${field} removed`
      : `${field}: ${typeof value === 'string' ? value : setText(value)}`,
  )

/** Tags that came and went; anything else as JSON. */
const setText = (value: unknown): string => {
  if (typeof value !== 'object' || value === null || !('added' in value && 'removed' in value))
    return JSON.stringify(value)
  const { added, removed } = value
  return Array.isArray(added) && Array.isArray(removed)
    ? [...added.map((one) => `+${one}`), ...removed.map((one) => `-${one}`)].join(' ')
    : JSON.stringify(value)
}
