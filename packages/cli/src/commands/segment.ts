// `selfsame segment`: the users that match a predicate.

import type { Segment } from '@selfsame/core'
import type { Command } from 'commander'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answerInPages } from '../answer.js'
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
} from '../options.js'
import { usersTable } from '../views.js'
import { whose } from '../whose.js'

export const addSegment = (program: Command, io: Io): void => {
  const command = program
    .command('segment')
    .summary('the users that match a predicate')
    .description('Lists the living users that match a predicate, in the order of their ids.')
  addAccessLog(addForm(addFile(command))).requiredOption('--where <JSON>', 'the predicate', json)
  addPaging(command, 'user')
    .addHelpText('after', example)
    .action(
      async (
        options: FileOption &
          FormOptions &
          PageOptions &
          AccessOption & { readonly where: unknown },
      ) => {
        const opening = { ...filesIn(options), mode: 'existing' } as const
        const status = await withEngine(io.output, opening, (engine, store) =>
          answerInPages(
            io.output,
            options,
            async (paging) => {
              const found = await engine.segment({ predicate: options.where, ...paging })()
              return onceRecorded(store, 'segment', options, found, whose.segment)
            },
            ({ users, next }: Segment) => ({ found: users, next }),
            usersTable,
          ),
        )
        io.end(status)
      },
    )
}

const example = `
A predicate is one of
  {"type":"CUSTOMER"}  {"tag":"vip"}
  {"attribute":"lastName","is":"=","value":"Lovelace"}
  {"customAttribute":"visits","is":">=","value":3}   (= != < <= > >=)
  {"attribute":"birthday","exists":true}
  {"and":[...]}  {"or":[...]}  {"not":...}

Example:
  $ selfsame segment --db shop.db --where '{"not":{"tag":"vip"}}'`
