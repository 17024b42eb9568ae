// `selfsame user`: one living user, by one of the five ways to name one.

import { openEngine } from '@selfsame/core'
import { randomIds } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import type { Io } from '../io.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { userTable } from '../views.js'
import { whose } from '../whose.js'

interface Named {
  readonly id?: string
  readonly externalUserId?: string
  readonly email?: string
  readonly phone?: string
  readonly installation?: string
}

const flags = '--id, --external-user-id, --email, --phone, --installation'

export const addUser = (program: Command, io: Io): void => {
  const command = program
    .command('user')
    .summary('one user, with installations')
    .description(
      `Shows one living user, named by exactly one of ${flags}. ` +
        'The id of an absorbed user means its survivor.',
    )
  addAccessLog(addForm(addFile(command)))
    .option('--id <ID>', 'the user id')
    .option('--external-user-id <ID>', 'the id in a system of yours')
    .option('--email <EMAIL>', 'an email address, compared without case')
    .option('--phone <PHONE>', 'a phone number in E.164')
    .option('--installation <ID>', 'the pushRegistrationId of an installation')
    .addHelpText(
      'after',
      `
Exit status: 2 where there is no such user.

Example:
  $ selfsame user --db shop.db --phone +491701234567`,
    )
    .action(async (options: FileOption & FormOptions & Named & AccessOption) => {
      const [reference, ...more] = referencesIn(options)
      if (reference === undefined || more.length > 0)
        return command.error(`error: name the user by exactly one of ${flags}`)
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(io.output, opening, async (store) => {
        const found = await openEngine({ store, idSource: randomIds }).fetchUser(reference)()
        const shown = await onceRecorded(store, 'user', options, found, whose.user)
        return answer(io.output, options, shown, userTable)
      })
      io.end(status)
    })
}

const referencesIn = ({ id, externalUserId, email, phone, installation }: Named) => [
  ...(id === undefined ? [] : [{ userId: id }]),
  ...(externalUserId === undefined ? [] : [{ externalUserId }]),
  ...(email === undefined ? [] : [{ email }]),
  ...(phone === undefined ? [] : [{ phone }]),
  ...(installation === undefined ? [] : [{ pushRegistrationId: installation }]),
]
