// `selfsame history`: what happened to a user, an installation or an identity.

import { auditOf, type Failure, type Refusal } from '@selfsame/core'
import type { SqliteStore } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import type * as E from 'fp-ts/lib/Either.js'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import { identityHistoryTable, installationHistoryTable, userHistoryTable } from '../audit-views.js'
import type { ExitStatus } from '../exit.js'
import type { Io } from '../io.js'
import { atOption, moment } from '../moment.js'
import { type Asked, addAbout, addNamed, type Subject, subjectIn } from '../named.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { type Whose, whose } from '../whose.js'

type HistoryOptions = FileOption &
  FormOptions &
  Asked &
  AccessOption & { readonly at?: number | string }

export const addHistory = (program: Command, io: Io): void => {
  const command = program
    .command('history')
    .summary('what happened to a user, an installation, an identity')
    .description(
      'Prints the events of a user and of everyone while they were absorbed in it; or, by --of, of ' +
        'an installation with its owners, or of an identity with its holders.',
    )
  addAccessLog(addAbout(addNamed(addForm(addFile(command)))))
    .option(...atOption, moment)
    .addHelpText('after', example)
    .action(async (options: HistoryOptions) => {
      const subject = subjectIn(command, { of: 'user', ...options })
      if (subject === null) return
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(io.output, opening, (store) =>
        ask(io, store, subject, options),
      )
      io.end(status)
    })
}

const example = `
Whoever was erased is still found by --id; their values read "erased", and their
identities are found no more.

Exit status: 2 where there is no such user or installation.

Example:
  $ selfsame history --db shop.db --email ada@example.com
  $ selfsame history --db shop.db --of installation --installation ada-phone
  $ selfsame history --db shop.db --of identity --phone +491701234567`

const ask = async (
  { output }: Io,
  store: SqliteStore,
  subject: Subject,
  options: HistoryOptions,
): Promise<ExitStatus> => {
  const { history } = auditOf(store)
  const recorded = <A>(found: E.Either<Refusal | Failure, A>, shows: (found: A) => Whose) =>
    onceRecorded(store, 'history', options, found, shows)
  switch (subject.about) {
    case 'user': {
      const found = await history.user(subject.reference, options.at)()
      const shown = await recorded(found, whose.historyOfUser)
      return answer(output, options, shown, userHistoryTable)
    }
    case 'installation': {
      const found = await history.installation(subject.id, options.at)()
      const shown = await recorded(found, whose.historyOfInstallation)
      return answer(output, options, shown, installationHistoryTable)
    }
    case 'identity': {
      const found = await history.identity(subject.identity, options.at)()
      const shown = await recorded(found, whose.historyOfIdentity)
      return answer(output, options, shown, identityHistoryTable)
    }
  }
}
