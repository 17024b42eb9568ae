// The index of tags, compared with the events that it is derived from: block by block of positions,
// each by a hash over all tags in it, then tag by tag where that differs.

import { isPersonalTag, openLogEvents, type Position, tagsOf } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { type EventRow, openEventRows } from './event-rows.js'
import { sha256Hex } from './vault.js'
import type { VerifyFinding } from './verify-report.js'
import type { Source } from './verify-source.js'

/** Positions to a hash: few enough to compare tag by tag. */
const blockPositions = 4096
const blockOf = `position / ${blockPositions}`

/** The hash over the tags of each block that has any. */
export type TagHashes = ReadonlyMap<number, string>

/** A line for each tag, by position, then in the order of their bytes. */
const line = (position: Position, tag: string): string => `${position} ${tag}\n`

export interface GivenTags {
  /** Takes the tags of an event, in the order of positions. */
  readonly give: (position: Position, tags: Iterable<string>) => void
  readonly end: () => TagHashes
}

/** The hashes over tags that events give. */
export const openGivenTags = (): GivenTags => {
  const hashes = new Map<number, string>()
  let block = 0
  let text = ''
  const close = (): void => {
    if (text !== '') hashes.set(block, sha256Hex(text))
    text = ''
  }
  return {
    give: (position, tags) => {
      const own = Math.trunc(position / blockPositions)
      if (own !== block) close()
      block = own
      for (const tag of tags) text += line(position, tag)
    },
    end: () => {
      close()
      return hashes
    },
  }
}

/** The hashes over tags that stand in the index. */
export function* hashesOfIndex({ db }: Source): Generator<readonly [block: number, hash: string]> {
  const blocks = db
    .prepare<[], readonly [number, string]>(
      `SELECT block, group_concat(position || ' ' || tag || char(10), '') FROM
         (SELECT position, tag, ${blockOf} AS block FROM tags ORDER BY position, tag)
       GROUP BY block`,
    )
    .raw()
  for (const [block, text] of blocks.iterate()) yield [block, sha256Hex(text)]
}

/** The blocks whose hashes differ. */
export const differingBlocks = (a: TagHashes, b: TagHashes): ReadonlyArray<number> =>
  [...new Set([...a.keys(), ...b.keys()])].filter((block) => a.get(block) !== b.get(block))

/** What is wrong with the tags of a block, but for those of events that cannot be read. */
export function* wrongTags({ db, vault, keys }: Source, block: number): Generator<VerifyFinding> {
  const { open, indexed } = openEventRows(db, vault, keys)
  const known = new Map<Position, ReadonlyArray<string> | 'unreadable'>()
  const events = db.prepare<[number], EventRow>(`SELECT * FROM events WHERE ${blockOf} = ?`)
  for (const row of events.all(block)) known.set(row.position, tagsIn(row, open, indexed))
  const found = new Set<string>()
  const tags = db
    .prepare<[number], readonly [Position, string]>(
      `SELECT position, tag FROM tags WHERE ${blockOf} = ?`,
    )
    .raw()
  for (const [position, tag] of tags.all(block)) {
    found.add(line(position, tag))
    const given = known.get(position)
    if (given !== 'unreadable' && given?.includes(tag) !== true)
      yield { what: 'tag', message: `the index has a tag that it does not have: ${tag}`, position }
  }
  for (const [position, given] of known) {
    if (given === 'unreadable') continue
    for (const tag of given)
      if (!found.has(line(position, tag)))
        yield { what: 'tag', message: `the index does not have its tag ${tag}`, position }
  }
}

const tagsIn = (
  row: EventRow,
  open: ReturnType<typeof openEventRows>['open'],
  indexed: (tag: string) => string,
): ReadonlyArray<string> | 'unreadable' => {
  try {
    const stored = open(row)
    const events = openLogEvents([stored])
    const event = E.isRight(events) ? events.right[0] : undefined
    return event === undefined
      ? 'unreadable'
      : tagsFor('tags' in event ? event.tags : tagsOf(event), stored.boxes.length > 0, indexed)
  } catch {
    return 'unreadable'
  }
}

/** Tags as they stand in the index, sorted. With the box of its event a personal tag is erased. */
export const tagsFor = (
  tags: ReadonlyArray<string>,
  hasBox: boolean,
  indexed: (tag: string) => string,
): ReadonlyArray<string> => {
  const kept: string[] = []
  for (const tag of tags) if (hasBox || !isPersonalTag(tag)) kept.push(indexed(tag))
  return kept.length < 2 ? kept : [...new Set(kept)].sort()
}
