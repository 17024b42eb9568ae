// `selfsame export`: a person's own copy of everything that is held of them.

import { exportPerson } from '@selfsame/core'
import type { Command } from 'commander'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import type { Io } from '../io.js'
import { withStore } from '../open.js'
import { addFile, type FileOption, filesIn } from '../options.js'
import { jsonLine } from '../output.js'
import { addPerson, type PersonOption, personIn } from '../person.js'
import { whose } from '../whose.js'

type ExportOptions = FileOption & PersonOption & AccessOption & { readonly pretty?: true }

export const addExport = (program: Command, io: Io): void => {
  const command = program
    .command('export')
    .summary('a copy of everything held of a person, as JSON')
    .description(
      'Prints everything that is held of one person, with its sources: the user, what absorbed ' +
        'users brought, and every event with its position, time and actor. Values of anybody else ' +
        'in these events read "withheld". `selfsame schema export` is its JSON Schema.',
    )
  addAccessLog(addPerson(addFile(command)))
    .option('--pretty', 'JSON that is indented for a person (default at a terminal)')
    .addHelpText('after', example)
    .action(async (options: ExportOptions) => {
      const reference = personIn(command, options)
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(io.output, opening, async (store) => {
        const found = await exportPerson(store, reference)()
        const shown = await onceRecorded(store, 'export', options, found, whose.export)
        return answer(io.output, options, shown, (copy) => jsonLine(copy, true))
      })
      io.end(status)
    })
}

const example = `
Exit status: 2 where there is no such person, or they were erased.

Example:
  $ selfsame export --db shop.db --user email=ada@example.com > ada.json
  $ selfsame export --db shop.db --phone +491701234567 --access-log support-7`
