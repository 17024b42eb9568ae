// The log of a store on a simulated disk: one row an event with the tags it is found by, and one a
// command id.

import {
  type CommandId,
  type Instant,
  isOwnType,
  isPersonalTag,
  matches,
  type Position,
  type Query,
  type Range,
  type Remembered,
  type StoredEvent,
  type Tag,
  type UserId,
} from '@selfsame/core'
import type { DiskReader, DiskTransaction } from './disk.js'

interface Line {
  readonly stored: StoredEvent
  readonly tags: ReadonlyArray<Tag>
}

const eventKey = (position: Position): string => String(position).padStart(9, '0')

const lineAt = (disk: DiskReader, position: Position): Line | undefined => {
  const text = disk.read('events', eventKey(position))
  return text === undefined ? undefined : JSON.parse(text)
}

/** The position of the last event. */
export const headOf = (disk: DiskReader): Position => Number(disk.read('log', 'head') ?? 0)

/** When the last event was recorded. */
export const lastInstant = (disk: DiskReader): Instant | null =>
  lineAt(disk, headOf(disk))?.stored.recordedAt ?? null

/** Adds the event of the next position. */
export const addEvent = (
  disk: DiskTransaction,
  stored: StoredEvent,
  tags: ReadonlyArray<Tag>,
): void => {
  disk.write('events', eventKey(stored.position), JSON.stringify({ stored, tags }))
  disk.write('log', 'head', String(stored.position))
}

/** The events that a query means within a range, Selfsame's own only or any. */
export const selectEvents = (
  disk: DiskReader,
  query: Query,
  { after = 0, upTo, limit, backwards = false }: Range,
  which: 'selfsame' | 'any',
): ReadonlyArray<StoredEvent> => {
  const last = Math.min(headOf(disk), upTo ?? Number.POSITIVE_INFINITY)
  const within = Array.from({ length: Math.max(0, last - after) }, (_, i) => after + i + 1)
    .map((position) => lineAt(disk, position))
    .flatMap((line) => (line === undefined ? [] : [line]))
    .filter(({ stored }) => which === 'any' || !isOwnType(stored.type))
    .filter(({ stored, tags }) => matches(query, stored.type, new Set(tags)))
    .map(({ stored }) => stored)
  return (backwards ? within.reverse() : within).slice(0, limit ?? within.length)
}

/** The events that hold a box of these users. */
export const sealedFor = (
  disk: DiskReader,
  owners: ReadonlyArray<UserId>,
): ReadonlyArray<Position> =>
  selectEvents(disk, [], {}, 'any')
    .filter(({ boxes }) => boxes.some(({ owner }) => owners.includes(owner)))
    .map(({ position }) => position)

/** Empties an event of what is personal of these users: the boxes, and the tags by identities. */
export const emptyEvent = (
  disk: DiskTransaction,
  position: Position,
  owners: ReadonlyArray<UserId>,
): void => {
  const line = lineAt(disk, position)
  if (line === undefined) return
  const { stored, tags } = line
  const boxes = stored.boxes.filter(({ owner }) => !owners.includes(owner))
  const left = { stored: { ...stored, boxes }, tags: tags.filter((tag) => !isPersonalTag(tag)) }
  disk.write('events', eventKey(position), JSON.stringify(left))
}

/** What is remembered of a command id. */
export const rememberedOn = (disk: DiskReader, commandId: CommandId): Remembered | null => {
  const text = disk.read('commands', commandId)
  return text === undefined ? null : JSON.parse(text)
}

/** Remembers a command id. */
export const rememberOn = (disk: DiskTransaction, remembered: Remembered): void =>
  disk.write('commands', remembered.commandId, JSON.stringify(remembered))
