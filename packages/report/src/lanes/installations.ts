// The lanes of the installations that the person, or somebody absorbed in them, ever had.

import type { Recorded } from '@selfsame/core'
import type { Life } from '../gather.js'
import type { Person } from '../person.js'
import { type Lane, type Mark, type MarkKind, stretchesOf } from './lane.js'

export const installationLanes = (
  { history, installations }: Life,
  person: Person,
): ReadonlyArray<Lane> =>
  installations
    .map(({ pushRegistrationId: id, owners }): Lane => {
      const steps = owners.map(({ userId, from: position }) => ({ userId, position }))
      return {
        kind: 'installation',
        name: id,
        detail: applicationOf(history.events, id),
        userId: null,
        stretches: stretchesOf(steps, person.whoseAt),
        marks: history.events.flatMap((event): ReadonlyArray<Mark> => {
          const kind = markOn(event, id)
          return kind === null ? [] : [{ position: event.position, kind }]
        }),
      }
    })
    // An event of somebody else may name an installation that never came here.
    .filter(({ stretches }) => stretches.some(({ whose }) => whose !== 'elsewhere'))

const applicationOf = (events: ReadonlyArray<Recorded>, id: string): string => {
  const found = events.find(
    (event) => event.type === 'InstallationRegistered' && event.payload.pushRegistrationId === id,
  )
  return found?.type === 'InstallationRegistered' ? found.payload.applicationId : ''
}

const markOn = (event: Recorded, id: string): MarkKind | null => {
  switch (event.type) {
    case 'InstallationUpdated':
      return event.payload.pushRegistrationId === id ? 'updated' : null
    case 'InstallationExpired':
      return event.payload.pushRegistrationId === id ? 'expired' : null
    case 'PrimaryAssigned':
      return event.payload.pushRegistrationId === id ? 'primary' : null
    case 'PrimaryCleared':
      return event.payload.pushRegistrationId === id ? 'not-primary' : null
    default:
      return null
  }
}
