// A folder of files that is there whole or not at all: written beside its place, then renamed into it.

import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type Failure, failure } from '@selfsame/core'

const notWritten = 'nothing was written'

/** Why a folder cannot be made here; undefined where nothing is there, or an empty folder. */
export const takenBy = (path: string): Failure | undefined => {
  try {
    return readdirSync(path).length === 0
      ? undefined
      : failure('io', `${path} is not empty`, notWritten, 'name a folder that is not there yet')
  } catch (error) {
    return isMissing(error) ? undefined : ioFailure(path, error)
  }
}

/** Writes files by their paths in a folder, for its owner's eyes only. */
export const writeFolder = (
  path: string,
  files: Readonly<Record<string, string>>,
): Failure | undefined => {
  const place = resolve(path)
  let made: string | undefined
  try {
    // A rename is one step only inside one file system: beside it.
    made = mkdtempSync(join(dirname(place), `.${basename(place)}-`))
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(made, name)), { recursive: true, mode: 0o700 })
      writeFileSync(join(made, name), text, { mode: 0o600, flag: 'wx' })
    }
    // Takes the place of an empty folder; one that was filled meanwhile is refused.
    renameSync(made, place)
    return undefined
  } catch (error) {
    if (made !== undefined) rmSync(made, { recursive: true, force: true })
    return ioFailure(path, error)
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

const ioFailure = (path: string, error: unknown): Failure =>
  failure(
    'io',
    `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    notWritten,
    'name a folder that can be made, where there is room',
  )
