// All laws that a log and its directory can be held to, event by event: at every position the state
// is checked, the plain reader is asked, and each merge and unmerge is looked at from both sides.

import {
  catalog,
  type Directory,
  differencesBetween,
  emptyDirectory,
  evolve,
  fold,
  type Position,
  type Recorded,
  rowsOf,
} from '@selfsame/core'
import { type Ledger, openLedger } from './ledger.js'
import { checkMerge } from './merging.js'
import { checkOwnership } from './ownership.js'
import { checkState } from './state.js'
import { checkUnmerge, type MergeToUndo } from './unmerging.js'
import { type Promised, type Violation, violation } from './violation.js'
import { openWrites } from './writes.js'

/**
 * An audit that goes along with a log.
 *
 * @since 0.1.0
 * @category Laws
 */
export interface Audit {
  /** The directory after the events recorded so far, each evolved by itself. */
  readonly directory: () => Directory
  readonly head: () => Position
  /** Every user, identity and installation there ever was, by the plain reader. */
  readonly ledger: Ledger
  /** Takes one more event and tells what it breaks. */
  readonly record: (event: Recorded) => ReadonlyArray<Violation>
}

/**
 * How a log is audited. `isOwn` tells the positions at which an embedder's own facts stand: a log of
 * Selfsame's events alone has gaps there. `looksAt` tells the positions after which the whole
 * directory is looked at, by default every one; each event itself is always read.
 *
 * @since 0.1.0
 * @category Laws
 */
export interface AuditOptions {
  readonly isOwn?: (position: Position) => boolean
  readonly looksAt?: (position: Position) => boolean
}

/**
 * Opens an audit before the first event.
 *
 * @since 0.1.0
 * @category Laws
 */
export const openAudit = ({
  isOwn = () => false,
  looksAt = () => true,
}: AuditOptions = {}): Audit => {
  const ledger = openLedger()
  const checkEnvelope = openEnvelopes(isOwn)
  const writes = openWrites()
  const merges = new Map<string, MergeToUndo>()
  let directory = emptyDirectory
  let head: Position = 0

  const checkEffect = (before: Directory, event: Recorded): ReadonlyArray<Violation> => {
    switch (event.type) {
      case 'UsersMerged':
        merges.set(event.payload.absorbedId, { position: event.position, before })
        return checkMerge(before, event, directory)
      case 'UsersUnmerged': {
        const merge = merges.get(event.payload.absorbedId)
        merges.delete(event.payload.absorbedId)
        return [
          ...checkUnmerge(merge, before, event, directory),
          ...writes.checkKept(event, directory),
        ]
      }
      default:
        return []
    }
  }

  return {
    directory: () => directory,
    head: () => head,
    ledger,
    record: (event) => {
      const before = directory
      directory = evolve(before, event)
      const found = [
        ...checkEnvelope(event),
        ...ledger.read(event),
        ...(looksAt(event.position)
          ? [...checkState(directory), ...checkOwnership(ledger, directory)]
          : []),
        ...checkEffect(before, event),
      ]
      writes.record(event)
      head = event.position
      return found.map((one) => ({ position: event.position, ...one }))
    },
  }
}

/** The rules of section 10, and invariant 8: the events of a command id are one append. */
const openEnvelopes = (
  isOwn: (position: Position) => boolean,
): ((event: Recorded) => ReadonlyArray<Violation>) => {
  const ids = new Set<string>()
  const commands = new Set<string>()
  let last: Recorded | undefined
  return (event) => {
    const found: Violation[] = []
    const expect = (invariant: Promised, holds: boolean, message: string): void => {
      if (!holds) found.push(violation(invariant, message, event.position))
    }
    const { commandId } = event
    let next = (last?.position ?? 0) + 1
    while (next < event.position && isOwn(next)) next += 1
    expect('log', event.position === next, `follows ${last?.position ?? 0}`)
    expect('log', last === undefined || event.recordedAt >= last.recordedAt, 'goes back in time')
    expect('log', !ids.has(event.id), `has the id ${event.id} of an earlier event`)
    expect('log', event.schemaVersion === catalog[event.type].version, 'has another schema version')
    expect(
      8,
      commandId === null || commandId === last?.commandId || !commands.has(commandId),
      `is recorded under ${commandId}, whose events were recorded before`,
    )
    expect(
      8,
      commandId === null || commandId !== last?.commandId || event.recordedAt === last.recordedAt,
      `is recorded under ${commandId} at another time than the event before`,
    )
    ids.add(event.id)
    if (commandId !== null) commands.add(commandId)
    last = event
    return found
  }
}

/**
 * Holds a whole log to every invariant that can be seen in it, at every position, and a directory to
 * be what the log says. Give it the events of `store.read([], {})` and a directory (by default the
 * fold of the events).
 *
 * Seen are 1 to 5, 7, 10 (of unmerges), 8 (of events) and 6; 9, 11 and 12 need a run: `storeProperties`.
 *
 * @example
 * checkInvariants(page.events) // []
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkInvariants = (
  events: ReadonlyArray<Recorded>,
  directory: Directory = fold(emptyDirectory, events),
): ReadonlyArray<Violation> => {
  const audit = openAudit()
  const found = events.flatMap((event) => audit.record(event))
  return [
    ...found,
    ...checkState(directory),
    ...checkOwnership(audit.ledger, directory),
    ...checkFolds(events, directory, audit.directory()),
  ]
}

/**
 * Invariant 6 of a log: folded as a whole, cut in two at any place, and event by event, it gives the
 * same directory. `evolved` is the directory by single steps.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkFolds = (
  events: ReadonlyArray<Recorded>,
  directory: Directory,
  evolved: Directory,
  cut: Position = Math.floor(events.length / 2),
): ReadonlyArray<Violation> => {
  const prefix = fold(emptyDirectory, events.slice(0, cut))
  return [
    ...checkSame(directory, fold(emptyDirectory, events), 'the fold of the log'),
    ...checkSame(directory, fold(prefix, events.slice(cut)), `the fold continued after ${cut}`),
    ...checkSame(directory, evolved, 'the events evolved one by one'),
  ]
}

/** Invariant 6: two directories have the same rows. */
export const checkSame = (
  directory: Directory,
  other: Directory,
  what: string,
): ReadonlyArray<Violation> =>
  differencesBetween(rowsOf(directory), rowsOf(other), 3).map(({ table, key, stored, rebuilt }) =>
    violation(6, `${table} ${key} is ${stored ?? 'nothing'}, by ${what} ${rebuilt ?? 'nothing'}`),
  )
