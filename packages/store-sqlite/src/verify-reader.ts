// The log read page by page for a verification: positions, times, leaf hashes, the tree over them and
// its stored tiles, boxes against their commitments. What can be read is handed on as JSON.

import {
  type Box,
  fromBase64,
  type GrowingTree,
  growTree,
  type NumberedTile,
  type Position,
  type Tile,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { type EventRow, envelopeIn, leafIn } from './event-rows.js'
import { toFailure } from './failure.js'
import { sha256 } from './tiles.js'
import type { UserKeys } from './user-keys.js'
import { leafHash, type Vault } from './vault.js'
import type { VerifyFinding } from './verify-report.js'

/** Positions to a page: some 50 ms of work, and what stands in memory at once. */
const pagePositions = 2000

/** A page of the log, and what is wrong in it. */
export interface ReadPage {
  /** The stored events of the page, boxes open, as a JSON array; null elements cannot be read. */
  readonly events: string
  readonly findings: ReadonlyArray<VerifyFinding>
  readonly position: Position
  readonly isLast: boolean
}

/** The size and root (base64) of a checkpoint that somebody kept. */
export interface Kept {
  readonly size: number
  readonly root: string
}

export interface ReaderTools {
  readonly db: Database
  readonly vault: Vault
  readonly keys: UserKeys
  readonly head: Position
  readonly kept: ReadonlyArray<Kept>
}

export interface Reader {
  readonly next: () => ReadPage
  /** The root of the tree over what was read. */
  readonly root: () => Uint8Array
}

type JoinedRow = EventRow & {
  readonly owner: Box['owner'] | null
  readonly commitment: Buffer | null
  readonly sealed: Buffer | null
}

export const openReader = ({ db, vault, keys, head, kept }: ReaderTools): Reader => {
  const rowsOf = db.prepare<[Position, Position], JoinedRow>(
    `SELECT e.*, b.owner, b.commitment, b.sealed FROM events e
       LEFT JOIN boxes b ON b.position = e.position
     WHERE e.position > ? AND e.position <= ? ORDER BY e.position, b.owner`,
  )
  const nextAfter = db
    .prepare<[Position], Position | null>('SELECT min(position) FROM events WHERE position > ?')
    .pluck()
  const commandRow = db.prepare<[string], { position: number; count: number }>(
    'SELECT position, count FROM commands WHERE id = ?',
  )
  const tileAt = db.prepare<[number, number], Tile>(
    'SELECT hashes, root FROM tiles WHERE level = ? AND number = ?',
  )
  const tilesMade =
    db
      .prepare<[], number>('SELECT coalesce(max(number) + 1, 0) FROM tiles WHERE level = 0')
      .pluck()
      .get() ?? 0
  const tree: GrowingTree = growTree(sha256)
  let after: Position = 0
  let recordedAt = ''
  let command: { id: string; position: number; count: number } | undefined

  const compareTile = (made: NumberedTile): ReadonlyArray<VerifyFinding> => {
    const { level, number, hashes, root } = made
    const stored = tileAt.get(level, number)
    const last = (number + 1) * 256 ** (level + 1)
    // Tiles are made in order: one that is not there yet is none of those that are missing.
    if (stored === undefined)
      return last <= tilesMade * 256
        ? [{ what: 'tile', message: `the tile ${level}/${number} is missing`, position: last }]
        : []
    if (sameAs(stored.hashes, hashes) && sameAs(stored.root, root)) return []
    const at = Array.from({ length: 256 }, (_, i) => i).find(
      (i) =>
        !sameAs(stored.hashes.subarray(i * 32, i * 32 + 32), hashes.subarray(i * 32, i * 32 + 32)),
    )
    const position = level === 0 && at !== undefined ? number * 256 + at + 1 : last
    const message = `the tile ${level}/${number} is not over the events that are there`
    return [{ what: 'tile', message, position }]
  }

  const grow = (hash: Uint8Array): ReadonlyArray<VerifyFinding> => {
    const tiles = tree.add(hash)
    const wrong = tiles.length === 0 ? [] : tiles.flatMap(compareTile)
    const size = tree.size()
    if (!kept.some((one) => one.size === size)) return wrong
    return [...wrong, ...unlike(kept, size, tree.root())]
  }

  const envelopeFindings = (row: EventRow): ReadonlyArray<VerifyFinding> => {
    const { position } = row
    const told: VerifyFinding[] = []
    if (position !== after + 1)
      told.push({ what: 'position', message: `expected position ${after + 1}`, position })
    if (!instant.test(row.recorded_at))
      told.push({ what: 'time', message: 'recordedAt is no time', position })
    else if (row.recorded_at < recordedAt)
      told.push({
        what: 'time',
        message: 'it was recorded before the event that precedes it',
        position,
      })
    if (row.command_id !== null && !isOfCommand(row.command_id, position))
      told.push({ what: 'command', message: 'its command id is not remembered with it', position })
    recordedAt = row.recorded_at
    return told
  }

  const isOfCommand = (id: string, position: Position): boolean => {
    if (command?.id !== id) {
      const row = commandRow.get(id)
      command = row && { id, ...row }
    }
    return (
      command !== undefined &&
      position <= command.position &&
      position > command.position - command.count
    )
  }

  /** The contents of an event's boxes as JSON texts, or what is wrong with one. */
  const openBoxes = (
    row: EventRow,
    boxes: ReadonlyArray<JoinedRow>,
  ): ReadonlyArray<string> | string => {
    const texts: string[] = []
    for (const { owner, commitment, sealed } of boxes) {
      if (owner === null || commitment === null) continue
      if (sealed === null) {
        if (keys.isErased(owner)) continue
        return 'a box of it is empty, and its owner is not erased'
      }
      const place = { eventId: row.id, type: row.type, owner }
      const opened = vault.openBox(place, { commitment, sealed })
      if (opened === 'altered') return 'a box of it is not what it is committed to'
      if (opened !== 'erased')
        texts.push(`{"owner":${JSON.stringify(owner)},"content":${JSON.stringify(opened.content)}}`)
    }
    return texts
  }

  /** One event: what is wrong with it, and its JSON. */
  const read = (rows: ReadonlyArray<JoinedRow>, findings: VerifyFinding[]): string => {
    const [row] = rows
    if (row === undefined) return 'null'
    const { position } = row
    const boxes = rows.flatMap(({ owner, commitment }) =>
      owner === null || commitment === null ? [] : [{ owner, commitment }],
    )
    const hash = leafHash(leafIn(row, boxes))
    const isIntact = sameAs(hash, row.leaf_hash)
    if (!isIntact)
      findings.push({ what: 'leaf', message: 'it is not what its leaf hash says', position })
    findings.push(...envelopeFindings(row), ...grow(hash))
    const opened = openBoxes(row, rows)
    if (typeof opened === 'string') findings.push({ what: 'box', message: opened, position })
    const payload = isIntact ? row.payload : JSON.stringify(JSON.parse(row.payload))
    const texts = typeof opened === 'string' ? [] : opened
    return `{"payload":${payload},"boxes":[${texts.join(',')}],${JSON.stringify(envelopeIn(row)).slice(1)}`
  }

  const readSafely = (rows: ReadonlyArray<JoinedRow>, findings: VerifyFinding[]): string => {
    const position = rows[0]?.position ?? after
    try {
      return read(rows, findings)
    } catch (error) {
      findings.push({ what: 'schema', message: toFailure(error, 'reading').message, position })
      return 'null'
    }
  }

  const next = (): ReadPage => {
    const findings: VerifyFinding[] = []
    const texts: string[] = []
    const from = (nextAfter.get(after) ?? head + 1) - 1
    const rows = from >= head ? [] : rowsOf.all(from, Math.min(head, from + pagePositions))
    for (let i = 0; i < rows.length; ) {
      let end = i + 1
      while (end < rows.length && rows[end]?.position === rows[i]?.position) end += 1
      texts.push(readSafely(rows.slice(i, end), findings))
      after = rows[i]?.position ?? after
      i = end
    }
    const isLast = rows.length === 0 || after >= head
    if (isLast) findings.push(...cut(kept, tree.size()))
    return { events: `[${texts.join(',')}]`, findings, position: after, isLast }
  }

  return { next, root: tree.root }
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const sameAs = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

const unlike = (
  kept: ReadonlyArray<Kept>,
  size: number,
  root: Uint8Array,
): ReadonlyArray<VerifyFinding> =>
  kept
    .filter((one) => one.size === size && !sameAs(fromBase64(one.root) ?? root.subarray(1), root))
    .map(() => ({
      what: 'checkpoint',
      message: `the first ${size} events are not those of the checkpoint`,
      position: size,
    }))

const cut = (kept: ReadonlyArray<Kept>, size: number): ReadonlyArray<VerifyFinding> =>
  kept
    .filter((one) => one.size > size)
    .map((one) => ({
      what: 'checkpoint',
      message: `the checkpoint is over ${one.size} events, and only ${size} are there`,
      position: size,
    }))
