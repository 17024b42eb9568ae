// `selfsame log`: the events, page by page, up to the head that the log had when reading began.

import {
  catalog,
  type Engine,
  installationTag,
  type LogEvent,
  type Query,
  userTag,
} from '@selfsame/core'
import type { SqliteStore } from '@selfsame/store-sqlite'
import { type Command, InvalidArgumentError } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import { eventsTable } from '../events-table.js'
import { type ExitStatus, exit } from '../exit.js'
import type { Io } from '../io.js'
import { withEngine } from '../open.js'
import {
  addFile,
  addForm,
  count,
  type FileOption,
  type FormOptions,
  filesIn,
  position,
  several,
} from '../options.js'
import { jsonLine, type Output } from '../output.js'
import { whose } from '../whose.js'

type LogOptions = FileOption &
  FormOptions &
  AccessOption & {
    readonly user?: string
    readonly installation?: string
    readonly type?: ReadonlyArray<string>
    readonly after?: number
    readonly upTo?: number
    readonly limit?: number
    readonly reverse?: true
  }

/** Small at a terminal, whose tables take milliseconds a row: the first stand there at once. */
const page_events = { pipe: 500, terminal: 50 }

export const addLog = (program: Command, io: Io): void => {
  const command = program
    .command('log')
    .summary('the events')
    .description(
      'Prints events in the order of their positions: one JSON object a line, or a table at a ' +
        'terminal. Several conditions must all hold; several types are one condition.',
    )
  addAccessLog(addForm(addFile(command)))
    .option('--user <ID>', 'events about this user id, under its own name only')
    .option('--installation <ID>', 'events about this installation')
    .option('--type <TYPE>', 'of this type, your own ones too (repeatable)', several(eventType))
    .option('--after <POSITION>', 'only after this position', position)
    .option('--up-to <POSITION>', 'only up to this position', position)
    .option('--limit <N>', 'at most so many events', count)
    .option('--reverse', 'the newest first')
    .addHelpText('after', example)
    .action(async (options: LogOptions) => {
      const opening = { ...filesIn(options), mode: 'existing' } as const
      io.end(
        await withEngine(io.output, opening, (engine, store) =>
          printLog(io.output, engine, store, options),
        ),
      )
    })
}

const example = `
Event types, beside your own (a namespace, a dot and a name):
  ${Object.keys(catalog)
    .join(' ')
    .replace(/(.{1,76})(?: |$)/g, '$1\n  ')
    .trim()}

Example:
  $ selfsame log --db shop.db --type UsersMerged --type UsersUnmerged
  $ selfsame log --db shop.db --reverse --limit 10`

/** A plain word must be an event type of ours; an embedder's own types are namespaced. */
const eventType = (text: string): string => {
  if (/^[A-Za-z]*$/.test(text) && !Object.hasOwn(catalog, text))
    throw new InvalidArgumentError('There is no such event type; --help lists them.')
  return text
}

const queryOf = ({ user, installation, type }: LogOptions): Query => {
  const tags = [
    ...(user === undefined ? [] : [userTag(user)]),
    ...(installation === undefined ? [] : [installationTag(installation)]),
  ]
  return tags.length === 0 && type === undefined
    ? []
    : [{ ...(type === undefined ? {} : { types: type }), ...(tags.length === 0 ? {} : { tags }) }]
}

const printLog = async (
  output: Output,
  engine: Engine,
  store: SqliteStore,
  options: LogOptions,
): Promise<ExitStatus> => {
  const query = queryOf(options)
  const backwards = options.reverse ?? false
  let { after = 0, upTo, limit: left = Number.POSITIVE_INFINITY } = options
  for (let isFirst = true; left > 0; isFirst = false) {
    const limit = Math.min(left, output.isTerminal ? page_events.terminal : page_events.pipe)
    const range = { after, limit, backwards, ...(upTo === undefined ? {} : { upTo }) }
    const found = await engine.readAll(query, range)()
    const page = await onceRecorded(store, 'log', options, found, ({ events }) => whose.log(events))
    if (E.isLeft(page)) return answer(output, options, page, () => '')
    const { events, head } = page.right
    const stopped = await output.write(textOf(output, options, events, isFirst))
    if (stopped !== null) return stopped
    const last = events.at(-1)
    if (last === undefined || events.length < limit) return exit.ok
    left -= events.length
    // What is recorded meanwhile is another reading's: the first page's head is the end of this one.
    upTo = backwards ? last.position - 1 : (upTo ?? head)
    if (!backwards) after = last.position
  }
  return exit.ok
}

const textOf = (
  output: Output,
  { json, pretty }: LogOptions,
  events: ReadonlyArray<LogEvent>,
  isFirst: boolean,
): string => {
  if (!output.isTerminal || json !== undefined || pretty !== undefined)
    return events.map((event) => jsonLine(event, pretty !== undefined)).join('')
  if (events.length > 0) return eventsTable(events, output.columns)
  return isFirst ? 'no event\n' : ''
}
