// A log replayed page by page, every event compared with the directory that it finds and leaves. Only
// the rows that a page touches are in memory.

import { castDraft } from 'immer'
import { type Changes, changesBetween } from '../directory/changes.js'
import { type Directory, emptyDirectory } from '../directory/directory.js'
import { keysOf } from '../directory/event-keys.js'
import { apply } from '../directory/evolve.js'
import { type Key, leadsTo } from '../directory/keys.js'
import { type Lookup, loadSlice } from '../directory/slice.js'
import type { Recorded } from '../log/envelope.js'
import { recordedIdentity } from '../values/identity.js'
import type { Position } from '../values/token.js'
import { unfounded } from './verify-event.js'
import { typesBefore, unsound } from './verify-state.js'

/**
 * An invariant that does not hold at a position.
 * @since 0.1.0
 * @category Audit
 */
export interface Broken {
  readonly position: Position
  readonly message: string
}

/**
 * What a page of events breaks, and every row that it touched as the page leaves it.
 * @since 0.1.0
 * @category Audit
 */
export interface VerifiedPage {
  readonly broken: ReadonlyArray<Broken>
  readonly changes: Changes
}

/** What would stand against an event, beside what it touches. */
const against = (event: Recorded): Key | undefined => {
  if (event.type === 'IdentityLinked') {
    const { kind, value } = event.payload
    return { kind: 'identity', key: recordedIdentity(kind, value, event.position).key }
  }
  return event.type === 'AttributeDefined'
    ? { kind: 'definition', scope: event.payload.scope, name: event.payload.name }
    : undefined
}

/**
 * Replays a page of events over the rows that pages before it left. `lookup` must give rows that
 * nobody else has: they are changed in place, which is several times faster than on drafts.
 * @since 0.1.0
 * @category Audit
 */
export const verifyPage = (lookup: Lookup, events: ReadonlyArray<Recorded>): VerifiedPage => {
  const touched = events.map(keysOf)
  const roots: Key[] = touched.flat()
  for (const event of events) {
    const key = against(event)
    if (key !== undefined) roots.push(key)
  }
  const directory = loadSlice(lookup, roots, leadsTo)
  const before: Directory = {
    ...emptyDirectory,
    identities: new Map(directory.identities),
    tokens: new Map(directory.tokens),
    definitions: new Map(directory.definitions),
  }
  const broken: Broken[] = []
  const draft = castDraft(directory)
  const tell = (position: Position, messages: ReadonlyArray<string>): void => {
    for (const message of messages) broken.push({ position, message })
  }
  for (const [i, event] of events.entries()) {
    const keys = touched[i] ?? []
    const types = typesBefore(directory, keys)
    tell(event.position, unfounded(directory, event))
    apply(draft, event)
    tell(event.position, unsound(directory, event, keys, types))
  }
  return { broken, changes: changesBetween(before, directory) }
}
