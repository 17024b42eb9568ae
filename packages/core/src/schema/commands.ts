// The schema of each command, from the codec by which it is read.

import { createUser } from '../commands/create-user.js'
import { defineAttribute } from '../commands/define-attribute.js'
import { depersonalize, depersonalizeInstallation } from '../commands/depersonalize.js'
import { eraseUser } from '../commands/erase-user.js'
import { expireInstallation } from '../commands/expire-installation.js'
import type { CommandType } from '../commands/index.js'
import { mergeUsers } from '../commands/merge-users.js'
import { personalize } from '../commands/personalize.js'
import { registerInstallation } from '../commands/register-installation.js'
import { saveInstallation } from '../commands/save-installation.js'
import { saveUser } from '../commands/save-user.js'
import { setPrimary } from '../commands/set-primary.js'
import { unmergeUsers } from '../commands/unmerge-users.js'
import type { t } from '../prelude.js'

export const commandCodecs: Readonly<Record<CommandType, t.Mixed>> = {
  RegisterInstallation: registerInstallation.codec,
  SaveInstallation: saveInstallation.codec,
  SetPrimary: setPrimary.codec,
  Personalize: personalize.codec,
  Depersonalize: depersonalize.codec,
  DepersonalizeInstallation: depersonalizeInstallation.codec,
  SaveUser: saveUser.codec,
  CreateUser: createUser.codec,
  MergeUsers: mergeUsers.codec,
  UnmergeUsers: unmergeUsers.codec,
  EraseUser: eraseUser.codec,
  ExpireInstallation: expireInstallation.codec,
  DefineAttribute: defineAttribute.codec,
}

export const commandNotes =
  'A command as a caller gives it. What it takes is taken by the engine, and an unknown key is refused ' +
  'by both; beyond the schema the engine refuses what each description says, texts with lone ' +
  'surrogates, days and times that are not real, and a command over 1 MiB or 32 levels. Lengths are ' +
  'those of texts in NFC, in code points.'
