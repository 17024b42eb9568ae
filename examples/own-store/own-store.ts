// A store of one's own: a log of JSON lines in a folder, one for each command or append, on the disk
// before anybody is answered. What is asked is answered from memory, by core.

import { createHmac, randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import {
  type Clock,
  type Failure,
  type Journal,
  type JournalLine,
  journaledStore,
  type Store,
} from '@selfsame/core'
import type { Either } from 'fp-ts/lib/Either.js'

/** The files of a store. */
export const fileNames = { log: 'log.jsonl', newLog: 'log.jsonl.new', key: 'digest-key' }

const synced = (path: string, flags: 'r' | 'a' | 'w', write: (fd: number) => void): void => {
  const fd = openSync(path, flags)
  try {
    write(fd)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

const texts = (lines: ReadonlyArray<JournalLine>): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')

/** The log in a folder. `step` is called between the steps of a write: tests let it fail there. */
export const openLines = (folder: string, step: () => void = () => {}): Journal => {
  const [file, newFile] = [join(folder, fileNames.log), join(folder, fileNames.newLog)]
  const write = (path: string, flags: 'a' | 'w', text: string): void => {
    step()
    synced(path, flags, (fd) => {
      writeFileSync(fd, text)
      step()
    })
    step()
  }
  const syncFolder = (): void => synced(folder, 'r', () => {})
  if (!existsSync(file)) write(file, 'w', '')
  syncFolder()
  // A line that a crash cut was answered to nobody.
  truncateSync(file, readFileSync(file).lastIndexOf('\n') + 1)
  return {
    lines: () => {
      const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
      return lines.map((line): JournalLine => JSON.parse(line))
    },
    add: (line) => write(file, 'a', texts([line])),
    replace: (lines) => {
      write(newFile, 'w', texts(lines))
      renameSync(newFile, file)
      step()
      syncFolder()
    },
  }
}

/** Opens the store in a folder, one process at a time, with a key for its digests beside the log. */
export const openOwnStore = (
  folder: string,
  clock: Clock,
  journal: Journal = openLines(folder),
): Either<Failure, Store> => {
  const path = join(folder, fileNames.key)
  if (!existsSync(path)) synced(path, 'w', (fd) => writeFileSync(fd, randomBytes(32)))
  const key = readFileSync(path)
  const digest = (text: string): string => createHmac('sha256', key).update(text).digest('hex')
  return journaledStore({ clock, digest, journal })
}
