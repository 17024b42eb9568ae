// `selfsame checkpoint`: what the log is now, signed, in the format of C2SP tlog-checkpoint.

import { keyLine, type Signer } from '@selfsame/core'
import {
  createSigningKeyFile,
  nodeChecks,
  publicKeyPem,
  type SqliteStore,
} from '@selfsame/store-sqlite'
import { type Command, Option } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type ExitStatus, exit } from '../exit.js'
import type { Io } from '../io.js'
import { withStore } from '../open.js'
import { addFile, filesIn } from '../options.js'
import { jsonLine, type Output } from '../output.js'
import { progressOn } from '../progress.js'
import { addSigningKey, readWhole, type SigningOption, signerIn, signerPathIn } from '../signing.js'

type CheckpointOptions = SigningOption & {
  readonly newKey?: string
  readonly kept?: string
  readonly publicKey?: 'line' | 'pem'
  readonly json?: true
}

export const addCheckpoint = (program: Command, io: Io): void => {
  const command = program
    .command('checkpoint')
    .summary('sign what the log is now')
    .description(
      'Prints a signed checkpoint (C2SP tlog-checkpoint): the size of the log and the root of the ' +
        'Merkle tree over it. Keep it where nobody who can write the file can reach it.',
    )
  addSigningKey(addFile(command))
    .option('--new-key <NAME>', 'make the signing key first, for a log of this name')
    .option('--kept <FILE>', 'an older checkpoint: nothing is signed unless the log grew from it')
    .addOption(
      new Option(
        '--public-key <FORM>',
        'print the public key instead, as a line to keep or for openssl',
      ).choices(['line', 'pem']),
    )
    .option('--json', 'JSON: the checkpoint and the public key')
    .addHelpText('after', example)
    .action(async (options: CheckpointOptions) => {
      io.end(await printCheckpoint(io.output, options))
    })
}

const example = `
The name is best one of yours, as in example.com/shop. The signing key belongs
to whoever answers for the log; keep it apart from the file, and its public key
with the checkpoints.

Example:
  $ selfsame checkpoint --db shop.db --new-key example.com/shop > monday
  $ selfsame checkpoint --db shop.db --public-key line > shop.pub
  $ selfsame checkpoint --db shop.db --kept monday > tuesday`

const printCheckpoint = async (output: Output, options: CheckpointOptions): Promise<ExitStatus> => {
  const opening = { ...filesIn(options), mode: 'existing' } as const
  const kept = options.kept === undefined ? undefined : readWhole(options.kept)
  if (kept !== undefined && E.isLeft(kept)) return output.fail(kept.left)
  return withStore(output, opening, async (store) => {
    if (options.newKey !== undefined) {
      const made = await createSigningKeyFile(signerPathIn(options), options.newKey)()
      if (E.isLeft(made)) return output.fail(made.left)
    }
    const signer = await signerIn(options)
    if (E.isLeft(signer)) return output.fail(signer.left)
    return options.publicKey === undefined
      ? sign(output, store, signer.right, options, kept?.right)
      : ((await output.write(keyText(signer.right, options.publicKey))) ?? exit.ok)
  })
}

const keyText = (signer: Signer, form: 'line' | 'pem'): string =>
  form === 'pem' ? publicKeyPem(signer) : `${keyLine(nodeChecks.sha256, signer)}\n`

const sign = async (
  output: Output,
  store: SqliteStore,
  signer: Signer,
  { json }: CheckpointOptions,
  kept: string | undefined,
): Promise<ExitStatus> => {
  const signed = await store.checkpoint(signer, kept, progressOn(output, 'events'))()
  output.progress?.(null)
  if (E.isLeft(signed)) return output.fail(signed.left)
  const text =
    json === undefined
      ? signed.right
      : jsonLine({ checkpoint: signed.right, publicKey: keyLine(nodeChecks.sha256, signer) }, false)
  return (await output.write(text)) ?? exit.ok
}
