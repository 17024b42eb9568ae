// The lanes of the installations that the person, or somebody absorbed in them, ever had.

import type { Recorded } from '@selfsame/core'
import type { Life } from '../gather.js'
import type { Person } from '../person.js'
import { byName, type Lane, type Mark, type MarkKind, stretchesOf } from './lane.js'

export const installationLanes = (
  { history, installations }: Life,
  person: Person,
): ReadonlyArray<Lane> => {
  const byInstallation = byName(history.events, installationIn)
  return (
    installations
      .map(({ pushRegistrationId: id, owners }): Lane => {
        const events = byInstallation.get(id) ?? []
        const steps = owners.map(({ userId, from: position }) => ({ userId, position }))
        return {
          kind: 'installation',
          name: id,
          detail: applicationOf(events),
          userId: null,
          stretches: stretchesOf(steps, person.whoseAt),
          marks: events.flatMap((event): ReadonlyArray<Mark> => {
            const kind = markOn(event)
            return kind === null ? [] : [{ position: event.position, kind }]
          }),
        }
      })
      // An event of somebody else may name an installation that never came here.
      .filter(({ stretches }) => stretches.some(({ whose }) => whose !== 'elsewhere'))
  )
}

const installationIn = ({ payload }: Recorded): ReadonlyArray<string> =>
  'pushRegistrationId' in payload ? [payload.pushRegistrationId] : []

const applicationOf = (events: ReadonlyArray<Recorded>): string =>
  events.flatMap((event) =>
    event.type === 'InstallationRegistered' ? [event.payload.applicationId] : [],
  )[0] ?? ''

const markOn = ({ type }: Recorded): MarkKind | null => {
  switch (type) {
    case 'InstallationUpdated':
      return 'updated'
    case 'InstallationExpired':
      return 'expired'
    case 'PrimaryAssigned':
      return 'primary'
    case 'PrimaryCleared':
      return 'not-primary'
    default:
      return null
  }
}
