// Directories made from a log for a question: changed in place, which costs what the events cost, and
// not what the directory has grown to.

import { castDraft } from 'immer'
import { type Directory, emptyDirectory } from '../directory/directory.js'
import { apply, fold } from '../directory/evolve.js'
import type { Reader } from '../engine/about.js'
import type { Recorded } from '../log/envelope.js'
import type { Failure } from '../ports/failure.js'
import { E, type Either } from '../prelude.js'
import type { Position } from '../values/token.js'

/** A directory from the first event on. Whoever holds a part of it sees it change. */
export interface Replay {
  readonly directory: Directory
  readonly apply: (event: Recorded) => void
}

export const openReplay = (): Replay => {
  const directory: Directory = {
    users: new Map(),
    installations: new Map(),
    identities: new Map(),
    definitions: new Map(),
    definitionCounts: { ...emptyDirectory.definitionCounts },
    tokens: new Map(),
    absorbed: new Map(),
  }
  const draft = castDraft(directory)
  return { directory, apply: (event) => apply(draft, event) }
}

/** The directory that events make. */
export const replayed = (events: Iterable<Recorded>): Replay => {
  const replay = openReplay()
  for (const event of events) replay.apply(event)
  return replay
}

/** The whole directory as of a position. */
export const replayUpTo = async (
  reader: Reader,
  upTo: Position,
): Promise<Either<Failure, Directory>> => {
  const replay = openReplay()
  const read = await eachPage(reader, 0, upTo, (events) => {
    for (const event of events) replay.apply(event)
  })
  return E.isLeft(read) ? read : E.right(replay.directory)
}

/** Goes on from a directory, which stays as it is. */
export const replayOn = async (
  reader: Reader,
  start: Directory,
  after: Position,
  upTo: Position,
): Promise<Either<Failure, Directory>> => {
  let directory = start
  const read = await eachPage(reader, after, upTo, (events) => {
    directory = fold(directory, events)
  })
  return E.isLeft(read) ? read : E.right(directory)
}

/** Large: where a directory has to stay as it is, each page copies its maps once. */
const page_events = 20_000

const eachPage = async (
  reader: Reader,
  after: Position,
  upTo: Position,
  take: (events: ReadonlyArray<Recorded>) => void,
): Promise<Either<Failure, null>> => {
  for (let from = after; from < upTo; ) {
    const page = await reader.read([], { after: from, upTo, limit: page_events })()
    if (E.isLeft(page)) return page
    const { events } = page.right
    take(events)
    const last = events.at(-1)
    if (last === undefined || events.length < page_events) break
    from = last.position
  }
  return E.right(null)
}
