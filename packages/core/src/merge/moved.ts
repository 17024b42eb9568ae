// Installations that change hands inside one event: their ids and field names openly, and what they
// keep of personal values, carried again for their new user.

import type { Directory } from '../directory/directory.js'
import type { MovedInstallation, PersonalValues } from '../log/event.js'
import type { PushRegistrationId } from '../values/token.js'

export const personalOf = (directory: Directory, id: PushRegistrationId): PersonalValues => {
  const installation = directory.installations.get(id)
  return installation?.status === 'active' ? installation.personal : {}
}

export const movedInstallations = (
  directory: Directory,
  ids: ReadonlyArray<PushRegistrationId>,
): {
  readonly installations: ReadonlyArray<MovedInstallation>
  readonly carried: ReadonlyArray<PersonalValues>
} => {
  const carried = ids.map((id) => personalOf(directory, id))
  return {
    installations: ids.map((pushRegistrationId, i) => ({
      pushRegistrationId,
      fields: Object.keys(carried[i] ?? {}).sort(),
    })),
    carried,
  }
}
