// `selfsame verify`: whether the log is what was recorded, and everything that shows otherwise.

import type { Failure } from '@selfsame/core'
import type { VerifyOptions, VerifyReport } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { answer } from '../answer.js'
import { exit } from '../exit.js'
import type { Io } from '../io.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FormOptions, filesIn, several } from '../options.js'
import { progressOn } from '../progress.js'
import { addPublicKey, type PublicKeyOption, publicKeyIn, readWhole } from '../signing.js'
import { fieldTable, table } from '../table.js'

type Options = PublicKeyOption & FormOptions & { readonly checkpoint?: ReadonlyArray<string> }

export const addVerify = (program: Command, io: Io): void => {
  const command = program
    .command('verify')
    .summary('verify the log, by itself and by kept checkpoints')
    .description(
      'Reads the whole log: every event against its hash, the Merkle tree, positions, times, ' +
        'boxes, schemas, and the rules that hold at every position; then keys, and the tables ' +
        'against a replay. With checkpoints that you kept it shows whether the log only grew ' +
        'since. Lists every finding with its position.',
    )
  addForm(addPublicKey(addFile(command)))
    .option(
      '--checkpoint <FILE>',
      'a checkpoint that you kept (repeatable)',
      several((path) => path),
    )
    .addHelpText('after', example)
    .action(async (options: Options) => {
      const kept = await keptIn(options)
      if (E.isLeft(kept)) return io.end(io.output.fail(kept.left))
      const opening = { ...filesIn(options), mode: 'existing' } as const
      const status = await withStore(io.output, opening, async (store) => {
        const report = await store.verify(kept.right, progressOn(io.output, 'events'))()
        io.output.progress?.(null)
        const printed = await answer(io.output, options, report, reportTable)
        return printed === exit.ok && E.isRight(report) && report.right.findings.length > 0
          ? exit.differs
          : printed
      })
      io.end(status)
    })
}

const example = `
Exit status: 3 where something was found. Without a checkpoint that was kept
elsewhere nobody can tell a log from one that was written anew.

Example:
  $ selfsame verify --db shop.db
  $ selfsame verify --db shop.db --checkpoint monday --public-key shop.pub`

/** The checkpoints, and the key that must have signed them. */
const keptIn = async (options: Options): Promise<E.Either<Failure, VerifyOptions>> => {
  const { checkpoint = [] } = options
  if (checkpoint.length === 0 && options.publicKey === undefined) return E.right({})
  const key = await publicKeyIn(options)
  if (E.isLeft(key)) return key
  const notes: string[] = []
  for (const path of checkpoint) {
    const note = readWhole(path)
    if (E.isLeft(note)) return note
    notes.push(note.right)
  }
  return E.right({ key: key.right, checkpoints: notes })
}

const reportTable = (
  { events, root, grewFrom, findings }: VerifyReport,
  columns: number,
): string => {
  const counts = fieldTable(
    [
      ['events', `${events}`],
      ['root', root],
      ['grew from', grewFrom.map((size) => `a checkpoint of ${size} events`)],
      ['findings', `${findings.length}`],
    ],
    columns,
  )
  return findings.length === 0
    ? counts
    : counts +
        table(
          ['what', 'at', 'finding'],
          findings.map(({ what, position, message }) => [
            what,
            position === undefined ? '' : `${position}`,
            message,
          ]),
          columns,
        )
}
