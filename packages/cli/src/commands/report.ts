// `selfsame report`: a person's life as a page to look at.

import { auditOf } from '@selfsame/core'
import { type Life, lifeOf, reportHtml } from '@selfsame/report'
import type { SqliteStore } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import type { ExitStatus } from '../exit.js'
import type { Io } from '../io.js'
import { atOption, moment, momentText } from '../moment.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { addPerson, type PersonOption, personIn } from '../person.js'
import { fieldTable } from '../table.js'
import { takenFile, writeWhole } from '../whole-file.js'
import { whose } from '../whose.js'

type ReportOptions = FileOption &
  FormOptions &
  PersonOption &
  AccessOption & {
    readonly out: string
    readonly at?: number | string
    readonly force?: true
  }

export const addReport = (program: Command, io: Io): void => {
  const command = program
    .command('report')
    .summary("a person's life as a page to look at")
    .description(
      'Writes a page of HTML about one person: installations, identities and merges over time as a ' +
        'picture and as a table, what they hold and which events gave it, and the chain of events. It ' +
        'opens without network, runs no script and can load nothing.',
    )
  addAccessLog(addPerson(addForm(addFile(command))))
    .requiredOption('--out <FILE>', 'the page, which must not exist yet')
    .option('--force', 'replace the page where it exists')
    .option(...atOption, moment)
    .addHelpText('after', example)
    .action(async (options: ReportOptions) => {
      const reference = personIn(command, options)
      const taken = takenFile(options.out, options.force === true)
      if (taken !== undefined) return io.end(io.output.fail(taken))
      const opening = { ...filesIn(options), mode: 'existing' } as const
      io.end(await withStore(io.output, opening, (store) => report(io, store, reference, options)))
    })
}

const example = `
The page is full of personal data, so only its owner may read it. Somebody erased
is named by --id: the page shows what happened, and no value.

Exit status: 2 where there is no such person.

Example:
  $ selfsame report --db shop.db --user email=ada@example.com --out ada.html
  $ selfsame report --db shop.db --phone +491701234567 --at 1200 --out then.html`

interface Written {
  readonly file: string
  readonly userId: string
  readonly position: number
  readonly recordedAt: string | null
  readonly events: number
}

const report = async (
  { output }: Io,
  store: SqliteStore,
  reference: unknown,
  options: ReportOptions,
): Promise<ExitStatus> => {
  const found = await lifeOf(auditOf(store), reference, options.at)()
  const shown = await onceRecorded(store, 'report', options, found, ({ history }: Life) =>
    whose.historyOfUser(history),
  )
  if (E.isLeft(shown)) return answer(output, options, shown, () => '')
  const failed = writeWhole(options.out, reportHtml(shown.right), options.force === true)
  if (failed !== undefined) return output.fail(failed)
  const { userId, position, recordedAt, events } = shown.right.history
  const written = { file: options.out, userId, position, recordedAt, events: events.length }
  return answer(output, options, E.right(written), writtenTable)
}

const writtenTable = (written: Written, columns: number): string =>
  fieldTable(
    [
      ['page', written.file],
      ['user', written.userId],
      ['as of', momentText(written)],
      ['events', `${written.events}`],
    ],
    columns,
  )
