// What an auditor relies on who reads a log page by page: with nothing but the rows that a page touches,
// it finds a sound log sound, and comes to the rows of the whole fold, wherever the pages end.

import {
  type Changes,
  type Directory,
  definitionKey,
  emptyDirectory,
  fold,
  type Lookup,
  type Recorded,
  type User,
  type UserId,
  verifyPage,
} from '@selfsame/core'
import { checkSame } from './audit.js'
import { type Violation, violation } from './violation.js'

/**
 * Invariant 6 of a log that is verified page by page, each page of so many events: nothing in it is found
 * broken, and the rows that the pages leave are those of the fold of the log.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkPages = (
  events: ReadonlyArray<Recorded>,
  size: number,
): ReadonlyArray<Violation> => {
  const rows = openRows()
  const found: Violation[] = []
  for (let at = 0; at < events.length; at += size) {
    const { broken, changes } = verifyPage(rows.lookup, events.slice(at, at + size))
    for (const { position, message } of broken)
      found.push(violation(6, `verified by ${size} events a page: ${message}`, position))
    rows.take(changes)
  }
  return found.length > 0
    ? found
    : checkSame(rows.directory(), fold(emptyDirectory, events), `the fold, by pages of ${size},`)
}

/** Rows as plain as they can be; what is given away is a copy, as `verifyPage` writes on it. */
const openRows = () => {
  const users = new Map<UserId, User>()
  const installations = new Map(emptyDirectory.installations)
  const identities = new Map(emptyDirectory.identities)
  const tokens = new Map(emptyDirectory.tokens)
  const definitions = new Map(emptyDirectory.definitions)
  const absorbedIn = (id: UserId): ReadonlyArray<UserId> =>
    [...users.values()]
      .flatMap((user) => (user.status === 'merged' && user.into === id ? [user] : []))
      .sort((a, b) => a.merge.position - b.merge.position)
      .map((user) => user.id)
  const lookup: Lookup = {
    user: (id) => structuredClone(users.get(id)),
    installation: (id) => structuredClone(installations.get(id)),
    identity: (key) => identities.get(key),
    token: (key) => tokens.get(key),
    definition: (scope, name) => structuredClone(definitions.get(definitionKey(scope, name))),
    definitionCount: (scope) =>
      [...definitions.keys()].filter((key) => key.startsWith(`${scope}:`)).length,
    absorbed: absorbedIn,
  }
  return {
    lookup,
    take: (changes: Changes): void => {
      for (const user of changes.users) users.set(user.id, structuredClone(user))
      for (const one of changes.installations) installations.set(one.id, structuredClone(one))
      for (const [key, definition] of changes.definitions) definitions.set(key, definition)
      pass(identities, changes.identities)
      pass(tokens, changes.tokens)
    },
    directory: (): Directory => ({
      ...emptyDirectory,
      users,
      installations,
      identities,
      tokens,
      definitions,
      absorbed: new Map([...users.keys()].map((id) => [id, absorbedIn(id)])),
    }),
  }
}

const pass = <K, V>(
  rows: Map<K, V>,
  passed: ReadonlyArray<{ readonly key: K; readonly from: V | null; readonly to: V | null }>,
): void => {
  for (const { key, to } of passed) {
    if (to === null) rows.delete(key)
    else rows.set(key, to)
  }
}

/** The whole log as one page, and pages that end between the events of one command. */
export const pageSizes: ReadonlyArray<number> = [1, 5, 1000]
