// What must be there before anything is done: a misspelt name must leave nothing behind.

import { existsSync } from 'node:fs'
import { type Failure, failure } from '@selfsame/core'

/** The failure for the first of these files and folders that does not exist. */
export const missingAmong = (paths: ReadonlyArray<string>): Failure | undefined => {
  const missing = paths.find((path) => !existsSync(path))
  return missing === undefined
    ? undefined
    : failure(
        'io',
        `${missing} does not exist`,
        'nothing was written',
        'check the name, or bring the file back',
      )
}
