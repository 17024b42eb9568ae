// What an engine gives to a command and the model cannot know: the ids of what it made.

import type { Recorded } from '@selfsame/core'
import type { Sequence } from '../arbitraries/sequences.js'
import type { Given } from '../model/naming.js'
import type { Result } from './transcript.js'

/** Ids are the engine's to give: the model takes them from the events, and nothing else. */
export const givenBy = (rules: Sequence['rules'], result: Result): Given => {
  const events = result._tag === 'Receipt' ? result.receipt.events : []
  const created: ReadonlyArray<string> = events.flatMap((event) =>
    event.type === 'UserCreated' ? [event.payload.userId] : [],
  )
  const moved = new Map<string, string>(events.flatMap(movedIn))
  return {
    rules,
    newInstallation: () =>
      (result._tag === 'Receipt' ? result.receipt.installation?.pushRegistrationId : undefined) ??
      'an installation that the engine did not make',
    newUser: (installation) =>
      (installation === undefined ? created[0] : moved.get(installation)) ??
      'a user that the engine did not make',
    orderOf: (userId) => created.indexOf(userId),
  }
}

const movedIn = (event: Recorded): ReadonlyArray<readonly [string, string]> =>
  event.type === 'UserErased'
    ? event.payload.installations.map((one) => [one.pushRegistrationId, one.userId])
    : []
