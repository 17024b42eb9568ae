// The book of the plain reader: who has what, and the few ways in which something changes hands. It
// writes down what is wrong with a change, and makes it all the same.

import type { Position } from '@selfsame/core'
import { type Promised, type Violation, violation } from './violation.js'

/** An identity by the position that linked it; `owner` is null once it is free. */
export interface Entry {
  readonly key: string
  readonly isExternalId: boolean
  owner: string | null
}

export interface Account {
  status: 'active' | 'merged' | 'erased'
  type: 'LEAD' | 'CUSTOMER'
  /** Created as a CUSTOMER or promoted by itself, not by a merge. */
  isPromoted: boolean
  primary: string | null
  into: string | null
}

/** What an absorbed user had when it was absorbed. */
export interface Absorbed {
  readonly survivor: string
  readonly at: Position
  readonly type: Account['type']
  readonly identities: ReadonlyArray<Position>
}

/** By which identities an installation came to its user, and when. */
export interface Joined {
  readonly at: Position
  readonly identities: ReadonlyArray<Position>
}

/** Opens an empty book. */
export const openBook = () => {
  const users = new Map<string, Account>()
  const identities = new Map<Position, Entry>()
  const installations = new Map<string, string | null>()
  const merges = new Map<string, Absorbed>()
  const joined = new Map<string, Joined>()
  let found: Violation[] = []
  let position: Position = 0

  const expect = (invariant: Promised, holds: boolean, message: string): void => {
    if (!holds) found.push(violation(invariant, message, position))
  }
  const account = (id: string): Account => {
    const known = users.get(id)
    if (known !== undefined) return known
    expect(3, false, `names the unknown user ${id}`)
    const made: Account = {
      status: 'active',
      type: 'LEAD',
      isPromoted: false,
      primary: null,
      into: null,
    }
    users.set(id, made)
    return made
  }
  const living = (id: string, invariant: Promised): Account => {
    const one = account(id)
    expect(invariant, one.status === 'active', `gives something to ${id}, who is ${one.status}`)
    return one
  }
  const ownedBy = (id: string): ReadonlyArray<Position> =>
    [...identities].filter(([, { owner }]) => owner === id).map(([at]) => at)
  const take = (at: Position, from: ReadonlyArray<string | null>, to: string | null): void => {
    const entry = identities.get(at)
    expect(1, entry !== undefined, `names the identity linked at ${at}, which no event linked`)
    if (entry === undefined) return
    expect(
      1,
      from.includes(entry.owner),
      `takes the identity linked at ${at} from ${entry.owner ?? 'nobody'}`,
    )
    entry.owner = null
    if (to !== null) give(entry, to)
  }
  const give = (entry: Entry, to: string): void => {
    living(to, 1)
    for (const [at, other] of identities) {
      if (other.owner === null || other === entry) continue
      expect(1, other.key !== entry.key, `gives ${to} what ${other.owner} owns since ${at}`)
      expect(
        1,
        !(other.owner === to && other.isExternalId && entry.isExternalId),
        `gives ${to} a second externalUserId`,
      )
    }
    entry.owner = to
  }
  const move = (id: string, from: string, to: string | null): void => {
    expect(
      2,
      installations.get(id) === from,
      `takes ${id} from ${from}, but it is of ${installations.get(id) ?? 'nobody'}`,
    )
    if (users.get(from)?.primary === id) {
      expect(4, false, `takes ${id} from ${from}, whose primary it still is`)
      account(from).primary = null
    }
    if (to !== null) living(to, 2)
    joined.delete(id)
    installations.set(id, to)
  }
  const ownsNothing = (id: string): void => {
    expect(3, ownedBy(id).length === 0, `leaves ${id} with ${ownedBy(id).length} identities`)
    const left = [...installations].filter(([, user]) => user === id)
    expect(3, left.length === 0, `leaves ${id} with ${left.map(([one]) => one).join(', ')}`)
  }

  return {
    users,
    identities,
    installations,
    merges,
    joined,
    expect,
    account,
    living,
    ownedBy,
    take,
    give,
    move,
    ownsNothing,
    /** Everything that is wrong with the changes made by `change`, which stand at a position. */
    during: (at: Position, change: () => void): ReadonlyArray<Violation> => {
      found = []
      position = at
      change()
      return found
    },
  }
}
