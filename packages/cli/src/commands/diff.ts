// `selfsame diff`: what is different at one moment from what was at another.

import { auditOf, type Diff } from '@selfsame/core'
import type { Command } from 'commander'
import { answer } from '../answer.js'
import { installationsChangedTable, usersChangedTable } from '../audit-views.js'
import type { Io } from '../io.js'
import { moment, momentText } from '../moment.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { fieldTable, table } from '../table.js'

type DiffOptions = FileOption &
  FormOptions & { readonly from: number | string; readonly to?: number | string }

export const addDiff = (program: Command, io: Io): void => {
  const command = program
    .command('diff')
    .summary('what changed between two moments')
    .description(
      'Lists users and installations that differ, field by field, and identities that have another ' +
        'owner, whatever happened in between. A moment is a position of the log or a time.',
    )
  addForm(addFile(command))
    .requiredOption('--from <MOMENT>', 'a position, or a time as 2026-11-24T10:00:00Z', moment)
    .option('--to <MOMENT>', 'the same (default: now)', moment)
    .addHelpText(
      'after',
      `
Example:
  $ selfsame diff --db shop.db --from 1000 --to 1200
  $ selfsame diff --db shop.db --from 2026-11-24T00:00:00Z`,
    )
    .action(async (options: DiffOptions) => {
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(io.output, opening, async (store) =>
        answer(
          io.output,
          options,
          await auditOf(store).diff(options.from, options.to)(),
          diffTable,
        ),
      )
      io.end(status)
    })
}

const diffTable = (diff: Diff, columns: number): string => {
  const moments = fieldTable(
    [
      ['from', momentText(diff.from)],
      ['to', momentText(diff.to)],
    ],
    columns,
  )
  const tables = [
    usersChangedTable(diff.users, columns),
    installationsChangedTable(diff.installations, columns),
    diff.identities.length === 0
      ? ''
      : table(
          ['identity', 'owner'],
          diff.identities.map(({ kind, value, before, after }) => [
            `${kind} ${value}`,
            [after ?? 'nobody', `was ${before ?? 'nobody'}`],
          ]),
          columns,
        ),
  ].join('')
  return moments + (tables === '' ? 'no difference\n' : tables)
}
