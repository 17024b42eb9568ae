// `selfsame rebuild`: the projections thrown away and built from the log again.

import type { RebuildReport } from '@selfsame/core'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { answer } from '../answer.js'
import { exit } from '../exit.js'
import type { Io } from '../io.js'
import { withEngine } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { progressOn } from '../progress.js'
import { fieldTable, table } from '../table.js'

export const addRebuild = (program: Command, io: Io): void => {
  const command = program
    .command('rebuild')
    .summary('build the tables from the log again')
    .description(
      'Builds users, installations and identities from the log again, puts them in the place ' +
        'of the old ones, and reports how many rows differed, and which (the first 1,000).',
    )
    .option('--dry-run', 'compare and report only: the tables stay as they are')
  addForm(addFile(command))
    .addHelpText(
      'after',
      `
Exit status: 3 where differences were found. They are put right then, but not
with --dry-run.

Example:
  $ selfsame rebuild --db shop.db --dry-run`,
    )
    .action(async (options: FileOption & FormOptions & { readonly dryRun?: boolean }) => {
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withEngine(io.output, opening, async (engine) => {
        const accept = (): boolean => options.dryRun !== true
        const report = await engine.rebuild(progressOn(io.output, 'events'), accept)()
        io.output.progress?.(null)
        const printed = await answer(io.output, options, report, reportTable)
        return printed === exit.ok && E.isRight(report) && report.right.differing > 0
          ? exit.differs
          : printed
      })
      io.end(status)
    })
}

const reportTable = (report: RebuildReport, columns: number): string => {
  const { differences, differing, isSwapped } = report
  const counts = fieldTable(
    [
      ['events', `${report.events}`],
      ['users', `${report.users}`],
      ['installations', `${report.installations}`],
      ['identities', `${report.identities}`],
      ['differences', `${differing}`],
      ['tables', isSwapped ? 'rebuilt' : 'left as they were'],
    ],
    columns,
  )
  return differences.length === 0
    ? counts
    : counts +
        table(
          ['table', 'key', 'stored', 'rebuilt'],
          differences.map(({ table: name, key, stored, rebuilt }) => [
            name,
            key,
            stored ?? 'no row',
            rebuilt ?? 'no row',
          ]),
          columns,
        )
}
