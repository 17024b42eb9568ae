// `selfsame backup-keys`: a copy of the keys of users, which must not live long.

import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { answer } from '../answer.js'
import type { Io } from '../io.js'
import { missingAmong } from '../missing.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { sizeText } from '../sizes.js'
import { fieldTable } from '../table.js'

export const addBackupKeys = (program: Command, io: Io): void => {
  const command = program
    .command('backup-keys')
    .summary('copy the keys of users, apart from the log')
    .description(
      'Copies the keys of users to a file that only its owner may read. They stay wrapped by the ' +
        'master key, which is not copied. Delete a copy soon, and make a new one: it knows no ' +
        'erasure that comes after it, so while it exists whoever was erased can be brought back.',
    )
  addForm(addFile(command))
    .requiredOption('--to <FILE>', 'the copy, which must not exist yet')
    .addHelpText(
      'after',
      `
Example:
  $ selfsame backup-keys --db shop.db --to shop-monday.keys`,
    )
    .action(async (options: FileOption & FormOptions & { readonly to: string }) => {
      const { output } = io
      const missing = missingAmong([dirname(options.to)])
      if (missing !== undefined) return io.end(output.fail(missing))
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(output, opening, async (store) => {
        const copied = await store.backupKeys(options.to)()
        const report = E.isLeft(copied)
          ? copied
          : E.right({ to: options.to, bytes: statSync(options.to).size })
        return answer(output, options, report, reportTable)
      })
      io.end(status)
    })
}

const reportTable = (
  { to, bytes }: { readonly to: string; readonly bytes: number },
  columns: number,
): string =>
  fieldTable(
    [
      ['keys', to],
      ['size', sizeText(bytes)],
    ],
    columns,
  )
