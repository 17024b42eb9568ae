// Where a store that answers from memory keeps what must outlive its process.

import type { StoredEvent } from '../log/boxes.js'
import type { Remembered } from '../ports/store.js'
import type { UserId } from '../values/token.js'

/**
 * What one command or append leaves, as plain JSON: its events, personal values in their boxes, and
 * what is remembered of its command id. A line is kept whole or not at all.
 * @since 0.1.0
 * @category Store
 */
export interface JournalLine {
  readonly events: ReadonlyArray<StoredEvent>
  readonly remembered: Remembered | null
}

/**
 * The lines of a log, in order. `add` and `replace` return once what they wrote is on the disk, and
 * throw where it is not: the store then answers nothing more, for nobody knows what is there. An
 * erasure replaces all lines at once by lines without the boxes of whoever is erased: after a crash
 * the old ones are there or the new ones. Where lines are sealed, and by which key, is the journal's.
 * @since 0.1.0
 * @category Store
 */
export interface Journal {
  readonly lines: () => ReadonlyArray<JournalLine>
  readonly add: (line: JournalLine) => void
  readonly replace: (lines: ReadonlyArray<JournalLine>) => void
}

/** A journal that keeps nothing: nothing outlives the process. */
export const noJournal: Journal = { lines: () => [], add: () => {}, replace: () => {} }

/** A line without the boxes of these users. */
export const withoutBoxesOf = (
  owners: ReadonlyArray<UserId>,
  { events, remembered }: JournalLine,
): JournalLine => ({
  events: events.map((event) => ({
    ...event,
    boxes: event.boxes.filter(({ owner }) => !owners.includes(owner)),
  })),
  remembered,
})
