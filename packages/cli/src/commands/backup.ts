// `selfsame backup`: a copy of the log while others write.

import { dirname } from 'node:path'
import type { BackupReport } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import { answer } from '../answer.js'
import type { Io } from '../io.js'
import { missingAmong } from '../missing.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { progressOn } from '../progress.js'
import { fieldTable } from '../table.js'

export const addBackup = (program: Command, io: Io): void => {
  const command = program
    .command('backup')
    .summary('copy the log while it is in use')
    .description(
      'Copies the log, as it is at one moment, while others read and write; without the keys of ' +
        'users and without the tables, which `selfsame restore` makes again. The copy is read ' +
        'back and verified before it gets its name. Whoever is erased later cannot be read in it.',
    )
  addForm(addFile(command))
    .requiredOption('--to <FILE>', 'the copy, which must not exist yet')
    .addHelpText('after', example)
    .action(async (options: FileOption & FormOptions & { readonly to: string }) => {
      const { output } = io
      const missing = missingAmong([dirname(options.to)])
      if (missing !== undefined) return io.end(output.fail(missing))
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(output, opening, async (store) => {
        const report = await store.backup(options.to, progressOn(output, 'rows'))()
        output.progress?.(null)
        return answer(output, options, report, reportTable)
      })
      io.end(status)
    })
}

const example = `
The keys are copied by \`selfsame backup-keys\`. Without them, and the master key,
nothing personal in a backup can be read; keep the three in different places.

Example:
  $ selfsame backup --db shop.db --to shop-monday.backup`

const reportTable = ({ head, rows }: BackupReport, columns: number): string =>
  fieldTable(
    [
      ['events', `${head}`],
      ['rows, verified', `${rows}`],
    ],
    columns,
  )
