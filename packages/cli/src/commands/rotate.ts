// `selfsame rotate`: every key wrapped by the current master key.

import { addMasterKey, type RotationReport } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { answer } from '../answer.js'
import type { Io } from '../io.js'
import { withStore } from '../open.js'
import {
  addFile,
  addForm,
  type FileOption,
  type FormOptions,
  filesIn,
  masterPathIn,
} from '../options.js'
import { progressOn } from '../progress.js'
import { fieldTable } from '../table.js'

export const addRotate = (program: Command, io: Io): void => {
  const command = program
    .command('rotate')
    .summary('wrap all keys by the current master key')
    .description(
      'Wraps every key of the file by the current master key, the last one of DB-master. Nothing ' +
        'of the log changes. A rotation that was stopped goes on when it is run again, then ' +
        'without --new-master.',
    )
  addForm(addFile(command))
    .option('--new-master', 'add a new master key first, which is the current one from then on')
    .addHelpText('after', example)
    .action(async (options: FileOption & FormOptions & { readonly newMaster?: true }) => {
      const { output } = io
      const opening = { ...filesIn(options), mode: 'existing' } as const
      // Only once the file has opened by the master keys that there are: else nothing is added.
      const status = await withStore(output, opening, async (store) => {
        const added = options.newMaster && (await addMasterKey(masterPathIn(options))())
        if (added !== undefined && E.isLeft(added)) return output.fail(added.left)
        const report = await store.rotate(progressOn(output, 'keys'))()
        output.progress?.(null)
        return answer(output, options, report, reportTable)
      })
      io.end(status)
    })
}

const example = `
Programs that have the file open must open it again afterwards. Older master
keys are still needed for backups that were made before.

Example:
  $ selfsame rotate --db shop.db --new-master`

const reportTable = ({ masterVersion, keys }: RotationReport, columns: number): string =>
  fieldTable(
    [
      ['master key', `version ${masterVersion}`],
      ['keys', `${keys}`],
    ],
    columns,
  )
