// `selfsame audience`: which installations a message would reach.

import type { Audience } from '@selfsame/core'
import { type Command, InvalidArgumentError } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answerInPages } from '../answer.js'
import { parseText } from '../input.js'
import type { Io } from '../io.js'
import { withEngine } from '../open.js'
import {
  addFile,
  addForm,
  addPaging,
  type FileOption,
  type FormOptions,
  filesIn,
  json,
  type PageOptions,
  several,
} from '../options.js'
import { installationsTable } from '../views.js'
import { whose } from '../whose.js'

interface Asked {
  readonly userId?: ReadonlyArray<unknown>
  readonly externalUserId?: ReadonlyArray<unknown>
  readonly email?: ReadonlyArray<unknown>
  readonly phone?: ReadonlyArray<unknown>
  readonly installation?: ReadonlyArray<unknown>
  readonly segment?: unknown
  readonly installationAttribute?: unknown
  readonly application?: string
  readonly onlyPrimary?: true
}

export const addAudience = (program: Command, io: Io): void => {
  const command = program
    .command('audience')
    .summary('the installations that a message would reach')
    .description(
      'Lists the active installations, push and notifications enabled, that a message would ' +
        'reach. Several conditions must all hold; several users are one condition. None: everyone.',
    )
  addAccessLog(addForm(addFile(command)))
    .option('--user-id <ID>', 'of this user (repeatable)', several(reference('userId')))
    .option('--external-user-id <ID>', 'the same', several(reference('externalUserId')))
    .option('--email <EMAIL>', 'the same', several(reference('email')))
    .option('--phone <PHONE>', 'the same', several(reference('phone')))
    .option(
      '--installation <ID>',
      'the same, by one of theirs',
      several(reference('pushRegistrationId')),
    )
    .option('--segment <JSON>', 'of the users that match this predicate', json)
    .option(
      '--installation-attribute <NAME=VALUE>',
      'with this custom attribute; or as JSON {"name":...,"is":">=","value":...}',
      attribute,
    )
    .option('--application <ID>', 'of this application')
    .option('--only-primary', 'only the primary device of each user')
  addPaging(command, 'installation')
    .addHelpText('after', example)
    .action(async (options: FileOption & FormOptions & PageOptions & AccessOption & Asked) => {
      const query = queryOf(options)
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withEngine(io.output, opening, (engine, store) =>
        answerInPages(
          io.output,
          options,
          async (paging) => {
            const found = await engine.audience({ ...query, ...paging })()
            return onceRecorded(store, 'audience', options, found, whose.audience)
          },
          ({ installations, next }: Audience) => ({ found: installations, next }),
          installationsTable,
        ),
      )
      io.end(status)
    })
}

const example = `
VALUE is a number, true or false where it looks like one, else a string; "42" in
quotation marks is a string. Predicates stand in \`selfsame segment --help\`.

Example:
  $ selfsame audience --db shop.db --segment '{"tag":"vip"}' --only-primary
  $ selfsame audience --db shop.db --installation-attribute theme=dark --all`

const reference =
  (key: string) =>
  (value: string): unknown => ({ [key]: value })

/** `NAME=VALUE`, or JSON: no name of an attribute begins with a brace. */
const attribute = (text: string): unknown => {
  if (text.startsWith('{')) return json(text)
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('It must be NAME=VALUE, or JSON.')
  const value = text.slice(at + 1)
  const parsed = parseText(value)
  const isScalar = E.isRight(parsed) && typeof parsed.right !== 'object'
  return { name: text.slice(0, at), is: '=', value: isScalar ? parsed.right : value }
}

const queryOf = (asked: Asked) => {
  const users = [
    ...(asked.userId ?? []),
    ...(asked.externalUserId ?? []),
    ...(asked.email ?? []),
    ...(asked.phone ?? []),
    ...(asked.installation ?? []),
  ]
  return {
    ...(users.length === 0 ? {} : { users }),
    ...(asked.segment === undefined ? {} : { segment: asked.segment }),
    ...(asked.installationAttribute === undefined
      ? {}
      : { installationAttribute: asked.installationAttribute }),
    ...(asked.application === undefined ? {} : { applicationId: asked.application }),
    ...(asked.onlyPrimary === undefined ? {} : { targetOnlyPrimaryDevices: true }),
  }
}
