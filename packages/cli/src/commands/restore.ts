// `selfsame restore`: a file from a backup, in which whoever was erased since stays erased.

import { dirname } from 'node:path'
import { type RestoreOptions, type RestoreReport, restore } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import { answer } from '../answer.js'
import type { ExitStatus } from '../exit.js'
import type { Io } from '../io.js'
import { missingAmong } from '../missing.js'
import {
  addFile,
  addForm,
  type FileOption,
  type FormOptions,
  filesIn,
  keyPathIn,
  masterPathIn,
} from '../options.js'
import { progressOn } from '../progress.js'
import { fieldTable } from '../table.js'

type Restoring = FileOption &
  FormOptions & {
    readonly backup: string
    readonly keys?: string
    readonly knownErasures?: string
  }

export const addRestore = (program: Command, io: Io): void => {
  const command = program
    .command('restore')
    .summary('make a file from a backup')
    .description(
      'Makes a new file from a backup: the log, every erasure that the keys know, and the tables. ' +
        'The keys of users are those in place (DB-keys), or --keys. The master key must be in ' +
        'place (DB-master), or named.',
    )
  addForm(addFile(command))
    .requiredOption('--backup <FILE>', 'a copy made by `selfsame backup`')
    .option('--keys <FILE>', 'a copy made by `selfsame backup-keys`, put where there are no keys')
    .option('--known-erasures <FILE>', 'newer keys of the same log: who is erased there, is here')
    .addHelpText('after', example)
    .action(async (options: Restoring) => io.end(await restoreFile(io, options)))
}

const example = `
Examples:
  the file was lost, its keys are in place
  $ selfsame restore --db shop.db --backup shop-monday.backup

  a copy beside the file in use, without anybody who was erased since
  $ selfsame restore --db copy.db --backup shop-monday.backup \\
      --keys shop-monday.keys --known-erasures shop.db-keys \\
      --master-key shop.db-master`

const restoreFile = async ({ output }: Io, options: Restoring): Promise<ExitStatus> => {
  const { backup, db, keys, knownErasures } = options
  const missing = missingAmong([
    backup,
    dirname(db),
    keys ?? keyPathIn(options),
    ...(knownErasures === undefined ? [] : [knownErasures]),
    masterPathIn(options),
  ])
  if (missing !== undefined) return output.fail(missing)
  const progress = progressOn(output, 'events')
  const restoring: RestoreOptions = {
    ...filesIn(options),
    backup,
    ...(keys === undefined ? {} : { keyBackup: keys }),
    ...(knownErasures === undefined ? {} : { knownErasures }),
    ...(progress === undefined ? {} : { progress }),
  }
  const report = await restore(restoring)()
  output.progress?.(null)
  return answer(output, options, report, reportTable)
}

const reportTable = ({ events, erasedAgain }: RestoreReport, columns: number): string =>
  fieldTable(
    [
      ['events', `${events}`],
      ['erased again', erasedAgain],
    ],
    columns,
  )
