// Lines of a stream of bytes, as they become complete. One that is too long is never held whole.

import { TextDecoder } from 'node:util'

/** A line by its number in the input: its text, or why it cannot be read. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly fault: 'too-long' | 'not-utf-8' }

export interface LineReader {
  /** The lines that this chunk completes; blank ones are skipped. */
  readonly take: (chunk: Uint8Array) => ReadonlyArray<Line>
  /** The last line, where the input does not end with a line feed. */
  readonly end: () => ReadonlyArray<Line>
}

/** What a whole command may be (domain.md section 3). */
export const lineMax_bytes = 1_048_576

const lineFeed = 0x0a

export const openLineReader = (max_bytes = lineMax_bytes): LineReader => {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let parts: Uint8Array[] = []
  let held_bytes = 0
  let isTooLong = false
  let number = 0

  const hold = (part: Uint8Array): void => {
    // A carriage return before the line feed is no part of the line: one byte more is let in for it.
    isTooLong ||= held_bytes + part.length > max_bytes + 1
    if (isTooLong) parts = []
    else parts.push(part)
    held_bytes = isTooLong ? 0 : held_bytes + part.length
  }

  const complete = (): ReadonlyArray<Line> => {
    const bytes = Buffer.concat(parts)
    const wasTooLong = isTooLong
    parts = []
    held_bytes = 0
    isTooLong = false
    number += 1
    const line = bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes
    if (wasTooLong || line.length > max_bytes) return [{ number, fault: 'too-long' }]
    const text = decoded(decoder, line)
    if (text === null) return [{ number, fault: 'not-utf-8' }]
    return text.trim() === '' ? [] : [{ number, text }]
  }

  return {
    take: (chunk) => {
      const lines: Line[] = []
      let from = 0
      for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
        hold(chunk.subarray(from, at))
        lines.push(...complete())
        from = at + 1
      }
      if (from < chunk.length) hold(chunk.subarray(from))
      return lines
    },
    end: () => (held_bytes > 0 || isTooLong ? complete() : []),
  }
}

const decoded = (decoder: TextDecoder, bytes: Uint8Array): string | null => {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}
