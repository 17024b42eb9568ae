// `selfsame diff`: what is different at one moment from what was at another.

import { type Auditor, auditOf, type Diff } from '@selfsame/core'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import { installationsChangedTable, usersChangedTable } from '../audit-views.js'
import type { Io } from '../io.js'
import { moment, momentText } from '../moment.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { fieldTable, table } from '../table.js'
import { whose } from '../whose.js'

type DiffOptions = FileOption &
  FormOptions &
  AccessOption & { readonly from: number | string; readonly to?: number | string }

export const addDiff = (program: Command, io: Io): void => {
  const command = program
    .command('diff')
    .summary('what changed between two moments')
    .description(
      'Lists users and installations that differ, field by field, and identities that have another ' +
        'owner, whatever happened in between. A moment is a position of the log or a time.',
    )
  addAccessLog(addForm(addFile(command)))
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
      const status = await withStore(io.output, opening, async (store) => {
        const audit = auditOf(store)
        const found = await audit.diff(options.from, options.to)()
        const isRecorded = options.accessLog !== undefined
        const holders = isRecorded && E.isRight(found) ? await holdersIn(audit, found.right) : []
        const shown = await onceRecorded(store, 'diff', options, found, (diff) => [
          ...whose.diff(diff),
          ...holders,
        ])
        return answer(io.output, options, shown, diffTable)
      })
      io.end(status)
    })
}

/** The users of the installations that differ, at both moments. */
const holdersIn = async (
  audit: Auditor,
  { from, to, installations }: Diff,
): Promise<ReadonlyArray<string | null>> => {
  const holders: Array<string | null> = []
  for (const { pushRegistrationId } of installations)
    for (const { position } of [from, to]) {
      const found = await audit.asOf(position).installation(pushRegistrationId)()
      if (E.isRight(found)) holders.push(found.right.installation.userId)
    }
  return holders
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
