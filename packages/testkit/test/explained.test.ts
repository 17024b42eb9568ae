// The laws of what the log alone has to tell: which source of a tag a merge took, which fields an unmerge
// decided again, that a slice was enough to decide by, and that pages of a log verify by themselves.

import { emptyDirectory, evolve, fold, instantFromMillis, type Recorded } from '@selfsame/core'
import {
  checkDecision,
  checkInvariants,
  checkPages,
  startMs,
  type Violation,
} from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { beginning, merge, tell } from './story.js'

const messages = (violations: ReadonlyArray<Violation>): ReadonlyArray<string> =>
  violations.map(({ message }) => message)

/** Ann and Bob merged and parted; each event as `rewrite` has it. */
const parted = async (
  rewrite: (event: Recorded) => Recorded = (event) => event,
): Promise<ReadonlyArray<Recorded>> => {
  const { events } = await tell([...beginning, merge])
  const merged = events.find((event) => event.type === 'UsersMerged')
  const unmerge = {
    type: 'UnmergeUsers',
    survivor: { phone: '48600700800' },
    absorbed: merged?.type === 'UsersMerged' ? merged.payload.absorbedId : '',
  }
  return (await tell([...beginning, merge, unmerge])).events.map(rewrite)
}

describe('a merge', () => {
  it('names no other source as that of a tag', async () => {
    expect(checkInvariants(await parted())).toEqual([])
    const events = await parted((event) =>
      event.type === 'UsersMerged'
        ? {
            ...event,
            payload: {
              ...event.payload,
              tags: {
                ...event.payload.tags,
                rejected: [{ userId: event.payload.survivorId, position: 1 }],
              },
            },
          }
        : event,
    )
    expect(messages(checkInvariants(events)).join('\n')).toMatch(
      /names [-0-9a-f]+ at 1 as the source of a tag/,
    )
  })
})

describe('an unmerge', () => {
  const withFields = (change: (fields: ReadonlyArray<object>) => ReadonlyArray<object>) =>
    parted((event) =>
      event.type === 'UsersUnmerged'
        ? ({
            ...event,
            payload: { ...event.payload, fields: change(event.payload.fields) },
          } as Recorded)
        : event,
    )

  it('names each field that it decides again once', async () => {
    const events = await withFields((fields) => [...fields, ...fields])
    expect(messages(checkInvariants(events)).join('\n')).toContain('names lastName twice')
  })

  it('names no field that stays as it was, and no source that is not shown', async () => {
    const stays = await withFields((fields) => [
      ...fields,
      { field: 'birthday', from: null, source: null },
    ])
    expect(messages(checkInvariants(stays)).join('\n')).not.toContain('birthday')
    const named = await withFields((fields) => [
      ...fields,
      { field: 'firstName', from: null, source: null },
    ])
    expect(messages(checkInvariants(named)).join('\n')).toContain('firstName')
  })

  it('changes no field unnamed', async () => {
    const events = await withFields(() => [])
    expect(messages(checkInvariants(events)).join('\n')).toMatch(/lastName/)
  })
})

describe('a decision', () => {
  const at = { now: instantFromMillis(startMs), head: 0 }
  const decide: Parameters<typeof checkDecision>[0]['decide'] = (slice) =>
    E.right({
      events: [],
      directory: slice,
      subject: { userId: [...slice.users.keys()][0] ?? null, installationId: null },
    })

  it('comes out alike by its slice and by everything there is', async () => {
    const { directory } = await tell(beginning)
    expect(checkDecision({ decide }, directory, at, directory)).toEqual([])
    expect(messages(checkDecision({ decide }, emptyDirectory, at, directory))[0]).toContain(
      'a decision lacks something in its slice',
    )
  })
})

describe('a log read page by page', () => {
  it.each([1, 2, 1000])('is found sound by %d events a page', async (size) => {
    expect(checkPages(await parted(), size)).toEqual([])
  })

  it('is found unsound where an event is gone', async () => {
    const events = await parted()
    const lacking = events.filter(({ type }) => type !== 'UserCreated')
    expect(fold(emptyDirectory, lacking)).toEqual(
      lacking.reduce((directory, event) => evolve(directory, event), emptyDirectory),
    )
    expect(checkPages(lacking, 3).length).toBeGreaterThan(0)
  })
})
