// `selfsame explain`: why a user is as it is.

import { auditOf, type Explanation } from '@selfsame/core'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import { explanationTable, mergesTable } from '../explain-view.js'
import type { Io } from '../io.js'
import { atOption, moment } from '../moment.js'
import { addNamed, type Named, userIn } from '../named.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { whose } from '../whose.js'

type ExplainOptions = FileOption &
  FormOptions &
  Named &
  AccessOption & { readonly at?: number | string; readonly field?: string; readonly merges?: true }

export const addExplain = (program: Command, io: Io): void => {
  const command = program
    .command('explain')
    .summary('why a user is as it is')
    .description(
      'Shows for each thing that a user holds the chain of events that gave it, and for merges what ' +
        'was chosen and rejected; or, by --merges, why and how others were merged into it.',
    )
  addAccessLog(addNamed(addForm(addFile(command))))
    .option(...atOption, moment)
    .option(
      '--field <NAME>',
      'only this: type, phones, firstName, tags, tags.vip, installations ...',
    )
    .option('--merges', 'the merges, undone ones too')
    .addHelpText('after', example)
    .action(async (options: ExplainOptions) => {
      const reference = userIn(command, options)
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(io.output, opening, async (store) => {
        const { explain } = auditOf(store)
        if (options.merges !== undefined) {
          const merges = await explain.merges(reference, options.at)()
          const shown = await onceRecorded(store, 'explain', options, merges, whose.merges)
          return answer(io.output, options, shown, mergesTable)
        }
        const asked = E.map(only(options.field))(await explain.user(reference, options.at)())
        const shown = await onceRecorded(store, 'explain', options, asked, whose.explanation)
        return answer(io.output, options, shown, explanationTable)
      })
      io.end(status)
    })
}

/** A name alone means everything under it, too: all tags, all custom attributes. */
const only =
  (field: string | undefined) =>
  (explanation: Explanation): Explanation => ({
    ...explanation,
    fields: explanation.fields.filter(
      (one) => field === undefined || one.field === field || one.field.startsWith(`${field}.`),
    ),
  })

const example = `
Exit status: 2 where there is no such user, or it was erased.

Example:
  $ selfsame explain --db shop.db --email ada@example.com --field firstName
  $ selfsame explain --db shop.db --external-user-id ada --merges`
