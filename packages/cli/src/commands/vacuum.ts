// `selfsame vacuum`: free pages given back to the disk.

import type { Failure } from '@selfsame/core'
import type { SqliteStore } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { answer } from '../answer.js'
import type { Io } from '../io.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FileOption, type FormOptions, filesIn } from '../options.js'
import { sizeText } from '../sizes.js'
import { fieldTable } from '../table.js'

export const addVacuum = (program: Command, io: Io): void => {
  const command = program
    .command('vacuum')
    .summary('give free space back to the disk')
    .description(
      'Writes the file anew without its free pages, and shows its size in bytes before and after. ' +
        'Nobody else can write meanwhile. It needs up to twice the size of the file on the disk.',
    )
  addForm(addFile(command))
    .addHelpText(
      'after',
      `
Example:
  $ selfsame vacuum --db shop.db`,
    )
    .action(async (options: FileOption & FormOptions) => {
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(io.output, opening, async (store) =>
        answer(io.output, options, await vacuum(store), sizesTable),
      )
      io.end(status)
    })
}

interface Sizes {
  readonly bytesBefore: number
  readonly bytesAfter: number
}

const vacuum = async (store: SqliteStore): Promise<E.Either<Failure, Sizes>> => {
  const before = await store.stats()()
  if (E.isLeft(before)) return before
  const done = await store.vacuum()()
  if (E.isLeft(done)) return done
  const after = await store.stats()()
  if (E.isLeft(after)) return after
  return E.right({
    bytesBefore: before.right.bytes.database + before.right.bytes.wal,
    bytesAfter: after.right.bytes.database + after.right.bytes.wal,
  })
}

const sizesTable = ({ bytesBefore, bytesAfter }: Sizes, columns: number): string =>
  fieldTable(
    [
      ['before', sizeText(bytesBefore)],
      ['after', sizeText(bytesAfter)],
    ],
    columns,
  )
