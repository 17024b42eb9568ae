// The embedded default of the KeyRing port: a small file that only its owner may read, one master key
// a line (version, then 32 bytes in base64), the last line being the current one.

import { randomBytes } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { type Failure, failure, type KeyRing, type MasterKey } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { keyBytes } from './cipher.js'
import { toFailure } from './failure.js'

/** Rights that nobody but the owner may have on a key file: none at all. */
const othersMode = 0o077
const ownerMode = 0o600

/** A failure of keys: nothing was opened, nothing was changed. */
export const keyFailure = (message: string, advice: string): Failure =>
  failure('key', message, 'nothing was opened and nothing was changed', advice)

/**
 * Master keys from a file. Its rights are checked each time it is read: if anybody but its owner may
 * read or write it, it is refused.
 * @since 0.1.0
 * @category Keys
 */
export const masterKeyFile = (path: string): KeyRing => ({
  current: read(path, (keys) => keys.at(-1)),
  version: (version) => read(path, (keys) => keys.find((one) => one.version === version)),
})

/**
 * Makes a file with one new master key. Fails where the file exists: a key is never overwritten.
 * @since 0.1.0
 * @category Keys
 */
export const createMasterKeyFile =
  (path: string): TaskEither<Failure, void> =>
  async () => {
    try {
      writeWhole(path, newLine(1))
      return E.right(undefined)
    } catch (error) {
      return E.left(toFailure(error, `writing the master key ${path}`))
    }
  }

/**
 * Adds a new master key, which is the current one from then on. The older ones stay until nothing is
 * wrapped by them: see the store's `rotate`.
 * @since 0.1.0
 * @category Keys
 */
export const addMasterKey =
  (path: string): TaskEither<Failure, void> =>
  async () => {
    try {
      for (;;) {
        const text = readFileSync(path, 'utf8')
        const versions = keysIn(text).map(({ version }) => version)
        if (versions.length === 0)
          return E.left(keyFailure(`${path} holds no master key`, 'name the file that does'))
        const version = Math.max(...versions) + 1
        const line = newLine(version)
        // A line that a crash tore stays without an end: this one does not become a part of it.
        appendFileSync(path, text.endsWith('\n') ? line : `\n${line}`, { flush: true })
        // Of two that add a version at once the first in the file has it, and the other tries the next.
        if (firstLineOf(version, readFileSync(path, 'utf8')) === line.trim())
          return E.right(undefined)
      }
    } catch (error) {
      return E.left(toFailure(error, `writing the master key ${path}`))
    }
  }

const newLine = (version: number): string =>
  `${version} ${randomBytes(keyBytes).toString('base64')}\n`

/**
 * Makes a new file that is whole from its first moment, for other processes and after a crash: it is
 * written under another name. Throws EEXIST where there is one already.
 */
export const writeWhole = (path: string, content: string | Buffer): void => {
  const draft = `${path}-${randomBytes(6).toString('hex')}.new`
  try {
    writeFileSync(draft, content, { flag: 'wx', mode: ownerMode, flush: true })
    linkSync(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
  syncFolder(path)
}

/** Makes the name of a new file durable. */
export const syncFolder = (path: string): void => {
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

const read =
  (
    path: string,
    pick: (keys: ReadonlyArray<MasterKey>) => MasterKey | undefined,
  ): TaskEither<Failure, MasterKey> =>
  async () => {
    try {
      const descriptor = openSync(path, 'r')
      try {
        const { mode } = fstatSync(descriptor)
        if ((mode & othersMode) !== 0)
          return E.left(
            keyFailure(`others than its owner may use the master key ${path}`, `chmod 600 ${path}`),
          )
        const key = pick(keysIn(readFileSync(descriptor, 'utf8')))
        return key === undefined
          ? E.left(
              keyFailure(
                `${path} lacks a master key that is needed`,
                'bring back the key file that has it',
              ),
            )
          : E.right(key)
      } finally {
        closeSync(descriptor)
      }
    } catch (error) {
      return E.left(
        keyFailure(
          `the master key ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
          'bring back the key file: without it nothing personal can be read',
        ),
      )
    }
  }

/** The keys of a file, each version once: of two lines with one version the first is its key. */
const keysIn = (text: string): ReadonlyArray<MasterKey> => {
  const keys = new Map<number, MasterKey>()
  for (const line of text.split('\n')) {
    const key = keyIn(line)
    if (key !== undefined && !keys.has(key.version)) keys.set(key.version, key)
  }
  return [...keys.values()]
}

/** A line that a crash tore holds no key. */
const keyIn = (line: string): MasterKey | undefined => {
  const [version, key = ''] = line.split(' ')
  const bytes = Buffer.from(key, 'base64')
  return bytes.length === keyBytes && Number.isSafeInteger(Number(version))
    ? { version: Number(version), key: bytes }
    : undefined
}

const firstLineOf = (version: number, text: string): string | undefined =>
  text.split('\n').find((line) => keyIn(line)?.version === version)
