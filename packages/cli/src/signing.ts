// Who signs for a log and by which key a checkpoint is opened: the options, and the files they name.

import { readFileSync } from 'node:fs'
import {
  type Failure,
  failure,
  type NoteKey,
  type Progress,
  readKeyLine,
  type Signer,
} from '@selfsame/core'
import { nodeChecks, type SqliteStore, signingKeyFile } from '@selfsame/store-sqlite'
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import type { FileOption } from './options.js'

export type SigningOption = FileOption & { readonly signingKey?: string }

export const addSigningKey = (command: Command): Command =>
  command.option('--signing-key <FILE>', 'the key that signs for the log (default: DB-signer)')

export type PublicKeyOption = SigningOption & { readonly publicKey?: string }

export const addPublicKey = (command: Command): Command =>
  addSigningKey(command).option(
    '--public-key <KEY>',
    'the key that must have signed: its line, or a file of it (default: from DB-signer)',
  )

/** Where the signing key of a file stands. */
export const signerPathIn = ({ db, signingKey }: SigningOption): string =>
  signingKey ?? `${db}-signer`

export const signerIn = (options: SigningOption): Promise<E.Either<Failure, Signer>> =>
  signingKeyFile(signerPathIn(options))()

const unreadable = (message: string, advice: string): Failure =>
  failure('io', message, 'nothing was changed', advice)

/** A text file that is named in an option, as it is. */
export const readWhole = (path: string): E.Either<Failure, string> => {
  try {
    return E.right(readFileSync(path, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return E.left(unreadable(`${path} cannot be read: ${why}`, 'check the name of the file'))
  }
}

/** The key that must have signed what is read. */
export const publicKeyIn = async (
  options: PublicKeyOption,
): Promise<E.Either<Failure, NoteKey>> => {
  const { publicKey } = options
  if (publicKey === undefined) return signerIn(options)
  const line = publicKey.includes('+') ? E.right(publicKey) : readWhole(publicKey)
  if (E.isLeft(line)) return line
  const key = readKeyLine(nodeChecks.sha256, line.right)
  return E.isLeft(key)
    ? E.left(
        unreadable(
          `${publicKey} is no public key: ${key.left}`,
          'give the line that "selfsame checkpoint --public-key line" prints',
        ),
      )
    : key
}

/** The checkpoint to prove against: the one that is named, or a new one. */
export const checkpointIn = async (
  store: SqliteStore,
  options: SigningOption & { readonly checkpoint?: string },
  progress?: Progress,
): Promise<E.Either<Failure, string>> => {
  if (options.checkpoint !== undefined) return readWhole(options.checkpoint)
  const signer = await signerIn(options)
  return E.isLeft(signer) ? signer : store.checkpoint(signer.right, undefined, progress)()
}
