// The log as a verification reads it, page by page, up to a position. It can run in a thread of its
// own: what goes in and out is plain.

import { base64 } from '@selfsame/core'
import { toFailure } from './failure.js'
import { openReader, type ReadPage } from './verify-reader.js'
import { openSource, type SourceOptions } from './verify-source.js'
import type { Kept } from './verify-tree.js'

/** User keys that are kept open: some 2 MB. More would only grow old, and be searched for. */
const keysMax = 10_000

export interface LogOptions extends SourceOptions {
  readonly head: number
  readonly kept: ReadonlyArray<Kept>
}

export type LogPage =
  | ({ readonly kind: 'events' } & ReadPage)
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'end'; readonly root: string }

export function* logPages(options: LogOptions): Generator<LogPage, void, undefined> {
  const source = openSource(options, keysMax)
  try {
    const reader = openReader({ ...source, ...options })
    try {
      for (let isLast = false; !isLast; ) {
        const page = reader.next()
        yield { kind: 'events', ...page }
        isLast = page.isLast
      }
    } catch (error) {
      // What SQLite cannot read is told, and ends what it was reading.
      yield { kind: 'unreadable', message: toFailure(error, 'reading the log').message }
    }
    yield { kind: 'end', root: base64(reader.root()) }
  } finally {
    source.close()
  }
}
