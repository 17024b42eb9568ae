// `selfsame what-if`: every recorded merge under another policy.

import { auditOf, latestWins, type OtherMerge, survivorFirst, type WhatIf } from '@selfsame/core'
import { type Command, Option } from 'commander'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import { usersChangedTable, valueText } from '../audit-views.js'
import type { Io } from '../io.js'
import { atOption, moment, momentText } from '../moment.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { fieldTable, table } from '../table.js'
import { whose } from '../whose.js'

const policies = [survivorFirst, latestWins]

type WhatIfOptions = FileOption &
  FormOptions &
  AccessOption & { readonly policy: string; readonly at?: number | string }

export const addWhatIf = (program: Command, io: Io): void => {
  const command = program
    .command('what-if')
    .summary('recorded merges under another policy')
    .description(
      'Decides every recorded merge again under another policy, and every unmerge after it, from ' +
        'the log alone; lists the merges that would differ, and the users at the end. Records nothing.',
    )
  addAccessLog(addForm(addFile(command)))
    .addOption(
      new Option('--policy <NAME>', 'the other policy')
        .choices(policies.map(({ name }) => name))
        .makeOptionMandatory(),
    )
    .option(...atOption, moment)
    .addHelpText('after', example)
    .action(async (options: WhatIfOptions) => {
      const policy = policies.find(({ name }) => name === options.policy) ?? survivorFirst
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(io.output, opening, async (store) => {
        const found = await auditOf(store).whatIf(policy, options.at)()
        const shown = await onceRecorded(store, 'what-if', options, found, whose.whatIf)
        return answer(io.output, options, shown, whatIfTable)
      })
      io.end(status)
    })
}

const example = `
Overrides stay, and so does whatever no policy decides: identities, tags,
installations. Values written after a merge are taken as they were recorded.

Example:
  $ selfsame what-if --db shop.db --policy latest-wins`

const whatIfTable = (found: WhatIf, columns: number): string =>
  [
    fieldTable(
      [
        ['policy', found.policy],
        ['up to', momentText(found)],
        ['merges', `${found.merges}`],
        ['would differ', `${found.differing.length}`],
        ['users that would', `${found.users.length}`],
      ],
      columns,
    ),
    found.differing.length === 0
      ? ''
      : table(['merge', 'of', 'would choose'], found.differing.map(mergeRow), columns),
    usersChangedTable(found.users, columns),
    found.notDecidedAgain.length === 0
      ? ''
      : table(
          ['at', 'event', 'taken as recorded, because'],
          found.notDecidedAgain.map(({ position, type, why }) => [`${position}`, type, why]),
          columns,
        ),
  ].join('')

const mergeRow = ({ position, absorbedId, survivorId, policy, fields }: OtherMerge) => [
  [`${position}`, policy],
  [absorbedId, `into ${survivorId}`],
  fields.map(
    ({ field, recorded, instead }) =>
      `${field}: ${valueText(instead.value)}, not ${valueText(recorded.value)}`,
  ),
]
