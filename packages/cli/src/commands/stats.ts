// `selfsame stats`: what stands in a file, and how fast it grew.

import type { Stats } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import { answer } from '../answer.js'
import type { Io } from '../io.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { sizeText } from '../sizes.js'
import { fieldTable } from '../table.js'

export const addStats = (program: Command, io: Io): void => {
  const command = program
    .command('stats')
    .summary('sizes, counts and rates')
    .description(
      'Shows sizes in bytes, counts, and how many events a day were recorded since the first one ' +
        'and in the 24 hours before the last one.',
    )
  addForm(addFile(command))
    .addHelpText(
      'after',
      `
Example:
  $ selfsame stats --db shop.db | jq .bytes.database`,
    )
    .action(async (options: FileOption & FormOptions) => {
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(io.output, opening, async (store) =>
        answer(io.output, options, await store.stats()(), statsTable),
      )
      io.end(status)
    })
}

const counts = (numbers: Readonly<Record<string, number>>): ReadonlyArray<string> =>
  Object.entries(numbers).map(([name, number]) => `${name}: ${number}`)

const statsTable = (stats: Stats, columns: number): string =>
  fieldTable(
    [
      ['file', sizeText(stats.bytes.database)],
      ['write-ahead log', sizeText(stats.bytes.wal)],
      ['keys of users', sizeText(stats.bytes.keys)],
      ['free in the file', sizeText(stats.freeBytes)],
      ['schema version', `${stats.schemaVersion}`],
      ['events', [`${stats.events}`, ...counts(stats.eventsByType)]],
      ['first recorded', stats.firstRecordedAt ?? ''],
      ['last recorded', stats.lastRecordedAt ?? ''],
      [
        'events a day',
        [
          `${Math.round(stats.eventsADay.sinceFirst)} since the first`,
          `${stats.eventsADay.lastDay} in the last 24 hours`,
        ],
      ],
      ['command ids', `${stats.commands}`],
      ['users', counts(stats.users)],
      ['installations', `${stats.installations}`],
      ['identities', `${stats.identities}`],
      ['keys', counts(stats.keys)],
    ],
    columns,
  )
