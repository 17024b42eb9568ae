// `selfsame installation`: one installation, an expired one too.

import type { Command } from 'commander'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import type { Io } from '../io.js'
import { withEngine } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { installationTable } from '../views.js'
import { whose } from '../whose.js'

export const addInstallation = (program: Command, io: Io): void => {
  const command = program
    .command('installation')
    .summary('one installation')
    .description('Shows one installation; its status says whether it has expired.')
  addAccessLog(addForm(addFile(command)))
    .requiredOption('--id <ID>', 'its pushRegistrationId')
    .addHelpText(
      'after',
      `
Exit status: 2 where there is no such installation.

Example:
  $ selfsame installation --db shop.db --id ada-phone`,
    )
    .action(async (options: FileOption & FormOptions & AccessOption & { readonly id: string }) => {
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withEngine(io.output, opening, async (engine, store) => {
        const found = await engine.fetchInstallation(options.id)()
        const shown = await onceRecorded(store, 'installation', options, found, whose.installation)
        return answer(io.output, options, shown, installationTable)
      })
      io.end(status)
    })
}
