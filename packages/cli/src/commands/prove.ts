// `selfsame prove`: that an event stands in the log, or that the log only grew, for whoever has the
// public key and none of our code.

import type { Failure } from '@selfsame/core'
import type { SqliteStore } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import { type ExitStatus, exit } from '../exit.js'
import type { Io } from '../io.js'
import { withStore } from '../open.js'
import { addFile, filesIn, position } from '../options.js'
import { jsonLine, type Output } from '../output.js'
import {
  addPublicKey,
  checkpointIn,
  type PublicKeyOption,
  publicKeyIn,
  readWhole,
} from '../signing.js'

type ProveOptions = PublicKeyOption & {
  readonly position?: number
  readonly from?: string
  readonly checkpoint?: string
  readonly leaf?: true
  readonly json?: true
}

export const addProve = (program: Command, io: Io): void => {
  const command = program
    .command('prove')
    .summary('prove an event, or that the log only grew')
    .description(
      'Prints a proof that needs nothing but the public key of the log: with --position that an ' +
        'event stands in it (C2SP tlog-proof), with --from that it grew from an older checkpoint.',
    )
  addPublicKey(addFile(command))
    .option('--position <N>', 'the position of the event', position)
    .option('--from <FILE>', 'the older checkpoint')
    .option('--checkpoint <FILE>', 'prove against this checkpoint (default: a new one)')
    .option('--leaf', "with --position: print the event's leaf instead, byte for byte")
    .option('--json', 'JSON: the proof, with --position the leaf too')
    .addHelpText('after', example)
    .action(async (options: ProveOptions) => {
      if ((options.position === undefined) === (options.from === undefined))
        command.error("error: say what to prove by exactly one of '--position' and '--from'")
      if (options.leaf !== undefined && options.position === undefined)
        command.error("error: '--leaf' goes with '--position'")
      const opening = { ...filesIn(options), mode: 'existing' } as const
      io.end(await withStore(io.output, opening, (store) => printProof(io.output, store, options)))
    })
}

const example = `
Example:
  $ selfsame prove --db shop.db --position 7 > 7.tlog-proof
  $ selfsame prove --db shop.db --position 7 --leaf > 7.leaf
  $ selfsame prove --db shop.db --from monday > grown.proof`

interface Proof {
  readonly leaf?: string
  readonly proof: string
}

const printProof = async (
  output: Output,
  store: SqliteStore,
  options: ProveOptions,
): Promise<ExitStatus> => {
  const proved = await prove(store, options)
  if (E.isLeft(proved)) return output.fail(proved.left)
  const { leaf, proof } = proved.right
  const text =
    options.json !== undefined
      ? jsonLine(proved.right, false)
      : options.leaf !== undefined
        ? (leaf ?? '')
        : proof
  return (await output.write(text)) ?? exit.ok
}

const prove = async (
  store: SqliteStore,
  options: ProveOptions,
): Promise<E.Either<Failure, Proof>> => {
  const key = await publicKeyIn(options)
  if (E.isLeft(key)) return key
  const checkpoint = await checkpointIn(store, options)
  if (E.isLeft(checkpoint)) return checkpoint
  if (options.position !== undefined)
    return store.proveEvent(key.right, checkpoint.right, options.position)()
  const from = readWhole(options.from ?? '')
  if (E.isLeft(from)) return from
  const proof = await store.proveGrowth(key.right, from.right, checkpoint.right)()
  return E.isLeft(proof) ? proof : E.right({ proof: proof.right })
}
