// `selfsame as-of`: a user, an installation, the owner of an identity, or everybody, at a moment.

import { auditOf, type Failure, type Refusal } from '@selfsame/core'
import type { SqliteStore } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import type * as E from 'fp-ts/lib/Either.js'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import {
  directoryAsOfTable,
  installationAsOfTable,
  ownerAsOfTable,
  userAsOfTable,
} from '../audit-views.js'
import type { ExitStatus } from '../exit.js'
import type { Io } from '../io.js'
import { atOption, moment } from '../moment.js'
import { type Asked, addAbout, addNamed, type Subject, subjectIn } from '../named.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { type Whose, whose } from '../whose.js'

type AsOfOptions = FileOption &
  FormOptions &
  Asked &
  AccessOption & { readonly at?: number | string }

export const addAsOf = (program: Command, io: Io): void => {
  const command = program
    .command('as-of')
    .summary('how things stood at a moment')
    .description(
      'Shows a user as it was; or, by --of, an installation, or who owned an identity; everybody ' +
        'where nothing is named. Read from the log, not from the tables.',
    )
  addAccessLog(addAbout(addNamed(addForm(addFile(command)))))
    .option(...atOption, moment)
    .addHelpText('after', example)
    .action(async (options: AsOfOptions) => {
      const subject = subjectIn(command, options)
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(io.output, opening, (store) =>
        ask(io, store, subject, options),
      )
      io.end(status)
    })
}

const example = `
A name means whom it meant at that moment. One user takes milliseconds, however
long the log; everybody takes a replay, and is held in memory.

Exit status: 2 where there was no such user or installation.

Example:
  $ selfsame as-of --db shop.db --at 2026-11-24T10:00:00Z --external-user-id ada
  $ selfsame as-of --db shop.db --at 1200 --of identity --phone +491701234567`

const ask = async (
  { output }: Io,
  store: SqliteStore,
  subject: Subject | null,
  options: AsOfOptions,
): Promise<ExitStatus> => {
  const asOf = auditOf(store).asOf(options.at)
  const recorded = <A>(found: E.Either<Refusal | Failure, A>, shows: (found: A) => Whose) =>
    onceRecorded(store, 'as-of', options, found, shows)
  switch (subject?.about) {
    case undefined: {
      const shown = await recorded(await asOf.directory()(), whose.directoryAsOf)
      return answer(output, options, shown, directoryAsOfTable)
    }
    case 'user': {
      const shown = await recorded(await asOf.user(subject.reference)(), whose.userAsOf)
      return answer(output, options, shown, userAsOfTable)
    }
    case 'installation': {
      const shown = await recorded(await asOf.installation(subject.id)(), whose.installationAsOf)
      return answer(output, options, shown, installationAsOfTable)
    }
    case 'identity': {
      const shown = await recorded(await asOf.owner(subject.identity)(), whose.ownerAsOf)
      return answer(output, options, shown, ownerAsOfTable)
    }
  }
}
