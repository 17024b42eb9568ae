// Where results and remarks go. Results on stdout and nothing else there; remarks on stderr. A write
// waits until the stream has taken it, so a slow reader slows the program instead of filling memory.

import type { Readable, Writable } from 'node:stream'
import { type Failure, failure } from '@selfsame/core'
import { type ExitStatus, exit } from './exit.js'
import { jsonText, visible, visibleLines } from './visible.js'

type Terminal = { readonly isTTY?: boolean; readonly columns?: number }

/**
 * The three streams of a process; `isTTY` and `columns` are read where a stream has them.
 * @since 0.1.0
 * @category Command line
 */
export interface Streams {
  readonly stdin: Readable & Pick<Terminal, 'isTTY'>
  readonly stdout: Writable & Terminal
  readonly stderr: Writable & Terminal
}

export interface Output {
  readonly isTerminal: boolean
  readonly columns: number
  /** Writes results. Gives the status to stop with where they cannot be delivered, else null. */
  readonly write: (text: string) => Promise<ExitStatus | null>
  readonly remark: (text: string) => void
  /** Tells a failure in three lines. */
  readonly fail: (failure: Failure) => ExitStatus
  /** Progress, where stderr is a terminal: each text replaces the one before, null removes it. */
  readonly progress: ((text: string | null) => void) | null
}

export const openOutput = ({ stdout, stderr }: Streams): Output => {
  // Without a listener a reader who is gone would end the program with a stack trace.
  stdout.on('error', () => {})
  stderr.on('error', () => {})

  const remark = (text: string): void => {
    stderr.write(`${visibleLines(text)}\n`)
  }
  const fail = ({ message, safe, advice }: Failure): ExitStatus => {
    remark(`what happened: ${visible(message)}`)
    remark(`what is safe:  ${visible(safe)}`)
    remark(`what to do:    ${visible(advice)}`)
    return exit.failed
  }
  return {
    isTerminal: stdout.isTTY === true,
    columns: Math.max(40, Math.min(stdout.columns || 80, 120)),
    write: (text) =>
      new Promise((resolve) => {
        stdout.write(text, (error) => {
          if (error == null) resolve(null)
          else resolve(isReaderGone(error) ? exit.readerGone : fail(undelivered(error)))
        })
      }),
    remark,
    fail,
    progress: stderr.isTTY === true ? (text) => stderr.write(`\r\u001b[K${text ?? ''}`) : null,
  }
}

const isReaderGone = (error: Error): boolean =>
  'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')

const undelivered = (error: Error): Failure =>
  failure(
    'io',
    `the results cannot be written: ${error.message}`,
    'what was executed is recorded; its results from here on were not delivered',
    'make room or choose another place for stdout; commands with a commandId give their receipts again',
  )

/** A value as JSON with its line feed, indented for a person. */
export const jsonLine = (value: unknown, isPretty: boolean): string =>
  `${jsonText(value, isPretty)}\n`
