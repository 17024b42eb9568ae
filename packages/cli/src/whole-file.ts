// A file that is there whole or not at all: written beside its place, synced, then given its name.

import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type Failure, failure } from '@selfsame/core'

const notWritten = 'nothing was written'

const taken = (path: string): Failure =>
  failure('io', `${path} exists`, notWritten, 'name a file that does not exist yet, or add --force')

/** Why a file cannot be made here; undefined where nothing is there, or where it may be replaced. */
export const takenFile = (path: string, mayReplace: boolean): Failure | undefined =>
  !mayReplace && existsSync(path) ? taken(path) : undefined

/** Writes a file for its owner's eyes only. */
export const writeWhole = (
  path: string,
  text: string,
  mayReplace: boolean,
): Failure | undefined => {
  const place = resolve(path)
  let beside: string | undefined
  try {
    // A new name is one step only inside one file system: beside it.
    beside = mkdtempSync(join(dirname(place), `.${basename(place)}-`))
    const made = join(beside, 'whole')
    const file = openSync(made, 'wx', 0o600)
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    // A link is refused where somebody else has made the file meanwhile.
    if (mayReplace) renameSync(made, place)
    else linkSync(made, place)
    return undefined
  } catch (error) {
    return isThere(error) ? taken(path) : ioFailure(path, error)
  } finally {
    if (beside !== undefined) rmSync(beside, { recursive: true, force: true })
  }
}

const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST'

const ioFailure = (path: string, error: unknown): Failure =>
  failure(
    'io',
    `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    notWritten,
    'name a file that can be made, where there is room',
  )
