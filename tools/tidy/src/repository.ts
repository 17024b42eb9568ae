// The files that belong to the repository: tracked ones and new ones, never what a build left.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../../..')

/** Paths from the root, with forward slashes, in order. */
export const listFiles = (): ReadonlyArray<string> =>
  execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .sort()

export const readText = (path: string): string => readFileSync(join(root, path), 'utf8')
