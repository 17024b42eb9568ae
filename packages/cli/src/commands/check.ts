// `selfsame check`: whether a file is whole, and everything that is not.

import type { CheckReport } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { answer } from '../answer.js'
import { exit } from '../exit.js'
import type { Io } from '../io.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { progressOn } from '../progress.js'
import { fieldTable, table } from '../table.js'

export const addCheck = (program: Command, io: Io): void => {
  const command = program
    .command('check')
    .summary('look whether the file is whole')
    .description(
      'Reads everything: the pages of the file, every event and box against its hash, positions, ' +
        'keys, and the tables against the log. Lists every finding, and puts nothing right.',
    )
  addForm(addFile(command))
    .addHelpText('after', example)
    .action(async (options: FileOption & FormOptions) => {
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(io.output, opening, async (store) => {
        const report = await store.check(progressOn(io.output, 'events'))()
        io.output.progress?.(null)
        const printed = await answer(io.output, options, report, reportTable)
        return printed === exit.ok && E.isRight(report) && report.right.findings.length > 0
          ? exit.differs
          : printed
      })
      io.end(status)
    })
}

const example = `
Exit status: 3 where something was found. Findings of "projection" are put right
by \`selfsame rebuild\`; for the others keep the file, and restore a backup.

Example:
  $ selfsame check --db shop.db`

const reportTable = ({ events, findings }: CheckReport, columns: number): string => {
  const counts = fieldTable(
    [
      ['events', `${events}`],
      ['findings', `${findings.length}`],
    ],
    columns,
  )
  return findings.length === 0
    ? counts
    : counts +
        table(
          ['what', 'at', 'finding'],
          findings.map(({ what, position, message }) => [
            what,
            position === undefined ? '' : `${position}`,
            message,
          ]),
          columns,
        )
}
