// What is read: a file or stdin, as chunks or whole, and JSON out of text.

import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type Failure, failure, type Refusal } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { type Line, lineMax_bytes, openLineReader } from './lines.js'

const chunk_bytes = 262_144

export interface Input {
  readonly name: string
  readonly stream: Readable
}

/** A file is opened before anything else happens: a misspelt name must not leave a new database. */
export const openInput = async (
  stdin: Readable,
  file: string | undefined,
): Promise<E.Either<Failure, Input>> => {
  if (file === undefined) return E.right({ name: 'stdin', stream: stdin })
  try {
    const stream = (await open(file)).createReadStream({ highWaterMark: chunk_bytes })
    return E.right({ name: file, stream })
  } catch (error) {
    return E.left(unreadable(file, error))
  }
}

/** Whatever the stream has, as soon as it has it. A read that fails ends it with a failure. */
async function* chunksOf({ name, stream }: Input): AsyncGenerator<E.Either<Failure, Uint8Array>> {
  try {
    for await (const chunk of stream) yield E.right(Buffer.from(chunk))
  } catch (error) {
    yield E.left(unreadable(name, error))
  }
}

const unreadable = (name: string, error: unknown): Failure =>
  failure(
    'io',
    `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    'every command whose result was printed is recorded; no other was executed',
    'name a file of commands that exists and may be read, and go on after the last result',
  )

/** Lines as they become complete: each group is what one read brought. */
export async function* lineGroupsOf(
  input: Input,
): AsyncGenerator<E.Either<Failure, ReadonlyArray<Line>>> {
  const reader = openLineReader()
  for await (const chunk of chunksOf(input)) {
    if (E.isLeft(chunk)) {
      yield chunk
      return
    }
    const lines = reader.take(chunk.right)
    if (lines.length > 0) yield E.right(lines)
  }
  const last = reader.end()
  if (last.length > 0) yield E.right(last)
}

/** The whole input as one text, which may stand on several lines; null where it is too long. */
export const wholeTextOf = async (input: Input): Promise<E.Either<Failure, string | null>> => {
  const parts: Uint8Array[] = []
  let size_bytes = 0
  for await (const chunk of chunksOf(input)) {
    if (E.isLeft(chunk)) return chunk
    size_bytes += chunk.right.length
    if (size_bytes > lineMax_bytes) return E.right(null)
    parts.push(chunk.right)
  }
  return E.right(Buffer.concat(parts).toString('utf8'))
}

/** JSON of a text, or in words what is wrong with it; values of the text are not repeated. */
export const parseText = (text: string): E.Either<string, unknown> => {
  try {
    return E.right(JSON.parse(text))
  } catch (error) {
    const place = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    return E.left(place === undefined ? 'is not JSON' : `is not JSON, at character ${+place + 1}`)
  }
}

type InputCode = 'REQUEST_FORMAT_INVALID' | 'LIMIT_EXCEEDED'

/** The refusal of a text that is no command yet, in the shape of every other refusal. */
export const refusedText = (code: InputCode, message: string, line?: number): Refusal => ({
  ok: false,
  error: {
    code,
    message: line === undefined ? `the command ${message}` : `line ${line} ${message}`,
    details: { violations: [{ path: '', code, message }], ...(line === undefined ? {} : { line }) },
  },
})

export const tooLong = 'is over 1 MiB of JSON'
