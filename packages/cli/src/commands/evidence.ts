// `selfsame evidence`: the events of a person with their proofs, as a folder that anybody can check.

import {
  evidenceOf,
  type Failure,
  keyLine,
  type NoteKey,
  openCheckpoint,
  type ProvedEvidence,
  type Refusal,
} from '@selfsame/core'
import { nodeChecks, publicKeyPem, type SqliteStore } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type AccessOption, addAccessLog, onceRecorded } from '../access-log.js'
import { answer } from '../answer.js'
import { evidenceFiles } from '../evidence-folder.js'
import { explanationText, writtenOf, writtenTable } from '../evidence-view.js'
import type { ExitStatus } from '../exit.js'
import { takenBy, writeFolder } from '../folder.js'
import type { Io } from '../io.js'
import { withStore } from '../open.js'
import { addFile, addForm, type FormOptions, filesIn } from '../options.js'
import type { Output } from '../output.js'
import { addPerson, type PersonOption, personIn } from '../person.js'
import { countOn, progressOn } from '../progress.js'
import { addPublicKey, checkpointIn, type PublicKeyOption, publicKeyIn } from '../signing.js'
import { whose } from '../whose.js'

type EvidenceOptions = PublicKeyOption &
  PersonOption &
  FormOptions &
  AccessOption & { readonly out: string; readonly checkpoint?: string }

export const addEvidence = (program: Command, io: Io): void => {
  const command = program
    .command('evidence')
    .summary("a person's events and proofs, for somebody without our code")
    .description(
      'Writes a folder with the events of a person, the values in them with their salts, a proof of ' +
        'each event, the signed checkpoint, why everything is as it is, and a script in Python that ' +
        'checks all of it. No key is in it. Values of anybody else stay closed.',
    )
  addAccessLog(addForm(addPublicKey(addPerson(addFile(command)))))
    .requiredOption('--out <FOLDER>', 'the folder, which must not be there yet, or be empty')
    .option('--checkpoint <FILE>', 'prove against this checkpoint (default: a new one)')
    .addHelpText('after', example)
    .action(async (options: EvidenceOptions) => {
      const reference = personIn(command, options)
      const taken = takenBy(options.out)
      if (taken !== undefined) return io.end(io.output.fail(taken))
      const opening = { ...filesIn(options), mode: 'existing' } as const
      io.end(
        await withStore(io.output, opening, (store) => evidence(io, store, reference, options)),
      )
    })
}

const example = `
Somebody erased is named by --id: their events are proved, and nothing is
revealed. Every other such folder is full of personal data.

Exit status: 2 where there is no such person.

Example:
  $ selfsame evidence --db shop.db --user email=ada@example.com --out ada
  $ selfsame evidence --db shop.db --id 0192f3a0 --checkpoint monday --out case`

interface Proved extends ProvedEvidence {
  readonly key: NoteKey
  readonly checkpoint: string
}

const evidence = async (
  { output }: Io,
  store: SqliteStore,
  reference: unknown,
  options: EvidenceOptions,
): Promise<ExitStatus> => {
  const found = await prove(output, store, reference, options)
  output.progress?.(null)
  const shown = await onceRecorded(store, 'evidence', options, found, (proved) =>
    whose.evidence(proved.evidence),
  )
  if (E.isLeft(shown)) return answer(output, options, shown, () => '')
  const { key, checkpoint } = shown.right
  const line = keyLine(nodeChecks.sha256, key)
  const files = evidenceFiles(shown.right, {
    checkpoint,
    keyLine: line,
    keyPem: publicKeyPem(key),
    explanation: explanationText(shown.right.evidence),
  })
  const failed = writeFolder(options.out, files)
  if (failed !== undefined) return output.fail(failed)
  const written = writtenOf(options.out, line, shown.right.evidence)
  return answer(output, options, E.right(written), writtenTable)
}

const prove = async (
  output: Output,
  store: SqliteStore,
  reference: unknown,
  options: EvidenceOptions,
): Promise<E.Either<Refusal | Failure, Proved>> => {
  const key = await publicKeyIn(options)
  if (E.isLeft(key)) return key
  const note = await checkpointIn(store, options, progressOn(output, 'events'))
  if (E.isLeft(note)) return note
  const count = countOn(output, 'events proved')
  const disclose =
    (positions: ReadonlyArray<number>): ReturnType<SqliteStore['disclose']> =>
    async () => {
      const disclosed = await store.disclose(key.right, note.right, positions)()
      count(positions.length)
      return disclosed
    }
  const opened = openCheckpoint(nodeChecks, key.right, note.right)
  // Whatever is wrong with it, the store says so, as with every other proof.
  const head = E.isRight(opened) ? opened.right : { origin: key.right.name, size: 0 }
  const proved = await evidenceOf(store, head, disclose, reference)()
  return E.isLeft(proved)
    ? proved
    : E.right({ ...proved.right, key: key.right, checkpoint: note.right })
}
